/** Normalisations: gradients by central differences, numbers from PyTorch, running statistics, and what is said when shapes do not fit. */
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

afterAll(() => expect(liveSessions()).toBe(0));

type Dims = readonly number[];
type Inputs = Readonly<Record<string, Value>>;
const positive = [0.5, 2] as const;
const single = { dtype: 'float32', step: 1e-2 } as const; // no double kernel, or one that computes in single precision

const batchNormalization = (g: Builder, { x, scale, b, mean, variance }: Inputs, attributes = {}): Value =>
  g.BatchNormalization(x!, scale!, b!, mean!, variance!, attributes)[0]!;

/** The statistics of the batch; those given only set what is carried on. */
const batchStatistics = (g: Builder, { x, scale, b }: Inputs, epsilon: number): Value => {
  const none = g.stopGradient(scale!);
  return batchNormalization(g, { x: x!, scale: scale!, b: b!, mean: none, variance: none }, { training_mode: 1, epsilon }); // prettier-ignore
};

const channels = (dims: Dims) => ({ x: { dims }, scale: { dims: [dims[1]!] }, b: { dims: [dims[1]!] } });

const batch = (name: string, dims: Dims): GradientCase => ({
  name: `BatchNormalization of the batch, ${name}`,
  inputs: channels(dims),
  build: (g, inputs) => batchStatistics(g, inputs, 1e-2),
});

const stored = (name: string, dims: Dims): GradientCase => ({
  name: `BatchNormalization by given statistics, ${name}`,
  inputs: { ...channels(dims), mean: { dims: [dims[1]!] }, variance: { dims: [dims[1]!], range: positive } },
  build: (g, inputs) => batchNormalization(g, inputs),
});

const layer = (name: string, dims: Dims, axis: number, scale: Dims): GradientCase => ({
  name: `LayerNormalization ${name}`,
  inputs: { x: { dims }, scale: { dims: scale }, b: { dims: scale } },
  build: (g, { x, scale, b }) => g.LayerNormalization(x!, scale!, b, { axis, epsilon: 1e-2 }),
});

const group = (name: string, dims: Dims, groups: number): GradientCase => ({
  name: `GroupNormalization ${name}`,
  inputs: channels(dims),
  build: (g, { x, scale, b }) => g.GroupNormalization(x!, scale!, b!, { num_groups: groups, epsilon: 0.1 }),
  ...single,
});

const instance = (name: string, dims: Dims): GradientCase => ({
  name: `InstanceNormalization ${name}`,
  inputs: channels(dims),
  build: (g, { x, scale, b }) => g.InstanceNormalization(x!, scale!, b!, { epsilon: 0.1 }),
  ...single,
});

const cases: GradientCase[] = [
  batch('images', [3, 2, 2, 3]),
  batch('1-D', [2, 3, 4]),
  batch('rows', [5, 3]),
  batch('one example', [1, 2, 3, 3]),
  stored('images', [3, 2, 2, 3]),
  stored('rows', [5, 3]),
  stored('size 1', [1, 3, 1, 1]),
  layer('last axis', [2, 3, 5], -1, [5]),
  layer('two axes', [2, 3, 4], 1, [3, 4]),
  layer('two axes, scale broadcast', [2, 3, 4], 1, [4]),
  layer('one row', [4], 0, [4]),
  {
    name: 'LayerNormalization without B',
    inputs: { x: { dims: [3, 4] }, scale: { dims: [4] } },
    build: (g, { x, scale }) => g.LayerNormalization(x!, scale!),
  },
  group('of 2', [2, 4, 2, 3], 2),
  group('all channels', [1, 3, 4], 1),
  group('each channel', [2, 3, 5], 3),
  instance('images', [2, 3, 2, 4]),
  instance('1-D', [1, 2, 5]),
  ...[1, 2].flatMap((p) =>
    [0, -1].map((axis): GradientCase => ({
      name: `LpNormalization p ${p} axis ${axis}`,
      inputs: { x: { dims: [3, 4] } },
      build: (g, { x }) => g.LpNormalization(x!, { p, axis }),
    })),
  ),
];

test.each(cases)('$name', async (check) => {
  expect(await gradientError(check)).toBeLessThan(check.dtype === 'float32' ? 1e-3 : 1e-6);
});

const golden: Record<string, (g: Builder, inputs: Inputs) => Value> = {
  'BatchNormalization of the batch': (g, inputs) => batchStatistics(g, inputs, 1e-3),
  'BatchNormalization by given statistics': (g, { root, ...inputs }) =>
    batchNormalization(g, { ...inputs, variance: g.Add(g.Mul(root!, root!), 0.5) }),
  LayerNormalization: (g, { x, scale, b }) => g.LayerNormalization(x!, scale!, b, { axis: 1, epsilon: 1e-2 }),
  GroupNormalization: (g, { x, scale, b }) => g.GroupNormalization(x!, scale!, b!, { num_groups: 3 }),
  InstanceNormalization: (g, { x, scale, b }) => g.InstanceNormalization(x!, scale!, b!),
  'LpNormalization p=2': (g, { x }) => g.LpNormalization(x!),
  'LpNormalization p=1': (g, { x }) => g.LpNormalization(x!, { p: 1, axis: 0 }),
};

test.each(goldenCases('normalization'))('$name as PyTorch', async (check) => {
  expect(await goldenError(check, golden[check.name]!)).toBeLessThan(2e-5);
});

test('running statistics take the variance divided by the count', async () => {
  const vector = (...values: number[]) => hostTensor('float64', [values.length], Float64Array.from(values));
  const feeds = {
    x: hostTensor('float64', [2, 1, 2], Float64Array.of(1, 2, 5, 6)),
    one: vector(1),
    mean: vector(0),
    variance: vector(1),
  };
  const results = await evaluate(feeds, (g, { x, one, mean, variance }) => {
    const attributes = { training_mode: 1, momentum: 0.75 };
    const [, nextMean, nextVariance] = g.BatchNormalization(x!, one!, one!, mean!, variance!, attributes);
    return { nextMean: nextMean!, nextVariance: nextVariance! };
  });
  expect(numbersOf(results['nextMean']!)).toEqual([0.25 * 3.5]);
  expect(numbersOf(results['nextVariance']!)).toEqual([0.75 + 0.25 * 4.25]); // 17 / 4, PyTorch takes 17 / 3
});

test('training leaves the given statistics as they were', async () => {
  const ones = (...dims: number[]) =>
    hostTensor('float32', dims, new Float32Array(dims.reduce((a, b) => a * b)).fill(1));
  const feeds = { x: ones(2, 3, 2), scale: ones(3), b: ones(3), mean: ones(3), variance: ones(3) };
  await evaluate(feeds, (g, inputs) => ({ y: batchNormalization(g, inputs, { training_mode: 1 }) }));
  expect([...feeds.mean.data, ...feeds.variance.data]).toEqual([1, 1, 1, 1, 1, 1]); // the runtime's own kernel overwrites them
});

test('the statistics that LayerNormalization also gives carry no gradient', () => {
  const g = createBuilder();
  const x = g.input('x', 'float32', [2, 4]);
  const scale = g.input('scale', 'float32', [4]);
  const [y, mean] = g.node({ op: 'LayerNormalization', inputs: [x, scale], outputCount: 3 });
  expect(mean!.shape).toEqual([2, 1]);
  expect(gradients(g, y!, [x])[0]!.shape).toEqual([2, 4]);
  expect(() => gradients(g, mean!, [x])).toThrow('LayerNormalization has no gradient in this form');
});

test('shapes that do not fit are named', () => {
  const g = createBuilder();
  const x = g.input('x', 'float32', [2, 6, 4]);
  const five = g.input('five', 'float32', [5]);
  const six = g.input('six', 'float32', [6]);
  expect(() => g.InstanceNormalization(x, six, five)).toThrow(
    'InstanceNormalization(x float32 [2, 6, 4], six float32 [6], five float32 [5]): vectors of 6 elements, one a channel, beside X',
  );
  expect(() => g.LayerNormalization(x, six)).toThrow('Scale and B that broadcast to [4]');
  expect(() => g.GroupNormalization(x, six, six, { num_groups: 4 })).toThrow('channels in 4 equal groups, got 6');
});
