/** What the page knows of the durable queue: the jobs as they are, their speeds as seen, their logs as far as read. */
import type { JobLogLine, JobView } from '../../electron/contract/jobs';

export const jobFilters = ['all', 'running', 'done', 'failed'] as const;
export type JobFilter = (typeof jobFilters)[number];

export interface SpeedSeen {
  /** Milliseconds by a clock that only runs forward. */
  at: number;
  perSecond: number;
}

export interface JobLog {
  lines: readonly JobLogLine[];
  /** Where the next reading begins. */
  next: number;
}

export interface QueueState {
  jobs: Readonly<Record<string, JobView>>;
  isPaused: boolean;
  isGentle: boolean;
  /** Whether the queue was read since the engine started. */
  isKnown: boolean;
  speeds: Readonly<Record<string, readonly SpeedSeen[]>>;
  logs: Readonly<Record<string, JobLog>>;
  /** Taken off the list by a person who can still change their mind. */
  hidden: ReadonlySet<string>;
  filter: JobFilter;
  /** Key of the row whose speed and log are shown. */
  chosen: string | null;
}

export const initialQueue: QueueState = {
  jobs: {},
  isPaused: false,
  isGentle: false,
  isKnown: false,
  speeds: {},
  logs: {},
  hidden: new Set(),
  filter: 'all',
  chosen: null,
};

/** The newest speeds that a curve can show, and how far apart they are kept. */
const mostSpeeds = 120;
const speedEveryMs = 500;

/** Adds a speed unless the last one is still fresh. */
function withSpeed(seen: readonly SpeedSeen[], perSecond: number, now: number): readonly SpeedSeen[] {
  const last = seen.at(-1);
  if (last !== undefined && now - last.at < speedEveryMs) return seen;
  return [...seen.slice(1 - mostSpeeds), { at: now, perSecond }];
}

export function withSpeedOf(queue: QueueState, key: string, perSecond: number, now: number): QueueState {
  const seen = queue.speeds[key] ?? [];
  const speeds = withSpeed(seen, perSecond, now);
  return speeds === seen ? queue : { ...queue, speeds: { ...queue.speeds, [key]: speeds } };
}

interface QueueNews {
  jobs: readonly JobView[];
  isPaused: boolean;
  isGentle: boolean;
}

/** The queue after new or changed jobs. */
export function withJobs(queue: QueueState, news: QueueNews, now: number): QueueState {
  const jobs = { ...queue.jobs };
  const speeds = { ...queue.speeds };
  for (const job of news.jobs) {
    jobs[job.id] = job;
    if (job.state === 'running' && job.perSecond !== null) {
      speeds[job.id] = withSpeed(speeds[job.id] ?? [], job.perSecond, now);
    }
  }
  return { ...queue, jobs, speeds, isPaused: news.isPaused, isGentle: news.isGentle };
}

/** The queue as the engine listed it: what is not in the list is gone. */
export function withList(queue: QueueState, list: QueueNews, now: number): QueueState {
  return { ...withJobs({ ...queue, jobs: {} }, list, now), isKnown: true };
}

function without<Value>(record: Readonly<Record<string, Value>>, ids: readonly string[]): Record<string, Value> {
  return Object.fromEntries(Object.entries(record).filter(([id]) => !ids.includes(id)));
}

export function withoutJobs(queue: QueueState, ids: readonly string[]): QueueState {
  const hidden = new Set([...queue.hidden].filter((id) => !ids.includes(id)));
  const chosen = queue.chosen !== null && ids.includes(queue.chosen) ? null : queue.chosen;
  const [jobs, speeds, logs] = [without(queue.jobs, ids), without(queue.speeds, ids), without(queue.logs, ids)];
  return { ...queue, jobs, speeds, logs, hidden, chosen };
}

/** At work, also when it was just asked to rest. */
export function isAtWork({ state }: JobView): boolean {
  return state === 'running' || state === 'pausing';
}
