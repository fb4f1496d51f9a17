/** Takes the README's pictures of the real window (on a display, real or virtual): `node scripts/make-pictures.mjs`. */
import { cpSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { _electron } from '@playwright/test';
import { fetchPackage } from './fetch-package.mjs';
import { inRoot } from './lib/paths.mjs';

const integrity = 'sha512-kpJumpOeQJrOZxZXfEoICz/jIwoA3qV9iuCfVpRrPMHFCl75q/8/SEc+56aRBwZq3qyhjKBmJd1Q9/2HMy+vUA==';
const folder = mkdtempSync(path.join(os.tmpdir(), 'duet-pictures-'));
const docs = inRoot('docs');
mkdirSync(docs, { recursive: true });

async function dropFile(page, file) {
  const cdp = await page.context().newCDPSession(page);
  const data = { items: [], files: [file], dragOperationsMask: 1 };
  for (const type of ['dragEnter', 'dragOver', 'drop']) {
    await cdp.send('Input.dispatchDragEvent', { type, x: 500, y: 400, data });
  }
}

async function takePictures(app) {
  const page = await app.firstWindow();
  const picture = (name) => page.screenshot({ path: path.join(docs, `${name}.png`), animations: 'disabled' });
  // The theme switch of the window itself: the page follows it at once.
  const theme = async (source) => {
    await page.evaluate((wanted) => window.duet.setTheme(wanted), source);
    await page.waitForFunction((wanted) => matchMedia(`(prefers-color-scheme: ${wanted})`).matches, source);
    await page.waitForFunction((wanted) => getComputedStyle(document.documentElement).colorScheme === wanted, source);
  };
  const grid = page.getByRole('grid', { name: 'Pictures' });
  await theme('light');
  await page.getByText('14 pictures judged').first().waitFor();
  await page.getByRole('button', { name: 'Compare with a second model' }).click();
  const dog = grid.getByRole('gridcell', { name: /dog-bicycle-truck/ });
  await grid.getByRole('gridcell', { name: /German shepherd.*dog.*dog-bicycle-truck/ }).waitFor();
  await page.getByText('14 pictures judged').first().waitFor();
  await dog.click();
  await picture('classify-light');
  await theme('dark');
  await picture('classify-dark');
  await theme('light');
  await page.keyboard.press('Enter');
  await page
    .getByRole('region', { name: /Large view/ })
    .getByRole('img')
    .first()
    .waitFor();
  await picture('detail');
  await page.keyboard.press('Escape');
  await page.getByRole('navigation', { name: 'Screens' }).getByText('Models').click();
  await page.getByRole('region', { name: 'Graph' }).waitFor();
  await picture('models');
  const symbols = fetchPackage('detypify-service@0.3.0', integrity, ['train/model.onnx']);
  cpSync(path.join(symbols, 'train', 'model.onnx'), path.join(folder, 'drawn symbols.onnx'));
  await page.getByRole('navigation', { name: 'Screens' }).getByText('Classify').click();
  await dropFile(page, path.join(folder, 'drawn symbols.onnx'));
  await page
    .getByRole('region', { name: 'Preview on sample photos' })
    .getByText(/class \d+/)
    .first()
    .waitFor();
  await picture('import-model');
}

const app = await _electron.launch({
  colorScheme: null,
  args: ['.', `--user-data-dir=${path.join(folder, 'profile')}`, `--workspace=${path.join(folder, 'My workspace')}`],
  cwd: inRoot(),
  env: { ...process.env, ...(process.getuid?.() === 0 ? { ELECTRON_DISABLE_SANDBOX: '1' } : {}) },
});
try {
  await takePictures(app);
} finally {
  await app.close();
  rmSync(folder, { recursive: true, force: true });
}
