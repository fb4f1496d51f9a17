/** Recurrent layers: over whole sequences by the fused operators, and step by step as cells with the same weights. */
import type { Builder } from '../graph/builder-type';
import type { Value } from '../graph/ir';
import { uniform, zeros } from './initializers';
import { sizeAt } from './layers';
import type { Network } from './network';

/**
 * Long short-term memory (Hochreiter and Schmidhuber 1997; Gers 1999): x [T, B, in] -> states after every step [T, B, hidden]. Weights
 * `weight_ih` [4 hidden, in], `weight_hh` [4 hidden, hidden], `bias` [8 hidden], gates in ONNX's order i, o, f, c.
 */
export function lstm(net: Network, name: string, x: Value, hidden: number): Value {
  const { g, isTraining } = net; // step by step it keeps what its gradient needs; fused it is faster without one
  const cell: Cell = (w, r, b) => (isTraining ? g.LSTMSteps(x, w, r, b) : g.LSTM(x, w, r, b, { hidden_size: hidden }));
  return net.scope(name, () => recurrent(net, x, hidden, 4, cell));
}

/** Gated recurrent unit (Cho et al. 2014) in the form that multiplies after the product, as PyTorch: gates in ONNX's order z, r, h. */
export function gru(net: Network, name: string, x: Value, hidden: number): Value {
  const attributes = { hidden_size: hidden, linear_before_reset: 1 };
  return net.scope(name, () => recurrent(net, x, hidden, 3, (w, r, b) => net.g.GRU(x, w, r, b, attributes)));
}

type Cell = (inputWeights: Value, stateWeights: Value, bias: Value) => readonly Value[];

function recurrent(net: Network, x: Value, hidden: number, gates: number, cell: Cell): Value {
  const { g } = net;
  const { inputWeights, stateWeights, bias } = weightsOf(net, x, hidden, gates);
  const [states = x] = cell(g.Unsqueeze(inputWeights, [0]), g.Unsqueeze(stateWeights, [0]), g.Unsqueeze(bias, [0]));
  return g.Squeeze(states, [1]); // [T, 1, B, hidden] -> [T, B, hidden]
}

function weightsOf(net: Network, x: Value, hidden: number, gates: number) {
  const limit = uniform(1 / Math.sqrt(hidden));
  return {
    inputWeights: net.weight('weight_ih', [gates * hidden, sizeAt(x, -1)], limit),
    stateWeights: net.weight('weight_hh', [gates * hidden, hidden], limit),
    bias: net.weight('bias', [2 * gates * hidden], zeros),
  };
}

/** One step of `lstm` with the same weights: x [B, in], state and memory [B, hidden] -> the next two. */
export function lstmCell(
  net: Network,
  name: string,
  x: Value,
  [state, memory]: readonly [Value, Value],
): [Value, Value] {
  return net.scope(name, () => {
    const { g } = net;
    const { fromInput, fromState } = gatesOf(net, x, state, 4);
    const [i = x, o = x, f = x, c = x] = partsOf(g, g.Add(fromInput, fromState), 4);
    const next = g.Add(g.Mul(g.Sigmoid(f), memory), g.Mul(g.Sigmoid(i), g.Tanh(c)));
    return [g.Mul(g.Sigmoid(o), g.Tanh(next)), next];
  });
}

/** One step of `gru` with the same weights: x [B, in], state [B, hidden] -> the next state. */
export function gruCell(net: Network, name: string, x: Value, state: Value): Value {
  return net.scope(name, () => {
    const { g } = net;
    const { fromInput, fromState } = gatesOf(net, x, state, 3);
    const [zx = x, rx = x, hx = x] = partsOf(g, fromInput, 3);
    const [zh = x, rh = x, hh = x] = partsOf(g, fromState, 3);
    const keep = g.Sigmoid(g.Add(zx, zh));
    const candidate = g.Tanh(g.Add(hx, g.Mul(g.Sigmoid(g.Add(rx, rh)), hh)));
    return g.Add(candidate, g.Mul(keep, g.Sub(state, candidate)));
  });
}

/** What all gates get from input and state: [B, gates hidden] each. */
function gatesOf(net: Network, x: Value, state: Value, gates: number): { fromInput: Value; fromState: Value } {
  const { g } = net;
  const { inputWeights, stateWeights, bias } = weightsOf(net, x, sizeAt(state, -1), gates);
  const [inputBias = bias, stateBias = bias] = g.Split(bias, { axis: 0, num_outputs: 2 });
  return {
    fromInput: g.Gemm(x, inputWeights, inputBias, { transB: 1 }),
    fromState: g.Gemm(state, stateWeights, stateBias, { transB: 1 }),
  };
}

function partsOf(g: Builder, all: Value, gates: number): readonly Value[] {
  return g.Split(all, { axis: 1, num_outputs: gates });
}
