/** The jobs contract, call by call, and the queue's events for every page. */
import type { JobView } from '../../contract/jobs';
import type { PageContract } from '../../contract/page';
import type { Handlers, Server } from '../../contract/server';
import type { JobQueue } from './queue';

type JobHandlers = Pick<Handlers<PageContract>, Extract<keyof Handlers<PageContract>, `jobs.${string}`>>;

const nothing = {};

export function jobHandlers(jobs: JobQueue): JobHandlers {
  const done = (work: Promise<void>): Promise<typeof nothing> => work.then(() => nothing);
  return {
    'jobs.list': () => jobs.list(),
    'jobs.log': ({ id, from }) => jobs.log(id, from),
    'jobs.pause': ({ id }) => done(jobs.pause(id)),
    'jobs.resume': ({ id }) => done(jobs.resume(id)),
    'jobs.cancel': ({ id }) => done(jobs.cancel(id)),
    'jobs.retry': ({ id }) => done(jobs.retry(id)),
    'jobs.next': ({ id }) => done(jobs.next(id)),
    'jobs.forget': ({ id }) => done(jobs.forget(id)),
    'jobs.pauseAll': () => done(jobs.pauseAll()),
    'jobs.resumeAll': () => done(jobs.resumeAll()),
    'jobs.gentle': ({ isGentle }) => done(jobs.setGentle(isGentle)),
  };
}

export function reportJobs(jobs: JobQueue, emit: Server<PageContract>['emit']): void {
  jobs.changed.add((view) => emit('jobs.changed', view));
  jobs.removed.add((ids) => emit('jobs.removed', { ids }));
  jobs.ended.add((job: JobView) => emit('jobs.ended', { job }));
}
