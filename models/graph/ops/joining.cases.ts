/** Gradient cases of joining and cutting: every direction of Slice, uneven pieces, both modes of DepthToSpace. */
import type { Builder } from '../builder-type';
import type { Value } from '../ir';
import { type GradientCase, gradientCase as check } from '../../testing/check-gradient';

const farEnd = Number.MAX_SAFE_INTEGER;

/** Starts, ends, axes, steps. */
const slice = (name: string, ...cuts: (readonly number[])[]): GradientCase =>
  check(`Slice ${name}`, { x: { dims: [4, 7] } }, (g, { x }) => {
    const [starts = [], ends = [], axes, steps] = cuts;
    return g.Slice(g.Mul(x, x), starts, ends, axes, steps);
  });

const image = (name: string, channels: number, build: (g: Builder, x: Value) => Value): GradientCase =>
  check(name, { x: { dims: [2, channels, 4, 2] } }, (g, { x }) => build(g, g.Mul(x, x)));

export const cases: GradientCase[] = [
  check('Concat of three', { a: { dims: [2, 1] }, b: { dims: [2, 3] }, c: { dims: [2, 0] } }, (g, { a, b, c }) =>
    g.Concat(g.Mul(a, a), b, c, { axis: -1 }),
  ),
  check('Concat of a value with itself', { a: { dims: [2, 2] } }, (g, { a }) =>
    g.Concat(a, g.Mul(a, a), a, { axis: 0 }),
  ),
  check('Concat of one', { a: { dims: [2] } }, (g, { a }) => g.Concat(g.Mul(a, a), { axis: 0 })),
  check('Split, uneven', { x: { dims: [2, 6] } }, (g, { x }) => {
    const [a = x, b = x, c = x] = g.Split(g.Mul(x, x), [1, 3, 2], { axis: 1 });
    return g.Sum(g.ReduceSum(a), g.ReduceSumSquare(b), g.ReduceLogSumExp(c));
  }),
  check('Split of which one piece is used', { x: { dims: [5, 2] } }, (g, { x }) => {
    const [, last = x] = g.Split(g.Mul(x, x), undefined, { num_outputs: 2 });
    return last;
  }),
  slice('of the whole', [0], [farEnd]),
  slice('from a place to another', [1, 2], [3, 6]),
  slice('with negative places', [-3], [-1], [1]),
  slice('by 2', [0], [farEnd], [1], [2]),
  slice('by 3, a rest at the end', [1], [7], [-1], [3]),
  slice('by 2 that ends exactly', [1], [6], [1], [2]),
  slice('backwards', [-1], [-farEnd], [1], [-1]),
  slice('backwards by 2', [5], [0], [1], [-2]),
  slice('backwards by 3, both axes', [-1, -1], [-farEnd, -farEnd], [1, 0], [-3, -2]),
  check('Slice of nothing', { x: { dims: [4] }, y: { dims: [1] } }, (g, { x, y }) =>
    g.Concat(g.Slice(g.Mul(x, x), [3], [2]), g.Mul(y, y), { axis: 0 }),
  ),
  check('Pad with zeros', { x: { dims: [2, 3] } }, (g, { x }) => g.Pad(g.Mul(x, x), [1, 0, 0, 2])),
  check('Pad that cuts', { x: { dims: [3, 4] } }, (g, { x }) => g.Pad(g.Mul(x, x), [-1, 2, 0, -1])),
  check('Pad of one axis with a value', { x: { dims: [2, 3] }, fill: { dims: [] } }, (g, { x, fill }) =>
    g.Pad(g.Mul(x, x), [1, 2], g.Mul(fill, fill), [-1]),
  ),
  check('Tile', { x: { dims: [2, 1, 3] } }, (g, { x }) => g.Tile(g.Mul(x, x), [1, 4, 2])),
  image('DepthToSpace, block outermost', 8, (g, x) => g.DepthToSpace(x, { blocksize: 2 })),
  image('DepthToSpace, block innermost', 8, (g, x) => g.DepthToSpace(x, { blocksize: 2, mode: 'CRD' })),
  image('SpaceToDepth', 3, (g, x) => g.SpaceToDepth(x, { blocksize: 2 })),
];
