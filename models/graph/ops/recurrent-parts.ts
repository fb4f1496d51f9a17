/** A recurrent node taken apart for the code that writes it with other operators: one set of weights a direction, rows of all steps. */
import { filledTensor } from '../../tensor/filled-tensor';
import type { Builder } from '../builder-type';
import type { Value } from '../ir';

/** An LSTM or GRU node with the steps on the first axis (layout 0). T steps, batch B, I features, H hidden, D directions, G gates. */
export interface RecurrentNode {
  /** [T, B, I] */
  readonly X: Value;
  /** [D, G*H, I] */
  readonly W: Value;
  /** [D, G*H, H] */
  readonly R: Value;
  /** [D, 2*G*H]: those of the input half, then those of the recurrent half; zeros when left out. */
  readonly B: Value | undefined;
  /** [D, B, H], zeros when left out. */
  readonly initialH: Value | undefined;
  /** [D, B, H], zeros when left out; of the LSTM only. */
  readonly initialC: Value | undefined;
  /** forward, reverse or bidirectional. */
  readonly direction: string;
}

/** What one direction reads. */
export interface Direction {
  /** Numbers of the steps in the order in which this direction takes them. */
  readonly order: readonly number[];
  /** [T*B, I], the same for all directions. */
  readonly x: Value;
  /** [G*H, I] */
  readonly W: Value;
  /** [G*H, H] */
  readonly R: Value;
  /** [G*H] each. */
  readonly inputBias: Value;
  readonly recurrentBias: Value;
  /** [B, H] each. */
  readonly initialH: Value;
  readonly initialC: Value;
  readonly batch: number;
  readonly hidden: number;
}

/**
 * The directions of a node, forward first.
 * @throws ModelError `graph/unknown-shape` when the number of steps or the batch is a symbol.
 */
export function directionsOf(g: Builder, node: RecurrentNode): Direction[] {
  const { X, W, R, direction } = node;
  const [steps = 0, batch = 0, features = 0] = X.dims;
  const [count = 1, width = 0, hidden = 0] = R.dims;
  const x = g.Reshape(X, [steps * batch, features]);
  const zeros = (...dims: number[]): Value => g.constant(filledTensor(X.dtype, dims, 0));
  const weights = apart(g, W, 0, [width, features]);
  const recurrentWeights = apart(g, R, 0, [width, hidden]);
  const biases = apart(g, node.B ?? zeros(count, 2 * width), 0, [2 * width]);
  const states = apart(g, node.initialH ?? zeros(count, batch, hidden), 0, [batch, hidden]);
  const cells = apart(g, node.initialC ?? zeros(count, batch, hidden), 0, [batch, hidden]);
  const forward = Array.from({ length: steps }, (_, step) => step);
  return Array.from({ length: count }, (_, k) => {
    const bias = item(biases, k);
    return {
      order: direction === 'reverse' || k === 1 ? [...forward].reverse() : forward,
      x,
      W: item(weights, k),
      R: item(recurrentWeights, k),
      inputBias: g.Slice(bias, [0], [width]),
      recurrentBias: g.Slice(bias, [width], [2 * width]),
      initialH: item(states, k),
      initialC: item(cells, k),
      batch,
      hidden,
    };
  });
}

/** One value a direction, each reshaped to `dims`: the axis of directions is cut. */
export function apart(g: Builder, value: Value, axis: number, dims: readonly number[]): Value[] {
  const count = value.dims[axis] ?? 1;
  const pieces = count === 1 ? [value] : g.Split(value, { axis, num_outputs: count });
  return pieces.map((piece) => g.Reshape(piece, dims));
}

/** The values of all directions with the axis of directions put back; `dims` has size 1 there. */
export function together(g: Builder, values: readonly Value[], axis: number, dims: readonly number[]): Value {
  const shaped = values.map((value) => g.Reshape(value, dims));
  const [only] = shaped;
  return only && shaped.length === 1 ? only : g.Concat(...shaped, { axis });
}

/** Reads the rows [B, K] of one step from those of all steps, [T*B, K]. */
export function stepsIn(g: Builder, { order }: Direction, rows: Value): (step: number) => Value {
  const pieces = order.length === 1 ? [rows] : g.Split(rows, { num_outputs: order.length });
  return (step) => item(pieces, step);
}

/** Of every step the state before it, [T*B, H]: the rows of all steps moved by one step, `initial` in the place that gets free. */
export function statesBefore(g: Builder, { order, batch }: Direction, rows: Value, initial: Value): Value {
  const length = order.length * batch;
  return order[0] === 0
    ? g.Concat(initial, g.Slice(rows, [0], [length - batch]), { axis: 0 })
    : g.Concat(g.Slice(rows, [batch], [length]), initial, { axis: 0 });
}

/** Columns of gate k: [rows, G*H] -> [rows, H]. With `count`, of that many gates: [rows, count*H]. */
export function gate(g: Builder, rows: Value, hidden: number, k: number, count = 1): Value {
  return g.Slice(rows, [k * hidden], [(k + count) * hidden], [1]);
}

/** 1 - x. */
export function oneMinus(g: Builder, x: Value): Value {
  return g.Neg(g.Sub(x, 1));
}

/** The k-th of a list that has it. */
export function item<T>(list: readonly T[], index: number): T {
  const found = list[index];
  if (found === undefined) throw new RangeError(`There are ${list.length}, none has number ${index}.`);
  return found;
}
