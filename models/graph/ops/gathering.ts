/** Picking elements by index. An index counts from the end where it is negative; gradients add up where an element was picked twice. */
import { contradictoryDims, isStatic, unknownDim } from '../../tensor/shape';
import type { Builder } from '../builder-type';
import type { TensorType, Value } from '../ir';
import type { Family, InferCall } from '../operator';
import { asInt64, checkIndices, indexLength } from './indices';
import { allAxes, axisIn, inversePermutation } from './rules';

type Gathering = 'Gather' | 'GatherElements' | 'GatherND';

export const gathering: Family<Gathering> = {
  Gather: {
    docs: 'Slices of `data` along one axis (0): axis a of the result becomes the axes of `indices`. [V, C] at [B, T] is [B, T, C], an embedding.',
    attributes: { axis: 'int' },
    infer: inferGather,
    vjp: ({ g, inputs: [data, indices], attributes: { axis = 0 }, dy }) => [
      scatterRows(g, data, indices, axis < 0 ? axis + data.rank : axis, dy),
    ],
  },
  GatherElements: {
    docs: 'Of every place of `indices`, the element of `data` at that place, its coordinate along one axis (0) replaced by the index.',
    attributes: { axis: 'int' },
    infer: (call) => {
      const [data, indices] = call.inputs;
      checkIndices(call, indices);
      axisIn(call, call.attributes.axis ?? 0, data.rank);
      if (indices.rank !== data.rank) return call.fail('indices of as many axes as data');
      return { dtype: data.dtype, shape: indices.shape };
    },
    vjp: ({ g, inputs: [data, indices], attributes: { axis = 0 }, dy }) => [
      g.ScatterElements(g.fullLike(data, 0), indices, dy, { axis, reduction: 'add' }),
    ],
  },
  GatherND: {
    docs: 'Each row along the last axis of `indices` is a coordinate into `data`, behind `batch_dims` (0) axes that both have in common.',
    attributes: { batch_dims: 'int' },
    infer: (call) => {
      const [data, indices] = call.inputs;
      const { batch_dims: batch = 0 } = call.attributes;
      if (indices.dtype !== 'int64') return call.fail('int64 indices', 'graph/type-mismatch');
      if (batch >= Math.min(data.rank, indices.rank)) return call.fail('more axes than batch_dims');
      const differs = allAxes(batch).some((axis) =>
        contradictoryDims(data.shape[axis] ?? unknownDim, indices.shape[axis] ?? unknownDim),
      );
      if (differs) return call.fail(`equal sizes in the first ${batch} axes`);
      const length = indexLength(call, indices, data.rank - batch);
      return { dtype: data.dtype, shape: [...indices.shape.slice(0, -1), ...data.shape.slice(batch + length)] };
    },
    vjp: ({ g, inputs: [data, indices], attributes: { batch_dims: batch = 0 }, dy }) => [
      g.ScatterND(g.fullLike(data, 0), withBatchPlaces(g, indices, batch), dy, { reduction: 'add' }),
    ],
  },
};

function inferGather(call: InferCall<'Gather'>): TensorType {
  const [data, indices] = call.inputs;
  checkIndices(call, indices);
  if (data.rank === 0) return call.fail('data with at least one axis');
  const axis = axisIn(call, call.attributes.axis ?? 0, data.rank);
  const shape = [...data.shape.slice(0, axis), ...indices.shape, ...data.shape.slice(axis + 1)];
  const sizes = data.type?.elements;
  const places = indices.type?.elements;
  if (!sizes || !places || !isStatic(places)) return { dtype: data.dtype, shape };
  return { dtype: data.dtype, shape, elements: places.map((place) => sizes.at(place) ?? unknownDim) };
}

/** Zeros of the shape of `data`, to which the slices of `dy` are added at their places along the axis. */
function scatterRows(g: Builder, data: Value, indices: Value, axis: number, dy: Value): Value {
  const rows = g.Unsqueeze(asInt64(g, indices), [-1]); // [..., 1]
  const zeros = g.fullLike(data, 0);
  if (axis === 0) return g.ScatterND(zeros, rows, dy, { reduction: 'add' });
  const axisFirst = [axis, ...allAxes(data.rank).filter((other) => other !== axis)];
  const indexAxes = allAxes(indices.rank).map((k) => axis + k);
  const indexFirst = [...indexAxes, ...allAxes(dy.rank).filter((other) => !indexAxes.includes(other))];
  const turned = g.ScatterND(g.Transpose(zeros, { perm: axisFirst }), rows, g.Transpose(dy, { perm: indexFirst }), {
    reduction: 'add',
  });
  return g.Transpose(turned, { perm: inversePermutation(axisFirst) });
}

/** The coordinates with the place along each batch axis put in front: [..., K] -> [..., batch + K]. */
function withBatchPlaces(g: Builder, indices: Value, batch: number): Value {
  if (batch === 0) return indices;
  const { dims } = indices;
  const places = allAxes(batch).map((axis) => {
    const alone = dims.map((size, other) => (other === axis ? size : 1)); // [1, ..., B, ..., 1]
    return g.Expand(g.ints(allAxes(dims[axis] ?? 0), alone), [...dims.slice(0, -1), 1]);
  });
  return g.Concat(...places, indices, { axis: -1 });
}
