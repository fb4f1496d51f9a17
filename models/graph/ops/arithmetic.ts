/** Elementwise arithmetic with broadcasting. Gradients by the textbook; each is summed back to the shape of its operand. */
import { dtypeNumber, isReal } from '../../tensor/dtype';
import { addDims, type Dim, divideDims, multiplyDims } from '../../tensor/shape';
import type { TensorType, Value } from '../ir';
import type { Family } from '../operator';
import { broadcastShape, inferBroadcast, inferSame, maskOf, unbroadcast } from './rules';

type Arithmetic = 'Add' | 'Sub' | 'Mul' | 'Div' | 'Pow' | 'Mod' | 'Neg' | 'Sum' | 'Mean' | 'Max' | 'Min';

/** Sizes computed from sizes stay known: `Shape(x)[0] * 4`. */
function withElements(type: TensorType, inputs: readonly [Value, Value], rule: (a: Dim, b: Dim) => Dim): TensorType {
  const [a, b] = inputs.map((value) => value.type?.elements);
  if (!a || !b || (a.length !== b.length && a.length !== 1 && b.length !== 1)) return type;
  const length = Math.max(a.length, b.length);
  const at = (list: readonly Dim[], index: number): Dim => list[list.length === 1 ? 0 : index] ?? '?';
  return { ...type, elements: Array.from({ length }, (_, index) => rule(at(a, index), at(b, index))) };
}

const subtractDims = (a: Dim, b: Dim): Dim =>
  typeof a === 'number' && typeof b === 'number' ? a - b : b === 0 ? a : '?';

export const arithmetic: Family<Arithmetic> = {
  Add: {
    docs: 'A + B, broadcast.',
    attributes: {},
    infer: (call) => withElements(inferBroadcast(call), call.inputs, addDims),
    vjp: ({ g, inputs: [a, b], dy }) => [unbroadcast(g, dy, a), unbroadcast(g, dy, b)],
  },
  Sub: {
    docs: 'A - B, broadcast.',
    attributes: {},
    infer: (call) => withElements(inferBroadcast(call), call.inputs, subtractDims),
    vjp: ({ g, inputs: [a, b], dy }) => [unbroadcast(g, dy, a), unbroadcast(g, g.Neg(dy), b)],
  },
  Mul: {
    docs: 'A * B, broadcast.',
    attributes: {},
    infer: (call) => withElements(inferBroadcast(call), call.inputs, multiplyDims),
    vjp: ({ g, inputs: [a, b], dy }) => [unbroadcast(g, g.Mul(dy, b), a), unbroadcast(g, g.Mul(dy, a), b)],
  },
  Div: {
    docs: 'A / B, broadcast; whole numbers are divided towards zero.',
    attributes: {},
    infer: (call) => withElements(inferBroadcast(call), call.inputs, divideDims),
    vjp: ({ g, inputs: [a, b], y, dy }) => {
      const da = g.Div(dy, b);
      return [unbroadcast(g, da, a), unbroadcast(g, g.Neg(g.Mul(da, y)), b)]; // d(a/b)/db = -y/b
    },
  },
  Pow: {
    docs: 'A to the power B, broadcast. The gradient for B takes A > 0 for granted, as log A does not exist elsewhere; where A is 0 it is 0.',
    attributes: {},
    infer: (call) => {
      const [base, exponent] = call.inputs;
      return { dtype: base.dtype, shape: broadcastShape(call, [base, exponent]) }; // the exponent may have another type
    },
    vjp: ({ g, inputs: [a, b], y, dy }) => {
      const exponent = b.dtype === a.dtype ? b : g.Cast(b, { to: dtypeNumber(a.dtype) });
      const da = g.Mul(dy, g.Mul(exponent, g.Pow(a, g.Sub(exponent, 1))));
      if (!isReal(b.dtype)) return [unbroadcast(g, da, a)];
      const isPositive = maskOf(g, g.Greater(a, 0), a);
      const logarithm = g.Mul(g.Log(g.Add(g.Mul(a, isPositive), g.Sub(1, isPositive))), isPositive);
      const db = unbroadcast(g, g.Mul(dy, g.Mul(y, logarithm)), b);
      return [unbroadcast(g, da, a), b.dtype === a.dtype ? db : g.Cast(db, { to: dtypeNumber(b.dtype) })];
    },
  },
  Mod: {
    docs: 'Remainder; with fmod=1 as C computes it, else with the sign of B. A passes its gradient on, B gets -round(A / B).',
    attributes: { fmod: 'int' },
    infer: (call) => inferBroadcast(call),
    vjp: ({ g, inputs: [a, b], y, dy }) => [
      unbroadcast(g, dy, a),
      unbroadcast(g, g.Neg(g.Mul(dy, g.Div(g.Sub(a, y), b))), b),
    ],
  },
  Neg: { docs: '-X.', attributes: {}, infer: inferSame, vjp: ({ g, dy }) => [g.Neg(dy)] },
  Sum: {
    docs: 'The sum of all inputs, broadcast.',
    attributes: {},
    infer: (call) => inferBroadcast(call),
    vjp: ({ g, inputs, dy }) => inputs.map((input) => unbroadcast(g, dy, input)),
  },
  Mean: {
    docs: 'The mean of all inputs, broadcast.',
    attributes: {},
    infer: (call) => inferBroadcast(call),
    vjp: ({ g, inputs, dy }) => {
      const share = g.Div(dy, inputs.length);
      return inputs.map((input) => unbroadcast(g, share, input));
    },
  },
  Max: {
    docs: 'The largest of all inputs, broadcast. Where several are largest, each gets an equal share of the gradient.',
    attributes: {},
    infer: (call) => inferBroadcast(call),
    vjp: ({ g, inputs, y, dy }) => sharedAmongEqual(g, inputs, y, dy),
  },
  Min: {
    docs: 'The smallest of all inputs, broadcast. Where several are smallest, each gets an equal share of the gradient.',
    attributes: {},
    infer: (call) => inferBroadcast(call),
    vjp: ({ g, inputs, y, dy }) => sharedAmongEqual(g, inputs, y, dy),
  },
};

/** dy to the inputs that equal the result, divided by how many do. */
function sharedAmongEqual(
  g: Parameters<typeof unbroadcast>[0],
  inputs: readonly Value[],
  y: Value,
  dy: Value,
): Value[] {
  const masks = inputs.map((input) => maskOf(g, g.Equal(input, y), y));
  const count = masks.reduce((sum, mask) => g.Add(sum, mask));
  const share = g.Div(dy, count);
  return inputs.map((input, index) => unbroadcast(g, g.Mul(share, masks[index] ?? count), input));
}
