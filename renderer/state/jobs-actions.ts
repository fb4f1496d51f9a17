/** What a person does with jobs: the durable ones by calls to the engine, the page's own by what they brought along. */
import type { CloseAnswer } from '../../electron/contract/bridge';
import type { JobView } from '../../electron/contract/jobs';
import { failureText } from '../ui/ErrorNote';
import { formatClockSeconds } from '../ui/format';
import { showDataset } from './data-load';
import { reveal } from './export-actions';
import { type JobAction, type JobRow, judgingKey, pageKey } from './job-rows';
import { isAtWork, type JobFilter, type QueueState } from './jobs-state';
import { forgetJob, say, sayFailure } from './messages';
import { setRunning } from './photo-actions';
import type { Studio } from './studio';
import type { Job } from './studio-state';
import { showRun } from './train-load';
import { goTo } from './view-actions';

/** How long a row that was taken off the list can be brought back; as long as its notice stands. */
const undoMs = 8000;

function setQueue(studio: Studio, change: Partial<QueueState>): void {
  studio.store.setState((state) => ({ queue: { ...state.queue, ...change } }));
}

export function setJobFilter(studio: Studio, filter: JobFilter): void {
  setQueue(studio, { filter });
}

export function chooseJob(studio: Studio, key: string): void {
  setQueue(studio, { chosen: key });
}

/** Shows what came of a job, where there is something to show; else the job itself. */
export function openJob(studio: Studio, id: string): void {
  const job = studio.store.getState().queue.jobs[id];
  if (job?.kind === 'train.run' && job.state === 'done') {
    goTo(studio, 'train');
    showRun(studio, id);
    return;
  }
  const dataset = job?.result?.dataset;
  if (dataset !== undefined) {
    goTo(studio, 'data');
    showDataset(studio, dataset);
    return;
  }
  studio.store.setState({ isJobsOpen: true, overlay: null });
  setQueue(studio, { filter: 'all', chosen: id });
}

type QueueCall = 'jobs.pause' | 'jobs.resume' | 'jobs.cancel' | 'jobs.retry' | 'jobs.next' | 'jobs.forget';

const queueCalls: Readonly<Partial<Record<JobAction, QueueCall>>> = {
  pause: 'jobs.pause',
  resume: 'jobs.resume',
  cancel: 'jobs.cancel',
  retry: 'jobs.retry',
  next: 'jobs.next',
};

const refusals: Readonly<Record<QueueCall, string>> = {
  'jobs.pause': 'was not paused.',
  'jobs.resume': 'does not go on.',
  'jobs.cancel': 'was not cancelled.',
  'jobs.retry': 'was not tried again.',
  'jobs.next': 'was not moved.',
  'jobs.forget': 'stays on the list.',
};

async function ask(studio: Studio, call: QueueCall, { id, title }: Pick<JobView, 'id' | 'title'>): Promise<boolean> {
  try {
    await studio.engine.call(call, { id });
    return true;
  } catch (error) {
    sayFailure(studio, `“${title}” ${refusals[call]}`, error);
    return false;
  }
}

/** Takes an ended job off the list; the engine is told once it is too late to change one's mind. */
function forgetLater(studio: Studio, job: JobView): void {
  const { id, title } = job;
  const hide = (isHidden: boolean): void => {
    const hidden = new Set(studio.store.getState().queue.hidden);
    if (isHidden) hidden.add(id);
    else hidden.delete(id);
    setQueue(studio, { hidden });
  };
  hide(true);
  const timer = setTimeout(() => {
    void ask(studio, 'jobs.forget', job).then((isForgotten) => {
      if (!isForgotten) hide(false);
    });
  }, undoMs);
  const run = (): void => {
    clearTimeout(timer);
    hide(false);
  };
  say(studio, `“${title}” taken off the list`, { label: 'Undo', keys: null, run });
}

async function actOnQueued(studio: Studio, job: JobView, action: JobAction): Promise<void> {
  if (action === 'open') {
    studio.store.setState({ isJobsOpen: false });
    openJob(studio, job.id);
    return;
  }
  if (action === 'forget') {
    forgetLater(studio, job);
    return;
  }
  const call = queueCalls[action];
  if (call === undefined || !(await ask(studio, call, job)) || action !== 'cancel') return;
  const run = (): void => void ask(studio, 'jobs.retry', job);
  say(studio, `“${job.title}” cancelled`, { label: 'Start again', keys: null, run });
}

function actOnOwn(studio: Studio, job: Job, action: JobAction): void {
  if (action === 'cancel') job.cancel?.();
  else if (action === 'retry') job.retry?.();
  else if (action === 'forget') forgetJob(studio, job.id);
  else if (action === 'reveal' && job.written !== null) reveal(studio, job.written);
}

export function act(studio: Studio, { key }: Pick<JobRow, 'key'>, action: JobAction): void {
  const { queue, jobs } = studio.store.getState();
  const queued = queue.jobs[key];
  const own = jobs.find((job) => pageKey(job.id) === key);
  if (queued !== undefined) void actOnQueued(studio, queued, action);
  else if (own !== undefined) actOnOwn(studio, own, action);
  else if (key === judgingKey) void setRunning(studio, action === 'pause' ? 'run.stop' : 'run.resume');
}

async function askQueue(studio: Studio, ask: () => Promise<unknown>): Promise<void> {
  try {
    await ask();
  } catch (error) {
    sayFailure(studio, 'The queue was not changed.', error);
  }
}

export function setQueuePaused(studio: Studio, isPaused: boolean): Promise<void> {
  return askQueue(studio, () => studio.engine.call(isPaused ? 'jobs.pauseAll' : 'jobs.resumeAll', {}));
}

export function setGentle(studio: Studio, isGentle: boolean): Promise<void> {
  return askQueue(studio, () => studio.engine.call('jobs.gentle', { isGentle }));
}

/** Main asks before it closes a window under which jobs are at work. */
export function answerClose(studio: Studio, answer: CloseAnswer): void {
  if (studio.store.getState().closing === null) return;
  studio.store.setState({ closing: null });
  studio.bridge.answerClose(answer).catch((error: unknown) => sayFailure(studio, 'Duet stays open.', error));
}

/** Whether anything of the queue is at work, or would be. */
export function isQueueBusy({ jobs }: QueueState): boolean {
  return Object.values(jobs).some((job) => isAtWork(job) || job.state === 'waiting');
}

/** Reads what is new in a job's log. */
async function readLog(studio: Studio, id: string): Promise<void> {
  const known = studio.store.getState().queue.logs[id] ?? { lines: [], next: 0 };
  const { lines, next } = await studio.engine.call('jobs.log', { id, from: known.next });
  if (lines.length === 0 && next === known.next) return;
  const { logs } = studio.store.getState().queue;
  setQueue(studio, { logs: { ...logs, [id]: { lines: [...known.lines, ...lines], next } } });
}

/** The least time between two readings of one log. */
const readEveryMs = 400;

/** Keeps one log up to date while it is shown: reads when something may have been added, one reading at a time. */
export class LogFollower {
  private timer: ReturnType<typeof setTimeout> | undefined;
  private isReading = false;
  private isStale = false;
  private isStopped = false;

  constructor(
    private readonly studio: Studio,
    private readonly id: string,
  ) {}

  mark(): void {
    this.isStale = true;
    if (this.isReading || this.timer !== undefined || this.isStopped) return;
    this.isReading = true;
    this.isStale = false;
    readLog(this.studio, this.id)
      // A job that was just forgotten, or an engine that has just ended, has no log to show.
      .catch(() => undefined)
      .finally(() => {
        this.isReading = false;
        this.timer = setTimeout(() => this.rested(), readEveryMs);
      });
  }

  stop(): void {
    this.isStopped = true;
    clearTimeout(this.timer);
  }

  private rested(): void {
    this.timer = undefined;
    if (this.isStale) this.mark();
  }
}

/** What the copy button gives: the job, what went wrong, and its log. */
export function jobText(row: JobRow, lines: readonly { at: number; text: string }[]): string {
  const head = row.failure === null ? [row.title, row.doing] : [failureText(row.title, row.failure)];
  return [...head, row.note, ...lines.map(({ at, text }) => `${formatClockSeconds(at)}  ${text}`)]
    .filter((line) => line !== '')
    .join('\n');
}
