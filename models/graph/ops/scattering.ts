/** Writing elements to places given by index. Places must differ where the reduction is none: the standard leaves open who wins. */
import type { Builder } from '../builder-type';
import type { Value } from '../ir';
import type { Family } from '../operator';
import { checkIndices, checkShape, indexLength } from './indices';
import { axisIn } from './rules';

export const scattering: Family<'ScatterElements' | 'ScatterND'> = {
  ScatterElements: {
    docs: '`data` with every element of `updates` written to its own place, the coordinate along one axis (0) replaced by the index; reduction none, add, mul, max or min. Gradients for none and add.',
    attributes: { axis: 'int', reduction: 'string' },
    infer: (call) => {
      const [data, indices, updates] = call.inputs;
      checkIndices(call, indices);
      axisIn(call, call.attributes.axis ?? 0, data.rank);
      if (data.dtype !== updates.dtype) return call.fail('data and updates of one element type', 'graph/type-mismatch');
      if (indices.rank !== data.rank) return call.fail('indices of as many axes as data');
      checkShape(call, 'updates', updates, indices.shape);
      return { dtype: data.dtype, shape: data.shape };
    },
    vjp: ({ g, inputs: [, indices, updates], attributes: { axis = 0, reduction = 'none' }, dy }) =>
      scatterGradient(g, updates, reduction, dy, {
        picked: () => g.GatherElements(dy, indices, { axis }),
        overwritten: (zeros) => g.ScatterElements(dy, indices, zeros, { axis }),
      }),
  },
  ScatterND: {
    docs: '`data` with slices of `updates` written where the rows along the last axis of `indices` point; reduction none, add, mul, max or min. Gradients for none and add.',
    attributes: { reduction: 'string' },
    infer: (call) => {
      const [data, indices, updates] = call.inputs;
      if (indices.dtype !== 'int64') return call.fail('int64 indices', 'graph/type-mismatch');
      if (data.dtype !== updates.dtype) return call.fail('data and updates of one element type', 'graph/type-mismatch');
      const length = indexLength(call, indices, data.rank);
      checkShape(call, 'updates', updates, [...indices.shape.slice(0, -1), ...data.shape.slice(length)]);
      return { dtype: data.dtype, shape: data.shape };
    },
    vjp: ({ g, inputs: [, indices, updates], attributes: { reduction = 'none' }, dy }) =>
      scatterGradient(g, updates, reduction, dy, {
        picked: () => g.GatherND(dy, indices),
        overwritten: (zeros) => g.ScatterND(dy, indices, zeros),
      }),
  },
};

interface Scatter {
  /** dy at the places that were written. */
  picked(): Value;
  /** dy with zeros at those places. */
  overwritten(zeros: Value): Value;
}

/** Updates get dy from their places; data gets dy whole where it was added to, zeros where it was overwritten. */
function scatterGradient(g: Builder, updates: Value, reduction: string, dy: Value, scatter: Scatter) {
  if (reduction === 'add') return [dy, undefined, scatter.picked()];
  if (reduction !== 'none') return 'missing';
  return [scatter.overwritten(g.fullLike(updates, 0)), undefined, scatter.picked()];
}
