/** For commands that make a job: they wait for it, and say how it goes and what came of it. */
import { AppError } from '../contract/errors';
import type { JobView } from '../contract/jobs';
import type { NodeEngine } from '../hosts/node-engine';
import type { CommandContext } from './engine-use';
import type { CommonOptions } from './options';
import { harmless, jsonLine } from './terminal';

/** A whole engine that works on the queue. */
export const workingEngine = { decoders: 0, makesThumbs: false, access: 'write', runsJobs: true } as const;

/** The queue may be at rest from before: then nothing would ever come of a new job. */
export async function assertQueueRuns({ studio }: NodeEngine): Promise<void> {
  const { isPaused } = await studio.call('jobs.list', {});
  if (isPaused) throw new AppError('job/bad-state', 'The queue is paused. Let it go on: duet jobs resume');
}

/** Settles when the job is done. Ctrl+C leaves it in the queue with all that it has finished. */
export async function waitForJob(
  engine: NodeEngine,
  id: string,
  options: CommonOptions,
  { signal, terminal }: CommandContext,
): Promise<JobView> {
  const { studio } = engine;
  const showsProgress = options.progress || (terminal.isErrTty && !options.json);
  const job = await new Promise<JobView>((resolve, reject) => {
    let last = '';
    const look = (jobs: readonly JobView[]): void => {
      const mine = jobs.find((one) => one.id === id);
      if (mine === undefined) return;
      const { state, doing, progress, perSecond, remainingMs } = mine;
      if (showsProgress && doing !== last) {
        last = doing;
        if (options.json) terminal.note(jsonLine({ job: id, state, doing, ...progress, perSecond, remainingMs }));
        else terminal.progress(harmless(`${mine.title}: ${doing}`));
      }
      if (state === 'paused' && mine.failure !== null) reject(AppError.fromFailure(mine.failure));
      if (mine.endedAt !== null) resolve(mine);
    };
    studio.on('jobs.changed', ({ jobs }) => look(jobs));
    engine.onExit((reason) => reject(new AppError('engine/crashed', `The engine ended unexpectedly (${reason}).`)));
    const stop = (): void => reject(new AppError('call/cancelled', 'Cancelled.'));
    if (signal.aborted) stop();
    signal.addEventListener('abort', stop, { once: true });
    studio.call('jobs.list', {}).then(({ jobs }) => look(jobs), reject);
  });
  terminal.progress('');
  if (job.state === 'done') return job;
  if (job.failure !== null) throw AppError.fromFailure(job.failure);
  throw new AppError('call/cancelled', 'Cancelled.');
}
