/**
 * Gradients of LSTM and GRU: backpropagation through time (Werbos 1990). Of the forward pass only the states are needed, so it may
 * be the runtime's fused kernel: the gates of all steps are computed again from X and the states in one product. What each gate does
 * to the cotangent is worked out for all steps at once, and so are the gradients of the weights; inside the recurrence stay dh and dc.
 */
import type { Builder } from '../builder-type';
import type { Value } from '../ir';
import {
  apart,
  type Direction,
  directionsOf,
  gate,
  item,
  oneMinus,
  type RecurrentNode,
  statesBefore,
  stepsIn,
  together,
} from './recurrent-parts';
import { gruGates, gruInputHalf, gruWeights, type LstmGates, lstmGates, lstmInputHalf } from './recurrent-unrolled';

/** The states that the forward pass gave, [T, D, B, H], and the cotangents of its results. */
export interface Received {
  readonly Y: Value;
  /** [T, D, B, H] */
  readonly dY: Value | undefined;
  /** [D, B, H] */
  readonly dH: Value | undefined;
  /** [D, B, H] */
  readonly dC: Value | undefined;
}

/** What a forward pass in single steps leaves behind, [T, D, B, .], so that nothing is computed twice; and its cotangents, if any. */
export interface LstmRecord {
  /** i, o, f side by side; candidates; cells. */
  readonly values: readonly Value[];
  readonly cotangents: readonly (Value | undefined)[];
}

/** Cotangents of a node's inputs, each of its input's shape. */
export interface RecurrentGradient {
  readonly X: Value;
  readonly W: Value;
  readonly R: Value;
  readonly B: Value;
  readonly initialH: Value;
  readonly initialC: Value;
}

/** What one direction is told: its states [T*B, H], their cotangents, and those of the last states [B, H]. */
interface DirectionReceived {
  readonly states: Value;
  readonly dStates: Value;
  readonly dH: Value;
  readonly dC: Value;
}

/** What one direction's forward pass leaves behind, rows of all steps: [T*B, 3*H], [T*B, H], [T*B, H]. */
interface DirectionRecord extends LstmGates {
  readonly cells: Value;
  readonly dAll?: Value | undefined;
  readonly dCandidate?: Value | undefined;
  readonly dCells?: Value | undefined;
}

/** The gradient of an LSTM; `X` and so on are the cotangents of the node's inputs. Without a record the gates are computed again. */
export function lstmGradient(
  g: Builder,
  node: RecurrentNode,
  received: Received,
  record?: LstmRecord,
): RecurrentGradient {
  const rows = (value: Value | undefined): Value[] | undefined => value && apart(g, value, 1, [-1, value.dims[3] ?? 0]);
  const values = record?.values.map((value) => rows(value) ?? []);
  const [dAll, dCandidate, dCells] = record?.cotangents.map(rows) ?? [];
  return overDirections(g, node, received, (direction, own, k) => {
    if (!values) return lstmDirection(g, direction, own);
    return lstmDirection(g, direction, own, {
      all: item(item(values, 0), k),
      candidate: item(item(values, 1), k),
      cells: item(item(values, 2), k),
      dAll: dAll?.[k],
      dCandidate: dCandidate?.[k],
      dCells: dCells?.[k],
    });
  });
}

/** The gradient of a GRU; that of initialC means nothing. `isResetAfter` is linear_before_reset. */
export function gruGradient(
  g: Builder,
  node: RecurrentNode,
  received: Received,
  isResetAfter: boolean,
): RecurrentGradient {
  const rule = isResetAfter ? gruResetAfter : gruResetBefore;
  return overDirections(g, node, received, (direction, own) => rule(g, direction, own));
}

function overDirections(
  g: Builder,
  node: RecurrentNode,
  { Y, dY, dH, dC }: Received,
  rule: (direction: Direction, received: DirectionReceived, index: number) => RecurrentGradient,
): RecurrentGradient {
  const [steps = 0, , batch = 0, hidden = 0] = Y.dims;
  const directions = directionsOf(g, node);
  const zeros = g.fullLike(Y, 0);
  const rows = (value: Value | undefined): Value[] => apart(g, value ?? zeros, 1, [steps * batch, hidden]);
  const last = (value: Value | undefined): Value[] =>
    value ? apart(g, value, 0, [batch, hidden]) : directions.map(({ initialH }) => g.fullLike(initialH, 0));
  const [states, dStates, dLast, dCells] = [rows(Y), rows(dY), last(dH), last(dC)];
  const all = directions.map((direction, k) =>
    rule(direction, { states: item(states, k), dStates: item(dStates, k), dH: item(dLast, k), dC: item(dCells, k) }, k),
  );
  const each = (key: keyof RecurrentGradient): Value[] => all.map((gradient) => gradient[key]);
  return {
    X: g.Reshape(each('X').reduce((sum, part) => g.Add(sum, part)), node.X.dims), // prettier-ignore
    W: together(g, each('W'), 0, [1, ...node.W.dims.slice(1)]),
    R: together(g, each('R'), 0, [1, ...node.R.dims.slice(1)]),
    B: together(g, each('B'), 0, [1, -1]),
    initialH: together(g, each('initialH'), 0, [1, batch, hidden]),
    initialC: together(g, each('initialC'), 0, [1, batch, hidden]),
  };
}

/**
 * h = o tanh(c), c = f c' + i n with c' the cell before and n the candidate. A step receives dh and dc:
 *   dc += dh o (1 - tanh(c)^2);  dz = [dc n i(1-i), dh tanh(c) o(1-o), dc c' f(1-f), dc i (1-n^2)];  dh' = dz R;  dc' = dc f.
 */
function lstmDirection(
  g: Builder,
  direction: Direction,
  received: DirectionReceived,
  record?: DirectionRecord,
): RecurrentGradient {
  const before = statesBefore(g, direction, received.states, direction.initialH);
  const { all, candidate, cells, dAll, dCandidate, dCells } = record ?? recomputed(g, direction, before);
  const gateOf = (k: number): Value => gate(g, all, direction.hidden, k);
  const squashed = g.Tanh(cells);
  const ofCellAt = stepsIn(g, direction, g.Mul(gateOf(1), oneMinus(g, g.Mul(squashed, squashed)))); // dc by dh
  const slopes = sideBySide(g, g.Mul(all, oneMinus(g, all)), oneMinus(g, g.Mul(candidate, candidate))); // [T*B, 4*H]
  const cellsBefore = statesBefore(g, direction, cells, direction.initialC);
  const ofSumsAt = stepsIn(g, direction, g.Mul(slopes, sideBySide(g, candidate, squashed, cellsBefore, gateOf(0))));
  const forgetAt = stepsIn(g, direction, gateOf(2));
  const dStateAt = stepsIn(g, direction, received.dStates);
  const dCellAt = dCells && stepsIn(g, direction, dCells);
  const dGates =
    (dAll ?? dCandidate) && sideBySide(g, dAll ?? g.fullLike(all, 0), dCandidate ?? g.fullLike(candidate, 0));
  const dGatesAt = dGates && stepsIn(g, direction, g.Mul(slopes, dGates));
  const dSums: Value[] = [];
  let { dH: dh, dC: dc } = received;
  for (const step of [...direction.order].reverse()) {
    dh = g.Add(dh, dStateAt(step));
    dc = g.Add(dc, g.Mul(dh, ofCellAt(step)));
    if (dCellAt) dc = g.Add(dc, dCellAt(step));
    let dz = g.Mul(sideBySide(g, dc, dh, dc, dc), ofSumsAt(step)); // [B, 4*H]
    if (dGatesAt) dz = g.Add(dz, dGatesAt(step));
    dSums[step] = dz;
    dh = g.MatMul(dz, direction.R);
    dc = g.Mul(dc, forgetAt(step));
  }
  const dz = g.Concat(...dSums, { axis: 0 });
  const bias = g.ReduceSum(dz, [0], { keepdims: 0 });
  return {
    ...inputGradient(g, direction, dz),
    R: g.Gemm(dz, before, { transA: 1 }),
    B: g.Concat(bias, bias, { axis: 0 }),
    initialH: dh,
    initialC: dc,
  };
}

/** The fused kernel gives states only: gates of all steps from X and the states before, then c = f c' + i n step by step. */
function recomputed(g: Builder, direction: Direction, before: Value): DirectionRecord {
  const { all, candidate } = lstmGates(g, direction, lstmInputHalf(g, direction), before);
  const forgetAt = stepsIn(g, direction, gate(g, all, direction.hidden, 2));
  const freshAt = stepsIn(g, direction, g.Mul(gate(g, all, direction.hidden, 0), candidate));
  const cells: Value[] = [];
  let c = direction.initialC;
  for (const step of direction.order) {
    c = g.Add(g.Mul(forgetAt(step), c), freshAt(step));
    cells[step] = c;
  }
  return { all, candidate, cells: g.Concat(...cells, { axis: 0 }) };
}

const sideBySide = (g: Builder, ...columns: readonly Value[]): Value => g.Concat(...columns, { axis: 1 });

/** The sums before the gates are x W^T + ...: their cotangent is [T*B, G*H]. */
function inputGradient(g: Builder, { x, W }: Direction, dSums: Value): { X: Value; W: Value } {
  return { X: g.MatMul(dSums, W), W: g.Gemm(dSums, x, { transA: 1 }) };
}

/**
 * h = (1-z) n + z h', n = tanh(.. + r q), q = h' Rh^T + Rbh. A step receives dh: the sums of the recurrent half get
 *   du = dh [(h'-n) z(1-z), (1-z)(1-n^2) q r(1-r), (1-z)(1-n^2) r];  dh' = dh z + du R.
 */
function gruResetAfter(g: Builder, direction: Direction, received: DirectionReceived): RecurrentGradient {
  const before = statesBefore(g, direction, received.states, direction.initialH);
  const gates = gruGates(g, direction, gruInputHalf(g, direction, true), before, true);
  const { update, reset, candidate, gated } = gates;
  const ofCandidate = g.Mul(oneMinus(g, update), oneMinus(g, g.Mul(candidate, candidate)));
  const slopes = g.Mul(gates.all, oneMinus(g, gates.all));
  const ofGates = g.Mul(slopes, sideBySide(g, g.Sub(before, candidate), g.Mul(ofCandidate, gated)));
  const ofSumsAt = stepsIn(g, direction, sideBySide(g, ofGates, g.Mul(ofCandidate, reset))); // [T*B, 3*H]
  const updateAt = stepsIn(g, direction, update);
  const dStateAt = stepsIn(g, direction, received.dStates);
  const dSums: Value[] = [];
  const dStates: Value[] = [];
  let { dH: dh } = received;
  for (const step of [...direction.order].reverse()) {
    dh = g.Add(dh, dStateAt(step));
    dStates[step] = dh;
    const du = g.Mul(sideBySide(g, dh, dh, dh), ofSumsAt(step)); // [B, 3*H]
    dSums[step] = du;
    dh = g.Add(g.Mul(dh, updateAt(step)), g.MatMul(du, direction.R));
  }
  const du = g.Concat(...dSums, { axis: 0 });
  const dCandidate = g.Mul(g.Concat(...dStates, { axis: 0 }), ofCandidate);
  const dz = sideBySide(g, gate(g, du, direction.hidden, 0, 2), dCandidate); // of the input half
  const biases = [dz, du].map((sums) => g.ReduceSum(sums, [0], { keepdims: 0 }));
  return {
    ...inputGradient(g, direction, dz),
    R: g.Gemm(du, before, { transA: 1 }),
    B: g.Concat(...biases, { axis: 0 }),
    initialH: dh,
    initialC: dh,
  };
}

/**
 * h = (1-z) n + z h', n = tanh(.. + (r h') Rh^T). A step receives dh:
 *   dn = dh (1-z)(1-n^2);  p = dn Rh;  du = [dh (h'-n) z(1-z), p h' r(1-r)];  dh' = dh z + p r + du Rzr.
 */
function gruResetBefore(g: Builder, direction: Direction, received: DirectionReceived): RecurrentGradient {
  const before = statesBefore(g, direction, received.states, direction.initialH);
  const gates = gruGates(g, direction, gruInputHalf(g, direction, false), before, false);
  const { update, candidate, gated } = gates;
  const weights = gruWeights(g, direction);
  const ofCandidate = g.Mul(oneMinus(g, update), oneMinus(g, g.Mul(candidate, candidate)));
  const slopes = g.Mul(gates.all, oneMinus(g, gates.all));
  const ofGates = g.Mul(slopes, sideBySide(g, g.Sub(before, candidate), before)); // [T*B, 2*H]
  const [ofCandidateAt, ofGatesAt] = [stepsIn(g, direction, ofCandidate), stepsIn(g, direction, ofGates)];
  const allAt = stepsIn(g, direction, gates.all);
  const dStateAt = stepsIn(g, direction, received.dStates);
  const dSums: Value[] = [];
  let { dH: dh } = received;
  for (const step of [...direction.order].reverse()) {
    dh = g.Add(dh, dStateAt(step));
    const dn = g.Mul(dh, ofCandidateAt(step));
    const both = sideBySide(g, dh, g.MatMul(dn, weights.candidate)); // [dh, p], [B, 2*H]
    const du = g.Mul(both, ofGatesAt(step));
    dSums[step] = sideBySide(g, du, dn);
    const direct = g.Mul(both, allAt(step)); // [dh z, p r]
    const sum = g.Add(gate(g, direct, direction.hidden, 0), gate(g, direct, direction.hidden, 1));
    dh = g.Add(sum, g.MatMul(du, weights.updateAndReset));
  }
  const dz = g.Concat(...dSums, { axis: 0 }); // [T*B, 3*H]
  const [du, dn] = [gate(g, dz, direction.hidden, 0, 2), gate(g, dz, direction.hidden, 2)];
  const bias = g.ReduceSum(dz, [0], { keepdims: 0 });
  return {
    ...inputGradient(g, direction, dz),
    R: g.Concat(g.Gemm(du, before, { transA: 1 }), g.Gemm(dn, gated, { transA: 1 }), { axis: 0 }),
    B: g.Concat(bias, bias, { axis: 0 }),
    initialH: dh,
    initialC: dh,
  };
}
