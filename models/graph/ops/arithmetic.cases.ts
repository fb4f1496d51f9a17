/** Gradient cases of arithmetic: broadcasting in every direction, size 1, empty, one value used twice. */
import { gradientCase as check } from '../../testing/check-gradient';
import { hostTensor } from '../../tensor/host-tensor';

const away = [0.5, 2] as const; // away from zeros of a denominator

export const cases = [
  check('Add, both operands broadcast', { a: { dims: [4, 1, 3] }, b: { dims: [2, 1] } }, (g, { a, b }) =>
    g.Add(a, g.Mul(b, b)),
  ),
  check('Add of a value to itself', { a: { dims: [2, 3] } }, (g, { a }) => g.Add(a, a)),
  check('Sub, scalar on the left', { a: { dims: [] }, b: { dims: [2, 3] } }, (g, { a, b }) => g.Sub(a, g.Mul(b, b))),
  check('Mul, column by row', { a: { dims: [3, 1] }, b: { dims: [1, 4] } }, (g, { a, b }) => g.Mul(a, b)),
  check('Mul of nothing', { a: { dims: [0, 3] }, b: { dims: [3] } }, (g, { a, b }) => g.Mul(a, b)),
  check('Div, vector below', { a: { dims: [2, 3] }, b: { dims: [3], range: away } }, (g, { a, b }) => g.Div(a, b)),
  check('Pow, one exponent', { a: { dims: [2, 3], range: away }, b: { dims: [1] } }, (g, { a, b }) => g.Pow(a, b)),
  check('Pow, square of negative numbers', { a: { dims: [5], range: [-2, -1] } }, (g, { a }) => g.Pow(a, 2)),
  check(
    'Pow, whole exponents of another element type',
    { a: { dims: [2, 3], range: away }, b: hostTensor('int64', [3], BigInt64Array.of(2n, 3n, -1n)) },
    (g, { a, b }) => g.Pow(a, b),
  ),
  check('Mod as in C', { a: { dims: [6], range: [5.2, 5.8] }, b: { dims: [1], range: [2.1, 2.4] } }, (g, { a, b }) =>
    g.Mod(g.Mul(a, 1), g.Mul(b, 1), { fmod: 1 }),
  ),
  check('Neg', { x: { dims: [2, 3] } }, (g, { x }) => g.Neg(g.Mul(x, x))),
  check('Sum of three', { a: { dims: [2, 3] }, b: { dims: [3] }, c: { dims: [2, 1] } }, (g, { a, b, c }) =>
    g.Sum(g.Mul(a, a), b, c),
  ),
  check(
    'Mean of three',
    { a: { dims: [2, 3] }, b: { dims: [] }, c: { dims: [2, 1] } },
    (g, { a, b, c }) => g.Mean(g.Mul(a, a), b, c),
    { dtype: 'float32', step: 3e-3 }, // the runtime has it in single precision only
  ),
  check('Max of three', { a: { dims: [4, 3] }, b: { dims: [3] }, c: { dims: [4, 1] } }, (g, { a, b, c }) =>
    g.Max(g.Mul(a, 2), g.Mul(b, b), c),
  ),
  check('Min of three', { a: { dims: [4, 3] }, b: { dims: [3] }, c: { dims: [4, 1] } }, (g, { a, b, c }) =>
    g.Min(g.Mul(a, 2), g.Mul(b, b), c),
  ),
];
