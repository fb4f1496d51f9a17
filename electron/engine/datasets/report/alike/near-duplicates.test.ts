/** Planted copies are found, and nothing else: 400 scenes with 100 copies of four kinds among them. */
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { gunzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { brightened, moved, recompressed, scaled, scene } from '../testing/scenes';
import { watch } from '../testing/subject';
import { groupsOf, type Pair } from '../groups';
import { NearDuplicates } from './near-duplicates';

const side = 32;
const shape = { height: side, width: side, channels: 3 };
const signal = watch.signal;

function search(pictures: readonly Uint8Array[]): Promise<Pair[]> {
  const alike = new NearDuplicates(shape, pictures.length);
  pictures.forEach((picture, i) => alike.add(i, picture));
  return alike.pairs({ ...watch, signal, read: (i) => Promise.resolve(pictures[i] ?? new Uint8Array(0)) });
}

const scenes = Array.from({ length: 400 }, (_, seed) => scene(seed, 128));
const originals = scenes.map((rgb) => scaled(rgb, side));

test('400 different scenes have no copies', async () => {
  expect(await search(originals)).toEqual([]);
});

const ways: Record<string, (rgb: Uint8Array) => Promise<Uint8Array>> = {
  recompressed: async (rgb) => scaled(await recompressed(rgb, 60), side),
  'scaled down first': (rgb) => Promise.resolve(scaled(scaled(rgb, 96), side)),
  brightened: (rgb) => Promise.resolve(brightened(scaled(rgb, side), 1.05, 12)),
  'moved by a pixel': (rgb) => Promise.resolve(moved(scaled(rgb, side), 1, 0)),
  'moved by a pixel both ways': (rgb) => Promise.resolve(moved(scaled(rgb, side), 1, 1)),
};

test.each(Object.keys(ways))('of 50 copies that were %s, at least 48 are found, and no other pair', async (way) => {
  const copies = await Promise.all(scenes.slice(0, 50).map((rgb) => ways[way]!(rgb)));
  const pairs = await search([...originals, ...copies]);
  expect(pairs.filter(([a, b]) => b - a !== originals.length)).toEqual([]);
  expect(pairs.length).toBeGreaterThanOrEqual(48);
});

test('of thousands that hardly differ each is compared with a few, and all hang together', async () => {
  const base = originals[0] ?? new Uint8Array(0);
  const many = Array.from({ length: 3000 }, (_, k) => base.map((value, i) => (i === k ? value ^ 1 : value)));
  let reads = 0;
  const alike = new NearDuplicates(shape, many.length);
  many.forEach((picture, i) => alike.add(i, picture));
  const pairs = await alike.pairs({
    ...watch,
    signal,
    read: (i) => {
      reads++;
      return Promise.resolve(many[i] ?? new Uint8Array(0));
    },
  });
  expect(groupsOf(pairs)).toEqual([Array.from(many.keys())]);
  expect(pairs).toHaveLength(2999);
  expect(reads).toBeLessThan(5 * 3000);
});

test('pictures without contrast are not compared', async () => {
  const blank = [10, 10, 11, 12].map((value) => new Uint8Array(3 * side * side).fill(value));
  expect(await search(blank)).toEqual([]);
});

const mnist = path.resolve('assets/datasets/fetched/mnist/t10k-images-idx3-ubyte.gz');

test.runIf(existsSync(mnist))(
  '10,000 MNIST digits are all different, and copies moved by a pixel are found',
  async () => {
    const pixels = gunzipSync(readFileSync(mnist)).subarray(16);
    const count = 10_000;
    const digits = { height: 28, width: 28, channels: 1 };
    const at = (i: number): Uint8Array => pixels.subarray(784 * (i % count), 784 * ((i % count) + 1));
    const copy = (i: number): Uint8Array => at(i).map((_, k, all) => (k % 28 === 0 ? 0 : (all[k - 1] ?? 0)));
    const picture = (i: number): Uint8Array => (i < count ? at(i) : copy(i));
    const alike = new NearDuplicates(digits, count + 100);
    for (let i = 0; i < count + 100; i++) alike.add(i, picture(i));
    const pairs = await alike.pairs({ ...watch, read: (i) => Promise.resolve(picture(i)) });
    expect(pairs.map(([a, b]) => `${a}-${b}`).sort()).toEqual(
      Array.from({ length: 100 }, (_, i) => `${i}-${i + count}`).sort(),
    );
  },
);
