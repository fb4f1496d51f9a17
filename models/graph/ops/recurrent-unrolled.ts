/**
 * LSTM and GRU written step by step with ordinary operators: for training, for element types that the runtime's own kernels lack,
 * and to check them. The gates of any number of rows are one function each, which the gradients use for the rows of all steps at once.
 * Hochreiter and Schmidhuber 1997; Cho et al. 2014; in the form of the ONNX operator documentation.
 */
import type { Builder } from '../builder-type';
import type { Value } from '../ir';
import {
  type Direction,
  directionsOf,
  gate,
  item,
  oneMinus,
  type RecurrentNode,
  stepsIn,
  together,
} from './recurrent-parts';

/** What the gates of an LSTM let through: i, o, f side by side, [rows, 3*H], and the candidate, [rows, H]. */
export interface LstmGates {
  readonly all: Value;
  readonly candidate: Value;
}

/** The input half of all steps in one product: x W^T + Wb + Rb, [T*B, 4*H]. */
export function lstmInputHalf(g: Builder, { x, W, inputBias, recurrentBias }: Direction): Value {
  return g.Gemm(x, W, g.Add(inputBias, recurrentBias), { transB: 1 });
}

/** i, o, f = sigmoid, n = tanh of inputHalf + h R^T. */
export function lstmGates(g: Builder, { R, hidden }: Direction, inputHalf: Value, h: Value): LstmGates {
  const sums = g.Gemm(h, R, inputHalf, { transB: 1 }); // [rows, 4*H]
  return { all: g.Sigmoid(gate(g, sums, hidden, 0, 3)), candidate: g.Tanh(gate(g, sums, hidden, 3)) };
}

/** Y [T, D, B, H], Y_h and Y_c [D, B, H] of an LSTM; then of all steps i, o, f [T, D, B, 3*H], candidates and cells [T, D, B, H]. */
export function unrolledLstm(g: Builder, node: RecurrentNode): readonly Value[] {
  const results = directionsOf(g, node).map((direction) => {
    const inputHalfAt = stepsIn(g, direction, lstmInputHalf(g, direction));
    const states: Value[] = [];
    const gates: Value[] = [];
    const candidates: Value[] = [];
    const cells: Value[] = [];
    let { initialH: h, initialC: c } = direction;
    for (const step of direction.order) {
      const { all, candidate } = lstmGates(g, direction, inputHalfAt(step), h);
      const gateOf = (k: number): Value => gate(g, all, direction.hidden, k);
      c = g.Add(g.Mul(gateOf(2), c), g.Mul(gateOf(0), candidate));
      h = g.Mul(gateOf(1), g.Tanh(c));
      states[step] = h;
      gates[step] = all;
      candidates[step] = candidate;
      cells[step] = c;
    }
    return { steps: [states, gates, candidates, cells], last: [h, c] };
  });
  const all = joinedSteps(g, node, results.map(({ steps }) => steps)); // prettier-ignore
  return [item(all, 0), ...joinedLast(g, node, results.map(({ last }) => last)), ...all.slice(1)]; // prettier-ignore
}

/** What the gates of a GRU let through, [rows, H] each, z and r also side by side, and what r gates. */
export interface GruGates {
  readonly all: Value;
  readonly update: Value;
  readonly reset: Value;
  readonly candidate: Value;
  /** h Rh^T + Rbh where the reset comes after the product, else reset * h. */
  readonly gated: Value;
}

/** The input half of all steps: x W^T + Wb, and Rb too where it is not part of what the reset gates, [T*B, 3*H]. */
export function gruInputHalf(g: Builder, direction: Direction, isResetAfter: boolean): Value {
  const { x, W, inputBias, recurrentBias } = direction;
  return g.Gemm(x, W, isResetAfter ? inputBias : g.Add(inputBias, recurrentBias), { transB: 1 });
}

/** z, r = sigmoid, n = tanh(.. + r * (h Rh^T + Rbh)) or tanh(.. + (r * h) Rh^T). `isResetAfter` is linear_before_reset. */
export function gruGates(g: Builder, d: Direction, inputHalf: Value, h: Value, isResetAfter: boolean): GruGates {
  const { R, hidden } = d;
  const [first, last] = [gate(g, inputHalf, hidden, 0, 2), gate(g, inputHalf, hidden, 2)];
  const product = isResetAfter ? g.Gemm(h, R, d.recurrentBias, { transB: 1 }) : undefined; // [rows, 3*H]
  const { updateAndReset: Rzr, candidate: Rh } = gruWeights(g, d);
  const all = g.Sigmoid(product ? g.Add(first, gate(g, product, hidden, 0, 2)) : g.Gemm(h, Rzr, first, { transB: 1 }));
  const [update, reset] = [gate(g, all, hidden, 0), gate(g, all, hidden, 1)];
  const gated = product ? gate(g, product, hidden, 2) : g.Mul(reset, h);
  const sum = product ? g.Add(last, g.Mul(reset, gated)) : g.Gemm(gated, Rh, last, { transB: 1 });
  return { all, update, reset, candidate: g.Tanh(sum), gated };
}

/** R cut into the rows of z and r, [2*H, H], and those of the candidate, [H, H]. */
export function gruWeights(g: Builder, { R, hidden }: Direction): { updateAndReset: Value; candidate: Value } {
  return { updateAndReset: g.Slice(R, [0], [2 * hidden]), candidate: g.Slice(R, [2 * hidden], [3 * hidden]) };
}

/** Y [T, D, B, H] and Y_h [D, B, H] of a GRU. */
export function unrolledGru(g: Builder, node: RecurrentNode, isResetAfter: boolean): readonly Value[] {
  const results = directionsOf(g, node).map((direction) => {
    const inputHalfAt = stepsIn(g, direction, gruInputHalf(g, direction, isResetAfter));
    const states: Value[] = [];
    let { initialH: h } = direction;
    for (const step of direction.order) {
      const { update, candidate } = gruGates(g, direction, inputHalfAt(step), h, isResetAfter);
      h = g.Add(g.Mul(oneMinus(g, update), candidate), g.Mul(update, h));
      states[step] = h;
    }
    return { steps: [states], last: [h] };
  });
  const y = joinedSteps(g, node, results.map(({ steps }) => steps)); // prettier-ignore
  return [...y, ...joinedLast(g, node, results.map(({ last }) => last))]; // prettier-ignore
}

/** Of each direction several lists of steps [B, K]: of each list one value, [T, D, B, K]. */
function joinedSteps(g: Builder, { X }: RecurrentNode, directions: readonly (readonly Value[][])[]): Value[] {
  const [steps = 0, batch = 0] = X.dims;
  const rows = directions.map((lists) => lists.map((list) => g.Concat(...list, { axis: 0 }))); // [T*B, K]
  return transposed(rows).map((values) => together(g, values, 1, [steps, 1, batch, -1]));
}

/** Of each direction several values [B, H]: of each one [D, B, H]. */
function joinedLast(g: Builder, { X }: RecurrentNode, directions: readonly (readonly Value[])[]): Value[] {
  return transposed(directions).map((values) => together(g, values, 0, [1, X.dims[1] ?? 0, -1]));
}

function transposed<T>(lists: readonly (readonly T[])[]): T[][] {
  return (lists[0] ?? []).map((_, k) => lists.flatMap((list) => list.slice(k, k + 1)));
}
