/** Gradients of the elementwise families, by central differences in double precision, first and second order. */
import { afterAll, expect, test } from 'vitest';
import { liveSessions } from '../../runtime/session';
import { type GradientCase, gradientError } from '../../testing/check-gradient';
import type { Builder } from '../builder-type';
import type { Value } from '../ir';

afterAll(() => expect(liveSessions()).toBe(0));

type Unary = (g: Builder, x: Value) => Value;

const unary = (
  name: string,
  range: [number, number],
  build: Unary,
  more: Partial<GradientCase> = {},
): GradientCase => ({
  name,
  inputs: { x: { dims: [3, 5], range } },
  build: (g, { x }) => build(g, x!),
  ...more,
});
const single = { dtype: 'float32', step: 3e-3 } as const;

const cases: GradientCase[] = [
  unary('Neg', [-2, 2], (g, x) => g.Neg(g.Mul(x, x))),
  unary('Abs', [0.5, 2], (g, x) => g.Abs(g.Neg(x))),
  unary('Sqrt', [0.5, 2], (g, x) => g.Sqrt(x)),
  unary('Reciprocal', [0.5, 2], (g, x) => g.Reciprocal(x)),
  unary('Exp', [-1, 1], (g, x) => g.Exp(x)),
  unary('Log', [0.5, 2], (g, x) => g.Log(x)),
  unary('Erf', [-1, 1], (g, x) => g.Erf(x), single),
  unary('Sin', [-2, 2], (g, x) => g.Sin(x)),
  unary('Cos', [-2, 2], (g, x) => g.Cos(x)),
  unary('Tan', [-1, 1], (g, x) => g.Tan(x), single),
  unary('Tanh', [-2, 2], (g, x) => g.Tanh(x)),
  unary('Sigmoid', [-2, 2], (g, x) => g.Sigmoid(x)),
  unary('Softmax', [-2, 2], (g, x) => g.Softmax(x, { axis: 0 })),
  unary('LogSoftmax', [-2, 2], (g, x) => g.LogSoftmax(x)),
  {
    name: 'Add, broadcast',
    inputs: { a: { dims: [4, 1, 3] }, b: { dims: [2, 1] } },
    build: (g, { a, b }) => g.Add(a!, g.Mul(b!, b!)),
  },
  {
    name: 'Div',
    inputs: { a: { dims: [2, 3] }, b: { dims: [3], range: [0.5, 2] } },
    build: (g, { a, b }) => g.Div(a!, b!),
  },
  {
    name: 'Pow',
    inputs: { a: { dims: [2, 3], range: [0.5, 2] }, b: { dims: [1] } },
    build: (g, { a, b }) => g.Pow(a!, b!),
  },
];

test.each(cases)('$name', async (check) => {
  expect(await gradientError(check)).toBeLessThan(check.dtype === 'float32' ? 1e-3 : 1e-6);
});
