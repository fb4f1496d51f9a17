/** The real window for a measurement: a display where there is none, a profile of its own, files dropped as the desktop would. */
import { _electron, type ElectronApplication, type Page } from '@playwright/test';
import path from 'node:path';
import startDisplay from '../e2e/fixtures/display';

export interface BenchWindow {
  app: ElectronApplication;
  page: Page;
}

/** Runs `work` with a display, its own one where the machine has none. */
export async function withDisplay(work: () => Promise<void>): Promise<void> {
  const stop = await startDisplay();
  try {
    await work();
  } finally {
    stop?.();
  }
}

function environment(): Record<string, string> {
  const kept: Record<string, string> = process.getuid?.() === 0 ? { ELECTRON_DISABLE_SANDBOX: '1' } : {};
  for (const [name, value] of Object.entries(process.env)) if (value !== undefined) kept[name] = value;
  return kept;
}

/** Starts the application in `cwd`; with `folder`, profile and workspace lie there. */
export async function openWindow(cwd: string, folder: string): Promise<BenchWindow> {
  const switches = [`--user-data-dir=${path.join(folder, 'profile')}`, `--workspace=${path.join(folder, 'workspace')}`];
  const app = await _electron.launch({ args: ['.', ...switches], cwd, env: environment() });
  return { app, page: await app.firstWindow() };
}

export async function dropFiles(page: Page, files: string[]): Promise<void> {
  const cdp = await page.context().newCDPSession(page);
  const data = { items: [], files, dragOperationsMask: 1 };
  for (const type of ['dragEnter', 'dragOver', 'drop'] as const) {
    await cdp.send('Input.dispatchDragEvent', { type, x: 500, y: 400, data });
  }
  await cdp.detach();
}
