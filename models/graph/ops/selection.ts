/** Choosing between values, limiting them, changing their element type, and inference-time dropout. */
import { dtypeNumber, dtypeOfNumber, isReal } from '../../tensor/dtype';
import type { Family } from '../operator';
import { broadcastShape, inferSame, maskOf, unbroadcast } from './rules';

export const selection: Family<'Where' | 'Clip' | 'Cast' | 'Dropout'> = {
  Where: {
    docs: 'X where the condition holds, Y elsewhere, all three broadcast.',
    attributes: {},
    infer: (call) => {
      const [condition, x, y] = call.inputs;
      if (condition.dtype !== 'bool') return call.fail('a bool condition', 'graph/type-mismatch');
      if (x.dtype !== y.dtype) return call.fail('X and Y of one element type', 'graph/type-mismatch');
      return { dtype: x.dtype, shape: broadcastShape(call, [condition, x, y]) };
    },
    vjp: ({ g, inputs: [condition, x, y], dy }) => {
      const none = g.scalarLike(dy, 0); // Where and not a product: the value not chosen may be infinite further back
      return [
        undefined,
        unbroadcast(g, g.Where(condition, dy, none), x),
        unbroadcast(g, g.Where(condition, none, dy), y),
      ];
    },
  },
  Clip: {
    docs: 'X limited to min..max, both scalars; a limited element gets no gradient, and its limit gets it.',
    attributes: {},
    infer: ({ inputs: [x] }) => ({ dtype: x.dtype, shape: x.shape }),
    vjp: ({ g, inputs: [x, min, max], dy }) => {
      const below = min && maskOf(g, g.Less(x, min), x);
      const above = max && maskOf(g, g.Greater(x, max), x);
      const outside = below && above ? g.Add(below, above) : (below ?? above);
      const inside = outside ? g.Mul(dy, g.Neg(g.Sub(outside, 1))) : dy;
      const toLimit = (mask: typeof below) => mask && g.ReduceSum(g.Mul(dy, mask), { keepdims: 0 });
      return [inside, toLimit(below), toLimit(above)];
    },
  },
  Cast: {
    docs: 'The same numbers in another element type (ONNX number in `to`). Between real types the gradient is cast back; whole numbers have none.',
    attributes: { to: 'int', saturate: 'int' },
    infer: (call) => {
      const [x] = call.inputs;
      const dtype = dtypeOfNumber(call.attributes.to);
      if (dtype === undefined)
        return call.fail(`an element type, got number ${call.attributes.to}`, 'graph/type-mismatch');
      const known = dtype === 'int64' || dtype === 'int32' ? x.type?.elements : undefined;
      const elements = known?.map((element) => (typeof element === 'number' ? Math.trunc(element) : element));
      return { dtype, shape: x.shape, ...(elements && { elements }) };
    },
    vjp: ({ g, inputs: [x], y, dy }) =>
      isReal(x.dtype) && isReal(y.dtype) ? [g.Cast(dy, { to: dtypeNumber(x.dtype) })] : [undefined],
  },
  Dropout: {
    docs: 'As files carry it: X unchanged unless training_mode is true. Training uses the counter-based dropout of nn/, whose mask can be repeated.',
    attributes: { seed: 'int' },
    infer: (call) =>
      call.outputCount > 1 ? [inferSame(call), { ...inferSame(call), dtype: 'bool' }] : inferSame(call),
    vjp: ({ inputs: [, , training], dy }) => (training === undefined ? [dy] : 'missing'),
  },
};
