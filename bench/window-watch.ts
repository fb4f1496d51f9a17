/** Long tasks of the page and of main, and the page's frames, while something goes on in the window. */
import type { ElectronApplication, Page } from '@playwright/test';
import { type Spent, startThreadClock } from './thread-clock';

export interface Task {
  /** Milliseconds since 1970. */
  at: number;
  ms: number;
  /** What its thread did meanwhile. */
  spent: Spent;
}

export interface Watched {
  page: Task[];
  main: Task[];
  /** Milliseconds between the page's animation frames. */
  frames: number[];
}

const longMs = 50;
/** Main's probe wakes this often; what comes later than that is the delay. */
const probeMs = 5;

interface Spot {
  at: number;
  ms: number;
}

/** In the page: its long tasks, as the browser tells them, and every frame. */
async function watchPage(page: Page): Promise<() => Promise<{ spots: Spot[]; frames: number[] }>> {
  const handle = await page.evaluateHandle(() => {
    const seen: { spots: { at: number; ms: number }[]; frames: number[]; isOver: boolean } = {
      spots: [],
      frames: [],
      isOver: false,
    };
    const take = (entries: PerformanceEntryList): void => {
      for (const { startTime, duration } of entries)
        seen.spots.push({ at: performance.timeOrigin + startTime, ms: duration });
    };
    const observer = new PerformanceObserver((list) => take(list.getEntries()));
    observer.observe({ type: 'longtask' });
    let last = performance.now();
    const frame = (): void => {
      if (seen.isOver) return;
      const time = performance.now();
      seen.frames.push(time - last);
      last = time;
      requestAnimationFrame(frame);
    };
    requestAnimationFrame(frame);
    const stop = (): void => {
      seen.isOver = true;
      take(observer.takeRecords());
      observer.disconnect();
    };
    return { seen, stop };
  });
  return async () => {
    // An entry is told after its task; two frames later it has been.
    await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))));
    const { spots, frames } = await handle.evaluate(({ seen, stop }) => {
      stop();
      return { spots: seen.spots, frames: seen.frames };
    });
    await handle.dispose();
    return { spots, frames };
  };
}

/** In main: how late a timer fires, which is how long the loop was held up. */
async function watchMain(app: ElectronApplication): Promise<() => Promise<Spot[]>> {
  const handle = await app.evaluateHandle(
    (_electron, { interval, least }) => {
      const spots: { at: number; ms: number }[] = [];
      let last = Date.now();
      const timer = setInterval(() => {
        const time = Date.now();
        if (time - last - interval > least) spots.push({ at: last + interval, ms: time - last - interval });
        last = time;
      }, interval);
      return { spots, stop: () => clearInterval(timer) };
    },
    { interval: probeMs, least: longMs },
  );
  return async () => {
    const spots = await handle.evaluate(({ spots: all, stop }) => {
      stop();
      return all;
    });
    await handle.dispose();
    return spots;
  };
}

/** Watches while `work` goes on. */
export async function watch(app: ElectronApplication, page: Page, work: () => Promise<void>): Promise<Watched> {
  const pids = await app.evaluate(({ BrowserWindow }) => ({
    main: process.pid,
    page: BrowserWindow.getAllWindows()[0]?.webContents.getOSProcessId() ?? 0,
  }));
  const clocks = { main: startThreadClock(pids.main), page: startThreadClock(pids.page) };
  const [stopPage, stopMain] = await Promise.all([watchPage(page), watchMain(app)]);
  await work();
  const [{ spots, frames }, mainSpots] = await Promise.all([stopPage(), stopMain()]);
  for (const clock of Object.values(clocks)) clock.stop();
  const tasks = (found: Spot[], clock: keyof typeof clocks): Task[] =>
    found.filter(({ ms }) => ms > longMs).map(({ at, ms }) => ({ at, ms, spent: clocks[clock].between(at, at + ms) }));
  return { page: tasks(spots, 'page'), main: tasks(mainSpots, 'main'), frames };
}

export function percentile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? NaN;
}
