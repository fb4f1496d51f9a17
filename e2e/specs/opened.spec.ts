/** Files given from outside: with the start, and by a second start, which only hands them over. */
import { spawn } from 'node:child_process';
import path from 'node:path';
import { holidayFolder } from '../fixtures/pictures';
import { expect, openStudio, root, samples, test } from '../fixtures/studio';
import { ClassifyPage } from '../pages/classify-page';

const picture = path.join(samples, 'espresso.jpg');

test('a picture named at the start is judged in the window', async () => {
  const studio = await openStudio({ args: [picture] });
  const classify = new ClassifyPage(studio.page);
  await expect(classify.tile(/espresso.*espresso\.jpg/)).toBeVisible();
  await studio.close();
  expect(studio.problems).toEqual([]);
});

test('a second start gives its file to the first window and ends', async ({ studio }) => {
  const classify = new ClassifyPage(studio.page);
  await classify.judged(14);
  const file = path.join(holidayFolder().folder, 'day 2', 'eagle.jpg');
  const executable = await studio.app.evaluate(() => process.execPath);
  const second = spawn(
    executable,
    ['.', '--no-sandbox', `--user-data-dir=${path.join(studio.folder, 'profile')}`, file],
    { cwd: root, env: process.env, stdio: 'ignore' },
  );
  const code = await new Promise((resolve) => second.once('exit', resolve));
  expect(code).toBe(0);
  await expect(classify.tile(/eagle\.jpg/)).toBeVisible();
  expect(await studio.app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows().length)).toBe(1);
});
