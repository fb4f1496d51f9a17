/** axe finds nothing on any screen, light or dark; everything is reached by keyboard. */
import AxeBuilder from '@axe-core/playwright';
import type { Page } from '@playwright/test';
import { holidayFolder } from '../fixtures/pictures';
import { messyFolder } from '../fixtures/data';
import { dropFiles, expect, test } from '../fixtures/studio';
import { answerDialogs, ClassifyPage } from '../pages/classify-page';
import { DataPage } from '../pages/data-page';
import { TrainPage } from '../pages/train-page';

/** Looked at once everything stands still: a sheet that is just fading in has little contrast. */
async function expectNoViolations(page: Page, what: string): Promise<void> {
  await page.waitForFunction(() => document.getAnimations().every(({ playState }) => playState !== 'running'));
  const { violations } = await new AxeBuilder({ page }).setLegacyMode().analyze();
  const found = violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 160)).join(' | ')}`);
  expect(found, what).toEqual([]);
}

for (const theme of ['light', 'dark'] as const) {
  test(`axe finds nothing in ${theme}`, async ({ studio }) => {
    const { page, app } = studio;
    const classify = new ClassifyPage(page);
    await classify.judged(14);
    await app.evaluate(({ nativeTheme }, source) => (nativeTheme.themeSource = source), theme);
    await expect(page.locator('html')).toHaveAttribute('data-theme', theme);
    await expectNoViolations(page, 'samples');
    await dropFiles(page, [holidayFolder().folder]);
    await expect(classify.section('Could not be read')).toBeVisible();
    await classify.tile(/espresso/).click();
    await expectNoViolations(page, 'selected, with files that could not be read');
    await page.keyboard.press('Control+2');
    await expectNoViolations(page, 'list');
    await page.keyboard.press('Control+1');
    await page.keyboard.press('Control+k');
    await expect(page.getByRole('dialog', { name: 'Command palette' })).toBeVisible();
    await expectNoViolations(page, 'palette');
    await page.keyboard.press('Escape');
    await classify.tile(/espresso/).click();
    await page.keyboard.press('Enter');
    await expect(page.getByRole('region', { name: /Large view/ })).toBeVisible();
    await expectNoViolations(page, 'large view');
    await page.keyboard.press('Escape');
    await page.keyboard.press('Control+j');
    await expectNoViolations(page, 'jobs');
    await page.keyboard.press('Escape');
    await page.keyboard.press('?');
    await expect(page.getByRole('dialog')).toBeVisible();
    await expectNoViolations(page, 'shortcuts');
    await page.keyboard.press('Escape');
    await page.getByRole('navigation', { name: 'Screens' }).getByText('Models').click();
    await expect(page.getByRole('region', { name: 'Graph' })).toBeVisible();
    await expectNoViolations(page, 'models');
  });
}

for (const theme of ['light', 'dark'] as const) {
  test(`axe finds nothing on the Data screen in ${theme}`, async ({ studio }) => {
    test.slow(); // eight scans, each of the whole page
    const { page, app } = studio;
    const data = new DataPage(page);
    await app.evaluate(({ nativeTheme }, source) => (nativeTheme.themeSource = source), theme);
    await data.show();
    await expectNoViolations(page, 'no data sets');
    await answerDialogs(app, await messyFolder());
    await page.keyboard.press('Control+Shift+d');
    await expect(data.sheet.getByText('in 4 classes')).toBeVisible();
    await expectNoViolations(page, 'import');
    await data.import();
    await expect(data.report.getByText(/exact copies/)).toBeVisible();
    await expectNoViolations(page, 'a data set');
    await data.tile(/^cat\/IMG_0002/).click();
    await page.keyboard.press('l');
    await expect(data.inspector.getByRole('option', { name: /dog/ })).toBeVisible();
    await expectNoViolations(page, 'one sample, with the classes to pick from');
    await page.keyboard.press('Escape');
    await data.tile(/^cat\/IMG_0002/).click();
    await page.keyboard.press('Enter');
    await expect(page.getByRole('region', { name: /^Large view/ })).toBeVisible();
    await expectNoViolations(page, 'a sample large');
    await page.keyboard.press('Escape');
    await data.report.getByRole('button', { name: /Show: .*exact copies/ }).click();
    await expect(page.getByRole('region', { name: /exact copies/ })).toBeVisible();
    await expectNoViolations(page, 'copies side by side');
    await page.getByRole('button', { name: 'Label 3' }).click();
    await expect(page.getByRole('region', { name: 'Giving labels' })).toBeVisible();
    await expectNoViolations(page, 'giving labels');
    await page.keyboard.press('Escape');
    await page.keyboard.press('Control+k');
    await page.keyboard.type('built-in data');
    await page.keyboard.press('Enter');
    await expect(page.getByRole('dialog', { name: 'Built-in data sets' })).toBeVisible();
    await expectNoViolations(page, 'the gallery');
  });
}

for (const theme of ['light', 'dark'] as const) {
  test(`axe finds nothing on the Train screen in ${theme}`, async ({ studio }) => {
    test.slow(); // two trainings, and scans of the whole page
    const { page, app } = studio;
    const train = new TrainPage(page);
    await app.evaluate(({ nativeTheme }, source) => (nativeTheme.themeSource = source), theme);
    await train.show();
    await expect(page.getByRole('button', { name: 'Learn from Digits', exact: true })).toBeVisible();
    await expectNoViolations(page, 'nothing to learn from');
    await train.learnFromDigits();
    await train.setSteps(100);
    await train.openGroup('Network');
    await train.openGroup('Learning');
    await expectNoViolations(page, 'set-up');
    await page.keyboard.press('Control+Enter');
    await train.expectPhase('kept');
    await expectNoViolations(page, 'a judge');
    await train.setUpAnother();
    await train.setUp.getByRole('radio', { name: 'Draw' }).click();
    await train.setSteps(100);
    await page.keyboard.press('Control+Enter');
    await train.expectPhase('kept');
    await expect(train.goes.getByRole('img', { name: /drawings/ })).toBeVisible();
    await expectNoViolations(page, 'a generator');
  });
}

test('from the first picture to its large view and back by keyboard alone', async ({ studio }) => {
  const { page } = studio;
  const classify = new ClassifyPage(page);
  await classify.judged(14);
  await classify.grid.focus();
  await page.keyboard.press('Home');
  await page.keyboard.press('ArrowRight');
  await expect(classify.grid.getByRole('gridcell', { selected: true })).toHaveCount(1);
  await page.keyboard.press('Enter');
  await expect(page.getByRole('region', { name: /Large view/ })).toBeVisible();
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('Escape');
  await expect(classify.grid).toBeVisible();
  await page.keyboard.press('Control+a');
  await expect(classify.grid.getByRole('gridcell', { selected: true })).toHaveCount(14);
});

test('at twice the size and the smallest window nothing is lost', async ({ studio }) => {
  const { page, app } = studio;
  const classify = new ClassifyPage(page);
  await classify.judged(14);
  await app.evaluate(({ BrowserWindow }) => {
    const [window] = BrowserWindow.getAllWindows();
    window!.setSize(960, 640);
    window!.webContents.setZoomFactor(2);
  });
  await expect(page.getByRole('button', { name: 'Add pictures' })).toBeInViewport();
  await expect(classify.threshold).toBeInViewport();
  expect(await page.evaluate(() => document.documentElement.scrollWidth <= window.innerWidth)).toBe(true);
});

test('at twice the size and the smallest window the Data screen keeps everything within reach', async ({ studio }) => {
  const { page, app } = studio;
  const data = new DataPage(page);
  await data.show();
  await answerDialogs(app, await messyFolder());
  await page.keyboard.press('Control+Shift+d');
  await data.import();
  await app.evaluate(({ BrowserWindow }) => {
    const [window] = BrowserWindow.getAllWindows();
    window!.setSize(960, 640);
    window!.webContents.setZoomFactor(2);
  });
  await expect(page.getByRole('button', { name: 'Add images' })).toBeInViewport();
  expect(await page.evaluate(() => document.documentElement.scrollWidth <= window.innerWidth)).toBe(true);
  // The list is a drawer now.
  await expect(data.list).toHaveCount(0);
  await page.getByRole('button', { name: 'Data sets' }).click();
  await expect(data.list.getByRole('button', { name: /Garden/ })).toBeInViewport();
  await page.keyboard.press('Escape');
  await expect(data.list).toHaveCount(0);
});

test('at twice the size and the smallest window a run is set up and steered', async ({ studio }) => {
  test.slow(); // a training on one core
  const { page, app } = studio;
  const train = new TrainPage(page);
  await train.show();
  await train.learnFromDigits();
  await app.evaluate(({ BrowserWindow }) => {
    const [window] = BrowserWindow.getAllWindows();
    window!.setSize(960, 640);
    window!.webContents.setZoomFactor(2);
  });
  // While the recipes are asked for, the button is one that says why it waits, and is then another.
  await expect(train.setUp.getByRole('button', { name: /^Train/ })).not.toHaveAttribute('aria-disabled', 'true');
  await train.setUp.getByRole('button', { name: /^Train/ }).scrollIntoViewIfNeeded();
  await expect(train.setUp.getByRole('button', { name: /^Train/ })).toBeInViewport();
  await train.setUp.getByRole('button', { name: /^Train/ }).click();
  await train.expectPhase('kept');
  await train.run.getByRole('button', { name: 'Train again' }).scrollIntoViewIfNeeded();
  await expect(train.run.getByRole('button', { name: 'Train again' })).toBeInViewport();
  expect(await page.evaluate(() => document.documentElement.scrollWidth <= window.innerWidth)).toBe(true);
});
