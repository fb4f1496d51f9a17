/**
 * LSTM and GRU: gradients by central differences (in double precision, which runs the step-by-step form), values and gradients
 * against PyTorch (recipe: testing/golden/recurrent.py), the fused kernels and the step-by-step form against each other.
 */
import { afterAll, expect, test } from 'vitest';
import * as z from 'zod';
import { gradients } from '../../autodiff/gradients';
import { liveSessions } from '../../runtime/session';
import { elementCount, type HostTensor, numbersOf } from '../../tensor/host-tensor';
import { randomNormal } from '../../tensor/random';
import { type GradientCase, gradientError } from '../../testing/check-gradient';
import { evaluate } from '../../testing/evaluate';
import { largestGap } from '../../testing/run-model';
import { hostTensorOf, readGolden, storedTensor } from '../../testing/stored-tensors';
import { createBuilder } from '../builder';
import type { Builder } from '../builder-type';
import type { Value } from '../ir';

afterAll(() => expect(liveSessions()).toBe(0));

type Inputs = Readonly<Record<string, Value>>;
interface Form {
  readonly op: 'LSTM' | 'LSTMSteps' | 'GRU';
  readonly direction?: string;
  readonly layout?: number;
  readonly after?: number;
  readonly steps?: number;
  /** Without B and initial states. */
  readonly isBare?: boolean;
}

const nameOf = ({ op, direction = 'forward', layout = 0, after, steps = 3, isBare }: Form): string =>
  `${op}, ${direction}, layout ${layout}, ${steps} steps${after === 1 ? ', reset after' : ''}${isBare === true ? ', bare' : ''}`;

function dimsOf({ op, direction, layout, steps = 3, isBare }: Form): Record<string, { dims: number[] }> {
  const [batch, features, hidden] = [2, 3, 4];
  const count = direction === 'bidirectional' ? 2 : 1;
  const width = (op === 'GRU' ? 3 : 4) * hidden;
  const state = layout === 1 ? [batch, count, hidden] : [count, batch, hidden];
  const always = {
    X: { dims: layout === 1 ? [batch, steps, features] : [steps, batch, features] },
    W: { dims: [count, width, features] },
    R: { dims: [count, width, hidden] },
  };
  if (isBare === true) return always;
  return {
    ...always,
    B: { dims: [count, 2 * width] },
    h: { dims: state },
    ...(op !== 'GRU' && { c: { dims: state } }),
  };
}

function build(
  g: Builder,
  { op, direction = 'forward', layout = 0, after = 0 }: Form,
  inputs: Inputs,
): readonly Value[] {
  const { X, W, R, B, h, c } = inputs;
  const attributes = { direction, layout, hidden_size: 4 };
  if (op === 'LSTMSteps') return g.LSTMSteps(X!, W!, R!, B, h, c, { direction });
  return op === 'LSTM'
    ? g.LSTM(X!, W!, R!, B, undefined, h, c, attributes)
    : g.GRU(X!, W!, R!, B, undefined, h, { ...attributes, linear_before_reset: after });
}

/** All results in one row. */
const flat = (g: Builder, results: readonly Value[]): Value =>
  g.Concat(...results.map((value) => g.Reshape(value, [-1])), { axis: 0 });

const forms: Form[] = [
  { op: 'LSTM' },
  { op: 'LSTM', direction: 'reverse' },
  { op: 'LSTM', direction: 'bidirectional', layout: 1 },
  { op: 'LSTM', steps: 1, isBare: true },
  { op: 'LSTMSteps', direction: 'reverse' },
  { op: 'LSTMSteps', direction: 'bidirectional' },
  { op: 'GRU' },
  { op: 'GRU', after: 1 },
  { op: 'GRU', direction: 'reverse', after: 1, layout: 1 },
  { op: 'GRU', direction: 'bidirectional' },
  { op: 'GRU', steps: 1, isBare: true, after: 1 },
];

const checks = forms.map((form): GradientCase => ({
  name: nameOf(form),
  inputs: dimsOf(form),
  build: (g, inputs) => flat(g, build(g, form, inputs)),
}));

test.each(checks)('gradient of $name', async (check) => {
  expect(await gradientError(check)).toBeLessThan(1e-6);
});

test.each(['Y', 'Y_h', 'Y_c'])('gradient where only %s is used', async (name) => {
  const form = { op: 'LSTM', direction: 'bidirectional' } as const;
  const at = ['Y', 'Y_h', 'Y_c'].indexOf(name);
  const error = await gradientError({ name, inputs: dimsOf(form), build: (g, inputs) => build(g, form, inputs)[at]! });
  expect(error).toBeLessThan(1e-6);
});

/** All results and gradients: by the fused kernel in single precision, step by step in double. */
async function everything(form: Form, dtype: 'float32' | 'float64'): Promise<number[]> {
  const feeds = Object.entries(dimsOf(form)).map(([name, { dims }], stream): [string, HostTensor] => {
    const data = Array.from({ length: elementCount(dims) }, (_, k) => randomNormal({ seed: 3, stream }, k));
    return [name, hostTensorOf({ dtype, dims, data })];
  });
  const results = await evaluate(Object.fromEntries(feeds), (g, inputs) => {
    const outputs = build(g, form, inputs);
    const grads = gradients(g, flat(g, outputs), Object.values(inputs));
    return Object.fromEntries([...outputs, ...grads].map((value, k) => [`y${k}`, value]));
  });
  return Object.values(results).flatMap(numbersOf);
}

test.each(forms.map((form) => ({ name: nameOf(form), form })))('$name: fused and unrolled agree', async ({ form }) => {
  expect(largestGap(await everything(form, 'float32'), await everything(form, 'float64'))).toBeLessThan(1e-5);
});

const goldenCase = z.object({
  op: z.enum(['LSTM', 'GRU']),
  attributes: z.record(z.string(), z.union([z.number(), z.string()])),
  inputs: z.record(z.string(), storedTensor),
  gradients: z.record(z.string(), storedTensor),
  outputs: z.array(storedTensor),
  weights: z.array(storedTensor),
});

test.each(readGolden('recurrent', z.array(goldenCase)))('$op, $attributes.direction, as PyTorch', async (golden) => {
  const feeds = Object.fromEntries(Object.entries(golden.inputs).map(([name, stored]) => [name, hostTensorOf(stored)]));
  const results = await evaluate(feeds, (g, values) => {
    const { X, W, R, B, initial_h, initial_c } = values;
    const states = golden.op === 'LSTM' ? [initial_h, initial_c] : [initial_h];
    const inputs = [X, W, R, B, undefined, ...states];
    const outputs = g.node({ op: golden.op, inputs, attributes: golden.attributes });
    const parts = outputs.map((value, k) => g.Mul(value, g.constant(hostTensorOf(golden.weights[k]!))));
    const loss = parts.map((part) => g.ReduceSum(part, { keepdims: 0 })).reduce((sum, part) => g.Add(sum, part));
    const names = Object.keys(values);
    const grads = gradients(g, loss, names.map((name) => values[name]!)); // prettier-ignore
    return {
      ...Object.fromEntries(outputs.map((value, k) => [`y${k}`, value])),
      ...Object.fromEntries(names.map((name, k) => [`d.${name}`, grads[k]!])),
    };
  });
  const expected = [
    ...golden.outputs.map((value, k) => [`y${k}`, value] as const),
    ...Object.entries(golden.gradients).map(([name, value]) => [`d.${name}`, value] as const),
  ];
  for (const [name, stored] of expected) {
    expect(results[name]!.dims, name).toEqual(stored.dims);
    expect(largestGap(numbersOf(results[name]!), stored.data), name).toBeLessThan(5e-6);
  }
});

test('types follow symbols and layout', () => {
  const g = createBuilder();
  const [W, R] = [g.input('W', 'float32', [2, 12, 3]), g.input('R', 'float32', [2, 12, 4])];
  const attributes = { direction: 'bidirectional', hidden_size: 4 };
  const [y, last] = g.GRU(g.input('x', 'float32', ['T', 'N', 3]), W, R, attributes);
  expect([y!.shape, last!.shape]).toEqual([['T', 2, 'N', 4], [2, 'N', 4]]); // prettier-ignore
  const [batched, lastBatched] = g.GRU(g.input('b', 'float32', ['N', 'T', 3]), W, R, { ...attributes, layout: 1 });
  expect([batched!.shape, lastBatched!.shape]).toEqual([['N', 'T', 2, 4], ['N', 2, 4]]); // prettier-ignore
});

test('what does not fit is said', () => {
  const g = createBuilder();
  const [X, W, R] = [g.input('X', 'float32', [5, 2, 3]), g.input('W', 'float32', [1, 16, 3]), g.input('R', 'float32', [1, 16, 4])]; // prettier-ignore
  expect(() => g.LSTM(W, X, R)).toThrow('W of shape [1, 16, 3]');
  expect(() => g.GRU(X, W, R)).toThrow('W of shape [1, 12, 3]');
  expect(() => g.LSTM(X, W, R, { direction: 'bidirectional' })).toThrow('W of shape [2, 16, 3]');
  expect(() => g.LSTM(X, W, R, undefined, undefined, X)).toThrow('initial_h of shape [1, 2, 4]');
  const [y] = g.LSTM(X, W, R, undefined, g.input('lengths', 'int32', [2]));
  expect(() => gradients(g, y!, [X])).toThrow('has no gradient in this form');
  const [clipped] = g.LSTM(X, W, R, { clip: 3 });
  expect(() => gradients(g, clipped!, [X])).toThrow('has no gradient in this form');
  const [named] = g.LSTM(X, W, R, { activations: ['Sigmoid', 'Tanh', 'Tanh'] });
  expect(gradients(g, named!, [X])[0]?.shape).toEqual([5, 2, 3]);
});
