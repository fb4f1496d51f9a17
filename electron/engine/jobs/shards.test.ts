/** Shards: every index once, names that depend on the work alone, resumed work that makes only what is missing. */
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { AppError } from '../../contract/errors';
import { makeShards } from './make-shards';
import { assertWhole, missingShards, planShards, type Shard, shardFile } from './shards';

const works = fc.record({
  generator: fc.string(),
  seed: fc.nat(),
  count: fc.nat({ max: 5000 }),
  shardSize: fc.integer({ min: 1, max: 700 }),
});

test('the shards of any work hold every index exactly once, under different keys', () => {
  fc.assert(
    fc.property(works, (work) => {
      const shards = planShards(work);
      const indices = shards.flatMap(({ from, to }) => Array.from({ length: to - from }, (_, i) => from + i));
      expect(indices).toEqual(Array.from({ length: work.count }, (_, i) => i));
      expect(new Set(shards.map(({ key }) => key)).size).toBe(shards.length);
      const contents = shards.map(({ key, from, to }) => ({ key, samples: to - from }));
      assertWhole(work, contents);
    }),
    { seed: 1 },
  );
});

test('a key changes with the generator, the seed and the range, and with nothing else', () => {
  const work = { generator: 'a', seed: 1, count: 100, shardSize: 40 };
  const keys = (change: object) => planShards({ ...work, ...change }).map(({ key }) => key);
  expect(keys({})).toEqual(keys({}));
  for (const change of [{ generator: 'b' }, { seed: 2 }, { shardSize: 50 }]) {
    expect(keys(change).filter((key) => keys({}).includes(key))).toEqual([]);
  }
  // More samples keep the full shards there are.
  expect(keys({ count: 200 }).slice(0, 2)).toEqual(keys({}).slice(0, 2));
});

test('what is missing, doubled, out of order or short is told', () => {
  const work = { generator: 'a', seed: 1, count: 100, shardSize: 40 };
  const whole = planShards(work).map(({ key, from, to }) => ({ key, samples: to - from }));
  const [first, second, third] = whole as [(typeof whole)[0], (typeof whole)[0], (typeof whole)[0]];
  for (const wrong of [
    [first, second],
    [first, first, third],
    [second, first, third],
    [first, second, { ...third, samples: 19 }],
    [...whole, third],
  ]) {
    expect(() => assertWhole(work, wrong)).toThrow(expect.objectContaining({ code: 'data/mismatch' }));
  }
  expect(() => planShards({ ...work, shardSize: 0 })).toThrow(expect.objectContaining({ code: 'usage/bad-argument' }));
});

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'duet-shards-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const content = ({ seed, from, to }: Shard) =>
  Buffer.from(Array.from({ length: to - from }, (_, i) => seed + from + i));

test('work that was stopped goes on where it was, and its files equal those of an uninterrupted run', async () => {
  const made: number[] = [];
  const reports: number[] = [];
  const work = {
    ...{ generator: 'numbers', seed: 3, count: 105, shardSize: 10, extension: 'bin', unit: 'numbers' },
    make: (shard: Shard) => {
      made.push(shard.from);
      return content(shard);
    },
  };
  const context = (stopAt: number) => ({
    folder,
    signal: new AbortController().signal,
    progress: (done: number) => void reports.push(done),
    slice: (done: number) =>
      done >= stopAt ? Promise.reject(new AppError('call/cancelled', 'Cancelled.')) : Promise.resolve(),
  });
  await expect(makeShards(work, context(40))).rejects.toMatchObject({ code: 'call/cancelled' });
  expect(made).toEqual([0, 10, 20, 30]);
  rmSync(path.join(folder, shardFile(planShards(work)[1]!, 'bin')));
  const parts = await makeShards(work, context(Infinity));
  expect(made.slice(4)).toEqual([10, 40, 50, 60, 70, 80, 90, 100]);
  expect(reports.slice(5)).toEqual([30, 40, 50, 60, 70, 80, 90, 100, 105]);
  for (const { shard, file } of parts) expect(readFileSync(file)).toEqual(content(shard));
  expect(missingShards(planShards(work), 'bin', readdirSync(folder))).toEqual([]);
});
