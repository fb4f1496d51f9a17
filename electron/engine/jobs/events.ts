/** What happens to jobs, as the journal holds it: past facts, from which the whole state of the queue is made again. */
import * as z from 'zod';
import { failureSchema } from '../../contract/errors';
import { jobIdSchema, jobKindSchema } from '../../contract/jobs';

const id = jobIdSchema;
/** Milliseconds since 1970, for showing only. */
const at = z.number();
const count = z.number().min(0);
const unit = z.string().max(40);
const progress = z.strictObject({ done: count, total: count.nullable(), unit });
/** Over all attempts so far, not of this one: reading an event twice changes nothing. */
const soFar = { id, progress, workedMs: z.number().min(0) };

/** Where a running job goes when its executor has stopped as asked. */
export const stopTargetSchema = z.enum(['waiting', 'paused', 'cancelled']);
export type StopTarget = z.infer<typeof stopTargetSchema>;

export const resultSchema = z.strictObject({
  dataset: z.string().optional(),
  model: z.string().optional(),
  comparison: z.string().optional(),
  summary: z.string().max(500),
  files: z.array(z.string()),
});
export type StoredResult = z.infer<typeof resultSchema>;

export const jobEventSchema = z.discriminatedUnion('event', [
  z.strictObject({
    event: z.literal('added'),
    id,
    at,
    kind: jobKindSchema,
    title: z.string().max(300),
    parameters: z.json(),
    inputs: z.array(z.string()),
    seed: z.number(),
    key: z.string(),
    expected: z.strictObject({ total: count, unit }).nullable(),
  }),
  z.strictObject({ event: z.literal('started'), id }),
  /** Work up to here is durable. */
  z.strictObject({ event: z.literal('slice'), ...soFar }),
  /** Asked to stop; the next event says that it has. Kept, because the process may die in between. */
  z.strictObject({ event: z.literal('stopping'), id, to: stopTargetSchema }),
  /** Stopped by the queue itself (closing, everything paused): goes on by itself later. */
  z.strictObject({ event: z.literal('interrupted'), ...soFar }),
  /** Rests until a person resumes it; `failure` says why when no person asked for it. */
  z.strictObject({ event: z.literal('paused'), ...soFar, failure: failureSchema.nullable() }),
  z.strictObject({ event: z.literal('resumed'), id }),
  /** Its process, the engine or a worker, died while it ran. */
  z.strictObject({ event: z.literal('crashed'), id }),
  z.strictObject({ event: z.literal('set-aside'), id, at, failure: failureSchema }),
  z.strictObject({ event: z.literal('done'), ...soFar, at, result: resultSchema }),
  z.strictObject({ event: z.literal('failed'), ...soFar, at, failure: failureSchema }),
  z.strictObject({ event: z.literal('cancelled'), id, at }),
  /** To the front of the queue. */
  z.strictObject({ event: z.literal('moved'), id }),
  z.strictObject({ event: z.literal('retried'), id }),
  z.strictObject({ event: z.literal('forgotten'), id }),
  /** Of the queue as a whole. */
  z.strictObject({ event: z.literal('mode'), isPaused: z.boolean(), isGentle: z.boolean() }),
]);
export type JobEvent = z.infer<typeof jobEventSchema>;
/** Events of one job that is there already. */
export type ChangeEvent = Exclude<JobEvent, { event: 'added' | 'mode' }>;
