/** Brings the page back when its renderer process dies or it has left its address; asks the person when it keeps dying. */
import { type BrowserWindow, dialog } from 'electron';
import { RestartBudget } from '../engine/processes/restart-budget';
import { isOwnFrame } from './content-policy';
import { startAddress } from './guards';

export function revivePage(window: BrowserWindow, now: () => number): void {
  const budget = new RestartBudget(now);
  window.webContents.on('render-process-gone', (_event, { reason }) => {
    if (reason === 'clean-exit' || window.isDestroyed()) return;
    if (budget.take()) window.webContents.reload();
    else void ask(window, budget);
  });
  // Every other address is refused before it loads; about:blank is not asked about.
  window.webContents.on('did-navigate', (_event, url) => {
    if (!isOwnFrame(url, true)) window.loadURL(startAddress).catch(() => undefined);
  });
}

async function ask(window: BrowserWindow, budget: RestartBudget): Promise<void> {
  const { response } = await dialog.showMessageBox(window, {
    type: 'warning',
    message: 'The window keeps failing',
    detail: `It was drawn anew ${budget.used} times within five minutes. Your pictures and files are untouched, and judging goes on.`,
    buttons: ['Try again', 'Close Duet'],
    defaultId: 0,
    cancelId: 1,
  });
  if (window.isDestroyed()) return;
  budget.refill();
  if (response === 0) window.webContents.reload();
  else window.destroy();
}
