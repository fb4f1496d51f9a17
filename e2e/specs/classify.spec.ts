/** From a dropped folder to an exported table, as a person does it, in the real window. */
import { parse } from 'csv-parse/sync';
import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { holidayFolder, manyPictures, temporaryFolder } from '../fixtures/pictures';
import { dropFiles, expect, openStudio, root, samples, test } from '../fixtures/studio';
import { answerDialogs, ClassifyPage } from '../pages/classify-page';

test('the first start shows the samples, judged; the second start teaches instead', async () => {
  const first = await openStudio();
  const classify = new ClassifyPage(first.page);
  await classify.judged(14);
  await expect(classify.tile(/espresso/)).toBeVisible();
  await expect(classify.tile(/tripod/)).toBeVisible();
  // The words at the foot come first, the list follows them by a few frames.
  await expect.poll(async () => (await classify.count('Sure')) + (await classify.count('Unsure'))).toBe(14);
  expect(await classify.count('Sure')).toBeGreaterThan(2);
  await first.close();
  const second = await openStudio({ folder: first.folder });
  await expect(second.page.getByRole('region', { name: 'No pictures yet' })).toBeVisible();
  await second.close();
  rmSync(first.folder, { recursive: true, force: true });
  expect([...first.problems, ...second.problems]).toEqual([]);
});

test('a nested folder is dropped: pictures are judged, what cannot be read is listed with the reason', async ({
  studio,
}) => {
  const { folder, good, bad } = holidayFolder();
  const classify = new ClassifyPage(studio.page);
  await classify.judged(14);
  await dropFiles(studio.page, [folder]);
  await expect.poll(() => classify.count('Could not be read')).toBe(bad.length);
  await expect(classify.tile(/espresso.*breakfast\.jpg/)).toBeVisible();
  for (const name of bad) await expect(classify.grid.getByText(name)).toBeAttached();
  await classify.judged(good);
  await expect.poll(async () => (await classify.count('Sure')) + (await classify.count('Unsure'))).toBe(good);
  await expect(classify.tile(/bobsled/)).toHaveCount(0); // the samples made room
  await expect(studio.page.locator('b', { hasText: 'friend' })).toHaveCount(0); // a name is text, never markup
});

test('the threshold sorts at once and runs nothing again', async ({ studio }) => {
  const classify = new ClassifyPage(studio.page);
  await classify.judged(14);
  await classify.threshold.focus();
  await studio.page.keyboard.press('Home');
  await expect.poll(() => classify.count('Sure')).toBe(14);
  await studio.page.keyboard.press('End');
  await expect.poll(() => classify.count('Unsure')).toBe(14);
  await expect(classify.tile(/espresso\?/)).toBeVisible();
  await expect(studio.page.getByRole('progressbar')).toHaveCount(0);
});

test('search finds labels, synonyms and file names', async ({ studio }) => {
  const classify = new ClassifyPage(studio.page);
  await classify.judged(14);
  await classify.find.fill('kite');
  await expect(classify.tile(/eagle-at-the-lake/)).toBeVisible();
  await expect(classify.tile(/espresso/)).toHaveCount(0);
  await classify.find.fill('Alsatian'); // a synonym of German shepherd
  await expect(classify.tile(/dog-bicycle-truck/)).toBeVisible();
  await classify.find.fill('hubble');
  await expect(classify.grid.getByRole('gridcell')).toHaveCount(1);
});

test('a label is corrected, taken back, given again; pictures are removed and come back', async ({ studio }) => {
  const { page } = studio;
  const classify = new ClassifyPage(page);
  await classify.judged(14);
  await classify.tile(/eagle-at-the-lake/).click();
  await classify.inspector.getByRole('button', { name: /No, it is/ }).click();
  await page.keyboard.type('bald eagle');
  await page.keyboard.press('Enter');
  await expect(classify.tile(/bald eagle/)).toBeVisible();
  await page.keyboard.press('Control+z');
  await expect(classify.tile(/bald eagle/)).toHaveCount(0);
  await page.keyboard.press('Control+Shift+z');
  await expect(classify.tile(/bald eagle/)).toBeVisible();
  await classify.tile(/espresso/).click();
  await page.keyboard.press('Delete');
  await expect(classify.tile(/espresso/)).toHaveCount(0);
  await page.getByRole('region', { name: 'Notices' }).getByRole('button', { name: /Undo/ }).click();
  await expect(classify.tile(/espresso/)).toBeVisible();
});

test('clearing the list can be undone, and the empty screen teaches', async ({ studio }) => {
  const { page } = studio;
  const classify = new ClassifyPage(page);
  await classify.judged(14);
  await page.keyboard.press('Control+k');
  await page.keyboard.type('clear the list');
  await page.keyboard.press('Enter');
  await expect(page.getByText(/No pictures yet/).first()).toBeVisible();
  await page.keyboard.press('Control+z');
  await expect(classify.tile(/espresso/)).toBeVisible();
});

test('two models side by side: boxes are drawn, disagreements come first', async ({ studio }) => {
  const { page } = studio;
  const classify = new ClassifyPage(page);
  await classify.judged(14);
  await page.getByRole('button', { name: 'Compare with a second model' }).click();
  await expect(classify.tile(/German shepherd.*dog.*dog-bicycle-truck/)).toBeVisible();
  await classify.tile(/dog-bicycle-truck/).click();
  await expect(classify.inspector.getByText('photo-objects')).toBeVisible();
  await expect(classify.inspector.getByText('bicycle').first()).toBeVisible();
  await page.keyboard.press('Enter');
  await expect(page.getByRole('region', { name: /Large view of dog-bicycle-truck/ })).toBeVisible();
  await expect(page.getByText(/dog\s*6\d\.\d/).first()).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(classify.grid).toBeVisible();
});

test('the exported table equals the screen, and the command line says the same', async ({ studio }) => {
  const classify = new ClassifyPage(studio.page);
  await classify.judged(14);
  const file = path.join(temporaryFolder('export'), 'verdicts.csv');
  await answerDialogs(studio.app, file);
  await studio.page.keyboard.press('Control+e');
  await expect(studio.page.getByRole('region', { name: 'Notices' }).getByText(/verdicts\.csv/)).toBeVisible();
  const rows = parse<Record<string, string>>(readFileSync(file), { columns: true });
  expect(rows).toHaveLength(14);
  const shown = await classify.grid.getByRole('gridcell').evaluateAll((tiles) => tiles.map((tile) => tile.textContent));
  for (const row of rows) {
    const percent = Math.min(99.9, Math.round(Number(row['score']) * 1000) / 10).toFixed(1);
    const tile = shown.find((text) => text.includes(row['file']!));
    expect(tile, row['file']).toContain(`${row['label 1']}`);
    expect(tile, row['file']).toContain(percent);
    expect(tile!.includes('unsure')).toBe(row['label'] === 'unsure');
  }
  const output = execFileSync(
    process.execPath,
    [path.join(root, 'dist', 'duet.cjs'), 'classify', samples, '--json', '--workspace', temporaryFolder('cli')],
    { encoding: 'utf8' },
  );
  const printed = output
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as { file: string; predictions: { label: string; score: number }[] });
  expect(printed).toHaveLength(14);
  for (const { file: name, predictions } of printed) {
    const row = rows.find((one) => one['file'] === path.basename(name))!;
    expect(predictions).toHaveLength(5);
    predictions.forEach(({ label, score }, index) => {
      expect(label).toBe(row[`label ${index + 1}`]);
      // The batch a picture falls into may move the last digits of a float.
      expect(Math.abs(score - Number(row[`score ${index + 1}`]))).toBeLessThan(1e-5);
    });
  }
});

test('an existing table is kept unless the dialog has asked; copies go into label folders', async ({ studio }) => {
  const classify = new ClassifyPage(studio.page);
  await classify.judged(14);
  const target = temporaryFolder('sorted');
  await answerDialogs(studio.app, target);
  await classify.menu('Export', /label folders/);
  await expect
    .poll(() => existsSync(path.join(target, 'espresso')) && readdirSync(path.join(target, 'espresso')))
    .toEqual(['espresso.jpg']);
  await expect
    .poll(() => readdirSync(target, { recursive: true }).filter((name) => String(name).endsWith('.jpg')).length)
    .toBe(14);
  expect(readdirSync(path.join(target, 'unsure')).length).toBe(await classify.count('Unsure'));
});

test('ten thousand pictures: the grid holds a screenful, adding goes on while judging, stopping keeps what is there', async ({
  studio,
}) => {
  const { page } = studio;
  const classify = new ClassifyPage(page);
  await classify.judged(14);
  await dropFiles(page, [manyPictures(10_000)]);
  await page.getByRole('contentinfo', { name: 'Job strip' }).getByRole('button', { name: 'Stop' }).click();
  await expect(page.getByText(/10,000 pictures/).first()).toBeVisible();
  const shown = await classify.grid.getByRole('gridcell').count();
  expect(shown).toBeGreaterThan(5);
  expect(shown).toBeLessThan(200);
  // The last pictures in hand still change sections after the stop, and with them the height.
  await expect(async () => {
    await classify.grid.evaluate((element) => {
      const scroller = element.scrollHeight > element.clientHeight ? element : element.parentElement!;
      scroller.scrollTop = scroller.scrollHeight;
    });
    await expect(classify.tile(/9999\.png/)).toBeVisible({ timeout: 1000 });
  }).toPass({ timeout: 20_000 });
});

test('a picture is pasted', async ({ studio }) => {
  const { page } = studio;
  const classify = new ClassifyPage(page);
  await classify.judged(14);
  const bytes = readFileSync(path.join(samples, 'espresso.jpg')).toString('base64');
  await page.evaluate((text) => {
    const data = new DataTransfer();
    const raw = Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
    data.items.add(new File([raw], 'image.png', { type: 'image/png' }));
    document.dispatchEvent(new ClipboardEvent('paste', { clipboardData: data, bubbles: true, cancelable: true }));
  }, bytes);
  await expect(
    page
      .getByText('15 pictures')
      .or(page.getByText('1 picture', { exact: true }))
      .first(),
  ).toBeVisible();
});
