/** Convolutions: gradients by central differences, numbers from PyTorch, and what is said when shapes do not fit. float32, as the runtime has no other kernels. */
import { afterAll, expect, test } from 'vitest';
import { liveSessions } from '../../runtime/session';
import { type GradientCase, gradientError } from '../../testing/check-gradient';
import { goldenCases, goldenError } from '../../testing/golden';
import { createBuilder } from '../builder';
import type { Builder } from '../builder-type';
import type { AttributesOf } from '../signatures';
import type { Value } from '../ir';

afterAll(() => expect(liveSessions()).toBe(0));

type Dims = readonly number[];
const single = { dtype: 'float32', step: 0.1 } as const; // every function here is a polynomial of degree 2 or 3

/** Convolutions are linear in x and in w; the square makes second derivatives of all inputs matter. */
const conv = (name: string, x: Dims, w: Dims, attributes: AttributesOf<'Conv'> = {}): GradientCase => ({
  name: `Conv ${name}`,
  inputs: { x: { dims: x }, w: { dims: w }, b: { dims: [w[0]!] } },
  build: (g, { x, w, b }) => g.Conv(x!, w!, b, attributes),
  ...single,
});

const transpose = (name: string, x: Dims, w: Dims, attributes: AttributesOf<'ConvTranspose'> = {}): GradientCase => ({
  name: `ConvTranspose ${name}`,
  inputs: { x: { dims: x }, w: { dims: w }, b: { dims: [w[1]! * (attributes.group ?? 1)] } },
  build: (g, { x, w, b }) => g.ConvTranspose(x!, w!, b, attributes),
  ...single,
});

const weightGradient = (
  name: string,
  x: Dims,
  dy: Dims,
  attributes: AttributesOf<'ConvWeightGradient'>,
): GradientCase => ({
  name: `ConvWeightGradient ${name}`,
  inputs: { x: { dims: x }, dy: { dims: dy } },
  build: (g, { x, dy }) => g.ConvWeightGradient(x!, dy!, attributes),
  ...single,
});

const cases: GradientCase[] = [
  conv('3x3', [2, 3, 5, 4], [4, 3, 3, 3], { pads: [1, 1, 1, 1] }),
  conv('1x1', [2, 3, 2, 2], [4, 3, 1, 1]),
  conv('stride 2 with rest', [2, 2, 6, 7], [3, 2, 3, 3], { strides: [2, 2], pads: [1, 1, 1, 1] }),
  conv('stride beyond the kernel', [1, 2, 9, 8], [3, 2, 2, 1], { strides: [4, 3] }),
  conv('asymmetric pads', [1, 2, 4, 5], [3, 2, 3, 3], { pads: [2, 0, 1, 1], strides: [1, 2] }),
  conv('dilation, stride and rest', [1, 2, 9, 10], [2, 2, 3, 2], { dilations: [2, 3], strides: [2, 3], pads: [1, 0, 0, 2] }), // prettier-ignore
  conv('groups', [2, 4, 5, 5], [6, 2, 3, 3], { group: 2, strides: [2, 1], pads: [0, 1, 1, 0] }),
  conv('depthwise', [2, 3, 6, 5], [3, 1, 3, 3], { group: 3, strides: [2, 2], pads: [1, 1, 1, 1] }),
  conv('depthwise, two kernels a channel', [1, 2, 4, 4], [4, 1, 2, 2], { group: 2 }),
  conv('1-D', [2, 3, 9], [4, 3, 4], { strides: [2], pads: [1, 2] }),
  conv('1-D grouped', [3, 4, 7], [2, 2, 3], { group: 2, dilations: [2] }),
  conv('3-D', [1, 2, 3, 4, 3], [2, 2, 2, 3, 2], { strides: [1, 2, 1], pads: [0, 1, 0, 0, 1, 1] }),
  conv('size 1', [1, 2, 1, 1], [3, 2, 3, 3], { pads: [1, 1, 1, 1] }),
  conv('SAME_UPPER', [1, 2, 5, 6], [2, 2, 4, 3], { auto_pad: 'SAME_UPPER', strides: [2, 2] }),
  conv('SAME_LOWER', [1, 2, 5, 6], [2, 2, 4, 2], { auto_pad: 'SAME_LOWER', strides: [1, 2] }),
  conv('VALID', [1, 2, 5, 6], [2, 2, 4, 2], { auto_pad: 'VALID', strides: [1, 2] }),
  transpose('3x3', [2, 3, 3, 4], [3, 2, 3, 3]),
  transpose('stride 2', [2, 3, 3, 4], [3, 2, 4, 4], { strides: [2, 2], pads: [1, 1, 1, 1] }),
  transpose('output padding', [1, 2, 3, 2], [2, 3, 3, 3], { strides: [2, 3], pads: [1, 0, 1, 0], output_padding: [1, 2] }), // prettier-ignore
  transpose('asymmetric pads', [1, 2, 4, 3], [2, 2, 3, 4], { strides: [1, 2], pads: [2, 0, 0, 1] }),
  transpose('groups', [2, 4, 3, 3], [4, 3, 2, 2], { group: 2, strides: [2, 1] }),
  transpose('depthwise', [1, 3, 3, 2], [3, 1, 3, 3], { group: 3, strides: [2, 2], dilations: [1, 2] }),
  transpose('1-D', [2, 3, 5], [3, 2, 4], { strides: [3], pads: [2, 0] }),
  transpose('SAME_UPPER', [1, 2, 3, 4], [2, 2, 4, 3], { auto_pad: 'SAME_UPPER', strides: [1, 2] }),
  transpose('SAME_LOWER', [1, 2, 3, 4], [2, 2, 4, 3], { auto_pad: 'SAME_LOWER', strides: [1, 2] }),
  transpose('output_shape', [1, 2, 3, 4], [2, 2, 4, 3], { output_shape: [5, 8], strides: [2, 2] }),
  transpose('VALID', [1, 2, 3, 4], [2, 2, 4, 3], { auto_pad: 'VALID', strides: [1, 2] }),
  weightGradient('3x3', [2, 3, 5, 4], [2, 4, 5, 4], { kernel_shape: [3, 3], pads: [1, 1, 1, 1] }),
  weightGradient('rest', [1, 2, 8, 7], [1, 3, 3, 3], { kernel_shape: [3, 2], strides: [2, 2] }),
  weightGradient('rest and pads', [1, 2, 8, 7], [1, 3, 4, 3], { kernel_shape: [3, 2], strides: [2, 3], pads: [1, 1, 1, 0] }), // prettier-ignore
  weightGradient('groups', [2, 4, 6], [2, 2, 3], { kernel_shape: [2], strides: [2], group: 2 }),
];

test.each(cases)('$name', async (check) => {
  expect(await gradientError(check)).toBeLessThan(1e-3);
});

type Build = (g: Builder, inputs: Readonly<Record<string, Value>>) => Value;
const golden: Record<string, Build> = {
  'Conv 3x3': (g, { x, w, b }) => g.Conv(x!, w!, b, { pads: [1, 1, 1, 1] }),
  'Conv stride 2 with rest, asymmetric pads, dilation': (g, { x, w, b }) =>
    g.Conv(x!, w!, b, { strides: [2, 3], dilations: [1, 2], pads: [0, 2, 1, 0] }),
  'Conv groups': (g, { x, w, b }) => g.Conv(x!, w!, b, { strides: [2, 2], group: 2 }),
  'Conv depthwise 1-D': (g, { x, w, b }) => g.Conv(x!, w!, b, { strides: [2], pads: [1, 1], group: 3 }),
  'ConvTranspose stride 2': (g, { x, w, b }) => g.ConvTranspose(x!, w!, b, { strides: [2, 2], pads: [1, 1, 1, 1] }),
  'ConvTranspose output padding, groups, dilation': (g, { x, w, b }) =>
    g.ConvTranspose(x!, w!, b, { strides: [2, 3], pads: [1, 0, 1, 0], output_padding: [1, 2], group: 2, dilations: [1, 2] }), // prettier-ignore
};

test.each(goldenCases('convolution'))('$name as PyTorch', async (check) => {
  expect(await goldenError(check, golden[check.name]!)).toBeLessThan(1e-5);
});

test('channels that do not fit are named with both shapes', () => {
  const g = createBuilder();
  const x = g.input('x', 'float32', [1, 3, 8, 8]);
  const w = g.input('w', 'float32', [4, 2, 3, 3]);
  expect(() => g.Conv(x, w)).toThrow(
    "Conv(x float32 [1, 3, 8, 8], w float32 [4, 2, 3, 3]): X with 2 channels (W's axis 1 times group 1), got 3",
  );
  expect(() => g.ConvTranspose(x, w)).toThrow('ConvTranspose(x float32 [1, 3, 8, 8], w float32 [4, 2, 3, 3]): X with as many channels as W has on axis 0 (4), got 3'); // prettier-ignore
});

test('kernels, pads and biases that do not fit are named', () => {
  const g = createBuilder();
  const x = g.input('x', 'float32', [1, 2, 4, 4]);
  const w = g.input('w', 'float32', [6, 2, 5, 5]);
  const b = g.input('b', 'float32', [2]);
  expect(() => g.Conv(x, w)).toThrow('a kernel that fits: it reaches over 5 elements, spatial axis 0 has 4 and 0 of padding'); // prettier-ignore
  expect(() => g.Conv(x, w, { pads: [1, 1] })).toThrow('4 pads (begins, then ends), got [1, 1]');
  expect(() => g.Conv(x, w, b, { pads: [2, 2, 2, 2] })).toThrow('a bias B of shape [6]');
  expect(() => g.ConvWeightGradient(x, x, { kernel_shape: [3, 3] })).toThrow('dY of the spatial sizes [2, 2]');
});

test('symbolic sizes pass through where they can', () => {
  const g = createBuilder();
  const x = g.input('x', 'float32', ['N', 2, 'H', '2*W']);
  const w = g.input('w', 'float32', [6, 2, 3, 3]);
  expect(g.Conv(x, w, { pads: [1, 1, 1, 1], strides: [1, 2] }).shape).toEqual(['N', 6, 'H', 'W']);
  expect(g.Conv(x, w).shape).toEqual(['N', 6, '?', '?']);
  const back = g.input('back', 'float32', [2, 6, 2, 2]);
  expect(g.ConvTranspose(x, back, { strides: [2, 2] }).shape).toEqual(['N', 6, '2*H', '4*W']);
});
