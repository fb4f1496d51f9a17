/** What the operator families share: inference of elementwise shapes, and the gradient of broadcasting. */
import { type DType, dtypeNumber } from '../../tensor/dtype';
import { broadcastShapes, equalDims, normalAxis, type Shape } from '../../tensor/shape';
import type { Builder } from '../builder-type';
import type { TensorType, Value } from '../ir';

/** The part of an inference call that shape rules need. */
export interface Failing {
  fail(expected: string, code?: 'graph/shape-mismatch' | 'graph/type-mismatch'): never;
}

/** The type of the first input: elementwise operators of one input. */
export function inferSame(call: { readonly inputs: readonly [Value, ...unknown[]] }): TensorType {
  return { dtype: call.inputs[0].dtype, shape: call.inputs[0].shape };
}

/** NumPy broadcasting of all inputs, which must have one element type; `dtype` replaces it in the result. */
export function inferBroadcast(
  call: Failing & { readonly inputs: readonly (Value | undefined)[] },
  dtype?: DType,
): TensorType {
  const inputs = call.inputs.filter((value) => value !== undefined);
  const [first] = inputs;
  if (first === undefined) return call.fail('at least one input');
  if (inputs.some((value) => value.dtype !== first.dtype)) {
    return call.fail('inputs of one element type', 'graph/type-mismatch');
  }
  return { dtype: dtype ?? first.dtype, shape: broadcastShape(call, inputs) };
}

/** The common shape of values by NumPy's rules, whatever their element types. */
export function broadcastShape(call: Failing, values: readonly Value[]): Shape {
  const shape = broadcastShapes(...values.map((value) => value.shape));
  return shape ?? call.fail('shapes that broadcast (equal axes, or 1, counted from the end)');
}

/**
 * The gradient of broadcasting: sums `cotangent` over the axes along which `input` was repeated, back to its shape.
 * @throws ModelError `graph/unknown-shape` when symbols leave open whether an axis was repeated.
 */
export function unbroadcast(g: Builder, cotangent: Value, input: Value): Value {
  const from = cotangent.shape;
  const to = input.shape;
  const added = from.length - to.length;
  const repeated = to.flatMap((dim, axis) => {
    const wide = from[axis + added] ?? dim;
    if (equalDims(wide, dim) || dim === wide) return [];
    return dim === 1 ? [axis + added] : askForSizes(input);
  });
  const leading = Array.from({ length: added }, (_, axis) => axis);
  if (leading.length + repeated.length === 0) return cotangent;
  const summed = g.ReduceSum(cotangent, [...leading, ...repeated], { keepdims: added === 0 ? 1 : 0 });
  return added === 0 ? summed : g.Reshape(summed, g.shapeOf(input));
}

function askForSizes(input: Value): number[] {
  return input.dims.slice(input.rank); // throws with the name of the value whose symbols must be bound
}

/** All axes of a rank: 0, 1, ..., rank - 1. */
export function allAxes(rank: number): number[] {
  return Array.from({ length: rank }, (_, axis) => axis);
}

/** Axis counted from the front, or the call's failure. */
export function axisIn(call: Failing, axis: number, rank: number): number {
  try {
    return normalAxis(axis, rank);
  } catch {
    return call.fail(`an axis within rank ${rank}, got ${axis}`);
  }
}

/** The shape with one axis replaced. */
export function withAxis(shape: Shape, axis: number, dim: Shape[number]): Shape {
  return shape.map((old, at) => (at === axis ? dim : old));
}

/** The permutation that undoes `perm`. */
export function inversePermutation(perm: readonly number[]): number[] {
  const inverse: number[] = [];
  perm.forEach((from, to) => (inverse[from] = to));
  return inverse;
}

/** A condition (bool) as numbers 0 and 1 of the type of `like`: multiplying by it is faster than Where. */
export function maskOf(g: Builder, condition: Value, like: Value): Value {
  return g.Cast(condition, { to: dtypeNumber(like.dtype) });
}
