/** One attempt at a job: gives the executor its context, counts what it tells, asks it to stop, and in the end makes it. */
import { throwIfCancelled } from '../../contract/errors';
import type { StartTimer } from '../coalesce';
import type { JobContext, JobResult } from './job-kind';
import type { JobLog } from './job-log';
import type { AnyKind } from './kinds';
import { remainingMs, Speed } from './speed';
import type { JobRecord } from './state';

/** An executor that has not stopped by then loses its process. */
const killAfterMs = 5_000;
/** Going easy: rest for as long as the last slice took, and no longer than this at once. The decoders stand back besides. */
const longestRestMs = 5_000;

export interface AttemptHooks {
  readonly now: () => number;
  readonly startTimer: StartTimer;
  readonly isGentle: () => boolean;
  /** Something that the page shows is different. */
  readonly onChange: () => void;
  /** Settles once it is noted that this much is durable. */
  readonly onSlice: () => Promise<void>;
}

export type Outcome = { readonly result: JobResult } | { readonly error: unknown };

export class Attempt {
  progress: JobRecord['progress'];
  doing = '';
  private readonly abort = new AbortController();
  private readonly speed: Speed;
  private readonly workedBefore: number;
  private sliceStartedAt: number;
  private stopKilling: (() => void) | undefined;

  constructor(
    readonly job: JobRecord,
    private readonly kind: AnyKind,
    readonly folder: string,
    readonly log: JobLog,
    private readonly hooks: AttemptHooks,
  ) {
    this.progress = job.progress;
    this.workedBefore = job.workedMs;
    this.speed = new Speed(hooks.now);
    this.sliceStartedAt = hooks.now();
  }

  /** Never rejects. */
  async run(): Promise<Outcome> {
    try {
      return { result: await this.kind.run(this.context()) };
    } catch (error) {
      return { error };
    } finally {
      this.stopKilling?.();
    }
  }

  /** Asks the executor to stop; asking again changes nothing. */
  stop(): void {
    if (this.abort.signal.aborted) return;
    this.doing = 'stopping';
    this.stopKilling = this.hooks.startTimer(() => this.kind.kill?.(), killAfterMs);
    this.abort.abort();
  }

  get isStopping(): boolean {
    return this.abort.signal.aborted;
  }

  workedMs(): number {
    return this.workedBefore + this.speed.workedMs();
  }

  /** Where it stands, as events tell it. */
  soFar(): { id: string; progress: JobRecord['progress']; workedMs: number } {
    return { id: this.job.id, progress: this.progress, workedMs: this.workedMs() };
  }

  perSecond(): number | null {
    return this.speed.perSecond();
  }

  remainingMs(perSecond: number | null): number | null {
    return remainingMs(this.progress.done, this.progress.total, perSecond);
  }

  private context(): JobContext<unknown> {
    const { id, parameters, attempts } = this.job;
    return {
      id,
      parameters,
      attempt: attempts,
      folder: this.folder,
      signal: this.abort.signal,
      progress: (done, total, unit, doing) => this.tell(done, total, unit, doing),
      slice: (done) => this.slice(done),
      log: (text) => this.log.add(text),
    };
  }

  private tell(done: number, total: number | null, unit: string, doing: string): void {
    this.progress = { done: natural(done), total: total === null ? null : natural(total), unit: unit.slice(0, 40) };
    if (!this.isStopping) this.doing = doing.slice(0, 300);
    this.speed.tell(this.progress.done);
    this.hooks.onChange();
  }

  private async slice(done: number): Promise<void> {
    throwIfCancelled(this.abort.signal);
    const workMs = this.hooks.now() - this.sliceStartedAt;
    this.progress = { ...this.progress, done: natural(done) };
    this.speed.tell(this.progress.done);
    await this.hooks.onSlice();
    if (this.hooks.isGentle()) await this.rest(Math.min(longestRestMs, workMs));
    throwIfCancelled(this.abort.signal);
    this.sliceStartedAt = this.hooks.now();
  }

  private rest(ms: number): Promise<void> {
    const { signal } = this.abort;
    if (ms <= 0 || signal.aborted) return Promise.resolve();
    return new Promise((resolve) => {
      const stop = this.hooks.startTimer(() => end(), ms);
      const end = (): void => {
        stop();
        signal.removeEventListener('abort', end);
        resolve();
      };
      signal.addEventListener('abort', end);
    });
  }
}

/** What an executor counts is shown and stored: no NaN, nothing below zero. */
function natural(value: number): number {
  return Number.isFinite(value) ? Math.max(0, value) : 0;
}
