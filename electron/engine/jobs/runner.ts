/** Runs waiting jobs, one of each lane at a time, and writes down truthfully how each attempt ended. */
import { mkdir, rm } from 'node:fs/promises';
import { AppError, type Failure, isCancelled, toFailure } from '../../contract/errors';
import type { StartTimer } from '../coalesce';
import { Attempt, type Outcome } from './attempt';
import { diskFullFailure, isDiskFull } from './disk-full';
import type { StopTarget } from './events';
import type { JobResult } from './job-kind';
import { JobLog } from './job-log';
import type { AnyKind, JobKinds, Lane } from './kinds';
import { noteCrash } from './recover';
import type { JobRecord } from './state';
import type { JobStore } from './store';

export interface RunnerOptions {
  readonly store: JobStore;
  readonly kinds: JobKinds;
  /** Of one job. */
  readonly folder: (id: string) => string;
  readonly logFile: (id: string) => string;
  /** Files of the result that are not there. */
  readonly missing: (result: Pick<JobResult, 'files'>) => Promise<string[]>;
  /** Milliseconds by a clock that nobody sets. */
  readonly now: () => number;
  /** Milliseconds since 1970. */
  readonly clock: () => number;
  readonly startTimer: StartTimer;
  /** A running job shows something new. */
  readonly onChange: (id: string) => void;
}

/** Slices are written down at most so often. */
const sliceMs = 2_000;
const heartbeatMs = 1_000;
/** Closing waits so long for executors; what has not stopped by then has been told to, and ends with its process. */
const longestCloseMs = 1_500;

/** What is told when a worker dies under a job. */
const crashCodes = ['engine/crashed', 'data/reader-died', 'image/decoder-died'];

export class Runner {
  private readonly lanes = new Map<Lane, string>();
  private readonly attempts = new Map<string, Attempt>();
  private readonly slicedAt = new Map<string, number>();
  private readonly work = new Set<Promise<void>>();
  private stopHeartbeat: (() => void) | undefined;
  private isOpen = false;

  constructor(private readonly options: RunnerOptions) {}

  start(): void {
    this.isOpen = true;
    this.pump();
  }

  attempt(id: string): Attempt | undefined {
    return this.attempts.get(id);
  }

  running(): JobRecord[] {
    return [...this.attempts.values()].map(({ job }) => job);
  }

  /** Starts whatever may run now. */
  pump(): void {
    const { store, kinds } = this.options;
    if (!this.isOpen || store.book.isPaused) return;
    for (const { id, kind: name } of store.book.waiting()) {
      if (store.book.isGentle && this.lanes.size > 0) return;
      const kind = kinds.find(name) ?? unknownKind(name);
      if (this.lanes.has(kind.lane)) continue;
      this.lanes.set(kind.lane, id);
      const running = this.run(id, kind).finally(() => {
        this.work.delete(running);
        this.lanes.delete(kind.lane);
        this.pump();
      });
      this.work.add(running);
    }
  }

  /** In turn: writes down that the job is to stop, then asks its executor. */
  async stop(id: string, to: StopTarget): Promise<void> {
    await this.options.store.commit({ event: 'stopping', id, to });
    this.attempts.get(id)?.stop();
  }

  /** Starts nothing more and ends what runs; `to` says what becomes of it. */
  async close(to: StopTarget): Promise<void> {
    this.isOpen = false;
    this.stopHeartbeat?.();
    const { store, startTimer } = this.options;
    await store.inTurn(async () => {
      for (const { id } of this.running()) {
        await store.note({ event: 'stopping', id, to });
        this.attempts.get(id)?.stop();
      }
    });
    await new Promise<void>((resolve) => {
      const stop = startTimer(resolve, longestCloseMs);
      void Promise.all(this.work).then(() => {
        stop();
        resolve();
      });
    });
  }

  private async run(id: string, kind: AnyKind): Promise<void> {
    const { store } = this.options;
    const attempt = await store.inTurn(() => this.begin(id, kind));
    if (attempt === undefined) return;
    const outcome = await attempt.run();
    await store.inTurn(() => this.settle(attempt, outcome));
    await attempt.log.flush();
  }

  private async begin(id: string, kind: AnyKind): Promise<Attempt | undefined> {
    const { store, folder, logFile, clock, now, startTimer, onChange } = this.options;
    const waiting = store.book.get(id);
    if (waiting?.state !== 'waiting' || !this.isOpen || store.book.isPaused) return undefined;
    try {
      await mkdir(folder(id), { recursive: true });
      await store.commit({ event: 'started', id });
    } catch (error) {
      // Without a record of its start nothing is started: a person sees why, and resumes it.
      const { progress, workedMs } = waiting;
      const failure = await this.failureOf(error, folder(id), progress);
      await store.note({ event: 'paused', id, progress, workedMs, failure });
      return undefined;
    }
    const job = store.book.get(id);
    if (job === undefined) return undefined;
    const log = new JobLog(logFile(id), clock);
    const attempt: Attempt = new Attempt(job, kind, folder(id), log, {
      now,
      startTimer,
      isGentle: () => store.book.isGentle,
      onChange: () => onChange(id),
      onSlice: () => this.slice(attempt),
    });
    log.add(job.attempts === 1 ? 'Started.' : `Started again, attempt ${job.attempts}.`);
    this.attempts.set(id, attempt);
    this.beat();
    return attempt;
  }

  /** The first slice of an attempt is always written down: it proves that the job gets on. */
  private async slice(attempt: Attempt): Promise<void> {
    const { store, now, onChange } = this.options;
    const { id } = attempt.job;
    onChange(id);
    const last = this.slicedAt.get(id);
    const passed = last === undefined ? Infinity : now() - last;
    if (passed >= 0 && passed < sliceMs) return;
    this.slicedAt.set(id, now());
    await store.inTurn(() => store.commit({ event: 'slice', ...attempt.soFar() }));
  }

  private async settle(attempt: Attempt, outcome: Outcome): Promise<void> {
    const { id } = attempt.job;
    try {
      if ('result' in outcome) await this.finish(attempt, outcome.result);
      else await this.end(attempt, outcome.error);
    } finally {
      this.attempts.delete(id);
      this.slicedAt.delete(id);
      if (this.attempts.size === 0) this.stopHeartbeat?.();
      this.options.onChange(id);
    }
  }

  private async finish(attempt: Attempt, { summary, files, ...made }: JobResult): Promise<void> {
    const { store, clock, missing, folder } = this.options;
    const short = { ...made, summary: summary.slice(0, 500), files: [...files] };
    const lacking = await missing(short);
    if (lacking.length > 0) return this.end(attempt, missingError(lacking));
    try {
      await store.commit({ event: 'done', ...attempt.soFar(), at: clock(), result: short });
    } catch (error) {
      return this.end(attempt, error);
    }
    attempt.log.add(`Done: ${summary}`);
    await sweep(folder(attempt.job.id));
  }

  /** The attempt gave no result: why, and what becomes of the job. */
  private async end(attempt: Attempt, error: unknown): Promise<void> {
    const { store, clock } = this.options;
    const soFar = attempt.soFar();
    const { id } = soFar;
    const to = store.book.get(id)?.stopping ?? null;
    const hasStopped = isStop(error) || isCrash(error) || isDiskFull(error);
    if (to === 'cancelled' || (to !== null && hasStopped)) return this.stopped(attempt, to);
    if (isCrash(error)) {
      attempt.log.add(`Crashed: ${toFailure(error).message}`);
      return noteCrash(store, id, toFailure(error).message, clock);
    }
    const failure = await this.failureOf(error, attempt.folder, attempt.progress);
    attempt.log.add(failure.message);
    if (isDiskFull(error)) await store.note({ event: 'paused', ...soFar, failure });
    else await store.note({ event: 'failed', ...soFar, at: clock(), failure });
  }

  private async stopped(attempt: Attempt, to: StopTarget): Promise<void> {
    const { store, clock, folder } = this.options;
    const soFar = attempt.soFar();
    const { id } = soFar;
    attempt.log.add(to === 'cancelled' ? 'Cancelled.' : 'Interrupted; what is finished is kept.');
    if (to === 'waiting') await store.note({ event: 'interrupted', ...soFar });
    else if (to === 'paused') await store.note({ event: 'paused', ...soFar, failure: null });
    else {
      await store.note({ event: 'cancelled', id, at: clock() });
      await sweep(folder(id));
    }
  }

  private failureOf(error: unknown, folder: string, progress: JobRecord['progress']): Promise<Failure> | Failure {
    return isDiskFull(error) ? diskFullFailure(error, folder, progress) : toFailure(error);
  }

  /** Speeds and times are shown anew every second, also while an executor says nothing. */
  private beat(): void {
    this.stopHeartbeat?.();
    this.stopHeartbeat = this.options.startTimer(() => {
      for (const [id, attempt] of this.attempts) {
        attempt.workedMs();
        this.options.onChange(id);
      }
      if (this.attempts.size > 0) this.beat();
    }, heartbeatMs);
  }
}

function isCrash(error: unknown): boolean {
  return error instanceof AppError && crashCodes.includes(error.code);
}

/** What executors throw when they were asked to stop, or when everything is closing around them. */
function isStop(error: unknown): boolean {
  if (isCancelled(error) || (error instanceof AppError && error.code === 'engine/closed')) return true;
  return error instanceof Error && error.name === 'AbortError';
}

/** What an older or a newer Duet has queued, and this one cannot do, ends with a reason instead of waiting for ever. */
function unknownKind(name: string): AnyKind {
  const refuse = (): never => {
    throw new AppError('job/unusable', `This Duet cannot do "${name}". Use the Duet that made the job.`);
  };
  return { lane: 'disk', check: refuse, run: async () => Promise.resolve().then(refuse) };
}

function missingError(files: readonly string[]): AppError {
  const message = `What this job made is not there: ${files[0] ?? ''}. Try it again.`;
  return new AppError('job/unusable', message, { missing: files.slice(0, 20) });
}

/** A job's folder is of no use to anybody once the job is done or cancelled; what cannot be removed now goes at the next start. */
export async function sweep(folder: string): Promise<void> {
  await rm(folder, { recursive: true, force: true }).catch(() => undefined);
}
