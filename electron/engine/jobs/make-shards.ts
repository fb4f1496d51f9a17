/** Makes the shards of some work inside a job: those that are there stay, each new one is durable before it counts. */
import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { throwIfCancelled } from '../../contract/errors';
import { durableWrite } from '../storage/durable-write';
import type { JobContext } from './job-kind';
import { missingShards, planShards, type Shard, type ShardedWork, shardFile } from './shards';

export interface ShardMaker extends ShardedWork {
  /** Of the files. */
  readonly extension: string;
  /** What is counted: "shapes". */
  readonly unit: string;
  /** Gives a shard's file: bytes that depend on the shard and on nothing else. */
  make(shard: Shard, signal: AbortSignal): Promise<Uint8Array> | Uint8Array;
}

type Context = Pick<JobContext<unknown>, 'folder' | 'signal' | 'progress' | 'slice'>;

/** Returns the paths of all shards, in order; the executor reads them, and proves with `assertWhole` that all are there. */
export async function makeShards(work: ShardMaker, context: Context): Promise<{ shard: Shard; file: string }[]> {
  const { folder, signal } = context;
  const { count, unit, extension } = work;
  const shards = planShards(work);
  const missing = missingShards(shards, extension, await readdir(folder));
  let done = count - missing.reduce((sum, { from, to }) => sum + to - from, 0);
  context.progress(done, count, unit, `making ${unit}`);
  for (const shard of missing) {
    throwIfCancelled(signal);
    await durableWrite(path.join(folder, shardFile(shard, extension)), await work.make(shard, signal));
    done += shard.to - shard.from;
    context.progress(done, count, unit, `making ${unit}`);
    await context.slice(done);
  }
  return shards.map((shard) => ({ shard, file: path.join(folder, shardFile(shard, extension)) }));
}
