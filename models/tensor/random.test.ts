/** Published test vectors, and that a number depends on nothing but its key and index. */
import { expect, test } from 'vitest';
import { normals, permutation, randomBits, randomUniform, threefry, uniforms } from './random';

// Random123 1.14.0, tests/kat_vectors, lines "threefry2x32 20": counter, key, result.
test.each([
  [
    [0, 0],
    [0, 0],
    [0x6b200159, 0x99ba4efe],
  ],
  [
    [0xffffffff, 0xffffffff],
    [0xffffffff, 0xffffffff],
    [0x1cb996fc, 0xbb002be7],
  ],
  [
    [0x243f6a88, 0x85a308d3],
    [0x13198a2e, 0x03707344],
    [0xc4923a9c, 0x483df7a0],
  ],
])('threefry of counter %j and key %j', (counter, key, expected) => {
  expect(threefry(key[0]!, key[1]!, counter[0]!, counter[1]!)).toEqual(expected);
});

test('an element does not depend on how many are drawn', () => {
  const key = { seed: 7, stream: 3, step: 2 };
  expect(uniforms(key, 10)).toEqual(uniforms(key, 1000).subarray(0, 10));
  expect(randomBits(key, 5)).not.toEqual(randomBits({ ...key, step: 3 }, 5));
  expect(randomBits(key, 5)).not.toEqual(randomBits({ ...key, stream: 4 }, 5));
  expect(randomUniform(key, 9)).toBe(uniforms(key, 10)[9]);
});

test('moments are those of the distributions', () => {
  const mean = (values: Float32Array): number => values.reduce((a, b) => a + b, 0) / values.length;
  const count = 100_000; // standard errors: 0.0009 for the uniform mean, 0.0032 for the normal one, 0.0045 for its variance
  const uniform = uniforms({ seed: 1, stream: 0 }, count, -1, 3);
  expect(Math.abs(mean(uniform) - 1)).toBeLessThan(0.015);
  expect(Math.min(...uniform.subarray(0, 50_000))).toBeGreaterThanOrEqual(-1);
  const normal = normals({ seed: 1, stream: 1 }, count);
  expect(Math.abs(mean(normal))).toBeLessThan(0.013);
  expect(Math.abs(mean(normal.map((x) => x * x)) - 1)).toBeLessThan(0.018);
});

test('a permutation holds every number once and differs from step to step', () => {
  const order = permutation({ seed: 3, stream: 9, step: 0 }, 1000);
  expect([...order].sort((a, b) => a - b)).toEqual(Array.from({ length: 1000 }, (_, k) => k));
  expect(order).not.toEqual(permutation({ seed: 3, stream: 9, step: 1 }, 1000));
});
