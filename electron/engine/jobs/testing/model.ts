/** A queue in forty lines, kept in memory and without a clock: what the real one must agree with after any series of events. */
import type { JobState } from '../../../contract/jobs';

interface ModelJob {
  name: string;
  lane: string;
  state: JobState;
  crashes: number;
  attempts: number;
}

type Verb = 'pause' | 'resume' | 'cancel' | 'retry' | 'next' | 'forget';

export class ModelQueue {
  isPaused = false;
  private order: ModelJob[] = [];
  private ended: ModelJob[] = [];

  /** What the list shows. */
  states(): [string, JobState][] {
    const isRunning = ({ state }: ModelJob): boolean => state === 'running';
    const queued = [...this.order.filter(isRunning), ...this.order.filter((job) => !isRunning(job))];
    return [...queued, ...[...this.ended].reverse()].map(({ name, state }) => [name, state]);
  }

  find(name: string): ModelJob | undefined {
    return [...this.order, ...this.ended].find((job) => job.name === name);
  }

  running(lane: string): ModelJob | undefined {
    return this.order.find((job) => job.lane === lane && job.state === 'running');
  }

  add(name: string, lane: string): void {
    this.order.push({ name, lane, state: 'waiting', crashes: 0, attempts: 0 });
    this.pump();
  }

  /** False: the real one must refuse. */
  do(verb: Verb, job: ModelJob): boolean {
    const isPossible = this.apply(verb, job);
    this.pump();
    return isPossible;
  }

  end(job: ModelJob, state: 'done' | 'failed' | 'cancelled' | 'set-aside'): void {
    job.state = state;
    this.order = this.order.filter((one) => one !== job);
    this.ended.push(job);
    this.pump();
  }

  crash(job: ModelJob): void {
    job.state = 'waiting';
    job.crashes += 1;
    if (job.crashes >= 2) this.end(job, 'set-aside');
    this.pump();
  }

  kill(): void {
    const wasPaused = this.isPaused;
    this.isPaused = true;
    for (const job of this.order.filter(({ state }) => state === 'running')) this.crash(job);
    this.isPaused = wasPaused;
    this.pump();
  }

  pauseAll(isPaused: boolean): void {
    this.isPaused = isPaused;
    if (isPaused) for (const job of this.order) if (job.state === 'running') job.state = 'waiting';
    this.pump();
  }

  private apply(verb: Verb, job: ModelJob): boolean {
    const { state } = job;
    const isQueued = this.order.includes(job);
    if (verb === 'pause' && isQueued) job.state = 'paused';
    else if (verb === 'resume' && isQueued) {
      if (state === 'paused') job.state = 'waiting';
    } else if (verb === 'cancel' && isQueued) this.end(job, 'cancelled');
    else if (verb === 'next' && state === 'waiting') this.order = [job, ...this.order.filter((one) => one !== job)];
    else if (verb === 'forget' && !isQueued) this.ended = this.ended.filter((one) => one !== job);
    else if (verb === 'retry' && !isQueued && state !== 'done') {
      this.ended = this.ended.filter((one) => one !== job);
      this.order.push(Object.assign(job, { state: 'waiting', crashes: 0 }));
    } else
      return (
        (verb === 'cancel' && state === 'cancelled') || (verb === 'retry' && state === 'waiting' && job.attempts > 0)
      );
    return true;
  }

  private pump(): void {
    if (this.isPaused) return;
    for (const job of this.order) {
      if (job.state !== 'waiting' || this.running(job.lane) !== undefined) continue;
      job.state = 'running';
      job.attempts += 1;
    }
  }
}
