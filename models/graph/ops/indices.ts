/** What gathering and scattering share: checks of index tensors, and places counted in a flat or batched order. */
import { dtypeNumber } from '../../tensor/dtype';
import { contradictoryDims, type Shape, unknownDim } from '../../tensor/shape';
import type { Builder } from '../builder-type';
import type { Value } from '../ir';
import type { Failing } from './rules';

/** Stops unless the value holds int32 or int64 numbers. */
export function checkIndices(call: Failing, indices: Value): void {
  if (indices.dtype !== 'int64' && indices.dtype !== 'int32')
    call.fail('int32 or int64 indices', 'graph/type-mismatch');
}

/** Stops unless the value's shape can be `expected`. */
export function checkShape(call: Failing, name: string, value: Value, expected: Shape): void {
  const differs = value.shape.some((dim, axis) => contradictoryDims(dim, expected[axis] ?? unknownDim));
  if (value.rank !== expected.length || differs) call.fail(`${name} of shape [${expected.join(', ')}]`);
}

/** Indices as int64, the only type that GatherND and ScatterND take. */
export function asInt64(g: Builder, indices: Value): Value {
  return indices.dtype === 'int64' ? indices : g.Cast(indices, { to: dtypeNumber('int64') });
}

/** How many axes of the data one index row of GatherND or ScatterND names, which inference has to know; at most `most`. */
export function indexLength(call: Failing, indices: Value, most: number): number {
  const length = indices.shape.at(-1);
  if (typeof length !== 'number' || length < 1 || length > most)
    return call.fail(`indices whose last axis has a size within 1..${most}`);
  return length;
}
