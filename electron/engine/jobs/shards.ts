/**
 * Generation in shards: pieces of a fixed range of sample indices, each with a key of its own, so that a shard may be
 * made twice, in any order, on any machine, and is still the same file.
 *
 * How to use it: the content of a sample must depend on (generator, seed, index) and nothing else. `planShards` cuts
 * 0..count into shards; each is made into one file called `shardFile(shard, 'safetensors')` in the job's folder, and a
 * shard whose file is there is not made again (`missingShards`; `makeShards` in `make-shards.ts` does all that for an
 * executor). Before the files are put together, in the order of the plan, `assertWhole` proves that every index is
 * there exactly once.
 */
import { createHash } from 'node:crypto';
import { AppError } from '../../contract/errors';

export interface ShardedWork {
  /** sha256 of the model file, or any text that changes whenever the program would draw something else. */
  readonly generator: string;
  readonly seed: number;
  /** Samples in all. */
  readonly count: number;
  /** Samples of one shard; the last may have fewer. The same work must keep its shard size to find its shards again. */
  readonly shardSize: number;
}

export interface Shard {
  readonly generator: string;
  readonly seed: number;
  /** First index. */
  readonly from: number;
  /** One past the last index. */
  readonly to: number;
  /** sha256 of all of the above. */
  readonly key: string;
}

/** The shards of some work, in order: together they hold 0..count, each index once. */
export function planShards({ generator, seed, count, shardSize }: ShardedWork): Shard[] {
  if (!Number.isSafeInteger(count) || count < 0 || !Number.isSafeInteger(shardSize) || shardSize < 1) {
    throw new AppError('usage/bad-argument', `${count} samples cannot be cut into shards of ${shardSize}.`);
  }
  return Array.from({ length: Math.ceil(count / shardSize) }, (_, number) =>
    shardOf(generator, seed, number * shardSize, Math.min(count, (number + 1) * shardSize)),
  );
}

function shardOf(generator: string, seed: number, from: number, to: number): Shard {
  const key = createHash('sha256')
    .update(JSON.stringify(['duet-shard-1', generator, seed, from, to]))
    .digest('hex');
  return { generator, seed, from, to, key };
}

/** Name of the file that holds a shard. */
export function shardFile({ key }: Shard, extension: string): string {
  return `${key}.${extension}`;
}

/** Shards still to be made, in order; `present` are the names of the files that are there. */
export function missingShards(shards: readonly Shard[], extension: string, present: Iterable<string>): Shard[] {
  const there = new Set(present);
  return shards.filter((shard) => !there.has(shardFile(shard, extension)));
}

/** What was found in a finished shard. */
export interface ShardContent {
  readonly key: string;
  readonly samples: number;
}

/**
 * Throws `data/mismatch` unless `contents` are the shards of the work in order, each with as many samples as it should
 * have: then exactly `count` samples are there, every index once.
 */
export function assertWhole(work: ShardedWork, contents: readonly ShardContent[]): void {
  const shards = planShards(work);
  if (contents.length !== shards.length) {
    throw mismatch(`${contents.length} parts are there instead of ${shards.length}`, work);
  }
  shards.forEach(({ key, from, to }, number) => {
    const content = contents[number];
    if (content?.key !== key) throw mismatch(`the part of ${from} to ${to} is not in its place`, work);
    if (content.samples !== to - from) {
      throw mismatch(`the part of ${from} to ${to} has ${content.samples} samples`, work);
    }
  });
}

function mismatch(reason: string, { generator, seed, count }: ShardedWork): AppError {
  const message = `The ${count} samples are not complete: ${reason}. Run the job again: what is finished is kept.`;
  return new AppError('data/mismatch', message, { generator, seed, count });
}
