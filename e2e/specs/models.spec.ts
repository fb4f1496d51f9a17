/** A foreign model on the window: gate, preview while choosing, import, judging with it, refusal in words. */
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fetchPackage } from '../../scripts/fetch-package.mjs';
import { temporaryFolder } from '../fixtures/pictures';
import { dropFiles, expect, root, test } from '../fixtures/studio';
import { ClassifyPage } from '../pages/classify-page';

/** detypify-service 0.3.0 (MIT): 411 drawn symbols. */
function symbolsModel(): string {
  const integrity = 'sha512-kpJumpOeQJrOZxZXfEoICz/jIwoA3qV9iuCfVpRrPMHFCl75q/8/SEc+56aRBwZq3qyhjKBmJd1Q9/2HMy+vUA==';
  const folder = fetchPackage('detypify-service@0.3.0', integrity, ['train/model.onnx', 'train/infer.json']);
  const file = path.join(temporaryFolder('model'), 'drawn symbols.onnx');
  writeFileSync(file, readFileSync(path.join(folder, 'train', 'model.onnx')));
  return file;
}

test('a classifier is dropped, previewed on the samples, imported, chosen, removed and brought back', async ({
  studio,
}) => {
  const { page } = studio;
  const classify = new ClassifyPage(page);
  await classify.judged(14);
  await dropFiles(page, [symbolsModel()]);
  const sheet = page.getByRole('dialog', { name: 'Import a model' });
  await expect(sheet.getByText(/224 × 224, grey/)).toBeVisible();
  await expect(sheet.getByText(/^411,/)).toBeVisible();
  const preview = sheet.getByRole('region', { name: 'Preview on sample photos' });
  await expect(preview.getByRole('img').first()).toBeVisible();
  await expect(preview.getByText(/class \d+/).first()).toBeVisible();
  const before = await preview.innerText();
  await sheet.getByRole('switch', { name: 'Invert' }).click();
  await expect.poll(() => preview.innerText()).not.toBe(before);
  await expect(sheet.getByRole('textbox', { name: 'Name' })).toHaveValue('drawn-symbols');
  await sheet.getByRole('button', { name: 'Import', exact: true }).click();
  await expect(sheet).toHaveCount(0);
  await page.getByRole('navigation', { name: 'Screens' }).getByText('Models').click();
  await page.getByRole('list', { name: 'Models' }).getByText('drawn-symbols').click();
  await expect(page.getByRole('article', { name: 'Model drawn-symbols' })).toBeVisible();
  await page.getByRole('article').getByRole('button', { name: 'Judge with it' }).click();
  await page.getByRole('navigation', { name: 'Screens' }).getByText('Classify').click();
  await expect(classify.tile(/class \d+.*espresso\.jpg/)).toBeVisible();
  await page.getByRole('navigation', { name: 'Screens' }).getByText('Models').click();
  await page.getByRole('list', { name: 'Models' }).getByText('drawn-symbols').click();
  // A model in use stays until another one judges.
  await page.getByRole('list', { name: 'Models' }).getByText('everyday-1000').click();
  await page.getByRole('article').getByRole('button', { name: 'Judge with it' }).click();
  await page.getByRole('navigation', { name: 'Screens' }).getByText('Models').click();
  await page.getByRole('list', { name: 'Models' }).getByText('drawn-symbols').click();
  await page.getByRole('button', { name: /Remove/ }).click();
  await expect(page.getByRole('list', { name: 'Models' }).getByText('drawn-symbols')).toHaveCount(0);
  await page.keyboard.press('Control+z');
  await expect(page.getByRole('list', { name: 'Models' }).getByText('drawn-symbols')).toBeVisible();
});

test('what is no usable model is refused in words, in the sheet, and the window goes on', async ({ studio }) => {
  const { page } = studio;
  const classify = new ClassifyPage(page);
  await classify.judged(14);
  const folder = temporaryFolder('bad-models');
  const zip = path.join(folder, 'archive.onnx');
  writeFileSync(zip, Buffer.from('504b0304140000000000', 'hex'));
  await dropFiles(page, [zip]);
  const sheet = page.getByRole('dialog', { name: 'Import a model' });
  await expect(sheet.getByText(/archive\.onnx/).first()).toBeVisible();
  await expect(sheet.getByText(/zip/i).first()).toBeVisible();
  await page.keyboard.press('Escape');
  await dropFiles(page, [path.join(root, 'assets', 'models', 'photo-objects.onnx')]);
  await expect(sheet.getByText(/not one for each class/).first()).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(classify.tile(/espresso/)).toBeVisible();
});
