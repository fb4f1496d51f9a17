/** First weights: their variance, orthogonality, and that they depend on seed and name alone. */
import { expect, test } from 'vitest';
import { elementCount, numbersOf } from '../tensor/host-tensor';
import {
  constant,
  fanInUniform,
  fansOf,
  glorotUniform,
  heNormal,
  heUniform,
  type Initializer,
  leCunNormal,
  normal,
  ones,
  orthogonal,
  uniform,
  zeros,
} from './initializers';
import { conv2d, dense, embedding } from './layers';
import { Network } from './network';

const key = { seed: 8, stream: 1 };
const shape = [64, 32, 3, 3]; // fan in 288, fan out 576; 18,432 numbers: a variance is known to 1.04 % (uniform: 0.66 %) of itself

test('fans count what reaches an output and what an input reaches', () => {
  expect(fansOf(shape)).toEqual({ fanIn: 288, fanOut: 576 });
  expect(fansOf([5, 7])).toEqual({ fanIn: 7, fanOut: 5 });
});

test.each<[string, Initializer, number, number | undefined]>([
  ['normal', normal(0.02), 0.02 ** 2, undefined],
  ['uniform', uniform(0.3), 0.3 ** 2 / 3, 0.3],
  ['heNormal', heNormal(), 2 / 288, undefined],
  ['heNormal for tanh', heNormal(5 / 3), 25 / 9 / 288, undefined],
  ['heUniform', heUniform(), 2 / 288, Math.sqrt(6 / 288)],
  ['glorotUniform', glorotUniform, 2 / (288 + 576), Math.sqrt(6 / 864)],
  ['leCunNormal', leCunNormal, 1 / 288, undefined],
  ['fanInUniform', fanInUniform, 1 / 288 / 3, 1 / Math.sqrt(288)],
])('%s: mean 0, the variance of its formula, within its limit', (_, initializer, variance, limit) => {
  const values = numbersOf(initializer(shape, key));
  const mean = values.reduce((a, b) => a + b) / values.length;
  const square = values.reduce((a, b) => a + b * b, 0) / values.length;
  expect(Math.abs(mean)).toBeLessThan(4 * Math.sqrt(variance / values.length));
  expect(Math.abs(square / variance - 1)).toBeLessThan(0.042); // four standard errors
  if (limit === undefined) return;
  const largest = Math.max(...values.map(Math.abs));
  expect(largest).toBeLessThanOrEqual(Math.fround(limit) * (1 + 1e-6));
  expect(largest).toBeGreaterThan(0.99 * limit);
});

test.each([
  [[6, 20], 1],
  [[20, 6], 1],
  [[8, 8], 1.5],
  [[4, 3, 2, 2], 1],
])('orthogonal %j times %d: the shorter side is orthonormal', (dims, gain) => {
  const values = numbersOf(orthogonal(gain)(dims, key));
  const rows = dims[0]!;
  const columns = elementCount(dims) / rows;
  const [count, length] = [Math.min(rows, columns), Math.max(rows, columns)];
  const at = (vector: number, k: number): number =>
    values[rows > columns ? k * columns + vector : vector * columns + k]!;
  for (let i = 0; i < count; i++) {
    for (let j = 0; j <= i; j++) {
      let product = 0;
      for (let k = 0; k < length; k++) product += at(i, k) * at(j, k);
      expect(product).toBeCloseTo(i === j ? gain * gain : 0, 5);
    }
  }
});

test('one number everywhere', () => {
  expect(numbersOf(constant(3)([2], key))).toEqual([3, 3]);
  expect([...numbersOf(zeros([1], key)), ...numbersOf(ones([1], key))]).toEqual([0, 1]);
});

/** The first weights of a net whose layers are declared in the order given. */
function firstWeights(order: readonly ('a' | 'b' | 'c')[], seed: number): Record<string, number[]> {
  const net = new Network({ seed });
  const layers = {
    a: () => dense(net, 'a', net.g.input('x', 'float32', [2, 3]), 4),
    b: () => conv2d(net, 'b', net.g.input('y', 'float32', [1, 2, 4, 4]), 3, { kernel: 3 }),
    c: () => net.scope('c', () => embedding(net, 'a', net.g.input('i', 'int64', [2]), 5, 3)),
  };
  for (const name of order) layers[name]();
  return Object.fromEntries(net.allSlots.map((slot) => [slot.name, numbersOf(slot.initial)]));
}

test('weights depend on seed and name, not on the order or number of layers', () => {
  const first = firstWeights(['a', 'b', 'c'], 1);
  expect(Object.keys(first)).toEqual(['a.weight', 'a.bias', 'b.weight', 'b.bias', 'c.a.weight']);
  expect(firstWeights(['c', 'b', 'a'], 1)).toEqual(first);
  expect(firstWeights(['a'], 1)['a.weight']).toEqual(first['a.weight']);
  expect(first['c.a.weight']!.slice(0, 12)).not.toEqual(first['a.weight']);
  const other = firstWeights(['a', 'b', 'c'], 2);
  for (const name of Object.keys(first)) expect(other[name]).not.toEqual(first[name]);
});

test('layers of one shape get different numbers', () => {
  const net = new Network({ seed: 1 });
  const x = net.g.input('x', 'float32', [2, 3]);
  for (const name of ['a', 'b']) dense(net, name, x, 3);
  const [a, , b] = net.allSlots.map((slot) => numbersOf(slot.initial));
  for (const value of a!) expect(b).not.toContain(value);
});

test('a weight asked for twice is the same, and another shape is refused', () => {
  const net = new Network();
  expect(net.weight('w', [2, 3], zeros)).toBe(net.weight('w', [2, 3], ones));
  expect(() => net.weight('w', [3, 2], zeros)).toThrow('"w" has shape [2, 3], here it is used with [3, 2].');
  expect(() => net.replace('v', net.weight('w', [2, 3], zeros))).toThrow('There is no weight or state "v".');
});
