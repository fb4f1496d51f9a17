/** Pooling: gradients by central differences, numbers from PyTorch, ties, and what is said when shapes do not fit. */
import { afterAll, expect, test } from 'vitest';
import { gradients } from '../../autodiff/gradients';
import { liveSessions } from '../../runtime/session';
import { hostTensor, numbersOf } from '../../tensor/host-tensor';
import { type GradientCase, gradientError } from '../../testing/check-gradient';
import { evaluate } from '../../testing/evaluate';
import { goldenCases, goldenError } from '../../testing/golden';
import { createBuilder } from '../builder';
import type { Builder } from '../builder-type';
import type { Value } from '../ir';
import type { AttributesOf } from '../signatures';

afterAll(() => expect(liveSessions()).toBe(0));

type Dims = readonly number[];
const single = { dtype: 'float32', step: 0.1 } as const; // the runtime has no double kernels; the functions are quadratic
const square = (g: Builder, x: Value): Value => g.Mul(x, x); // so that there is a second derivative

const largest = (name: string, dims: Dims, attributes: AttributesOf<'MaxPool'>): GradientCase => ({
  name: `MaxPool ${name}`,
  inputs: { x: { dims } },
  build: (g, { x }) => square(g, g.MaxPool(x!, attributes)),
});

const mean = (name: string, dims: Dims, attributes: AttributesOf<'AveragePool'>): GradientCase => ({
  name: `AveragePool ${name}`,
  inputs: { x: { dims } },
  build: (g, { x }) => square(g, g.AveragePool(x!, attributes)),
  ...single,
});

/** Every element far from its neighbours, so that a step of 0.1 moves no maximum. */
const farApart = (dims: Dims, length: number) =>
  hostTensor(
    'float32',
    dims,
    Float32Array.from({ length }, (_, k) => ((k * 7) % length) - length / 2),
  );

const cases: GradientCase[] = [
  largest('2x2', [2, 3, 4, 6], { kernel_shape: [2, 2], strides: [2, 2] }),
  largest('overlapping, rest', [1, 2, 6, 8], { kernel_shape: [3, 3], strides: [2, 2] }),
  largest('asymmetric pads', [1, 2, 5, 4], { kernel_shape: [3, 2], strides: [2, 1], pads: [2, 0, 1, 1] }),
  largest('dilation', [1, 2, 7, 8], { kernel_shape: [3, 2], dilations: [2, 3] }),
  largest('ceil_mode', [1, 2, 8, 7], { kernel_shape: [3, 3], strides: [2, 3], ceil_mode: 1 }),
  largest('1-D', [2, 3, 9], { kernel_shape: [4], strides: [3] }),
  largest('3-D', [1, 2, 3, 4, 4], { kernel_shape: [2, 2, 3], strides: [1, 2, 1] }),
  largest('size 1', [2, 3, 1, 1], { kernel_shape: [3, 3], pads: [1, 1, 1, 1] }),
  largest('SAME_UPPER', [1, 2, 5, 6], { kernel_shape: [3, 2], strides: [2, 2], auto_pad: 'SAME_UPPER' }),
  largest('SAME_LOWER', [1, 2, 5, 6], { kernel_shape: [2, 2], strides: [2, 1], auto_pad: 'SAME_LOWER' }),
  largest('storage_order', [1, 2, 5, 6], { kernel_shape: [2, 2], storage_order: 1 }),
  {
    name: 'MaxPoolGradient',
    inputs: { x: { dims: [1, 2, 5, 4] }, dy: { dims: [1, 2, 4, 3] } },
    build: (g, { x, dy }) => {
      const y = g.MaxPool(x!, { kernel_shape: [2, 2] });
      return square(g, g.MaxPoolGradient(x!, y, dy!, { kernel_shape: [2, 2] }));
    },
  },
  mean('tiles', [2, 3, 4, 6], { kernel_shape: [2, 3], strides: [2, 3] }),
  mean('tiles with rest', [1, 2, 5, 7], { kernel_shape: [2, 3], strides: [2, 3] }),
  mean('overlapping', [1, 2, 6, 8], { kernel_shape: [3, 3], strides: [2, 1] }),
  mean('pads not counted', [1, 2, 5, 4], { kernel_shape: [3, 2], strides: [2, 1], pads: [2, 0, 1, 1] }),
  mean('pads counted', [1, 2, 5, 4], { kernel_shape: [3, 2], strides: [2, 1], pads: [2, 0, 1, 1], count_include_pad: 1 }), // prettier-ignore
  mean('dilation', [1, 2, 7, 8], { kernel_shape: [3, 2], dilations: [2, 3], pads: [2, 0, 1, 0] }),
  mean('ceil_mode', [1, 2, 8, 6], { kernel_shape: [3, 3], strides: [2, 2], ceil_mode: 1, pads: [0, 1, 0, 1] }),
  mean('ceil_mode, pads counted', [1, 2, 8, 6], { kernel_shape: [3, 3], strides: [2, 2], ceil_mode: 1, pads: [0, 1, 0, 1], count_include_pad: 1 }), // prettier-ignore
  mean('1-D', [2, 3, 9], { kernel_shape: [4], strides: [3] }),
  mean('3-D', [1, 2, 3, 4, 4], { kernel_shape: [2, 2, 3], strides: [1, 2, 1] }),
  mean('SAME_LOWER', [1, 2, 5, 6], { kernel_shape: [2, 2], strides: [2, 1], auto_pad: 'SAME_LOWER', count_include_pad: 1 }), // prettier-ignore
  {
    name: 'GlobalAveragePool',
    inputs: { x: { dims: [2, 3, 4, 5] } },
    build: (g, { x }) => square(g, g.GlobalAveragePool(x!)),
    ...single,
  },
  {
    name: 'GlobalMaxPool',
    inputs: { x: farApart([2, 3, 4, 1], 24) },
    build: (g, { x }) => square(g, g.GlobalMaxPool(x!)),
    ...single,
  },
];

test.each(cases)('$name', async (check) => {
  expect(await gradientError(check)).toBeLessThan(check.dtype === 'float32' ? 1e-3 : 1e-6);
});

const golden: Record<string, (g: Builder, x: Value) => Value> = {
  'MaxPool 2x2': (g, x) => g.MaxPool(x, { kernel_shape: [2, 2], strides: [2, 2] }),
  'MaxPool overlapping, padded, dilated': (g, x) =>
    g.MaxPool(x, { kernel_shape: [3, 3], strides: [2, 1], pads: [1, 0, 1, 0], dilations: [1, 2] }),
  'MaxPool ceil mode 1-D': (g, x) => g.MaxPool(x, { kernel_shape: [3], strides: [2], pads: [1, 1], ceil_mode: 1 }),
  'MaxPool of squares': (g, x) => g.MaxPool(square(g, x), { kernel_shape: [3, 3], strides: [2, 2] }),
  'AveragePool 2x2': (g, x) => g.AveragePool(x, { kernel_shape: [2, 2], strides: [2, 2] }),
  'AveragePool overlapping, padding not counted': (g, x) =>
    g.AveragePool(x, { kernel_shape: [3, 4], strides: [2, 3], pads: [1, 2, 1, 2] }),
  'AveragePool padding counted, ceil mode': (g, x) =>
    g.AveragePool(x, { kernel_shape: [3, 3], strides: [2, 2], pads: [1, 1, 1, 1], ceil_mode: 1, count_include_pad: 1 }),
  GlobalAveragePool: (g, x) => g.GlobalAveragePool(x),
  GlobalMaxPool: (g, x) => g.GlobalMaxPool(x),
};

test.each(goldenCases('pooling'))('$name as PyTorch', async (check) => {
  expect(await goldenError(check, (g, { x }) => golden[check.name]!(g, x!))).toBeLessThan(1e-5);
});

test('of equal elements the first gets the gradient', async () => {
  const x = hostTensor('float32', [1, 1, 2, 4], Float32Array.of(1, 1, 0, 2, 1, 1, 2, 2));
  const { dx } = await evaluate({ x }, (g, { x }) => {
    const [dx] = gradients(g, g.MaxPool(x!, { kernel_shape: [2, 2], strides: [2, 2] }), [x!]);
    return { dx: dx! };
  });
  expect(numbersOf(dx!)).toEqual([1, 0, 0, 1, 0, 0, 0, 0]);
});

test('shapes that do not fit are named', () => {
  const g = createBuilder();
  const x = g.input('x', 'float32', [1, 2, 4, 4]);
  expect(() => g.MaxPool(x, { kernel_shape: [3] })).toThrow('MaxPool(x float32 [1, 2, 4, 4]): X of rank 3, [N, C, ...1 spatial axes]'); // prettier-ignore
  expect(() => g.AveragePool(x, { kernel_shape: [5, 5] })).toThrow('a kernel that fits');
  expect(() => g.MaxPoolGradient(x, x, x, { kernel_shape: [2, 2] })).toThrow('Y and dY of shape [1, 2, 3, 3]');
});

test('sizes on which the documentation and the runtime differ stay open', () => {
  const g = createBuilder();
  const x = g.input('x', 'float32', ['N', 2, 8, 8]);
  const y = g.AveragePool(x, { kernel_shape: [3, 3], dilations: [2, 1], auto_pad: 'SAME_UPPER' });
  expect(y.shape).toEqual(['N', 2, '?', '?']);
  expect(() => gradients(g, g.ReduceSum(y, { keepdims: 0 }), [x])).toThrow('AveragePool has no gradient in this form');
});
