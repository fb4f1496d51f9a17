/** Operators of which only a run knows how many results they have. None has a gradient: their results are places. */
import { unknownDim } from '../../tensor/shape';
import type { Family } from '../operator';

export const dataDependent: Family<'NonZero' | 'NonMaxSuppression'> = {
  NonZero: {
    docs: 'Places of the elements that are not 0, int64 [rank of X, count], in row-major order.',
    attributes: {},
    infer: ({ inputs: [x] }) => ({ dtype: 'int64', shape: [Math.max(x.rank, 1), unknownDim] }),
    vjp: 'zero',
  },
  NonMaxSuppression: {
    docs: 'Of boxes [N, B, 4] with scores [N, C, B], those not overlapped by a better one of the same class: int64 [count, 3] of batch, class, box. At most max_output_boxes_per_class each, none below score_threshold.',
    attributes: { center_point_box: 'int' },
    infer: (call) => {
      const [boxes, scores] = call.inputs;
      if (boxes.rank !== 3 || scores.rank !== 3) return call.fail('boxes [N, B, 4] and scores [N, C, B]');
      return { dtype: 'int64', shape: [unknownDim, 3] };
    },
    vjp: 'zero',
  },
};
