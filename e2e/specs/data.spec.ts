/** Data sets as a person makes them: a messy folder in, what is wrong with it, labels by key, and every step back. */
import { messyFolder, perClass } from '../fixtures/data';
import { dropFiles, expect, root, test } from '../fixtures/studio';
import { answerDialogs } from '../pages/classify-page';
import { DataPage } from '../pages/data-page';
import path from 'node:path';

test('a messy folder is dropped, looked at, imported; copies are found and taken out', async ({ studio }) => {
  const { page } = studio;
  const data = new DataPage(page);
  await data.show();
  await expect(page.getByRole('region', { name: 'No data sets yet' })).toBeVisible();
  await dropFiles(page, [await messyFolder()]);
  await expect(data.sheet.getByText('in 4 classes')).toBeVisible();
  await expect(data.sheet.getByRole('img', { name: /IMG_0001/ }).first()).toBeVisible();
  await expect(data.sheet.getByText(/cannot be read/)).toBeVisible();
  await data.import();
  for (const name of ['flower', 'horse']) await data.expectCount(name, perClass);
  for (const name of ['cat', 'dog']) await data.expectCount(name, perClass + 1);
  await data.expectCount('no label', 3);

  // What comes in is checked at once.
  await data.report.getByRole('button', { name: /Show: .*exact copies/ }).click();
  const groups = page.getByRole('region', { name: /exact copies/ });
  await expect(groups.getByRole('listitem')).toHaveCount(2);
  await expect(groups.getByRole('button', { name: /not a dog/ })).toBeVisible();
  await groups.getByRole('button', { name: 'Keep one of each, exclude 2' }).click();
  await expect(groups.getByText('only one is left in')).toHaveCount(2);
  await expect(data.report.getByText('changed since')).toBeVisible();
  await page.keyboard.press('Control+z');
  await expect(groups.getByText('only one is left in')).toHaveCount(0);
});

test('samples are relabelled and excluded by key, and every step is taken back', async ({ studio }) => {
  const { page } = studio;
  const data = new DataPage(page);
  await data.show();
  await dropFiles(page, [await messyFolder()]);
  await data.import();
  await data.tile(/^cat\/IMG_0002/).click();
  await expect(data.inspector.getByRole('heading', { name: 'cat' })).toBeVisible();
  await page.keyboard.press('4'); // the fourth of cat, dog, flower, horse
  await data.expectCount('horse', perClass + 1);
  await expect(data.inspector.getByRole('heading', { name: 'horse' })).toBeVisible();
  await page.keyboard.press('Control+z');
  await data.expectCount('horse', perClass);
  await page.keyboard.press('Control+Shift+z');
  await data.expectCount('horse', perClass + 1);
  await page.keyboard.press('Control+z');

  // Only what is near the view exists, and the report may have pushed the flowers down.
  await data.classes.getByRole('button', { name: 'flower', exact: true }).click();
  await data.tile(/^flower\/IMG_0001/).click();
  await page.keyboard.press('Shift+ArrowRight');
  await page.keyboard.press('Shift+ArrowRight');
  await expect(data.inspector.getByText('3 images selected')).toBeVisible();
  await page.keyboard.press('Delete');
  await data.expectCount('flower', perClass - 3);
  await page.getByRole('region', { name: 'Notices' }).getByRole('button', { name: /Undo/ }).first().click();
  await data.expectCount('flower', perClass);

  await page.keyboard.press('l');
  await page.keyboard.type('dahlia');
  await page.keyboard.press('Enter');
  await data.expectCount('dahlia', 3);
  await data.expectCount('flower', perClass - 3);
});

test('what has no label gets one by key, and Backspace goes back', async ({ studio }) => {
  const { page } = studio;
  const data = new DataPage(page);
  await data.show();
  await dropFiles(page, [await messyFolder()]);
  await data.import();
  await page.getByRole('button', { name: 'Label 3' }).click();
  const round = page.getByRole('region', { name: 'Giving labels' });
  await expect(round.getByText('1 of 3')).toBeVisible();
  await page.keyboard.press('2');
  await expect(round.getByText('2 of 3')).toBeVisible();
  await page.keyboard.press('Backspace');
  await expect(round.getByRole('button', { name: /dog/, pressed: true })).toBeVisible();
  await page.keyboard.press('1');
  await page.keyboard.press('1');
  await page.keyboard.press('1');
  await expect(round).toHaveCount(0);
  await data.expectCount('no label', 0);
  await data.expectCount('cat', perClass + 4);
});

test('rows of a table are a list, and a row opens with all its values', async ({ studio }) => {
  const { page } = studio;
  const data = new DataPage(page);
  await data.show();
  await answerDialogs(studio.app, path.join(root, 'assets', 'datasets', 'iris.csv'));
  await page.keyboard.press('Control+d');
  await expect(data.sheet.getByRole('rowheader', { name: 'petal length' })).toBeVisible();
  await data.import();
  await expect(data.grid.getByRole('columnheader', { name: 'sepal length' })).toBeVisible();
  await expect(page.getByText('150 rows').first()).toBeVisible();
  await data.grid.getByRole('gridcell').first().click();
  await expect(data.inspector.getByText('petal width')).toBeVisible();
  await page.getByRole('button', { name: 'More for this data set' }).click();
  await page.getByRole('menuitem', { name: 'Remove' }).click();
  await expect(page.getByRole('region', { name: 'No data sets yet' })).toBeVisible();
  await page.keyboard.press('Control+z');
  await expect(data.list.getByText('Iris', { exact: false })).toBeVisible();
});

test('ten classes of digits scroll by: only a screenful exists, and the last one is reached', async ({ studio }) => {
  const { page } = studio;
  const data = new DataPage(page);
  await data.show();
  await answerDialogs(studio.app, path.join(root, 'assets', 'datasets', 'digits'));
  await page.keyboard.press('Control+Shift+d');
  await data.import();
  await expect(page.getByText('1,797 images').first()).toBeVisible();
  const shown = await data.grid.getByRole('gridcell').count();
  expect(shown).toBeGreaterThan(20);
  expect(shown).toBeLessThan(400);
  await data.grid.focus();
  await page.keyboard.press('End');
  await expect(data.grid.getByRole('gridcell', { selected: true })).toHaveAccessibleName(/, 9, /);
  await page.keyboard.press(' ');
  await expect(page.getByRole('region', { name: /^Preview of/ })).toBeVisible();
  await page.keyboard.press('ArrowUp');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('region', { name: /^Large view of/ })).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(data.grid).toBeVisible();
});

test('a built-in data set is added from the empty screen, a synthetic one from the gallery', async ({ studio }) => {
  const { page } = studio;
  const data = new DataPage(page);
  await data.show();
  await page.getByRole('button', { name: 'Add Digits', exact: true }).click();
  await expect(page.getByText('1,797 images').first()).toBeVisible();
  await data.grid.waitFor();
  await page.getByRole('button', { name: 'Add a data set' }).click();
  await page.getByRole('menuitem', { name: 'A built-in data set' }).click();
  const shapes = page.getByRole('article', { name: 'Shapes' });
  await shapes.getByRole('textbox', { name: 'How many' }).fill('300');
  await shapes.getByRole('textbox', { name: 'Seed' }).fill('7');
  await shapes.getByRole('button', { name: 'Add Shapes' }).click();
  await expect(page.getByText(/300 images/).first()).toBeVisible();
  await expect(data.list.getByRole('button', { name: /Shapes/ }).getByText(/generated/)).toBeVisible();
});
