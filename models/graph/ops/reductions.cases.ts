/** Gradient cases of reductions: over all axes, over named ones (negative too), with and without the axes kept, over size 1. */
import type { Builder } from '../builder-type';
import type { Value } from '../ir';
import type { AttributesOf, Operand } from '../signatures';
import { hostTensor } from '../../tensor/host-tensor';
import { type GradientCase, gradientCase } from '../../testing/check-gradient';

type Reduce = (g: Builder, x: Value, axes: Operand | undefined, attributes: AttributesOf<'ReduceSum'>) => Value;

const operators: readonly (readonly [string, Reduce])[] = [
  ['ReduceSum', (g, x, ...more) => g.ReduceSum(g.Mul(x, x), ...more)],
  ['ReduceMean', (g, x, ...more) => g.ReduceMean(g.Mul(x, x), ...more)],
  ['ReduceMax', (g, x, ...more) => g.ReduceMax(g.Mul(x, x), ...more)],
  ['ReduceMin', (g, x, ...more) => g.ReduceMin(g.Mul(x, x), ...more)],
  ['ReduceProd', (g, x, ...more) => g.ReduceProd(x, ...more)],
  ['ReduceL1', (g, x, ...more) => g.ReduceL1(g.Mul(x, g.Neg(x)), ...more)],
  ['ReduceL2', (g, x, ...more) => g.ReduceL2(x, ...more)],
  ['ReduceSumSquare', (g, x, ...more) => g.ReduceSumSquare(x, ...more)],
  ['ReduceLogSum', (g, x, ...more) => g.ReduceLogSum(x, ...more)],
  ['ReduceLogSumExp', (g, x, ...more) => g.ReduceLogSumExp(x, ...more)],
];

const forms = [
  ['all axes', undefined, {}],
  ['all axes, not kept', undefined, { keepdims: 0 }],
  ['the last axis', [-1], {}],
  ['two axes, not kept', [0, -1], { keepdims: 0 }],
  ['an axis of size 1, not kept', [1], { keepdims: 0 }],
] as const;

/** The runtime has these in single precision only. */
const singleOnly = ['ReduceLogSum'];

export const cases: GradientCase[] = [
  ...operators.flatMap(([name, reduce]) =>
    forms.map(([form, axes, attributes]) =>
      gradientCase(
        `${name} over ${form}`,
        { x: { dims: [2, 1, 3], range: [0.5, 1.5] } },
        (g, { x }) => reduce(g, x, axes, attributes),
        singleOnly.includes(name) ? { dtype: 'float32', step: 3e-3 } : {},
      ),
    ),
  ),
  gradientCase('ReduceSum over no axes', { x: { dims: [2, 3] } }, (g, { x }) =>
    g.ReduceSum(g.Mul(x, x), undefined, { noop_with_empty_axes: 1 }),
  ),
  gradientCase('ReduceSum of a scalar', { x: { dims: [] } }, (g, { x }) => g.ReduceSum(g.Mul(x, x))),
  gradientCase('ReduceSum of nothing', { x: { dims: [0, 2] }, y: { dims: [2] } }, (g, { x, y }) =>
    g.Add(g.ReduceSum(x, [0]), g.Mul(y, y)),
  ),
  gradientCase(
    'ReduceProd beside zeros',
    { x: hostTensor('float64', [3, 3], Float64Array.of(0, 2, 3, 0, 0, 5, 1, 2, 3)) },
    (g, { x }) => g.ReduceProd(x, [1]),
  ),
];
