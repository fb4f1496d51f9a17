/** Gradient cases of choosing, limiting and changing element types. */
import { dtypeNumber } from '../../tensor/dtype';
import { hostTensor } from '../../tensor/host-tensor';
import { gradientCase as check } from '../../testing/check-gradient';

const condition = hostTensor('bool', [2, 1], Uint8Array.of(1, 0));
const numbers = hostTensor('float64', [2, 3], Float64Array.of(-2, -0.7, -0.2, 0.3, 0.8, 2.5));

export const cases = [
  check(
    'Where, all three broadcast',
    { condition, a: { dims: [3] }, b: { dims: [4, 2, 1] } },
    (g, { condition: c, a, b }) => g.Where(c, g.Mul(a, a), b),
  ),
  check('Clip to both limits', { x: numbers, low: { dims: [], range: [-0.5, -0.4] } }, (g, { x, low }) =>
    g.Mul(g.Clip(x, low, 0.5), x),
  ),
  check('Clip from above', { x: numbers, high: { dims: [], range: [0.4, 0.5] } }, (g, { x, high }) =>
    g.Clip(g.Mul(x, g.Abs(x)), undefined, high),
  ),
  check('Clip without limits', { x: numbers }, (g, { x }) => g.Clip(g.Mul(x, x))),
  check(
    'Cast to single precision and back',
    { x: { dims: [2, 3] } },
    (g, { x }) => g.Cast(g.Cast(g.Mul(x, x), { to: dtypeNumber('float64') }), { to: dtypeNumber('float32') }),
    { dtype: 'float32' },
  ),
  check('Dropout outside training', { x: { dims: [2, 3] } }, (g, { x }) => g.Dropout(g.Mul(x, x))),
];
