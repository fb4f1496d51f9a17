/** What a kind of job is: its parameters, where it runs, and the executor that does the work in slices that can be resumed. */
import type * as z from 'zod';
import type { JobKindName } from '../../contract/jobs';

/** What an executor is given. */
export interface JobContext<Parameters> {
  readonly id: string;
  readonly parameters: Parameters;
  /** Counts from 1; above 1 the folder may hold what earlier attempts finished. */
  readonly attempt: number;
  /** A folder of this job alone, on the workspace's disk, kept over pause, kill and retry, and swept when the job is done or cancelled. */
  readonly folder: string;
  /** Aborted on pause, cancel and shutdown: stop at the next safe point by throwing `call/cancelled`; the queue knows which it was. */
  readonly signal: AbortSignal;
  /** How far: at most 10 reports a second reach the page, the newest wins. `total` is null while unknown. */
  readonly progress: (done: number, total: number | null, unit: string, doing: string) => void;
  /**
   * To be awaited between slices, once the work up to `done` units is durable: a crash after new slices is not held
   * against the job. Rests for a while when Duet is to go easy on the machine; throws `call/cancelled` when the job is to stop.
   */
  readonly slice: (done: number) => Promise<void>;
  /** A line for the job's log; the newest 1,000 are kept. */
  readonly log: (text: string) => void;
}

export interface JobResult {
  /** Data set that it made or changed. */
  readonly dataset?: string;
  /** Model that it made. */
  readonly model?: string;
  /** Comparison that it made. */
  readonly comparison?: string;
  /** One sentence: "1,842 images in 8 classes, 2 files left out". */
  readonly summary: string;
  /** Objects (hashes) and files (paths below the workspace) that exist because of it; "done" is only believed while they are there. */
  readonly files: readonly string[];
}

/**
 * Executors are idempotent: run again after a kill at any point, they find what is finished in `folder` or in the
 * workspace and go on. They return only once everything they name is durable.
 */
export interface JobKind<Parameters> {
  readonly kind: JobKindName;
  readonly parameters: z.ZodType<Parameters>;
  /** One job of a lane runs at a time: `intake` fills the decoders, `compute` the judge, `training` the trainer, `disk` none of them. */
  readonly lane: 'intake' | 'compute' | 'training' | 'disk';
  run(context: JobContext<Parameters>): Promise<JobResult>;
  /** Ends the process that does the work, for a job that has not stopped five seconds after it was asked to. */
  kill?(): void;
}

/** What services use to make jobs; `engine/jobs` implements it. */
export interface JobMaker {
  /**
   * Puts a job into the queue; the promise settles once that is durable. Inputs are hashes or paths the work depends on:
   * together with kind, parameters and seed they make the job's key. A key that is done, or in the queue, is not queued again:
   * its job is returned.
   */
  add(job: {
    kind: JobKindName;
    title: string;
    parameters: unknown;
    inputs: readonly string[];
    seed: number;
    /** Makes the key differ on purpose, for work that must be done again. */
    nonce?: string;
    /** How much work it will be, where that is known: the job has an estimate while it still waits. */
    expected?: { total: number; unit: string };
  }): Promise<{ id: string }>;
}
