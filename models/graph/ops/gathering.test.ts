/** Gathering and scattering: gradients by central differences in double precision, and forward numbers worked out by hand. */
import { afterAll, expect, test } from 'vitest';
import { gradients } from '../../autodiff/gradients';
import { liveSessions } from '../../runtime/session';
import { type HostTensor, hostTensor, numbersOf } from '../../tensor/host-tensor';
import { type GradientCase, gradientError } from '../../testing/check-gradient';
import { evaluate } from '../../testing/evaluate';
import { createBuilder } from '../builder';

afterAll(() => expect(liveSessions()).toBe(0));

const longs = (dims: number[], values: number[]): HostTensor =>
  hostTensor('int64', dims, BigInt64Array.from(values, BigInt));
const ints = (dims: number[], values: number[]): HostTensor => hostTensor('int32', dims, Int32Array.from(values));

/** x is squared first, so that second derivatives are not all zero. */
const gathering: GradientCase[] = [
  {
    name: 'Gather, an embedding with one row twice and a negative index',
    inputs: { x: { dims: [4, 3] }, i: longs([2, 2], [3, 0, 3, -2]) },
    build: (g, { x, i }) => g.Gather(g.Mul(x!, x!), i!),
  },
  {
    name: 'Gather, middle axis, int32 indices',
    inputs: { x: { dims: [2, 4, 3] }, i: ints([2, 3], [1, 1, 0, -1, 2, 1]) },
    build: (g, { x, i }) => g.Gather(g.Mul(x!, x!), i!, { axis: 1 }),
  },
  {
    name: 'Gather, last axis, scalar index',
    inputs: { x: { dims: [2, 1, 3] }, i: longs([], [-1]) },
    build: (g, { x, i }) => g.Gather(g.Mul(x!, x!), i!, { axis: -1 }),
  },
  {
    name: 'Gather, no index at all',
    inputs: { x: { dims: [2, 3] }, i: longs([0], []) },
    build: (g, { x, i }) => g.Add(g.ReduceSum(g.Gather(x!, i!, { axis: 1 })), g.Mul(x!, x!)),
  },
  {
    name: 'GatherElements, axis 0, fewer columns than data',
    inputs: { x: { dims: [3, 4] }, i: longs([2, 3], [2, 2, -3, 2, 0, 0]) },
    build: (g, { x, i }) => g.GatherElements(g.Mul(x!, x!), i!),
  },
  {
    name: 'GatherElements, axis -1, more than data, int32 indices',
    inputs: { x: { dims: [2, 1, 2] }, i: ints([2, 1, 3], [0, 1, 1, -1, -1, 0]) },
    build: (g, { x, i }) => g.GatherElements(g.Mul(x!, x!), i!, { axis: -1 }),
  },
  {
    name: 'GatherND, elements',
    inputs: { x: { dims: [2, 3] }, i: longs([3, 2], [0, 1, 1, -1, 0, 1]) },
    build: (g, { x, i }) => g.GatherND(g.Mul(x!, x!), i!),
  },
  {
    name: 'GatherND, slices, one batch axis',
    inputs: { x: { dims: [2, 3, 2] }, i: longs([2, 2, 1], [0, 0, 2, -2]) },
    build: (g, { x, i }) => g.GatherND(g.Mul(x!, x!), i!, { batch_dims: 1 }),
  },
  {
    name: 'GatherND, elements, two batch axes',
    inputs: { x: { dims: [2, 1, 3] }, i: longs([2, 1, 1], [1, -1]) },
    build: (g, { x, i }) => g.GatherND(g.Mul(x!, x!), i!, { batch_dims: 2 }),
  },
];

const scattering: GradientCase[] = [
  {
    name: 'ScatterElements, written',
    inputs: { x: { dims: [2, 3] }, i: longs([1, 2], [1, -2]), u: { dims: [1, 2] } },
    build: (g, { x, i, u }) => g.ScatterElements(g.Mul(x!, x!), i!, g.Mul(u!, u!)),
  },
  {
    name: 'ScatterElements, added twice to one place, axis -1',
    inputs: { x: { dims: [2, 3] }, i: ints([2, 2], [0, 0, -1, 1]), u: { dims: [2, 2] } },
    build: (g, { x, i, u }) => g.ScatterElements(g.Mul(x!, x!), i!, g.Mul(u!, u!), { axis: -1, reduction: 'add' }),
  },
  {
    name: 'ScatterND, written slices',
    inputs: { x: { dims: [3, 2] }, i: longs([2, 1], [2, -3]), u: { dims: [2, 2] } },
    build: (g, { x, i, u }) => g.ScatterND(g.Mul(x!, x!), i!, g.Mul(u!, u!)),
  },
  {
    name: 'ScatterND, elements added twice to one place',
    inputs: { x: { dims: [3, 2] }, i: longs([1, 3, 2], [2, 1, 2, 1, 0, -2]), u: { dims: [1, 3] } },
    build: (g, { x, i, u }) => g.ScatterND(g.Mul(x!, x!), i!, g.Mul(u!, u!), { reduction: 'add' }),
  },
  {
    name: 'ScatterND, nothing written',
    inputs: { x: { dims: [3, 2] }, i: longs([0, 1], []), u: { dims: [0, 2] } },
    build: (g, { x, i, u }) => g.ScatterND(g.Mul(x!, x!), i!, u!),
  },
];

test.each([...gathering, ...scattering])('gradient of $name', async (check) => {
  expect(await gradientError(check)).toBeLessThan(1e-6);
});

test('sizes stay known on the way Shape, Gather, Concat, Reshape', () => {
  const g = createBuilder();
  const x = g.input('x', 'float32', ['N', 3, 4]);
  const batch = g.Gather(g.Shape(x), 0); // a scalar
  const last = g.Gather(g.Shape(x), [-1, 1]);
  expect(batch.type).toEqual({ dtype: 'int64', shape: [], elements: ['N'] });
  expect(g.Reshape(x, g.Concat(g.Unsqueeze(batch, [0]), last, { axis: 0 })).shape).toEqual(['N', 4, 3]);
});

test('what does not fit is said', () => {
  const g = createBuilder();
  const x = g.input('x', 'float32', [2, 3]);
  const i = g.input('i', 'int64', [2, 3]);
  expect(() => g.Gather(x, x)).toThrow('int32 or int64 indices');
  expect(() => g.Gather(x, i, { axis: 2 })).toThrow('an axis within rank 2, got 2');
  expect(() => g.GatherND(x, i)).toThrow('last axis has a size within 1..2');
  expect(() => g.GatherND(x, g.input('j', 'int64', [3, 1]), { batch_dims: 1 })).toThrow('equal sizes in the first 1');
  expect(() => g.ScatterND(x, g.ints([0, 1], [2, 1]), i)).toThrow('one element type');
  expect(() => g.ScatterND(x, g.ints([0, 1], [2, 1]), g.Gather(x, [0]))).toThrow('updates of shape [2, 3]');
  expect(() => g.ScatterElements(x, i, g.Gather(x, [0]))).toThrow('updates of shape [2, 3]');
});

test('mul, max and min are computed, and have no gradient yet', async () => {
  const x = hostTensor('float32', [3], Float32Array.from([1, 2, 3]));
  const results = await evaluate({ x }, (g, { x: data }) => ({
    mul: g.ScatterElements(data!, [0, 0], g.floats([4, 5]), { reduction: 'mul' }),
    max: g.ScatterND(data!, g.ints([1], [1, 1]), g.floats([1]), { reduction: 'max' }),
  }));
  expect(numbersOf(results['mul']!)).toEqual([20, 2, 3]);
  expect(numbersOf(results['max']!)).toEqual([1, 2, 3]);
  const g = createBuilder();
  const data = g.input('data', 'float32', [3]);
  const product = g.ScatterElements(data, [0], g.floats([4]), { reduction: 'mul' });
  expect(() => gradients(g, product, [data])).toThrow('has no gradient in this form');
});
