/** Metrics against what can be derived by hand: closed forms, counted cases, and distributions whose answer is known. */
import { describe, expect, test } from 'vitest';
import { normals, uniforms } from '../tensor/random';
import { calibration } from './calibration';
import { askedPredicted, classCoverage, classEntropy } from './classes';
import { frechetDistance, kernelDistance } from './distances';
import { covarianceOf, features, meanOf, squaredDistances } from './features';
import { modeReport } from './modes';
import { copies, fidelity, nearest } from './neighbours';

const cloud = (count: number, width: number, stream: number, scale = 1, shift = 0) =>
  features(
    width,
    normals({ seed: 8, stream }, count * width).map((x) => x * scale + shift),
  );

describe('features', () => {
  test('mean and covariance by hand', () => {
    const all = features(2, Float32Array.of(1, 2, 3, 6, 5, 10));
    expect([...meanOf(all)]).toEqual([3, 6]);
    expect([...covarianceOf(all)]).toEqual([4, 8, 8, 16]);
  });
  test('distances by hand, and widths that differ', () => {
    const [a, b] = [features(2, Float32Array.of(0, 0, 3, 4)), features(2, Float32Array.of(0, 0))];
    expect([...squaredDistances(a, b)]).toEqual([0, 25]);
    expect(() => squaredDistances(a, features(1, Float32Array.of(1)))).toThrow('cannot be compared');
    expect(() => features(2, Float32Array.of(1))).toThrow('not whole rows');
  });
});

describe('Frechet distance', () => {
  test('one number a row: (m1 - m2)^2 + (s1 - s2)^2', () => {
    const [a, b] = [features(1, Float32Array.of(0, 2, 4)), features(1, Float32Array.of(10, 11, 12))];
    expect(frechetDistance(a, b)).toBeCloseTo(9 ** 2 + (2 - 1) ** 2, 9);
  });
  test('a shift of the same cloud: the squared length of the shift', () => {
    const a = cloud(400, 5, 1);
    const b = features(5, a.data.map((x, i) => x + (i % 5)));
    expect(frechetDistance(a, b)).toBeCloseTo(0 + 1 + 4 + 9 + 16, 4);
    expect(frechetDistance(a, a)).toBeCloseTo(0, 6);
  });
  test('a turn of the same cloud keeps means and changes covariances: tr(S1 + S2) - 2 tr((S1 S2)^1/2)', () => {
    // Variances (4, 1) turned by a right angle are (1, 4): (2 - 1)^2 twice.
    const base = normals({ seed: 8, stream: 4 }, 60_000);
    const a = features(2, base.map((x, i) => (i % 2 === 0 ? 2 * x : x)));
    const b = features(2, base.map((x, i) => (i % 2 === 0 ? x : 2 * x)));
    expect(frechetDistance(a, b)).toBeCloseTo(2, 1);
  });
}); // prettier-ignore

test('kernel distance: about 0 for one distribution, far above its error for two', () => {
  const same = kernelDistance(cloud(600, 8, 1), cloud(600, 8, 2), 1, 8, 200);
  expect(Math.abs(same.value)).toBeLessThan(4 * same.standardError + 1e-3);
  const other = kernelDistance(cloud(600, 8, 1), cloud(600, 8, 2, 1, 0.5), 1, 8, 200);
  expect(other.value).toBeGreaterThan(10 * other.standardError);
  expect(kernelDistance(cloud(600, 8, 1), cloud(600, 8, 2), 1, 8, 200)).toEqual(same);
});

describe('fidelity', () => {
  const real = features(1, Float32Array.of(0, 1, 2, 10, 11, 12));
  test('counted by hand for k = 1', () => {
    // Every real reach is 1. Generated: one on 1 (within 0, 1 and 2), one far away.
    const generated = features(1, Float32Array.of(1, 100));
    expect(fidelity(real, generated, 1)).toEqual({ precision: 0.5, recall: 1, density: 1.5, coverage: 0.5 });
  });
  test('a mode that is missing costs coverage, not precision', () => {
    const generated = features(1, Float32Array.of(0, 0.5, 1, 1.5, 2, 2.5));
    const { precision, coverage } = fidelity(real, generated, 1);
    expect([precision, coverage]).toEqual([1, 0.5]);
  });
  test('the same distribution covers nearly all', () => {
    expect(fidelity(cloud(500, 4, 1), cloud(500, 4, 2), 5).coverage).toBeGreaterThan(0.9);
  });
});

test('copies are found, held-out samples are not, but for the share allowed', () => {
  const training = cloud(400, 6, 1);
  const heldOut = nearest(cloud(300, 6, 2), training);
  const copied = features(
    6,
    training.data.slice(0, 600).map((x) => x + 1e-3),
  );
  const flags = copies(nearest(copied, training), heldOut);
  expect(flags.filter(Boolean)).toHaveLength(100);
  expect(nearest(copied, training).map(({ place }) => place)).toEqual(Array.from({ length: 100 }, (_, k) => k));
  const others = copies(nearest(cloud(300, 6, 3), training), heldOut);
  expect(others.filter(Boolean).length / 300).toBeLessThan(0.03);
});

describe('calibration', () => {
  test('by hand: half right at .9 is off by .4', () => {
    const { expectedError, accuracy, bins } = calibration([0.9, 0.9, 0.9, 0.9], [true, true, false, false], 10);
    expect([expectedError, accuracy]).toEqual([expect.closeTo(0.4), 0.5]);
    expect(bins[8]).toMatchObject({ from: 0.8, to: 0.9, count: 4, accuracy: 0.5 });
  });
  test('confidences that are true are calibrated', () => {
    const confidence = uniforms({ seed: 1, stream: 1 }, 20_000, 0.5, 1);
    const chance = uniforms({ seed: 1, stream: 2 }, 20_000);
    expect(
      calibration(
        confidence,
        Array.from(confidence, (p, i) => (chance[i] ?? 0) < p),
      ).expectedError,
    ).toBeLessThan(0.02);
  });
});

test('asked and predicted, with unsure in a column of its own', () => {
  const matrix = askedPredicted([0, 0, 1, 2], [0, 1, 1, 2], [0.9, 0.8, 0.3, 0.6], 3, 0.5);
  expect(matrix).toEqual([[1, 1, 0, 0], [0, 0, 0, 1], [0, 0, 1, 0]]); // prettier-ignore
  expect(matrix.flat().reduce((a, b) => a + b)).toBe(4);
  expect(classCoverage([0, 0, 1, 3], 5, 1)).toBeCloseTo(0.6);
  expect(classCoverage([0, 0, 1, 3], 5, 2)).toBeCloseTo(0.2);
  expect(classEntropy([0, 1, 2, 3], 4)).toBeCloseTo(Math.log(4));
});

test('modes: true points of a plane, a missing mode, modes too narrow', () => {
  const centres = [[0, 0], [10, 0], [0, 10]]; // prettier-ignore
  const around = (which: readonly number[], deviation: number): Float32Array =>
    normals({ seed: 2, stream: 1 }, 6000).map(
      (x, i) => x * deviation + (centres[which[(i >> 1) % which.length] ?? 0]?.[i % 2] ?? 0),
    );
  const truth = modeReport(around([0, 1, 2], 0.5), { centres, deviation: 0.5 });
  expect(truth.reached).toBe(3);
  expect(truth.within).toBeCloseTo(1 - Math.exp(-4.5), 2);
  expect(truth.spread).toBeCloseTo(0.97, 1);
  expect(modeReport(around([0, 2], 0.5), { centres, deviation: 0.5 }).reached).toBe(2);
  expect(modeReport(around([0, 1, 2], 0.25), { centres, deviation: 0.5 }).spread).toBeCloseTo(0.5, 1);
});
