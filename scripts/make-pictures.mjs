/** Takes the README's pictures of the real window (on a display, real or virtual): `node scripts/make-pictures.mjs`. */
import { createCanvas, loadImage } from '@napi-rs/canvas';
import { copyFileSync, cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { _electron } from '@playwright/test';
import { fetchPackage } from './fetch-package.mjs';
import { inRoot } from './lib/paths.mjs';

const integrity = 'sha512-kpJumpOeQJrOZxZXfEoICz/jIwoA3qV9iuCfVpRrPMHFCl75q/8/SEc+56aRBwZq3qyhjKBmJd1Q9/2HMy+vUA==';
const folder = mkdtempSync(path.join(os.tmpdir(), 'duet-pictures-'));
const docs = inRoot('docs');
/** `data` or `classify` takes the pictures of that screen alone. */
const [only] = process.argv.slice(2);
mkdirSync(docs, { recursive: true });

async function dropFile(page, file) {
  const cdp = await page.context().newCDPSession(page);
  const data = { items: [], files: [file], dragOperationsMask: 1 };
  for (const type of ['dragEnter', 'dragOver', 'drop']) {
    await cdp.send('Input.dispatchDragEvent', { type, x: 500, y: 400, data });
  }
}

/** The hands of the photographer: takes a picture, turns the theme. */
function handsOn(page) {
  const picture = (name) => page.screenshot({ path: path.join(docs, `${name}.png`), animations: 'disabled' });
  // The theme switch of the window itself: the page follows it at once.
  const theme = async (source) => {
    await page.evaluate((wanted) => window.duet.setTheme(wanted), source);
    await page.waitForFunction((wanted) => matchMedia(`(prefers-color-scheme: ${wanted})`).matches, source);
    await page.waitForFunction((wanted) => getComputedStyle(document.documentElement).colorScheme === wanted, source);
  };
  return { picture, theme };
}

async function takePictures(app) {
  const page = await app.firstWindow();
  const { picture, theme } = handsOn(page);
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

/** Cuts of the sample photos in folders by what they show: copies, a wrong label, loose ones, as people have them. */
async function makeFolder() {
  const target = path.join(folder, 'Animals and things');
  const photos = { bird: 'eagle-at-the-lake', cat: 'tabby-cat', cup: 'espresso', dog: 'dog-bicycle-truck' };
  const all = { ...photos, flower: 'dahlia', horse: 'horses-on-the-plain', zebra: 'giraffe-and-zebra' };
  const counts = { bird: 36, cat: 44, cup: 24, dog: 60, flower: 30, horse: 52, zebra: 7 };
  let state = 7;
  const random = () => (state = (state * 48271) % 0x7fffffff) / 0x7fffffff;
  for (const [name, photo] of Object.entries(all)) {
    mkdirSync(path.join(target, name), { recursive: true });
    const image = await loadImage(inRoot('assets', 'samples', `${photo}.jpg`));
    for (let at = 1; at <= counts[name]; at += 1) {
      const canvas = createCanvas(200, 150);
      const context = canvas.getContext('2d');
      const width = image.width * (0.45 + 0.5 * random());
      const height = Math.min(image.height, width * 0.75);
      const [x, y] = [random() * (image.width - width), random() * (image.height - height)];
      context.filter = `brightness(${0.75 + 0.5 * random()})`;
      context.drawImage(image, x, y, width, height, 0, 0, 200, 150);
      const file = path.join(target, name, `IMG_${String(at).padStart(4, '0')}.jpg`);
      writeFileSync(file, canvas.toBuffer('image/jpeg', 90));
      if (at === 5) cpSync(file, path.join(target, name, 'IMG_0005 (copy).jpg'));
      if (at === 6 && name !== 'zebra') cpSync(file, path.join(target, `not sorted ${name}.jpg`));
    }
  }
  writeFileSync(path.join(target, 'notes.txt'), 'Some were taken on the second day.');
  return target;
}

async function takeDataPictures(app) {
  const page = await app.firstWindow();
  const { picture, theme } = handsOn(page);
  await theme('light');
  await page.getByRole('navigation', { name: 'Screens' }).getByText('Data', { exact: true }).click();
  const sheet = page.getByRole('dialog', { name: 'Import data' });
  await dropFile(page, inRoot('assets', 'datasets', 'digits'));
  await sheet.getByRole('button', { name: /^Import/ }).click();
  await page.getByRole('grid', { name: 'Samples' }).waitFor();
  await dropFile(page, await makeFolder());
  await sheet.getByRole('img').first().waitFor();
  await page.waitForTimeout(10_000); // the notices are gone, the first samples drawn
  await picture('import-data');
  await sheet.getByRole('button', { name: /^Import/ }).click();
  await page
    .getByRole('region', { name: 'Report' })
    .getByText(/exact copies/)
    .waitFor();
  await page.waitForTimeout(10_000);
  await picture('data-light');
  await theme('dark');
  await picture('data-dark');
  await theme('light');
  await page.getByRole('button', { name: /^Label / }).click();
  await page.getByRole('region', { name: 'Suggestion' }).getByText('Enter').waitFor();
  await picture('labelling');
}

/** A folder of `count` pictures: the samples, over and over. */
function folderOf(name, count) {
  const samples = inRoot('assets/samples');
  const names = readdirSync(samples).filter((one) => one.endsWith('.jpg'));
  const target = path.join(folder, name);
  mkdirSync(target);
  for (let i = 0; i < count; i++) {
    const sample = names[i % names.length];
    copyFileSync(path.join(samples, sample), path.join(target, `${i} ${sample}`));
  }
  return target;
}

/** One import at work, one that waits, and what was done before. */
async function takeJobPictures(app) {
  const page = await app.firstWindow();
  const { picture, theme } = handsOn(page);
  await theme('light');
  await page.getByRole('navigation', { name: 'Screens' }).getByText('Data', { exact: true }).click();
  const row = (text) => page.getByRole('grid', { name: 'All jobs' }).getByRole('row', { name: text });
  for (const [name, count] of [
    ['Garden', 28],
    ['Holiday pictures', 1500],
    ['Old albums', 420],
  ]) {
    await dropFile(page, folderOf(name, count));
    const sheet = page.getByRole('dialog', { name: 'Import data' });
    await sheet.getByRole('button', { name: /^Import \d/ }).click();
    if (name === 'Garden') await page.getByText(/Import Garden, done/).waitFor();
  }
  await page.getByRole('button', { name: /^Open jobs/ }).click();
  const about = page.getByRole('region', { name: /^About Import Holiday/ });
  await about.getByRole('img').waitFor();
  const notice = page.getByRole('button', { name: 'Dismiss notice' });
  while ((await notice.count()) > 0) await notice.first().click();
  await page.waitForTimeout(2500); // a curve of some length
  await picture('jobs');
  // Nothing is at work at the end, so that closing does not ask.
  await page.getByRole('button', { name: 'Pause all' }).click();
  await row(/Running/).waitFor({ state: 'detached' });
}

/** A judge of MNIST, briefly, and then a generator that it judges: taken once its verdict is past "too early to tell". */
async function takeTrainPictures(app) {
  const page = await app.firstWindow();
  const { picture, theme } = handsOn(page);
  await theme('light');
  await page.getByRole('navigation', { name: 'Screens' }).getByText('Train', { exact: true }).click();
  await page.getByRole('button', { name: 'Learn from MNIST', exact: true }).click();
  const setUp = page.getByRole('region', { name: 'Set up a run' });
  const run = page.getByRole('region', { name: 'The run', exact: true });
  const set = async (purpose, steps) => {
    await setUp.getByRole('radio', { name: purpose }).click();
    const length = setUp.getByRole('button', { name: /^Length/ });
    if ((await length.getAttribute('aria-expanded')) === 'false') await length.click();
    await setUp.getByRole('textbox', { name: 'Steps' }).fill(String(steps));
    await length.click();
  };
  await setUp.getByRole('button', { name: /^Recipe: / }).waitFor({ timeout: 120_000 });
  await set('Judge', 600);
  await page.keyboard.press('Control+Enter');
  await run.getByText('kept', { exact: true }).waitFor({ timeout: 300_000 });
  await picture('train-judge');
  await run.getByRole('button', { name: /^Run: / }).click();
  await page.getByRole('menuitem', { name: 'Set up a new run' }).click();
  await set('Draw', 3300);
  await page.keyboard.press('Control+Enter');
  await page.getByRole('heading', { name: /^(Healthy|Poor|Collapsed)/ }).waitFor({ timeout: 600_000 });
  const notice = page.getByRole('button', { name: 'Dismiss notice' });
  while ((await notice.count()) > 0) await notice.first().click();
  await picture('train-light');
  await theme('dark');
  await picture('train-dark');
  await theme('light');
  await run.getByRole('button', { name: 'Stop and keep' }).click();
  await run.getByText('kept', { exact: true }).waitFor({ timeout: 120_000 });
}

const app = await _electron.launch({
  colorScheme: null,
  args: ['.', `--user-data-dir=${path.join(folder, 'profile')}`, `--workspace=${path.join(folder, 'My workspace')}`],
  cwd: inRoot(),
  env: { ...process.env, ...(process.getuid?.() === 0 ? { ELECTRON_DISABLE_SANDBOX: '1' } : {}) },
});
try {
  if (only === undefined || only === 'classify') await takePictures(app);
  if (only === undefined || only === 'data') await takeDataPictures(app);
  if (only === undefined || only === 'train') await takeTrainPictures(app);
  if (only === undefined || only === 'jobs') await takeJobPictures(app);
} finally {
  await app.close();
  rmSync(folder, { recursive: true, force: true });
}
