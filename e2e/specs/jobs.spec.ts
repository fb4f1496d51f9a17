/** Jobs that cannot be lost: real imports in the real window, steered, killed, kept over the end of the application. */
import AxeBuilder from '@axe-core/playwright';
import { renameSync } from 'node:fs';
import path from 'node:path';
import type { Page } from '@playwright/test';
import { holidayFolder, longHoliday, temporaryFolder } from '../fixtures/pictures';
import { endHard, pidsOf } from '../fixtures/processes';
import { dropFiles, expect, openStudio, type StudioWindow, test } from '../fixtures/studio';
import { JobsPage } from '../pages/jobs-page';

/** Enough that an import can be met in the middle, and enough that it is not over while a person is asked. */
const some = 150;
const many = 600;
const whole = (pictures: number): RegExp => new RegExp(`Done.*Import Long.*${pictures} images`);

test.setTimeout(180_000);

async function expectNoViolations(page: Page, what: string): Promise<void> {
  const { violations } = await new AxeBuilder({ page }).setLegacyMode().analyze();
  const found = violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 160)).join(' | ')}`);
  expect(found, what).toEqual([]);
}

/** An import that is at work, with the panel open. */
async function importing(studio: StudioWindow, folder = longHoliday(some)): Promise<JobsPage> {
  const jobs = new JobsPage(studio.page);
  await jobs.importFolder(folder);
  await jobs.open();
  await expect(jobs.row(/Running.*Import Long/)).toBeVisible();
  return jobs;
}

/** The window may be gone before the click has returned. */
async function answer(page: Page, name: string): Promise<void> {
  const click = page
    .getByRole('alertdialog', { name: /job is at work/ })
    .getByRole('button', { name })
    .click();
  await click.catch((error: unknown) => {
    if (!/has been closed/.test(String(error))) throw error;
  });
}

test('an import is paused, goes on, ends, and opens its data set; nothing in the panel offends axe', async ({
  studio,
}) => {
  const { page } = studio;
  const jobs = await importing(studio);
  const row = jobs.row(/Import Long/);
  await jobs.button(row, 'Pause').click();
  await expect(jobs.row(/Paused.*Import Long/)).toBeVisible();
  await expectNoViolations(page, 'a paused job');
  await jobs.button(row, 'Go on').click();
  await expect(jobs.row(whole(some))).toBeVisible({ timeout: 90_000 });
  await expect(jobs.panel.getByRole('region', { name: /About Import Long/ }).getByRole('listitem')).not.toHaveCount(0);
  await expectNoViolations(page, 'a job that is done');
  await jobs.row(whole(some)).focus();
  await page.keyboard.press('Enter');
  await expect(
    page.getByRole('textbox', { name: 'Name of the data set' }).or(page.getByText('Long').first()),
  ).toBeVisible();
});

test('a cancelled import can be started again; one that ended is taken off the list, and put back', async ({
  studio,
}) => {
  const { page } = studio;
  const jobs = await importing(studio);
  await jobs.button(jobs.row(/Import Long/), 'Cancel').click();
  await expect(jobs.row(/Cancelled.*Import Long/)).toBeVisible();
  const notices = page.getByRole('region', { name: 'Notices' });
  await notices.getByRole('button', { name: 'Start again' }).click();
  await expect(jobs.row(whole(some))).toBeVisible({ timeout: 90_000 });
  await jobs.row(whole(some)).focus();
  await page.keyboard.press('Delete');
  await expect(jobs.row(whole(some))).toHaveCount(0);
  await notices.getByRole('button', { name: 'Undo' }).click();
  await expect(jobs.row(whole(some))).toBeVisible();
});

test('an engine that is killed in the middle of an import goes on with it, and the data set is whole', async ({
  studio,
}) => {
  studio.tolerated.push(/404 \(Not Found\)/); // thumbnails that died with the engine
  const jobs = await importing(studio);
  const [engine] = await pidsOf(studio.app, 'engine');
  endHard(engine!, 'SIGKILL');
  await expect(jobs.row(whole(some))).toBeVisible({ timeout: 90_000 });
});

test('closing asks: stay, keep for next time; the next start goes on with it', async () => {
  const folder = temporaryFolder('closing');
  const studio = await openStudio({ folder });
  const { app, page } = studio;
  await importing(studio, longHoliday(many));
  const close = (): Promise<void> =>
    app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows().forEach((window) => window.close()));
  const sheet = page.getByRole('alertdialog', { name: /job is at work/ });
  await close();
  await expect(sheet.getByText('Import Long')).toBeVisible();
  await expect(sheet.getByRole('button', { name: 'Keep for next time' })).toBeFocused();
  await page.keyboard.press('Escape');
  await expect(sheet).toHaveCount(0);
  await close();
  const ended = app.waitForEvent('close');
  await answer(page, 'Keep for next time');
  await ended;
  expect(studio.problems).toEqual([]);

  const again = await openStudio({ folder });
  const jobs = new JobsPage(again.page);
  await jobs.open();
  await expect(jobs.row(whole(many))).toBeVisible({ timeout: 90_000 });
  await again.close();
  expect(again.problems).toEqual([]);
});

test('closing with "Stop it" cancels the job: the next start finds it cancelled', async () => {
  const folder = temporaryFolder('stopping');
  const studio = await openStudio({ folder });
  await importing(studio, longHoliday(many));
  const ended = studio.app.waitForEvent('close');
  await studio.app.evaluate(({ app }) => app.quit());
  await answer(studio.page, 'Stop it');
  await ended;

  const again = await openStudio({ folder });
  const jobs = new JobsPage(again.page);
  await jobs.open();
  await expect(jobs.row(/Cancelled.*Import Long/)).toBeVisible();
  await again.close();
});

test('another workspace shows its own things, and the first one is found as it was left', async ({ studio }) => {
  const { app, page, folder } = studio;
  studio.tolerated.push(/404 \(Not Found\)/); // thumbnails of the workspace that was left
  const jobs = new JobsPage(page);
  await jobs.importFolder(holidayFolder().folder);
  const list = page.getByRole('list', { name: 'Data sets found' });
  await expect(list.getByText('Holiday')).toBeVisible();
  await jobs.open();
  await expect(jobs.row(/Done.*Import Holiday/)).toBeVisible({ timeout: 60_000 });

  await app.evaluate(
    ({ dialog }, filePath) => {
      dialog.showSaveDialog = () => Promise.resolve({ canceled: false, filePath });
    },
    path.join(folder, 'Second one'),
  );
  const menu = page.getByRole('dialog', { name: 'Workspace' });
  await page.getByRole('button', { name: 'Workspace workspace' }).click();
  await expect(menu.getByText(/used, .* free on this disk/)).toBeVisible();
  await expectNoViolations(page, 'the menu of the workspace');
  await menu.getByRole('button', { name: 'New workspace...' }).click();
  await expect(page.getByRole('button', { name: 'Workspace Second one' })).toBeVisible();
  await jobs.open();
  await expect(jobs.row(/Import Holiday/)).toHaveCount(0);

  await page.getByRole('button', { name: 'Workspace Second one' }).click();
  await menu.getByRole('button', { name: /^workspace/ }).click();
  await expect(page.getByRole('button', { name: 'Workspace workspace' })).toBeVisible();
  await jobs.open();
  await expect(jobs.row(/Done.*Import Holiday/)).toBeVisible();
});

test('a folder that is no workspace is refused with the reason, and the open one stays', async ({ studio }) => {
  const { app, page } = studio;
  await app.evaluate(({ dialog }, chosen) => {
    dialog.showOpenDialog = () => Promise.resolve({ canceled: false, filePaths: [chosen] });
  }, holidayFolder().folder);
  await page.getByRole('button', { name: 'Workspace workspace' }).click();
  await page.getByRole('button', { name: 'Open another workspace...' }).click();
  await expect(page.getByText(/“Holiday” is no workspace of Duet/)).toBeVisible();
  await expect(page.getByRole('button', { name: 'Workspace workspace' })).toBeVisible();
});

test('pictures dropped on Classify are judged at once, and can become a data set; a table always does', async ({
  studio,
}) => {
  const { page } = studio;
  await page.getByText('14 pictures judged').first().waitFor();
  const { folder } = holidayFolder();
  await dropFiles(page, [path.join(folder, 'breakfast.jpg')]);
  const notices = page.getByRole('region', { name: 'Notices' });
  await expect(notices.getByText('1 picture added')).toBeVisible();
  await notices.getByRole('button', { name: 'Make a data set' }).click();
  await expect(page.getByRole('dialog', { name: 'Import data' })).toBeVisible();
  await page.getByRole('navigation', { name: 'Screens' }).getByText('Classify').click();
  await dropFiles(page, [path.join(folder, 'notes.txt')]);
  await expect(page.getByRole('dialog', { name: 'Import data' })).toContainText('notes.txt');
});

test('a job whose files are gone says so, and goes on once they are back', async ({ studio }) => {
  const folder = longHoliday(some);
  const jobs = await importing(studio, folder);
  const row = jobs.row(/Import Long/);
  await jobs.button(row, 'Pause').click();
  await expect(jobs.row(/Paused.*Import Long/)).toBeVisible();
  renameSync(folder, `${folder} elsewhere`);
  await jobs.button(row, 'Go on').click();
  await expect(jobs.row(/Failed.*Import Long/)).toBeVisible();
  renameSync(`${folder} elsewhere`, folder);
  await jobs.button(jobs.row(/Failed.*Import Long/), 'Retry').click();
  await expect(jobs.row(whole(some))).toBeVisible({ timeout: 90_000 });
});
