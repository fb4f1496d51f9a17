/** A job as the page sees it: the record, and what its running attempt tells. */
import type { JobView } from '../../contract/jobs';
import type { Attempt } from './attempt';
import type { JobBook } from './book';
import { remainingMs } from './speed';
import type { StoredResult } from './events';
import type { JobRecord } from './state';

/** Places of the waiting jobs, 0 first. */
export function positionsOf(book: JobBook): Map<string, number> {
  return new Map(book.waiting().map(({ id }, position) => [id, position]));
}

export function jobView(
  job: JobRecord,
  attempt: Attempt | undefined,
  position: number | undefined,
  book: JobBook,
): JobView {
  const { id, kind, title, addedAt, endedAt, attempts, failure, result } = job;
  const progress = attempt?.progress ?? job.progress;
  const isQueued = job.state === 'waiting' || job.state === 'paused';
  const known = isQueued || attempt !== undefined ? book.perSecond(kind, progress.unit) : null;
  const perSecond = attempt?.perSecond() ?? known;
  const isStopping = job.state === 'running' && job.stopping !== null;
  return {
    id,
    kind,
    title,
    state: isStopping ? 'pausing' : job.state,
    position: position ?? null,
    progress: { ...progress },
    doing: attempt?.doing ?? '',
    perSecond,
    remainingMs: remainingMs(progress.done, progress.total, perSecond),
    addedAt,
    endedAt,
    workedMs: attempt?.workedMs() ?? job.workedMs,
    attempts,
    failure,
    result: result === null ? null : shownOf(result),
  };
}

/** Without the files, which the page must not know. */
function shownOf({ dataset, model, comparison, summary }: StoredResult): NonNullable<JobView['result']> {
  return {
    ...(dataset !== undefined && { dataset }),
    ...(model !== undefined && { model }),
    ...(comparison !== undefined && { comparison }),
    summary,
  };
}
