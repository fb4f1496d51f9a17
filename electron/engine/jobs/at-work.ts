/** What is at work in the queue, in the few words that the starter needs: for the taskbar, for staying awake, for closing. */
import type { JobView } from '../../contract/jobs';
import type { HostContract } from '../../contract/host';
import type { EventInput } from '../../contract/rpc';
import type { Server } from '../../contract/server';
import type { JobQueue } from './queue';

const mostTitles = 100;

type AtWorkEvent = EventInput<HostContract, 'jobs.atWork'>;

/** Follows the queue by its changes, so that a long queue is never walked for the sake of one bar. */
export class AtWork {
  private readonly jobs = new Map<string, JobView>();

  /** Takes new or changed jobs; says whether anything of it is at work, or was. */
  take(changed: readonly JobView[]): boolean {
    let isOf = false;
    for (const job of changed) {
      const wasAtWork = this.jobs.delete(job.id);
      const isAtWork = job.state === 'running' || job.state === 'pausing';
      if (isAtWork) this.jobs.set(job.id, job);
      isOf ||= wasAtWork || isAtWork;
    }
    return isOf;
  }

  /** The mean of those whose end is known; null when it is known of none. */
  now(): AtWorkEvent {
    const jobs = [...this.jobs.values()];
    const fractions = jobs.flatMap(({ progress: { done, total } }) =>
      total === null || total === 0 ? [] : [Math.min(1, done / total)],
    );
    const sum = fractions.reduce((all, one) => all + one, 0);
    return {
      titles: jobs.slice(0, mostTitles).map(({ title }) => title),
      fraction: fractions.length === 0 ? null : sum / fractions.length,
    };
  }
}

/** Tells the starter what is at work whenever that changes, and each job that ends by itself; returns how to stop. */
export function reportToHost(queue: JobQueue, emit: Server<HostContract>['emit']): () => void {
  const atWork = new AtWork();
  const take = (jobs: readonly JobView[]): void => {
    if (atWork.take(jobs)) emit('jobs.atWork', atWork.now());
  };
  take(queue.list().jobs);
  const undo = [queue.changed.add(({ jobs }) => take(jobs)), queue.ended.add((job) => emit('jobs.ended', { job }))];
  return () => undo.forEach((one) => one());
}
