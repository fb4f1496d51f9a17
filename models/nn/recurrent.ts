/** Recurrent layers over whole sequences. The fused operators compute them; their gradients are those of the table. */
import type { Value } from '../graph/ir';
import { uniform, zeros } from './initializers';
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
  const limit = uniform(1 / Math.sqrt(hidden));
  const inputWeights = net.weight('weight_ih', [gates * hidden, x.dims.at(-1) ?? 1], limit);
  const stateWeights = net.weight('weight_hh', [gates * hidden, hidden], limit);
  const bias = net.weight('bias', [2 * gates * hidden], zeros);
  const [states = x] = cell(g.Unsqueeze(inputWeights, [0]), g.Unsqueeze(stateWeights, [0]), g.Unsqueeze(bias, [0]));
  return g.Squeeze(states, [1]); // [T, 1, B, hidden] -> [T, B, hidden]
}
