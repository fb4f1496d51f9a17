/** A judge and a generator are taught in the window: set up, watched, paused, kept, and there in the library. */
import { expect, test } from '../fixtures/studio';
import { TrainPage } from '../pages/train-page';

test('a judge is taught with digits, its mistakes are seen, and it is in the library', async ({ studio }) => {
  test.slow(); // a training on one core
  const { page } = studio;
  const train = new TrainPage(page);
  await train.show();
  await expect(page.getByRole('heading', { name: 'Nothing to learn from yet' })).toBeVisible();
  await train.learnFromDigits();
  await expect(page.getByRole('region', { name: 'What it learns from' }).getByRole('listitem')).toHaveCount(10);
  await train.setSteps(200);
  await train.openGroup('Learning');
  await train.setUp.getByRole('textbox', { name: 'Learning rate' }).fill('0');
  await train.setUp.getByRole('textbox', { name: 'Learning rate' }).fill('0.002');
  await expect(train.setUp.getByRole('button', { name: /as the recipe has it/ })).toBeVisible();
  await page.keyboard.press('Control+Enter');
  await train.expectPhase('kept');
  await expect(page.getByRole('heading', { name: /of the samples .* are answered right/ })).toBeVisible();
  const matrix = train.goes.getByRole('grid', { name: 'Classes and answers' });
  await matrix.getByRole('gridcell', { name: /^0 answered right/ }).focus();
  await page.keyboard.press('ArrowDown');
  await expect(matrix.getByRole('gridcell', { name: /^1 taken for 0/ })).toBeFocused();
  await expect(train.goes.getByRole('figure', { name: 'Loss' })).toBeVisible();
  const name = await train.run.getByRole('heading', { level: 1 }).innerText();
  await page.getByRole('navigation', { name: 'Screens' }).getByText('Models').click();
  await expect(page.getByRole('list', { name: 'Models' }).getByText(name)).toBeVisible();
});

test('a generator is taught: drawings appear, it rests and goes on, survives a reload, and is kept', async ({
  studio,
}) => {
  test.slow();
  const { page } = studio;
  const train = new TrainPage(page);
  await train.show();
  await train.learnFromDigits();
  await train.setUp.getByRole('radio', { name: 'Draw' }).click();
  await train.setSteps(100_000);
  await train.setUp.getByRole('button', { name: /^Train/ }).click();
  await expect(train.goes.getByRole('img', { name: /drawings/ })).toBeVisible({ timeout: 60_000 });
  await train.run.getByRole('button', { name: 'Pause' }).click();
  await expect(train.run.getByText('paused', { exact: true })).toBeVisible();
  await page.reload();
  await train.show();
  await expect(train.goes.getByRole('img', { name: /drawings/ })).toBeVisible({ timeout: 30_000 });
  await train.run.getByRole('button', { name: 'Resume' }).click();
  await expect(train.run.getByRole('button', { name: 'Pause' })).toBeVisible();
  await train.run.getByRole('button', { name: 'Stop and keep' }).click();
  await train.expectPhase('kept');
  await page.getByRole('button', { name: 'Try it now' }).click();
  await expect(page.getByRole('main')).toHaveAccessibleName(/Generate|Models/);
});
