/** Ordering: gradients by central differences, and what is said when inputs do not fit. Values: indexing-golden.test.ts. */
import { afterAll, expect, test } from 'vitest';
import { liveSessions } from '../../runtime/session';
import { type HostTensor, hostTensor } from '../../tensor/host-tensor';
import { type GradientCase, gradientError } from '../../testing/check-gradient';
import { createBuilder } from '../builder';

afterAll(() => expect(liveSessions()).toBe(0));

/** No two elements are closer than 1, so that no step changes their order. */
const apart = (dims: number[]): HostTensor => {
  const length = dims.reduce((product, size) => product * size, 1);
  return hostTensor(
    'float64',
    dims,
    Float64Array.from({ length }, (_, k) => ((k * 7) % length) - length / 2 + 0.3),
  );
};

const cases: GradientCase[] = [
  {
    name: 'TopK, last axis',
    inputs: { x: apart([3, 4]) },
    build: (g, { x }) => g.Mul(g.TopK(x!, [2])[0]!, g.TopK(x!, [2])[0]!),
  },
  {
    name: 'TopK, smallest of a middle axis',
    inputs: { x: apart([2, 5, 1]) },
    build: (g, { x }) => g.Exp(g.Mul(g.TopK(x!, [3], { axis: -2, largest: 0 })[0]!, 0.1)),
  },
  {
    name: 'TopK, none',
    inputs: { x: apart([2, 3]) },
    build: (g, { x }) => g.Add(g.Mul(x!, x!), g.ReduceSum(g.TopK(x!, [0])[0]!)),
  },
  {
    name: 'ArgMax and ArgMin pass none on',
    inputs: { x: apart([2, 3]) },
    build: (g, { x }) =>
      g.Add(g.Mul(x!, x!), g.Cast(g.Add(g.ArgMax(x!, { axis: 1 }), g.ArgMin(x!, { axis: -1 })), { to: 11 })),
  },
  ...[0, 1].flatMap((exclusive) =>
    [0, 1].map((reverse): GradientCase => ({
      name: `CumSum, exclusive ${exclusive}, reverse ${reverse}`,
      inputs: { x: { dims: [2, 4, 1] } },
      build: (g, { x }) => g.CumSum(g.Mul(x!, x!), [-2], { exclusive, reverse }),
    })),
  ),
  {
    name: 'OneHot, its values; one index outside',
    inputs: { v: { dims: [2] }, i: hostTensor('int64', [2, 2], BigInt64Array.of(0n, -1n, 5n, 2n)) },
    build: (g, { v, i }) => g.OneHot(i!, 3, g.Mul(v!, v!), { axis: 0 }),
    dtype: 'float32', // the runtime has no OneHot in double precision
  },
  {
    name: 'Trilu, lower',
    inputs: { x: { dims: [2, 3, 4] } },
    build: (g, { x }) => g.Trilu(g.Mul(x!, x!), g.ints([-1], []), { upper: 0 }),
  },
  {
    name: 'Trilu, upper, of one row',
    inputs: { x: { dims: [1, 3] } },
    build: (g, { x }) => g.Trilu(g.Mul(x!, x!)),
  },
];

test.each(cases)('gradient of $name', async (check) => {
  expect(await gradientError(check)).toBeLessThan(check.dtype === 'float32' ? 1e-3 : 1e-6);
});

test('what does not fit is said', () => {
  const g = createBuilder();
  const x = g.input('x', 'float32', [2, 3]);
  expect(() => g.TopK(x, [4])).toThrow('K of at most 3, got 4');
  expect(() => g.CumSum(x, 1)).toThrow('an axis in int32 or int64');
  expect(() => g.CumSum(x, [2])).toThrow('an axis within rank 2, got 2');
  expect(() => g.Trilu(x, 1)).toThrow('k in int64');
  expect(() => g.Trilu(g.floats([1]))).toThrow('at least two axes');
  expect(() => g.OneHot(g.ints([1]), 3, 1)).toThrow('values [off, on]');
  expect(() => g.ArgMax(x, { axis: 2 })).toThrow('an axis within rank 2, got 2');
});
