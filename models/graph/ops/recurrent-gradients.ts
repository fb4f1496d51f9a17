/**
 * Gradients of LSTM and GRU: backpropagation through time (Werbos 1990). The forward pass may be the runtime's fused kernel, for
 * only its states are needed: the gates of all steps are computed again from X and the states in one product, what each gate does to
 * the cotangent is worked out for all steps at once, and so are the gradients of the weights. Inside the recurrence stay dh and dc.
 */
import type { Builder } from '../builder-type';
import type { Value } from '../ir';
import {
  apart,
  type Direction,
  directionsOf,
  gate,
  oneMinus,
  type RecurrentNode,
  statesBefore,
  stepsIn,
  together,
} from './recurrent-parts';
import { gruGates, gruInputHalf, gruWeights, lstmGates, lstmInputHalf } from './recurrent-unrolled';

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

/** The gradient of an LSTM; `X` and so on are the cotangents of the node's inputs. */
export function lstmGradient(g: Builder, node: RecurrentNode, received: Received): RecurrentGradient {
  return overDirections(g, node, received, (direction, own) => lstmDirection(g, direction, own));
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
  rule: (direction: Direction, received: DirectionReceived) => RecurrentGradient,
): RecurrentGradient {
  const [steps = 0, , batch = 0, hidden = 0] = Y.dims;
  const directions = directionsOf(g, node);
  const zeros = g.fullLike(Y, 0);
  const rows = (value: Value | undefined): Value[] => apart(g, value ?? zeros, 1, [steps * batch, hidden]);
  const last = (value: Value | undefined): Value[] =>
    value ? apart(g, value, 0, [batch, hidden]) : directions.map(({ initialH }) => g.fullLike(initialH, 0));
  const [states, dStates, dLast, dCells] = [rows(Y), rows(dY), last(dH), last(dC)];
  const all = directions.map((direction, k) =>
    rule(direction, {
      states: states[k] ?? Y,
      dStates: dStates[k] ?? zeros,
      dH: dLast[k] ?? zeros,
      dC: dCells[k] ?? zeros,
    }),
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
function lstmDirection(g: Builder, direction: Direction, received: DirectionReceived): RecurrentGradient {
  const before = statesBefore(g, direction, received.states, direction.initialH);
  const gates = lstmGates(g, direction, lstmInputHalf(g, direction), before);
  const { input, output, forget, candidate } = gates;
  const forgetAt = stepsIn(g, direction, forget);
  const cells = cellStates(g, direction, forgetAt, g.Mul(input, candidate));
  const squashed = g.Tanh(cells);
  const cellsBefore = statesBefore(g, direction, cells, direction.initialC);
  const ofCell = g.Mul(output, oneMinus(g, g.Mul(squashed, squashed))); // dc by dh
  const ofGates = g.Mul(
    g.Mul(gates.all, oneMinus(g, gates.all)),
    g.Concat(candidate, squashed, cellsBefore, { axis: 1 }),
  );
  const ofCandidate = g.Mul(input, oneMinus(g, g.Mul(candidate, candidate)));
  const ofSumsAt = stepsIn(g, direction, g.Concat(ofGates, ofCandidate, { axis: 1 })); // [T*B, 4*H]
  const ofCellAt = stepsIn(g, direction, ofCell);
  const dStateAt = stepsIn(g, direction, received.dStates);
  const dSums: Value[] = [];
  let { dH: dh, dC: dc } = received;
  for (const step of [...direction.order].reverse()) {
    dh = g.Add(dh, dStateAt(step));
    dc = g.Add(dc, g.Mul(dh, ofCellAt(step)));
    const dz = g.Mul(g.Concat(dc, dh, dc, dc, { axis: 1 }), ofSumsAt(step)); // [B, 4*H]
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

/** c = f c' + fresh of all steps, [T*B, H]: the kernel does not give them away. */
function cellStates(g: Builder, direction: Direction, forgetAt: (step: number) => Value, fresh: Value): Value {
  const freshAt = stepsIn(g, direction, fresh);
  const cells: Value[] = [];
  let c = direction.initialC;
  for (const step of direction.order) {
    c = g.Add(g.Mul(forgetAt(step), c), freshAt(step));
    cells[step] = c;
  }
  return g.Concat(...cells, { axis: 0 });
}

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
  const ofGates = g.Mul(slopes, g.Concat(g.Sub(before, candidate), g.Mul(ofCandidate, gated), { axis: 1 }));
  const ofSumsAt = stepsIn(g, direction, g.Concat(ofGates, g.Mul(ofCandidate, reset), { axis: 1 })); // [T*B, 3*H]
  const updateAt = stepsIn(g, direction, update);
  const dStateAt = stepsIn(g, direction, received.dStates);
  const dSums: Value[] = [];
  const dStates: Value[] = [];
  let { dH: dh } = received;
  for (const step of [...direction.order].reverse()) {
    dh = g.Add(dh, dStateAt(step));
    dStates[step] = dh;
    const du = g.Mul(g.Concat(dh, dh, dh, { axis: 1 }), ofSumsAt(step)); // [B, 3*H]
    dSums[step] = du;
    dh = g.Add(g.Mul(dh, updateAt(step)), g.MatMul(du, direction.R));
  }
  const du = g.Concat(...dSums, { axis: 0 });
  const dCandidate = g.Mul(g.Concat(...dStates, { axis: 0 }), ofCandidate);
  const dz = g.Concat(gate(g, du, direction.hidden, 0, 2), dCandidate, { axis: 1 }); // of the input half
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
  const ofGates = g.Mul(slopes, g.Concat(g.Sub(before, candidate), before, { axis: 1 })); // [T*B, 2*H]
  const [ofCandidateAt, ofGatesAt] = [stepsIn(g, direction, ofCandidate), stepsIn(g, direction, ofGates)];
  const allAt = stepsIn(g, direction, gates.all);
  const dStateAt = stepsIn(g, direction, received.dStates);
  const dSums: Value[] = [];
  let { dH: dh } = received;
  for (const step of [...direction.order].reverse()) {
    dh = g.Add(dh, dStateAt(step));
    const dn = g.Mul(dh, ofCandidateAt(step));
    const both = g.Concat(dh, g.MatMul(dn, weights.candidate), { axis: 1 }); // [dh, p], [B, 2*H]
    const du = g.Mul(both, ofGatesAt(step));
    dSums[step] = g.Concat(du, dn, { axis: 1 });
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
