/** What main does for jobs: the bar in the taskbar, staying awake, and a notice when a long one ends unseen. */
import { type BrowserWindow, Notification, powerSaveBlocker } from 'electron';
import { openJobMessage } from '../contract/bridge-messages';
import type { Client } from '../contract/client';
import type { HostContract } from '../contract/host';
import type { JobView } from '../contract/jobs';

/** Shorter ones are over before anyone has looked away. */
const longMs = 30_000;
/** What the taskbar takes for no bar at all, and for one without an end. */
const noBar = -1;
const endlessBar = 2;

export class JobWatch {
  private titles: readonly string[] = [];
  private blocker: number | undefined;
  /** Notices live as long as they can be clicked. */
  private readonly notices = new Set<Notification>();

  constructor(private readonly window: () => BrowserWindow | undefined) {}

  /** Follows a freshly started engine; what an earlier one had at work is not at work any more. */
  follow(client: Client<HostContract>): void {
    this.takeAtWork([], null);
    client.on('jobs.atWork', ({ titles, fraction }) => this.takeAtWork(titles, fraction));
    client.on('jobs.ended', ({ job }) => this.tellEnded(job));
  }

  /** Titles of the jobs at work. */
  running(): readonly string[] {
    return this.titles;
  }

  private takeAtWork(titles: readonly string[], fraction: number | null): void {
    this.titles = titles;
    const isBusy = titles.length > 0;
    this.window()?.setProgressBar(isBusy ? (fraction ?? endlessBar) : noBar);
    if (isBusy) this.blocker ??= powerSaveBlocker.start('prevent-app-suspension');
    else if (this.blocker !== undefined) {
      powerSaveBlocker.stop(this.blocker);
      this.blocker = undefined;
    }
  }

  private tellEnded({ id, title, state, result, failure, workedMs }: JobView): void {
    if (workedMs < longMs || this.window()?.isFocused() === true || !Notification.isSupported()) return;
    const isDone = state === 'done';
    const body = isDone ? (result?.summary ?? '') : (failure?.message ?? '');
    const notice = new Notification({ title: isDone ? `${title}: done` : `${title} stopped`, body });
    this.notices.add(notice);
    notice.on('click', () => {
      this.notices.delete(notice);
      const window = this.window();
      window?.show();
      window?.focus();
      window?.webContents.send(openJobMessage, id);
    });
    notice.on('close', () => this.notices.delete(notice));
    notice.show();
  }
}
