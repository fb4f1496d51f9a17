/** For tests of the queue: a disk that survives kills, time that stands still until it is moved, executors led by hand. */
import { existsSync, mkdtempSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import * as z from 'zod';
import { AppError } from '../../../contract/errors';
import type { JobKindName, JobState, JobView } from '../../../contract/jobs';
import type { StartTimer } from '../../coalesce';
import type { JobEvent } from '../events';
import type { JobContext, JobKind, JobResult } from '../job-kind';
import { JobQueue } from '../queue';

class PretendedTime {
  ms = 0;
  private timers: { at: number; call: () => void }[] = [];
  readonly now = (): number => this.ms;
  readonly startTimer: StartTimer = (call, ms) => {
    const timer = { at: this.ms + ms, call };
    this.timers.push(timer);
    return () => (this.timers = this.timers.filter((one) => one !== timer));
  };

  /** Moves on, and lets each timer fire at its moment. */
  async pass(ms: number): Promise<void> {
    const end = this.ms + ms;
    for (;;) {
      await settled();
      const due = this.timers.filter(({ at }) => at <= end).sort((a, b) => a.at - b.at)[0];
      if (due === undefined) break;
      this.timers = this.timers.filter((one) => one !== due);
      this.ms = Math.max(this.ms, due.at);
      due.call();
    }
    this.ms = end;
    await settled();
  }
}

/** Lets everything happen that waits for nothing but its turn; the real disk is asked only for small folders. */
export async function settled(): Promise<void> {
  for (let turn = 0; turn < 30; turn++) await new Promise((resolve) => setImmediate(resolve));
}

/** Waits for what depends on the real disk. */
export async function until(isSo: () => boolean): Promise<void> {
  for (let turn = 0; turn < 100_000; turn++) {
    if (isSo()) return;
    await new Promise((resolve) => setImmediate(resolve));
  }
  throw new Error('it never came about');
}

/** One running executor: the test says how it goes on. */
export interface Run {
  readonly context: JobContext<{ name: string }>;
  finish(result?: Partial<JobResult>): void;
  fail(error: unknown): void;
}

export interface KindOptions {
  /** Whether it stops by itself when asked to. */
  isStubborn?: boolean;
  kill?(runs: Run[]): void;
}

export class Pretended {
  readonly time = new PretendedTime();
  readonly folder = mkdtempSync(path.join(os.tmpdir(), 'duet-jobs-'));
  /** What the journal holds. */
  readonly disk: JobEvent[] = [];
  /** Thrown by the next appends. */
  diskFailure: AppError | undefined;
  /** Files that results name. */
  readonly files = new Set<string>();
  readonly runs: Run[] = [];
  private lives = 0;

  /** A queue on this disk, as after a start of Duet; what an earlier one still does reaches the disk no more. */
  async open(options: KindOptions & { isWritable?: boolean } = {}): Promise<JobQueue> {
    const life = ++this.lives;
    const queue = await JobQueue.open({
      journal: {
        append: (event) => {
          if (life !== this.lives) return new Promise(() => undefined);
          if (this.diskFailure !== undefined) return Promise.reject(this.diskFailure);
          this.disk.push(structuredClone(event));
          return Promise.resolve();
        },
      },
      records: structuredClone(this.disk),
      folder: this.folder,
      isWritable: options.isWritable ?? true,
      isThere: (file) => Promise.resolve(this.files.has(file)),
      now: this.time.now,
      clock: () => 1_000_000 + this.time.ms,
      startTimer: this.time.startTimer,
    });
    this.runs.length = 0;
    queue.register(this.kind('dataset.import', 'intake', options));
    queue.register(this.kind('dataset.check', 'compute', options));
    queue.register(this.kind('workspace.backup', 'disk', options));
    return queue;
  }

  async dispose(): Promise<void> {
    // A log may still be on its way.
    while (existsSync(this.folder)) {
      await rm(this.folder, { recursive: true, force: true }).catch(() => undefined);
      await settled();
    }
  }

  /** The run of the job called so. */
  run(name: string): Run {
    const found = this.runs.find(({ context }) => context.parameters.name === name);
    if (found === undefined) throw new Error(`${name} does not run`);
    return found;
  }

  private kind(kind: JobKindName, lane: JobKind<unknown>['lane'], options: KindOptions): JobKind<{ name: string }> {
    return {
      kind,
      lane,
      parameters: z.strictObject({ name: z.string() }),
      run: (context) =>
        new Promise((resolve, reject) => {
          const run: Run = {
            context,
            finish: (result = {}) => {
              this.leave(run);
              resolve({ summary: 'finished', files: [], ...result });
            },
            fail: (error) => {
              this.leave(run);
              reject(error instanceof Error ? error : new Error(String(error)));
            },
          };
          this.runs.push(run);
          const stop = (): void => run.fail(new AppError('call/cancelled', 'Cancelled.'));
          if (options.isStubborn !== true) context.signal.addEventListener('abort', stop);
        }),
      kill: () => options.kill?.(this.runs),
    };
  }

  private leave(run: Run): void {
    this.runs.splice(this.runs.indexOf(run), 1);
  }
}

export function add(queue: JobQueue, name: string, kind: JobKindName = 'dataset.import', seed = 0): Promise<string> {
  return queue.add({ kind, title: name, parameters: { name }, inputs: [], seed }).then(({ id }) => id);
}

export function viewOf(queue: JobQueue, id: string): JobView {
  const found = queue.list().jobs.find((job) => job.id === id);
  if (found === undefined) throw new Error(`there is no job ${id}`);
  return found;
}

/** State by title, in the order of the list. */
export function statesOf(queue: JobQueue): [string, JobState][] {
  return queue.list().jobs.map(({ title, state }) => [title, state]);
}
