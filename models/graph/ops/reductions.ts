/** Reductions over axes. `axes` is an int64 vector; without it all axes are reduced (or none, with noop_with_empty_axes=1). */
import { dtypeNumber } from '../../tensor/dtype';
import { type Dim, shapeSize } from '../../tensor/shape';
import type { Builder } from '../builder-type';
import type { TensorType, Value } from '../ir';
import type { Family, InferCall, Operator, VjpCall } from '../operator';
import { allAxes, axisIn, type Failing, maskOf } from './rules';

type Reduction =
  | ('ReduceSum' | 'ReduceMean' | 'ReduceMax' | 'ReduceMin' | 'ReduceProd')
  | ('ReduceL1' | 'ReduceL2' | 'ReduceSumSquare' | 'ReduceLogSum' | 'ReduceLogSumExp');

/** The shape with the axes removed, or kept with size 1. */
function reducedShape(call: Failing, x: Value, axes: readonly number[], keeps: boolean): Dim[] {
  const gone = new Set(axes.map((axis) => axisIn(call, axis, x.rank)));
  return x.shape.flatMap((dim, axis): Dim[] => (!gone.has(axis) ? [dim] : keeps ? [1] : []));
}

function infer(call: InferCall<Reduction>): TensorType {
  const [x, axes] = call.inputs;
  const { keepdims = 1, noop_with_empty_axes: noop = 0 } = call.attributes;
  const known = axes === undefined ? [] : axes.type?.elements;
  if (!known?.every((axis) => typeof axis === 'number')) return call.fail('axes that are a constant');
  const all = noop === 1 ? [] : allAxes(x.rank);
  return { dtype: x.dtype, shape: reducedShape(call, x, known.length === 0 ? all : known, keepdims === 1) };
}

type ReductionCall = VjpCall<Reduction>;

/** The axes that a node reduces, counted from the front. */
function axesOf({ g, inputs: [x, axes], attributes }: ReductionCall): number[] {
  const known = g.integersOf(axes) ?? [];
  if (known.length > 0) return known.map((axis) => (axis < 0 ? axis + x.rank : axis));
  return attributes.noop_with_empty_axes === 1 ? [] : allAxes(x.rank);
}

/** A result or its cotangent with the reduced axes put back as size 1, ready to broadcast against X. */
function kept(call: ReductionCall, value: Value): Value {
  const axes = axesOf(call);
  return (call.attributes.keepdims ?? 1) === 1 || axes.length === 0 ? value : call.g.Unsqueeze(value, axes);
}

/** Number of elements that go into one result, as a scalar of the type of X. */
function countOf(call: ReductionCall): Value {
  const { g, inputs: [x], y } = call; // prettier-ignore
  const count = shapeSize(axesOf(call).map((axis) => x.shape[axis] ?? 1));
  if (typeof count === 'number') return g.scalarLike(x, count);
  return g.Cast(g.Div(g.Size(x), g.Size(y)), { to: dtypeNumber(x.dtype) });
}

/** The cotangent repeated along the reduced axes. */
const spread = (call: ReductionCall, value: Value): Value =>
  call.g.Expand(kept(call, value), call.g.shapeOf(call.inputs[0]));

/** dy to the elements that equal the result, divided by how many do. */
function sharedAmongEqual(call: ReductionCall): Value[] {
  const { g, inputs: [x], y, dy } = call; // prettier-ignore
  const mask = maskOf(g, g.Equal(x, kept(call, y)), x);
  const axes = axesOf(call);
  const count = axes.length === 0 ? mask : g.ReduceSum(mask, axes);
  return [g.Mul(mask, g.Div(kept(call, dy), count))];
}

/** A product without its own factor: the products before and after it, so that zeros do no harm. Along one axis. */
function productGradient(call: ReductionCall): Value[] {
  const { g, inputs: [x], dy } = call; // prettier-ignore
  const axes = axesOf(call);
  const order = [...allAxes(x.rank).filter((axis) => !axes.includes(axis)), ...axes];
  const rows = g.Reshape(g.Transpose(x, { perm: order }), [-1, axes.reduce((n, axis) => n * (x.dims[axis] ?? 1), 1)]);
  const others = exclusiveProducts(g, rows);
  const size = order.map((axis) => x.dims[axis] ?? 1);
  const back = g.Transpose(g.Reshape(others, size), { perm: order.map((_, axis) => order.indexOf(axis)) });
  return [g.Mul(back, kept(call, dy))];
}

/** [R, K] -> [R, K]: element k is the product of all others in its row. */
function exclusiveProducts(g: Builder, rows: Value): Value {
  const length = rows.dims[1] ?? 0;
  const columns = Array.from({ length }, (_, k) => g.Slice(rows, [k], [k + 1], [1]));
  const one = g.fullLike(columns[0] ?? rows, 1);
  const before = [one];
  const after = [one];
  for (let k = 0; k + 1 < length; k++) {
    before.push(g.Mul(before[k] ?? one, columns[k] ?? one));
    after.push(g.Mul(after[k] ?? one, columns[length - 1 - k] ?? one));
  }
  return g.Concat(...before.map((left, k) => g.Mul(left, after[length - 1 - k] ?? one)), { axis: 1 });
}

function reduction(docs: string, vjp: (call: ReductionCall) => Value[]): Operator<Reduction> {
  return { docs, attributes: { keepdims: 'int', noop_with_empty_axes: 'int' }, infer, vjp };
}

export const reductions: Family<Reduction> = {
  ReduceSum: reduction('Sum.', (call) => [spread(call, call.dy)]),
  ReduceMean: reduction('Mean.', (call) => [spread(call, call.g.Div(call.dy, countOf(call)))]),
  ReduceMax: reduction('Largest; equal ones share the gradient.', sharedAmongEqual),
  ReduceMin: reduction('Smallest; equal ones share the gradient.', sharedAmongEqual),
  ReduceProd: reduction('Product; its gradient is right beside zeros too.', productGradient),
  ReduceL1: reduction('Sum of |X|.', (call) => [call.g.Mul(kept(call, call.dy), call.g.Sign(call.inputs[0]))]),
  ReduceL2: reduction('Square root of the sum of squares; no derivative exists at 0.', (call) => {
    const { g, inputs: [x], y, dy } = call; // prettier-ignore
    return [g.Mul(x, kept(call, g.Div(dy, y)))];
  }),
  ReduceSumSquare: reduction('Sum of squares.', (call) => [
    call.g.Mul(kept(call, call.g.Mul(call.dy, 2)), call.inputs[0]),
  ]),
  ReduceLogSum: reduction('Logarithm of the sum.', (call) => [spread(call, call.g.Div(call.dy, call.g.Exp(call.y)))]),
  ReduceLogSumExp: reduction('Logarithm of the sum of exponentials; the derivative is their share.', (call) => {
    const { g, inputs: [x], y, dy } = call; // prettier-ignore
    return [g.Mul(kept(call, dy), g.Exp(g.Sub(x, kept(call, y))))];
  }),
};
