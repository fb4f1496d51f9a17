/** Mirrors the engine's queue into the store, and tells of what ended. */
import { AppError } from '../../electron/contract/errors';
import type { JobView } from '../../electron/contract/jobs';
import type { StudioClient } from '../engine/engine-link';
import { judgingKey } from './job-rows';
import { openJob } from './jobs-actions';
import { type QueueState, withJobs, withList, withoutJobs, withSpeedOf } from './jobs-state';
import { failureOf, say, sayFailure } from './messages';
import type { Studio } from './studio';

export function mirrorJobs(studio: Studio, client: StudioClient, now: () => number): void {
  const change = (make: (queue: QueueState) => QueueState): void =>
    studio.store.setState((state) => ({ queue: make(state.queue) }));
  client.on('jobs.changed', (news) => change((queue) => withJobs(queue, news, now())));
  client.on('jobs.removed', ({ ids }) => change((queue) => withoutJobs(queue, ids)));
  client.on('run.progress', ({ state, perSecond }) => {
    if (state === 'running' && perSecond !== null) change((queue) => withSpeedOf(queue, judgingKey, perSecond, now()));
  });
  client.on('jobs.ended', ({ job }) => tellEnded(studio, job));
  client
    .call('jobs.list', {})
    .then((list) => change((queue) => withList(queue, list, now())))
    .catch((error: unknown) => {
      const { code } = failureOf(error);
      // The next port reads it again.
      if (code === 'engine/crashed' || code === 'engine/closed') return;
      sayFailure(studio, 'The jobs could not be read.', error);
    });
}

/** Shorter checks follow every import by themselves; what they found stands in the report. */
const longCheckMs = 5000;

/** What is seen at this moment needs no notice: the open panel shows it. */
function isSeen(studio: Studio, { id, kind, workedMs }: JobView): boolean {
  const { isJobsOpen, queue, screen, train } = studio.store.getState();
  if (kind === 'dataset.check' && workedMs < longCheckMs) return true;
  if (screen === 'train' && train.shown === id && document.hasFocus()) return true;
  return isJobsOpen && queue.filter === 'all' && queue.jobs[id] !== undefined && document.hasFocus();
}

/** A cancelled one was ended by the person, who has had an answer. */
function tellEnded(studio: Studio, job: JobView): void {
  const { id, title, state, result, failure } = job;
  if (state === 'done' && isSeen(studio, job)) return;
  const run = (): void => openJob(studio, id);
  if (state === 'done') {
    const summary = result === null || result.summary === '' ? '' : `: ${result.summary}`;
    say(studio, `${title}, done${summary}`, {
      label: result?.dataset === undefined && job.kind !== 'train.run' ? 'Jobs' : 'Show',
      keys: null,
      run,
    });
  } else if (failure !== null) {
    const text = state === 'set-aside' ? `${title} was set aside.` : `${title} stopped.`;
    sayFailure(studio, text, AppError.fromFailure(failure), { label: 'Jobs', keys: null, run });
  }
}
