/** Gradient cases of operators that move elements. */
import { gradientCase as check } from '../../testing/check-gradient';

const x = { dims: [2, 1, 3] };

export const cases = [
  check('Reshape with a size left over', { x }, (g, v) => g.Reshape(g.Mul(v.x, v.x), [3, -1])),
  check('Reshape that keeps an axis', { x }, (g, v) => g.Reshape(g.Mul(v.x, v.x), [0, 3])),
  check('Reshape to a scalar', { x: { dims: [1, 1] } }, (g, v) => g.Reshape(g.Mul(v.x, v.x), g.ints([]))),
  check('Flatten', { x }, (g, v) => g.Flatten(g.Mul(v.x, v.x))),
  check('Flatten before the first axis', { x }, (g, v) => g.Flatten(g.Mul(v.x, v.x), { axis: 0 })),
  check('Flatten from the last axis', { x }, (g, v) => g.Flatten(g.Mul(v.x, v.x), { axis: -1 })),
  check('Squeeze', { x }, (g, v) => g.Squeeze(g.Mul(v.x, v.x))),
  check('Squeeze of a named axis', { x }, (g, v) => g.Squeeze(g.Mul(v.x, v.x), [-2])),
  check('Unsqueeze', { x }, (g, v) => g.Unsqueeze(g.Mul(v.x, v.x), [0, -1])),
  check('Transpose', { x }, (g, v) => g.Transpose(g.Mul(v.x, v.x))),
  check('Transpose by a cycle', { x }, (g, v) => g.Transpose(g.Mul(v.x, v.x), { perm: [1, 2, 0] })),
  check('Expand, a new axis and a wider one', { x }, (g, v) => g.Expand(g.Mul(v.x, v.x), [4, 2, 5, 3])),
  check('Expand to a smaller target', { x }, (g, v) => g.Expand(g.Mul(v.x, v.x), [1, 1])),
];
