/** The rows of the jobs panel: durable jobs, short jobs of the page and the judging, all with the same look; pure. */
import type { Failure } from '../../electron/contract/errors';
import type { JobView } from '../../electron/contract/jobs';
import type { RunProgress } from '../../electron/contract/studio';
import { countOf, formatClock, formatCount, formatDuration, formatPercent, formatRemaining } from '../ui/format';
import type { JobFilter, QueueState } from './jobs-state';
import type { Job, StudioState } from './studio-state';

export type JobLook = 'running' | 'waiting' | 'paused' | 'failed' | 'set-aside' | 'done' | 'cancelled';
export type JobAction = 'pause' | 'resume' | 'cancel' | 'next' | 'retry' | 'forget' | 'open' | 'reveal';

export interface JobRow {
  /** Id of a durable job, or a name that no such id has. */
  key: string;
  from: 'queue' | 'page' | 'judging';
  look: JobLook;
  title: string;
  /** What it does, waits for, or came to, beside the title. */
  doing: string;
  /** Stands in the row in place of `doing`. */
  failure: Failure | null;
  /** 0..1; null when it cannot be told, and when there is nothing to be seen of it. */
  fraction: number | null;
  /** Percent and time, at the end of the row. */
  note: string;
  actions: readonly JobAction[];
  /** For the order among those that ended. */
  endedAt: number;
}

export const judgingKey = 'judging';
const dot = ' · ';

export function pageKey(id: number): string {
  return `page-${id}`;
}

function fractionOf({ done, total }: JobView['progress']): number | null {
  return total === null || total === 0 ? null : Math.min(1, done / total);
}

function amountOf({ done, total, unit }: JobView['progress']): string {
  if (total !== null) return `${formatCount(done)} of ${formatCount(total)} ${unit}`.trim();
  return done === 0 ? '' : `${formatCount(done)} ${unit}`.trim();
}

function joined(...parts: readonly string[]): string {
  return parts.filter((part) => part !== '').join(dot);
}

function percentOf(job: JobView, word: string): string {
  const fraction = fractionOf(job.progress);
  return fraction === null ? word : `${word} at ${formatPercent(fraction)}`;
}

function place({ position }: JobView): string {
  if (position === null || position === 0) return 'next';
  return `${formatCount(position)} before it`;
}

type Told = Pick<JobRow, 'look' | 'doing' | 'note' | 'actions'>;

function told(job: JobView, isQueuePaused: boolean): Told {
  const left = job.remainingMs === null ? '' : formatRemaining(job.remainingMs);
  const ended = formatClock(job.endedAt ?? job.addedAt);
  const opens: readonly JobAction[] = job.result?.dataset === undefined ? [] : ['open'];
  switch (job.state) {
    case 'running': {
      const fraction = fractionOf(job.progress);
      const percent = fraction === null ? '' : formatPercent(fraction);
      const doing = job.doing === '' ? amountOf(job.progress) : job.doing;
      return { look: 'running', doing, note: joined(percent, left), actions: ['pause', 'cancel'] };
    }
    case 'pausing':
      return { look: 'running', doing: 'finishes the piece in hand', note: 'stopping', actions: ['resume', 'cancel'] };
    case 'waiting': {
      const begun = job.progress.done > 0 ? `goes on from ${amountOf(job.progress)}` : 'waits for its turn';
      const estimate = job.remainingMs === null ? '' : `about ${formatDuration(job.remainingMs)}`;
      const doing = isQueuePaused ? 'waits: everything is paused' : begun;
      const first: readonly JobAction[] = job.position === 0 ? [] : ['next'];
      return { look: 'waiting', doing, note: joined(place(job), estimate), actions: [...first, 'pause', 'cancel'] };
    }
    case 'paused':
      return {
        look: 'paused',
        doing: amountOf(job.progress),
        note: percentOf(job, 'paused'),
        actions: ['resume', 'cancel'],
      };
    case 'failed':
      return { look: 'failed', doing: '', note: percentOf(job, 'stopped'), actions: ['retry', 'forget'] };
    case 'set-aside':
      return { look: 'set-aside', doing: '', note: 'set aside', actions: ['retry', 'forget'] };
    case 'done':
      return {
        look: 'done',
        doing: job.result?.summary ?? '',
        note: joined(formatDuration(job.workedMs), ended),
        actions: [...opens, 'forget'],
      };
    case 'cancelled':
      return { look: 'cancelled', doing: '', note: joined('cancelled', ended), actions: ['retry', 'forget'] };
  }
}

function queueRow(job: JobView, isQueuePaused: boolean): JobRow {
  const { id, title, failure, endedAt, addedAt } = job;
  const { look, ...rest } = told(job, isQueuePaused);
  const fraction = look === 'running' || look === 'paused' ? fractionOf(job.progress) : null;
  return { key: id, from: 'queue', look, title, failure, fraction, endedAt: endedAt ?? addedAt, ...rest };
}

function pageRow(job: Job): JobRow {
  const { id, title, detail, fraction, state, failure, cancel, retry, written, startedAt, endedAt } = job;
  const actions: JobAction[] = [];
  if (written !== null) actions.push('reveal');
  if (retry !== null) actions.push('retry');
  actions.push(cancel === null ? 'forget' : 'cancel');
  const took = endedAt === null ? '' : formatDuration(endedAt - startedAt);
  const percent = fraction === null ? '' : formatPercent(fraction);
  return {
    key: pageKey(id),
    from: 'page',
    look: state,
    title,
    doing: state === 'running' ? `${detail}...` : state === 'failed' ? '' : detail,
    failure,
    fraction: state === 'running' ? fraction : null,
    note: state === 'done' ? joined(took, formatClock(endedAt ?? startedAt)) : state === 'failed' ? 'stopped' : percent,
    actions,
    endedAt: endedAt ?? startedAt,
  };
}

/** Share of the pictures that are through, judged or failed. */
export function runFraction(run: RunProgress): number {
  return run.total === 0 ? 0 : (run.done + run.failed) / run.total;
}

function judgingRow(run: RunProgress, models: readonly string[]): JobRow | null {
  if (run.total === 0) return null;
  const left = run.failed > 0 ? `, ${formatCount(run.failed)} not read` : '';
  const through = `${formatCount(run.done + run.failed)} of ${countOf(run.total, 'picture')}${left}`;
  const base = { key: judgingKey, from: 'judging', title: `Judge with ${models.join(' and ')}` } as const;
  const rest = { ...base, doing: through, failure: null, endedAt: 0 };
  const fraction = runFraction(run);
  if (run.state === 'running') {
    const time = run.remainingMs === null ? '' : formatRemaining(run.remainingMs);
    return { ...rest, look: 'running', fraction, note: joined(formatPercent(fraction), time), actions: ['pause'] };
  }
  if (run.state === 'stopped') {
    return { ...rest, look: 'paused', fraction, note: `stopped at ${formatPercent(fraction)}`, actions: ['resume'] };
  }
  return { ...rest, look: 'done', fraction: null, note: '', actions: [] };
}

/** What wants a person comes before what is settled. */
const order: readonly JobLook[] = ['running', 'waiting', 'paused', 'failed', 'set-aside', 'done', 'cancelled'];
const groups: Readonly<Record<JobLook, number>> = {
  running: 0,
  waiting: 1,
  paused: 2,
  failed: 3,
  'set-aside': 3,
  done: 4,
  cancelled: 4,
};

const shownBy: Readonly<Record<JobFilter, readonly JobLook[]>> = {
  all: order,
  running: ['running', 'waiting', 'paused'],
  done: ['done'],
  failed: ['failed', 'set-aside', 'cancelled'],
};

/** In the order of the queue: running, then waiting by their turn, then resting ones; each by when it was added. */
function inTurn(a: JobView, b: JobView): number {
  return (a.position ?? 0) - (b.position ?? 0) || a.addedAt - b.addedAt;
}

type RowsFrom = Pick<StudioState, 'queue' | 'jobs' | 'run' | 'selected'>;

/** All rows that the filter lets through, in the order of the panel. */
export function jobRows({ queue, jobs, run, selected }: RowsFrom, filter: JobFilter): JobRow[] {
  const judging = judgingRow(run, selected);
  const shown = Object.values(queue.jobs).filter((job) => !queue.hidden.has(job.id));
  const rows = [
    ...(judging === null ? [] : [judging]),
    ...shown.sort(inTurn).map((job) => queueRow(job, queue.isPaused)),
    ...jobs.map(pageRow),
  ];
  const wanted = rows.filter((row) => shownBy[filter].includes(row.look));
  const isOver = (row: JobRow): boolean => groups[row.look] >= 3;
  return wanted.sort((a, b) => groups[a.look] - groups[b.look] || (isOver(a) ? b.endedAt - a.endedAt : 0));
}

/** The row whose speed and log are shown: the chosen one, or the first. */
export function chosenRow(rows: readonly JobRow[], { chosen }: Pick<QueueState, 'chosen'>): JobRow | undefined {
  return rows.find((row) => row.key === chosen) ?? rows[0];
}
