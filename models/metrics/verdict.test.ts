/** The verdict on real digits 8x8 (never collapsed), on fixtures that must be called what they are, and on mixtures. */
import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { normals, permutation } from '../tensor/random';
import { type Features, features, rowsAt } from './features';
import { modeReport } from './modes';
import { copies, nearest } from './neighbours';
import { expectedCoverage, inClassSpread } from './variety';
import { type Evidence, pointsVerdict, verdictOf } from './verdict';

const idx = (name: string): Uint8Array => gunzipSync(readFileSync(`assets/datasets/digits/${name}.gz`));
const labels = idx('digits-labels-idx1-ubyte').subarray(8);
/** 64 grey values as the features of a picture, and its label as what the judge reads. */
const digits = features(
  64,
  Float32Array.from(idx('digits-images-idx3-ubyte').subarray(16), (v) => v / 255),
);

const labelsAt = (places: ArrayLike<number>): number[] => Array.from(places, (k) => labels[k] ?? 0);
const shuffled = (seed: number): Uint32Array => permutation({ seed, stream: 3 }, digits.count);
const finished = { family: 'gan', step: 3000, classes: 10 } as const;

/** Draws taken from the digits at `places`, beside the real ones at `others`. */
function evidence(places: ArrayLike<number>, others: ArrayLike<number>, more: Partial<Evidence> = {}): Evidence {
  const [predicted, realPredicted] = [labelsAt(places), labelsAt(others)];
  return { ...finished, predicted, realPredicted, generated: rowsAt(digits, places), real: rowsAt(digits, others), ...more }; // prettier-ignore
}

describe('real digits that were held out', () => {
  test.each([30, 100, 500])('%i of them are never called collapsed, whatever the draw', (count) => {
    for (let seed = 0; seed < 20; seed++) {
      const order = shuffled(seed);
      const training = rowsAt(digits, order.subarray(1300));
      const [drawn, real] = [order.subarray(0, count), order.subarray(500, 1000)];
      const near = nearest(rowsAt(digits, drawn.subarray(0, 100)), training);
      const heldOut = nearest(rowsAt(digits, order.subarray(1000, 1300)), training);
      const duplicates = copies(near, heldOut).filter(Boolean).length;
      const plain = verdictOf(evidence(drawn, real, { duplicates }));
      expect(plain.state, `seed ${seed}: ${plain.sentence}`).toBe('healthy');
      if (count === 500) continue;
      const told = verdictOf(evidence(drawn, real, { asked: labelsAt(drawn) }));
      expect(told.state, `seed ${seed}: ${told.sentence}`).toBe('healthy');
    }
  });
});

describe('fixtures', () => {
  const order = shuffled(1);
  const real = order.subarray(900, 1400);
  const onlyOf = (...wanted: number[]): Uint32Array =>
    order.subarray(0, 900).filter((k) => wanted.includes(labels[k] ?? -1));

  test('two of ten classes are a collapse at the first evaluation, though the pair is young', () => {
    const { state, sentence, numbers } = verdictOf(evidence(onlyOf(3, 8), real, { step: 50, duplicates: 2 }));
    expect(state).toBe('collapsed');
    expect([numbers.modes, numbers.modesExpected, numbers.missing]).toEqual([2, 10, [0, 1, 2, 4, 5, 6, 7, 9]]);
    expect(sentence).toMatch(/^Collapsed: 2 of 10 classes appear, \d+ % of the real variety is covered \(by real ones: \d+ %\), 2 of \d+ nearly copy a training sample\.$/); // prettier-ignore
  });

  test('a conditional one that draws two classes whatever is asked', () => {
    const places = onlyOf(3, 8);
    const asked = Array.from(places, (_, k) => k % 10);
    const { state, numbers } = verdictOf(evidence(places, real, { asked, family: 'vae', step: 1 }));
    expect(state).toBe('collapsed');
    expect(numbers.readAsAsked).toBeLessThan(0.25);
  });

  test('one picture a class is a collapse although every class appears', () => {
    const places = Array.from({ length: 300 }, (_, k) => order.find((at) => labels[at] === k % 10) ?? 0);
    const generated = jittered(rowsAt(digits, places), 0.01);
    const { state, sentence } = verdictOf(evidence(places, real, { generated }));
    expect(state).toBe('collapsed');
    expect(sentence).toContain('10 of 10 classes appear');
    expect(sentence).toMatch(/draws of a class differ \d+ % as much as real ones do/);
    expect(verdictOf(evidence(places, real, { generated, step: 900 })).sentence).toMatch(/^Too early to tell \(step 900; /);
  });

  test('noise is poor, and too early to tell from a young pair', () => {
    const places = order.subarray(0, 300);
    const generated = jittered(rowsAt(digits, places), 1);
    expect(verdictOf(evidence(places, real, { generated })).state).toBe('poor');
    expect(verdictOf(evidence(places, real, { generated, step: 400 })).state).toBe('early');
    expect(verdictOf(evidence(places, real, { generated, step: 400, family: 'flow' })).state).toBe('poor');
  });

  test('one class that never comes is poor; copies are poor; a handful of draws says nothing', () => {
    const without = verdictOf(evidence(onlyOf(0, 1, 2, 3, 4, 5, 6, 7, 8), real));
    expect([without.state, without.numbers.missing]).toEqual(['poor', [9]]);
    expect(verdictOf(evidence(order.subarray(0, 300), real, { duplicates: 60 })).state).toBe('poor');
    expect(verdictOf(evidence(order.subarray(0, 9), real)).state).toBe('early');
  });

  test('classes too rare to be drawn are not missed', () => {
    const rare = order.subarray(0, 900).filter((k, at) => labels[k] !== 7 || at < 20);
    expect(verdictOf(evidence(rare.slice(0, 200), rare.slice(200), {})).state).toBe('healthy');
  });
}); // prettier-ignore

function jittered(all: Features, deviation: number): Features {
  const noise = normals({ seed: 2, stream: 8 }, all.data.length, 0, deviation);
  return features(all.width, all.data.map((value, k) => value + (noise[k] ?? 0))); // prettier-ignore
}

describe('variety', () => {
  test('coverage of real draws: the closed form against clouds of one distribution', () => {
    expect(expectedCoverage(2000, 2000, 5)).toBeCloseTo(1 - 2 ** -5, 2);
    expect(expectedCoverage(2, 1, 1)).toBeCloseTo(0.5); // one other real and one drawn: equal chances to be the nearest
    expect(expectedCoverage(500, 0, 5)).toBe(0);
  });
  test('distances within classes by hand', () => {
    const all = features(1, Float32Array.of(0, 10, 2, 14));
    expect(inClassSpread(all, [0, 1, 0, 1])).toBe((2 + 4) / 2);
    expect(inClassSpread(all, [0, 1, 2, 3])).toBeNaN();
  });
});

describe('points', () => {
  const centres = Array.from({ length: 8 }, (_, k) => [2 * Math.cos((k * Math.PI) / 4), 2 * Math.sin((k * Math.PI) / 4)]);
  const drawn = (modes: number, deviation = 0.05) =>
    modeReport(normals({ seed: 3, stream: 1 }, 5000).map((x, i) => x * deviation + (centres[(i >> 1) % modes]?.[i % 2] ?? 0)), { centres, deviation: 0.05 });
  const pair = { family: 'gan', step: 3000 } as const;

  test('all modes, some, and the young', () => {
    expect(pointsVerdict(drawn(8), pair)).toMatchObject({ state: 'healthy', numbers: { modes: 8, modesExpected: 8, missing: [], samples: 2500 } });
    expect(pointsVerdict(drawn(8), pair).sentence).toMatch(/^Healthy: 8 of 8 modes appear, 99 % of the points lie within 3 deviations of a mode, their spread is 0\.9[5-9] deviations\.$/);
    expect(pointsVerdict(drawn(3), pair).state).toBe('collapsed');
    expect(pointsVerdict(drawn(3), { ...pair, step: 200 }).state).toBe('early');
    expect(pointsVerdict(drawn(7), pair)).toMatchObject({ state: 'poor', numbers: { missing: [7] } });
    expect(pointsVerdict(drawn(8, 0.15), pair).state).toBe('poor');
  });
}); // prettier-ignore
