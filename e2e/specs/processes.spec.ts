/** Every process but main is killed while pictures are judged: the window lives, the process comes back, nothing is done twice. */
import type { ElectronApplication } from '@playwright/test';
import { longHoliday } from '../fixtures/pictures';
import { type Death, endHard, isAlive, pageProcess, pidsOf, type Role } from '../fixtures/processes';
import { dropFiles, expect, type StudioWindow, test } from '../fixtures/studio';
import { ClassifyPage } from '../pages/classify-page';

const pictures = 84;
const deaths: Death[] = ['SIGKILL', 'SIGSEGV', 'out of memory'];

/** Drops pictures and returns as soon as some, but not all, are judged. */
async function judging({ page }: StudioWindow): Promise<void> {
  await new ClassifyPage(page).judged(14);
  await dropFiles(page, [longHoliday(pictures)]);
  await expect(page.getByText(new RegExp(`^[1-9]\\d* of ${pictures}$`)).first()).toBeAttached();
}

/**
 * A process that lacks memory dies of its next need, and the room that it had may do for all that is left to judge: then it is given more to
 * hold, picture by picture, until it has none.
 */
async function exhausted({ page }: StudioWindow, pid: number): Promise<void> {
  const isIdle = page.getByText(/^\d+ pictures judged$/).first();
  for (let turn = 0; turn < 20 && isAlive(pid); turn += 1) {
    await expect.poll(async () => !isAlive(pid) || (await isIdle.isVisible()), { intervals: [20] }).toBe(true);
    if (isAlive(pid)) await dropFiles(page, [longHoliday(pictures)]);
  }
}

/** Waits for the end of `pid`, then for another one in its place; returns the milliseconds between. */
async function replaced(app: ElectronApplication, role: Role, before: number[], pid: number): Promise<number> {
  await expect.poll(() => isAlive(pid), { intervals: [5] }).toBe(false);
  const died = performance.now();
  const isBack = async (): Promise<boolean> => {
    const now = await pidsOf(app, role);
    return now.length === before.length && !now.includes(pid);
  };
  await expect.poll(isBack, { intervals: [5] }).toBe(true);
  return performance.now() - died;
}

/** Kept with the result as a figure; a shared machine's clock is no judge. */
function note(milliseconds: number): void {
  test.info().annotations.push({ type: 'back after', description: `${milliseconds.toFixed(0)} ms` });
}

/** What the window shows, asked through main: after a crash Playwright's own hold on the page is gone. */
function shownText(app: ElectronApplication): Promise<string> {
  return app.evaluate(({ BrowserWindow }) => {
    const contents = BrowserWindow.getAllWindows()[0]!.webContents;
    if (contents.isCrashed() || contents.isLoading()) return '';
    // Asked in the moment between death and its notice, the page would never answer.
    const gone = new Promise<string>((resolve) => contents.once('render-process-gone', () => resolve('')));
    return Promise.race([contents.executeJavaScript('document.body.innerText') as Promise<string>, gone]);
  });
}

for (const death of deaths) {
  test(`compute dies of ${death}: it comes back and every picture is judged`, async ({ studio }) => {
    await judging(studio);
    const before = await pidsOf(studio.app, 'compute');
    endHard(before[0]!, death);
    note(await replaced(studio.app, 'compute', before, before[0]!));
    const classify = new ClassifyPage(studio.page);
    await classify.judged(pictures);
    await expect.poll(async () => (await classify.count('Sure')) + (await classify.count('Unsure'))).toBe(pictures);
  });

  test(`intake dies of ${death}: only the picture in hand is set aside, and can be tried again`, async ({ studio }) => {
    await judging(studio);
    const before = await pidsOf(studio.app, 'intake');
    endHard(before[0]!, death);
    note(await replaced(studio.app, 'intake', before, before[0]!));
    // The section of what failed may lie below the screenful that the grid holds; the strip counts everything.
    await expect(
      studio.page
        .getByText(new RegExp(`^(${pictures} pictures judged|${pictures - 1} pictures judged, 1 not read)$`))
        .first(),
    ).toBeVisible();
  });

  test(`the engine dies of ${death}: the page is attached to the next one and works on`, async ({ studio }) => {
    await judging(studio);
    const before = await pidsOf(studio.app, 'engine');
    studio.tolerated.push(/404 \(Not Found\)/); // thumbnails that died with the engine
    endHard(before[0]!, death);
    if (death === 'out of memory') await exhausted(studio, before[0]!);
    note(await replaced(studio.app, 'engine', before, before[0]!));
    await expect(studio.page.getByText('Nothing under way')).toBeVisible();
    await dropFiles(studio.page, [longHoliday(7)]);
    await new ClassifyPage(studio.page).judged(7);
    // The workers of the dead engine went with it.
    await expect.poll(() => pidsOf(studio.app, 'compute')).toHaveLength(1);
  });
}

test('a call that waits for the engine when it dies is rejected, and the person is told', async ({ studio }) => {
  const { page, app } = studio;
  const classify = new ClassifyPage(page);
  await classify.judged(14);
  const [engine] = await pidsOf(app, 'engine');
  process.kill(engine!, 'SIGSTOP');
  await classify.tile(/espresso/).click();
  await page.keyboard.press('Delete');
  process.kill(engine!, 'SIGKILL');
  await expect(
    page
      .getByRole('region', { name: 'Notices' })
      .getByText(/engine\/crashed|engine stopped/)
      .first(),
  ).toBeVisible();
});

const resting: Record<Role, string> = {
  compute: 'The process that runs the models stopped several times and rests now.',
  intake: 'The process that opens pictures stopped several times and rests now.',
  engine: 'The engine stopped several times and rests now.',
};

for (const role of ['compute', 'intake', 'engine'] as const) {
  test(`the fourth death of ${role} is told calmly, and Retry brings it back`, async ({ studio }) => {
    const { app, page } = studio;
    await new ClassifyPage(page).judged(14);
    const count = (await pidsOf(app, role)).length;
    for (let death = 1; death <= 4; death++) {
      await expect.poll(() => pidsOf(app, role)).toHaveLength(count);
      const pids = await pidsOf(app, role);
      for (const pid of pids) endHard(pid, 'SIGKILL');
      const isGone = async (): Promise<boolean> => (await pidsOf(app, role)).every((pid) => !pids.includes(pid));
      await expect.poll(isGone).toBe(true);
    }
    await expect(page.getByText(resting[role])).toBeVisible();
    expect(await pidsOf(app, role)).toEqual([]);
    await page.getByRole('button', { name: 'Retry' }).click();
    await expect(page.getByText(resting[role])).toHaveCount(0);
    await expect.poll(() => pidsOf(app, role)).toHaveLength(count);
    await dropFiles(page, [longHoliday(7)]);
    await new ClassifyPage(page).judged(7);
  });
}

test('a reload in the middle of a run finds the run, and nothing is judged twice', async ({ studio }) => {
  await judging(studio);
  const workers = await Promise.all((['engine', 'compute', 'intake'] as const).map((role) => pidsOf(studio.app, role)));
  await studio.page.reload();
  const classify = new ClassifyPage(studio.page);
  await classify.judged(pictures);
  await expect.poll(async () => (await classify.count('Sure')) + (await classify.count('Unsure'))).toBe(pictures);
  const after = await Promise.all((['engine', 'compute', 'intake'] as const).map((role) => pidsOf(studio.app, role)));
  expect(after).toEqual(workers);
});

test('a page that is killed comes back by itself, the run goes on; the fourth time the person is asked', async ({
  studio,
}) => {
  const { app, tolerated } = studio;
  tolerated.push(/crash/i);
  await app.evaluate(({ dialog }) => {
    Reflect.set(globalThis, 'asked', []);
    dialog.showMessageBox = (...args: unknown[]) => {
      const { message } = args.at(-1) as Electron.MessageBoxOptions;
      (Reflect.get(globalThis, 'asked') as string[]).push(message);
      return Promise.resolve({ response: 0, checkboxChecked: false });
    };
  });
  const asked = () => app.evaluate(() => Reflect.get(globalThis, 'asked') as string[]);
  await judging(studio);
  for (let death = 1; death <= 4; death++) {
    const pid = await pageProcess(app);
    endHard(pid, 'SIGKILL');
    await expect.poll(() => isAlive(pid)).toBe(false);
    await expect.poll(() => shownText(app)).toContain('Classify');
    expect(await asked()).toEqual(death < 4 ? [] : ['The window keeps failing']);
  }
  await expect.poll(() => shownText(app)).toContain(`${pictures} pictures judged`);
});
