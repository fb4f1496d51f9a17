/** What the soak and its child say to each other, and the numbers that a job must make. */
import * as z from 'zod';

export const soakShardSize = 8;

const jobs = z.object({ id: z.string(), state: z.string(), hash: z.string() });

export const soakLineSchema = z.discriminatedUnion('t', [
  z.object({ t: z.literal('opened'), jobs: z.array(jobs), findings: z.number() }),
  z.object({ t: z.literal('worker'), pid: z.number() }),
  /** The queue has taken the job. */
  z.object({ t: z.literal('added'), id: z.string(), count: z.number() }),
  z.object({ t: z.literal('cancelling'), id: z.string() }),
  z.object({ t: z.literal('cancelled'), id: z.string() }),
  /** An executor begins. */
  z.object({ t: z.literal('run'), id: z.string() }),
  /** A shard is about to be made. */
  z.object({ t: z.literal('make'), id: z.string(), key: z.string() }),
  /** A shard is on disk. */
  z.object({ t: z.literal('kept'), id: z.string(), key: z.string() }),
  jobs.extend({ t: z.literal('ended') }),
  z.object({ t: z.literal('empty') }),
]);
export type SoakLine = z.infer<typeof soakLineSchema>;

export const soakOrdersSchema = z.object({
  /** Tells the jobs of this life from those of others. */
  cycle: z.number(),
  /** Sizes of jobs to be added. */
  adds: z.array(z.number()),
  /** Which of them, by number, are cancelled at once. */
  cancels: z.array(z.number()),
});
export type SoakOrders = z.infer<typeof soakOrdersSchema>;

/** Each number is a function of the seed and its index alone. */
export function soakBytes(seed: number, from: number, to: number): Buffer {
  const bytes = Buffer.alloc((to - from) * 4);
  for (let index = from; index < to; index++) {
    bytes.writeUInt32LE(Math.imul(seed ^ index, 0x9e3779b1) >>> 0, (index - from) * 4);
  }
  return bytes;
}

/** A job's seed, known to whoever knows its id. */
export function soakSeed(id: string): number {
  return Number.parseInt(id.slice(-6), 36);
}
