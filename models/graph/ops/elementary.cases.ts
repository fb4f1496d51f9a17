/** Gradient cases of elementary functions, each on a range where it has derivatives. */
import type { Builder } from '../builder-type';
import type { Value } from '../ir';
import { type GradientCase, gradientCase } from '../../testing/check-gradient';

/** The runtime has these in single precision only. */
const single = { dtype: 'float32', step: 3e-3 } as const;

type Unary = (g: Builder, x: Value) => Value;

function check(name: string, low: number, high: number, build: Unary, more: Partial<GradientCase> = {}): GradientCase {
  return gradientCase(name, { x: { dims: [3, 1, 5], range: [low, high] } }, (g, { x }) => build(g, x), more);
}

export const cases = [
  check('Identity', -1, 1, (g, x) => g.Identity(g.Mul(x, x))),
  check('Abs', 0.5, 2, (g, x) => g.Abs(g.Neg(x))),
  check('Sqrt', 0.5, 2, (g, x) => g.Sqrt(x)),
  check('Reciprocal', 0.5, 2, (g, x) => g.Reciprocal(x)),
  check('Exp', -1, 1, (g, x) => g.Exp(x)),
  check('Log', 0.5, 2, (g, x) => g.Log(x)),
  check('Erf', -1, 1, (g, x) => g.Erf(x), single),
  check('Sin', -2, 2, (g, x) => g.Sin(x)),
  check('Cos', -2, 2, (g, x) => g.Cos(x)),
  check('Tan', -1, 1, (g, x) => g.Tan(x), single),
  check('Asin', -0.7, 0.7, (g, x) => g.Asin(x), single),
  check('Acos', -0.7, 0.7, (g, x) => g.Acos(x), single),
  check('Atan', -2, 2, (g, x) => g.Atan(x), single),
  check('Sinh', -2, 2, (g, x) => g.Sinh(x), single),
  check('Cosh', -2, 2, (g, x) => g.Cosh(x), single),
  check('Asinh', -2, 2, (g, x) => g.Asinh(x), single),
  check('Acosh', 2, 4, (g, x) => g.Acosh(x), { ...single, step: 1e-2 }),
  check('Atanh', -0.7, 0.7, (g, x) => g.Atanh(x), single),
  check('Tanh', -2, 2, (g, x) => g.Tanh(x)),
];
