/** The durable queue as the page and the command line see it: what waits, runs, rests or ended, and how to steer it. */
import * as z from 'zod';
import { failureSchema } from './errors';

export const jobIdSchema = z.string().regex(/^j[0-9a-z]{1,24}$/);

/** What a job does. Each kind has one executor in `engine/jobs`; parameters are parsed by that kind's own schema. */
export const jobKindSchema = z.enum([
  'dataset.import',
  'dataset.synthesize',
  'dataset.check',
  'dataset.export',
  'workspace.backup',
  'train.run',
  'generate.batch',
  'compare.run',
]);
export type JobKindName = z.infer<typeof jobKindSchema>;

/**
 * - `waiting`: in the queue, in the order of `position`.
 * - `running`: its executor is at work.
 * - `pausing`: asked to rest, which it does at its next safe point.
 * - `paused`: rests until resumed; what it finished is kept.
 * - `done`: its results are on disk; they were there before this state was.
 * - `failed`: ended with `failure`; a retry goes on from what was finished.
 * - `cancelled`: ended by a person; unfinished work is swept.
 * - `set-aside`: crashed its process twice and is not started again by itself.
 */
export const jobStateSchema = z.enum([
  'waiting',
  'running',
  'pausing',
  'paused',
  'done',
  'failed',
  'cancelled',
  'set-aside',
]);
export type JobState = z.infer<typeof jobStateSchema>;

export const jobSchema = z.strictObject({
  id: jobIdSchema,
  kind: jobKindSchema,
  /** What the person reads: "Import Tissue slides". */
  title: z.string().max(300),
  state: jobStateSchema,
  /** Place among the waiting, 0 first; null for all others. */
  position: z.int().min(0).nullable(),
  /** Work in units of the kind ("images", "rows", "bytes"): `total` is null until known. */
  progress: z.strictObject({ done: z.number().min(0), total: z.number().min(0).nullable(), unit: z.string().max(40) }),
  /** What it does at this moment, in words: "reading 312 of 1,204 files". */
  doing: z.string().max(300),
  /** Units a second over the last seconds; for a waiting job as measured on earlier jobs of the kind; null when unknown. */
  perSecond: z.number().nullable(),
  /** Estimated from `perSecond`; null when unknown. */
  remainingMs: z.number().min(0).nullable(),
  /** Milliseconds since 1970 by this machine's clock, for showing only: nothing is computed from them. */
  addedAt: z.number(),
  endedAt: z.number().nullable(),
  /** Time at work over all attempts, by a clock that neither sleep nor clock jumps disturb. */
  workedMs: z.number().min(0),
  attempts: z.int().min(0),
  failure: failureSchema.nullable(),
  /** What came of it: ids that the page can open. */
  result: z
    .strictObject({
      dataset: z.string().optional(),
      model: z.string().optional(),
      comparison: z.string().optional(),
      summary: z.string().max(500),
    })
    .nullable(),
});
export type JobView = z.infer<typeof jobSchema>;

export const jobLogLineSchema = z.strictObject({ at: z.number(), text: z.string().max(1000) });
export type JobLogLine = z.infer<typeof jobLogLineSchema>;

const one = z.strictObject({ id: jobIdSchema });
const nothing = z.strictObject({});

const call = <Q extends z.ZodType, R extends z.ZodType>(request: Q, reply: R): { request: Q; reply: R } => ({
  request,
  reply,
});

/** Answers to calls that make a job. */
export const jobReplySchema = z.strictObject({ job: jobIdSchema });

export const jobsContract = {
  calls: {
    /** Running and waiting in order, then ended ones, newest first. */
    'jobs.list': call(
      nothing,
      z.strictObject({ jobs: z.array(jobSchema), isPaused: z.boolean(), isGentle: z.boolean() }),
    ),
    'jobs.log': call(
      z.strictObject({ id: jobIdSchema, from: z.int().min(0) }),
      z.strictObject({ lines: z.array(jobLogLineSchema), next: z.int() }),
    ),
    /** All of these fail with `job/unknown`, or `job/bad-state` when the job is not in a state for it. */
    'jobs.pause': call(one, nothing),
    'jobs.resume': call(one, nothing),
    'jobs.cancel': call(one, nothing),
    'jobs.retry': call(one, nothing),
    /** Puts a waiting job first. */
    'jobs.next': call(one, nothing),
    /** Takes an ended job off the list; its results stay. */
    'jobs.forget': call(one, nothing),
    'jobs.pauseAll': call(nothing, nothing),
    'jobs.resumeAll': call(nothing, nothing),
    /** Leaves processor time to the person at work: jobs run slower. */
    'jobs.gentle': call(z.strictObject({ isGentle: z.boolean() }), nothing),
  },
  events: {
    /** New or changed jobs, at most 10 times a second. */
    'jobs.changed': z.strictObject({ jobs: z.array(jobSchema), isPaused: z.boolean(), isGentle: z.boolean() }),
    'jobs.removed': z.strictObject({ ids: z.array(jobIdSchema) }),
    /** Once for each job that ends by itself, for notices. */
    'jobs.ended': z.strictObject({ job: jobSchema }),
  },
} as const;
