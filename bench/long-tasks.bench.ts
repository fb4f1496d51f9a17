/**
 * Whether the window stays quick: long tasks in the page and in main while 1,000 photos are judged, and while a person
 * scrolls, sorts and moves the threshold over 10,000. `DUET_BENCH_MANY` and `DUET_BENCH_PHOTOS` take other numbers.
 */
import type { Page } from '@playwright/test';
import { linkSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { makeCrops } from './crops';
import { photoCount, photoFolder } from './photos';
import { openWindow, type BenchWindow, dropFiles, withDisplay } from './window';
import { percentile, type Task, watch, type Watched } from './window-watch';

const many = Number(process.env['DUET_BENCH_MANY'] ?? 10_000);
const photos = Number(process.env['DUET_BENCH_PHOTOS'] ?? photoCount);
const scrollFrames = 240;
const thresholdSteps = 60;

function tell(what: string, { page, main, frames }: Watched): void {
  const long = (tasks: Task[]): string => {
    const busy = tasks.filter(({ spent }) => spent.busy > 50);
    const worst = [...tasks].sort((a, b) => b.ms - a.ms).slice(0, 3);
    const words = worst.map(
      ({ ms, spent }) =>
        `${ms.toFixed(0)} ms (${spent.busy.toFixed(0)} at work, ${spent.ready.toFixed(0)} waiting for a core)`,
    );
    const count = `${String(tasks.length).padStart(3)} over 50 ms, ${busy.length} by their own work`;
    return [count, ...words].join('; ');
  };
  console.log(`${what}\n  page  ${long(page)}\n  main  ${long(main)}`);
  const [half, most, worst] = [0.5, 0.95, 1].map((share) => percentile(frames, share).toFixed(1));
  console.log(`  frames  median ${half} ms, 95 % within ${most} ms, worst ${worst} ms (${frames.length})`);
}

async function judged(page: Page, count: number): Promise<void> {
  const words = `${count.toLocaleString('en')} pictures judged`;
  await page
    .getByRole('contentinfo', { name: 'Job strip' })
    .getByText(words)
    .waitFor({ timeout: 20 * 60_000 });
}

/** Drops files and folders and waits until all is judged; counts from the drop. */
async function run({ app, page }: BenchWindow, what: string, dropped: string[], count: number): Promise<void> {
  const started = performance.now();
  const watched = await watch(app, page, async () => {
    await dropFiles(page, dropped);
    await judged(page, count);
  });
  const seconds = (performance.now() - started) / 1000;
  tell(`${what}: ${seconds.toFixed(1)} s, ${(count / seconds).toFixed(1)} photos/s`, watched);
}

/** From the top, this many pixels a frame. */
async function scroll(page: Page, pixels: number): Promise<void> {
  await page.evaluate(
    async ({ frames, by }) => {
      const grid = document.querySelector('[role=grid]');
      if (grid === null) return;
      grid.scrollTop = 0;
      for (let index = 0; index < frames; index++) {
        grid.scrollTop += by;
        await new Promise((done) => requestAnimationFrame(done));
      }
    },
    { frames: scrollFrames, by: pixels },
  );
}

async function choose(page: Page, from: RegExp, item: string): Promise<void> {
  await page.getByRole('button', { name: from }).click();
  await page
    .getByRole('menuitemradio', { name: item })
    .or(page.getByRole('menuitem', { name: item }))
    .click();
}

async function sort(page: Page): Promise<void> {
  for (const order of ['By file name', 'Most doubtful first', 'Surest first']) await choose(page, /^Order:/, order);
}

async function dragThreshold(page: Page): Promise<void> {
  const box = await page.getByRole('slider', { name: 'Sure from' }).boundingBox();
  if (box === null) throw new Error('The slider is not shown.');
  const y = box.y + box.height * 0.7;
  await page.mouse.move(box.x + box.width * 0.5, y);
  await page.mouse.down();
  for (let index = 1; index <= thresholdSteps; index++) {
    const share = 0.5 + 0.45 * Math.sin((index / thresholdSteps) * 2 * Math.PI);
    await page.mouse.move(box.x + box.width * share, y);
  }
  await page.mouse.up();
}

/** A fresh studio, its sample photos judged. */
async function withStudio(work: (window: BenchWindow) => Promise<void>): Promise<void> {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'duet-tasks-'));
  try {
    const window = await openWindow(process.cwd(), folder);
    await judged(window.page, 14);
    await work(window);
    await window.app.close();
  } finally {
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  }
}

/** As a folder, and the drop of as many single files by itself: Chromium then asks another process about each, twice. */
async function judgeThousand(window: BenchWindow): Promise<void> {
  const { app, page } = window;
  const folder = mkdtempSync(path.join(path.dirname(photoFolder), 'bench-drop-'));
  const names = readdirSync(photoFolder).filter((name) => name.startsWith('photo-'));
  try {
    for (const name of names.slice(0, photos)) linkSync(path.join(photoFolder, name), path.join(folder, name));
    await run(window, `${photos} photos of 1 to 12 megapixels`, [folder], photos);
    const files = names.slice(0, photos).map((name) => path.join(photoFolder, name));
    const drop = await watch(app, page, async () => {
      await dropFiles(page, files);
      await page
        .getByText(`${(2 * photos).toLocaleString('en')} pictures`)
        .first()
        .waitFor();
    });
    tell(`dropping ${photos} single files`, drop);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function handleMany(window: BenchWindow): Promise<void> {
  const { app, page } = window;
  const crops = mkdtempSync(path.join(os.tmpdir(), 'duet-crops-'));
  try {
    await makeCrops(crops, many);
    await run(window, `${many} crops of 0.1 megapixels`, [crops], many);
    tell('scrolling, 30 pixels a frame', await watch(app, page, () => scroll(page, 30)));
    tell('scrolling, 120 pixels a frame', await watch(app, page, () => scroll(page, 120)));
    tell('sorting three times', await watch(app, page, () => sort(page)));
    tell('dragging the threshold', await watch(app, page, () => dragThreshold(page)));
  } finally {
    rmSync(crops, { recursive: true, force: true });
  }
}

await withDisplay(async () => {
  if (photos > 0) await withStudio(judgeThousand);
  if (many > 0) await withStudio(handleMany);
});
