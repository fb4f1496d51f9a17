/** What is true of the jobs in a journal after the process that wrote it is gone. */
import { AppError } from '../../contract/errors';
import type { JobResult } from './job-kind';
import { type JobRecord, mostCrashes } from './state';
import type { JobStore } from './store';

export interface RecoverOptions {
  readonly clock: () => number;
  /** Files of a result that are not there. */
  readonly missing: (result: Pick<JobResult, 'files'>) => Promise<string[]>;
}

/**
 * Jobs that ran go on, rest or are cancelled as they were told to; those that were not told to stop crashed with their
 * process. A job that is done, but whose files are gone, has failed: trying it again makes them anew.
 */
export async function recover(store: JobStore, { clock, missing }: RecoverOptions): Promise<void> {
  for (const job of store.book.list()) {
    if (job.state === 'running') await store.inTurn(() => endRun(store, job, clock));
    else if (job.state === 'done' && job.result !== null) {
      const lacking = await missing(job.result);
      if (lacking.length > 0) await store.inTurn(() => noteMissing(store, job, lacking, clock));
    }
  }
}

async function endRun(
  store: JobStore,
  { id, stopping, progress, workedMs }: JobRecord,
  clock: () => number,
): Promise<void> {
  const soFar = { id, progress, workedMs };
  if (stopping === 'waiting') await store.note({ event: 'interrupted', ...soFar });
  else if (stopping === 'paused') await store.note({ event: 'paused', ...soFar, failure: null });
  else if (stopping === 'cancelled') await store.note({ event: 'cancelled', id, at: clock() });
  else await noteCrash(store, id, 'Duet ended while it ran', clock);
}

/** In turn: counts a death against the job, which is set aside when there were too many in a row. */
export async function noteCrash(store: JobStore, id: string, reason: string, clock: () => number): Promise<void> {
  await store.note({ event: 'crashed', id });
  const job = store.book.get(id);
  if (job === undefined || job.crashes < mostCrashes) return;
  const message =
    `"${job.title}" was set aside: the process that did it ended unexpectedly ${mostCrashes} times without getting any further. ` +
    'Look at its log, or try it again.';
  const failure = new AppError('job/set-aside', message, { crashes: job.crashes, reason }).toFailure();
  await store.note({ event: 'set-aside', id, at: clock(), failure });
}

/** In turn. */
export async function noteMissing(
  store: JobStore,
  { id, title, progress, workedMs }: JobRecord,
  files: readonly string[],
  clock: () => number,
): Promise<void> {
  const message = `What "${title}" had made is not there any more: ${files[0] ?? ''}. Try it again to make it anew.`;
  const failure = new AppError('job/unusable', message, { missing: files.slice(0, 20) }).toFailure();
  await store.note({ event: 'failed', id, progress, workedMs, at: clock(), failure });
}
