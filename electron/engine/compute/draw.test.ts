/** Drawing and reading: a sample is the same whatever is drawn with it, and pictures are read in the order given. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { untrainedModel } from '../models/testing/pair';
import { computeHandlers } from './service';

let folder = '';
const compute = computeHandlers({ threads: 2, now: () => performance.now() });
const fileOf = (name: string): string => path.join(folder, `${name}.onnx`);
const context = { signal: new AbortController().signal, progress: () => undefined };

beforeAll(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'duet-draw-'));
  for (const family of ['gan', 'vae', 'flow'] as const) await writeFile(fileOf(family), untrainedModel(family, family));
  await writeFile(fileOf('judge'), untrainedModel('classifier', 'judge'));
});
afterAll(async () => {
  await compute.dispose();
  await rm(folder, { recursive: true });
});

async function drawn(family: string, indices: number[]): Promise<Uint8Array[]> {
  const noise = { kind: 'numbered' as const, seed: 7, indices };
  const classes = indices.map((index) => index % 10);
  const { samples } = await compute.draw({ path: fileOf(family), noise, classes, controls: {} }, context);
  return indices.map((_, k) => samples.subarray(k * 64, (k + 1) * 64));
}

describe.each(['gan', 'vae', 'flow'])('a %s', (family) => {
  test('draws a numbered sample bit for bit alike, alone, in company and in any order', async () => {
    const together = await drawn(
      family,
      Array.from({ length: 40 }, (_, k) => k),
    );
    expect(new Set(together.map((one) => one.join())).size).toBeGreaterThan(30);
    const mixed = [39, 3, 17, 20, 0, 5, 31];
    const apart = await drawn(family, mixed);
    mixed.forEach((index, k) => expect(apart[k]).toEqual(together[index]));
    expect((await drawn(family, [17]))[0]).toEqual(together[17]);
  });
});

test('a judge reads pictures in the order given, with features', async () => {
  await compute.load({ path: fileOf('judge'), device: 'cpu', isUntrusted: false }, context);
  const pixels = Uint8Array.from({ length: 3 * 64 }, (_, k) => (k * 37) % 256);
  const size = { path: fileOf('judge'), height: 8, width: 8, channels: 1 as const };
  const all = await compute.read({ ...size, pixels }, context);
  const second = await compute.read({ ...size, pixels: pixels.slice(64, 128) }, context);
  const rows = new Float32Array(all.probabilities.buffer);
  expect(rows).toHaveLength(30);
  expect(rows.slice(10, 20)).toEqual(new Float32Array(second.probabilities.buffer));
  expect(rows.slice(0, 10).reduce((sum, p) => sum + p, 0)).toBeCloseTo(1, 5);
  expect(new Float32Array(all.features.buffer)).toHaveLength(3 * 16);
});

test('a judge does not draw', async () => {
  const noise = { kind: 'numbered' as const, seed: 1, indices: [0] };
  await expect(compute.draw({ path: fileOf('judge'), noise, classes: [], controls: {} }, context)).rejects.toThrow(
    /judges pictures/,
  );
});
