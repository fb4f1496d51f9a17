/** Order along an axis and places in it: largest elements, running sums, one-hot codes, triangles. */
import { dtypeNumber } from '../../tensor/dtype';
import { type Dim, unknownDim } from '../../tensor/shape';
import type { TensorType } from '../ir';
import type { Family, InferCall, Operator, VjpCall } from '../operator';
import { axisIn, inferSame, withAxis } from './rules';

type Ordering = 'TopK' | 'ArgMax' | 'ArgMin' | 'CumSum' | 'OneHot' | 'Trilu';

export const ordering: Family<Ordering> = {
  TopK: {
    docs: 'The K largest (smallest with largest=0) elements along one axis (-1), and their places there as int64; in order unless sorted=0. Of equal ones the earlier comes first.',
    attributes: { axis: 'int', largest: 'int', sorted: 'int' },
    hasSeveralOutputs: true,
    infer: inferTopK,
    vjp: ({ g, inputs: [x], outputs: [, places], attributes: { axis = -1 }, dy }) =>
      places ? [g.ScatterElements(g.fullLike(x, 0), places, dy, { axis, reduction: 'add' })] : 'missing',
  },
  ArgMax: argument('largest'),
  ArgMin: argument('smallest'),
  CumSum: {
    docs: 'Running sums along one axis, without the element itself if exclusive=1, from the end if reverse=1.',
    attributes: { exclusive: 'int', reverse: 'int' },
    infer: (call) => {
      const [x, axis] = call.inputs;
      if (axis.dtype !== 'int64' && axis.dtype !== 'int32')
        return call.fail('an axis in int32 or int64, such as [1]', 'graph/type-mismatch');
      for (const known of axis.type?.elements ?? []) axisIn(call, Number(known), x.rank);
      return inferSame(call);
    },
    vjp: ({ g, inputs: [, axis], attributes: { exclusive = 0, reverse = 0 }, dy }) => [
      g.CumSum(dy, axis, { exclusive, reverse: 1 - reverse }), // element i is in the sums from i on
    ],
  },
  OneHot: {
    docs: '`values` is [off, on]. A new axis (-1) of size `depth` is put in, on where the index says, off elsewhere; an index outside of -depth..depth-1 leaves all off.',
    attributes: { axis: 'int' },
    infer: (call) => {
      const [indices, depth, values] = call.inputs;
      const axis = axisIn(call, call.attributes.axis ?? -1, indices.rank + 1);
      if (values.rank !== 1) return call.fail('values [off, on]');
      const size = depth.type?.elements?.[0] ?? unknownDim;
      const shape = [...indices.shape.slice(0, axis), size, ...indices.shape.slice(axis)];
      return { dtype: values.dtype, shape };
    },
    vjp: oneHotGradient,
  },
  Trilu: {
    docs: 'The triangle of the last two axes on and above the k-th (0) diagonal, below it if upper=0; zeros elsewhere.',
    attributes: { upper: 'int' },
    infer: (call) => {
      const [x, k] = call.inputs;
      if (x.rank < 2) return call.fail('at least two axes');
      if (k && k.dtype !== 'int64') return call.fail('k in int64, such as g.ints([1], [])', 'graph/type-mismatch');
      return inferSame(call);
    },
    vjp: ({ g, inputs: [, k], attributes, dy }) => [g.Trilu(dy, k, attributes)],
  },
};

function argument(which: string): Operator<'ArgMax' | 'ArgMin'> {
  return {
    docs: `The place of the ${which} element along one axis (0), as int64; the first of equal ones unless select_last_index=1.`,
    attributes: { axis: 'int', keepdims: 'int', select_last_index: 'int' },
    infer: (call) => {
      const [x] = call.inputs;
      const { axis = 0, keepdims = 1 } = call.attributes;
      const gone = axisIn(call, axis, x.rank);
      const shape = x.shape.flatMap((dim, at): Dim[] => (at !== gone ? [dim] : keepdims === 1 ? [1] : []));
      return { dtype: 'int64', shape };
    },
    vjp: 'zero',
  };
}

function inferTopK(call: InferCall<'TopK'>): readonly TensorType[] {
  const [x, k] = call.inputs;
  const axis = axisIn(call, call.attributes.axis ?? -1, x.rank);
  if (k.dtype !== 'int64' || k.rank !== 1) return call.fail('K as an int64 vector of one element');
  const count = k.type?.elements?.[0] ?? unknownDim;
  const size = x.shape[axis] ?? unknownDim;
  if (typeof count === 'number' && typeof size === 'number' && count > size)
    return call.fail(`K of at most ${size}, got ${count}`);
  const shape = withAxis(x.shape, axis, count);
  return [
    { dtype: x.dtype, shape },
    { dtype: 'int64', shape },
  ];
}

/** on gets what arrives at the ones, off all the rest. */
function oneHotGradient({ g, inputs: [indices, depth], attributes, dy }: VjpCall<'OneHot'>) {
  const ones = g.OneHot(indices, depth, g.Cast([0, 1], { to: dtypeNumber(dy.dtype) }), attributes);
  const on = g.ReduceSum(g.Mul(dy, ones));
  const off = g.Sub(g.ReduceSum(dy), on); // [1, ..., 1], as on
  return [undefined, undefined, g.Reshape(g.Concat(off, on, { axis: 0 }), [2])];
}
