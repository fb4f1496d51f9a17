/**
 * LSTM and GRU as ONNX has them, and an LSTM for training. The runtime computes layout 0 in single precision; lowering writes layout 1
 * with Transpose around it, and double precision step by step. Gradients: recurrent-gradients.ts.
 */
import { multiplyDims, type Shape, unknownDim } from '../../tensor/shape';
import type { Builder } from '../builder-type';
import type { TensorType, Value } from '../ir';
import type { Family, InferCall, Values } from '../operator';
import type { AttributesOf, InputsOf } from '../signatures';
import { checkShape } from './indices';
import { gruGradient, lstmGradient, type Received } from './recurrent-gradients';
import type { RecurrentNode } from './recurrent-parts';
import { unrolledGru, unrolledLstm } from './recurrent-unrolled';
import { withAxis } from './rules';

type Recurrent = 'LSTM' | 'GRU';

const attributes = {
  activation_alpha: 'floats',
  activation_beta: 'floats',
  activations: 'strings',
  clip: 'float',
  direction: 'string',
  hidden_size: 'int',
  layout: 'int',
} as const;

export const recurrent: Family<Recurrent | 'LSTMSteps'> = {
  LSTM: {
    docs: 'X [T, B, I], W [D, 4H, I], R [D, 4H, H], B [D, 8H], gates in the order i, o, f, c. Y holds the state after every step, [T, D, B, H]; Y_h and Y_c the last state and cell, [D, B, H]. D is 2 if bidirectional. layout=1 puts the batch first. No gradient with sequence_lens, P, clip, input_forget or other activations.',
    attributes: { ...attributes, input_forget: 'int' },
    hasSeveralOutputs: true,
    infer: (call) => {
      const types = inferRecurrent(call, 4);
      const [, last] = types;
      return last ? [...types, last] : types;
    },
    vjp: ({ g, inputs, attributes: own, y, cotangents: [dY, dH, dC] }) => {
      if (!isPlainLstm(inputs, own)) return 'missing';
      const gradient = lstmGradient(g, nodeOf(g, inputs, own), received(g, own, y, [dY, dH, dC]));
      const { X, W, R, B, initialH, initialC } = gradient;
      const [dX, dInitialH, dInitialC] = [X, initialH, initialC].map((value) => batchFirst(g, own, value));
      return [dX, W, R, B, undefined, dInitialH, dInitialC];
    },
    decompose: ({ g, inputs, attributes: own }) => {
      const isUnrolled = inputs[0].type?.dtype === 'float64' && isPlainLstm(inputs, own);
      if (own.layout !== 1 && !isUnrolled) return undefined;
      const node = nodeOf(g, inputs, own);
      const { X, W, R, B, initialH, initialC } = node;
      const results = isUnrolled
        ? unrolledLstm(g, node)
        : g.LSTM(X, W, R, B, inputs[4], initialH, initialC, inputs[7], { ...own, layout: 0 });
      return results.map((value) => batchFirst(g, own, value));
    },
  },
  LSTMSteps: {
    domain: 'duet',
    docs: 'The LSTM for training: as LSTM in layout 0, and of every step i, o, f [T, D, B, 3H], the candidates and the cells [T, D, B, H], which its gradient needs. Written step by step: the fused LSTM is faster without a gradient, this one with it.',
    attributes: { direction: 'string' },
    hasSeveralOutputs: true,
    infer: (call) => {
      const [X, W, R, B, initialH] = call.inputs;
      const types = inferRecurrent({ ...call, inputs: [X, W, R, B, undefined, initialH] }, 4);
      const [all, last] = types;
      if (!all || !last) return types;
      const gates = { ...all, shape: withAxis(all.shape, 3, multiplyDims(3, all.shape[3] ?? unknownDim)) };
      return [all, last, last, gates, all, all];
    },
    vjp: ({ g, inputs: [X, W, R, B, h, c], attributes: own, outputs, y, cotangents: [dY, dH, dC, ...cotangents] }) => {
      const node = nodeOf(g, [X, W, R, B, undefined, h, c], own);
      const values = outputs.slice(3).filter((value) => value !== undefined);
      const gradient = lstmGradient(g, node, { Y: y, dY, dH, dC }, { values, cotangents });
      return [gradient.X, gradient.W, gradient.R, gradient.B, gradient.initialH, gradient.initialC];
    },
    decompose: ({ g, inputs: [X, W, R, B, h, c], attributes: own }) =>
      unrolledLstm(g, nodeOf(g, [X, W, R, B, undefined, h, c], own)),
  },
  GRU: {
    docs: 'X [T, B, I], W [D, 3H, I], R [D, 3H, H], B [D, 6H], gates in the order z, r, h. Y holds the state after every step, [T, D, B, H]; Y_h the last one, [D, B, H]. linear_before_reset=1 multiplies by r after the product with R, as PyTorch does. layout=1 puts the batch first. No gradient with sequence_lens, clip or other activations.',
    attributes: { ...attributes, linear_before_reset: 'int' },
    hasSeveralOutputs: true,
    infer: (call) => inferRecurrent(call, 3),
    vjp: ({ g, inputs, attributes: own, y, cotangents: [dY, dH] }) => {
      if (!isPlainGru(inputs, own)) return 'missing';
      const { linear_before_reset: after = 0 } = own;
      const gradient = gruGradient(g, nodeOf(g, inputs, own), received(g, own, y, [dY, dH]), after !== 0);
      const { X, W, R, B, initialH } = gradient;
      return [batchFirst(g, own, X), W, R, B, undefined, batchFirst(g, own, initialH)];
    },
    decompose: ({ g, inputs, attributes: own }) => {
      const isUnrolled = inputs[0].type?.dtype === 'float64' && isPlainGru(inputs, own);
      if (own.layout !== 1 && !isUnrolled) return undefined;
      const node = nodeOf(g, inputs, own);
      const { X, W, R, B, initialH } = node;
      const results = isUnrolled
        ? unrolledGru(g, node, (own.linear_before_reset ?? 0) !== 0)
        : g.GRU(X, W, R, B, inputs[4], initialH, { ...own, layout: 0 });
      return results.map((value) => batchFirst(g, own, value));
    },
  },
};

/** Types of Y and Y_h. */
function inferRecurrent(call: InferCall<Recurrent>, gates: number): TensorType[] {
  const [X, W, R, B, lengths, initialH] = call.inputs;
  const { direction = 'forward', hidden_size, layout = 0 } = call.attributes;
  if (X.rank !== 3) return call.fail(layout === 1 ? 'X [batch, steps, features]' : 'X [steps, batch, features]');
  const [first = unknownDim, second = unknownDim, features = unknownDim] = X.shape;
  const [steps, batch] = layout === 1 ? [second, first] : [first, second];
  const directions = direction === 'bidirectional' ? 2 : 1;
  const hidden = hidden_size ?? R.shape[2] ?? unknownDim;
  const width = multiplyDims(gates, hidden);
  const last: Shape = layout === 1 ? [batch, directions, hidden] : [directions, batch, hidden];
  checkShape(call, 'W', W, [directions, width, features]);
  checkShape(call, 'R', R, [directions, width, hidden]);
  if (B) checkShape(call, 'B', B, [directions, multiplyDims(2, width)]);
  if (lengths) checkShape(call, 'sequence_lens', lengths, [batch]);
  if (initialH) checkShape(call, 'initial_h', initialH, last);
  const all: Shape = layout === 1 ? [batch, steps, directions, hidden] : [steps, directions, batch, hidden];
  return [all, last].map((shape) => ({ dtype: X.dtype, shape }));
}

type RecurrentAttributes = AttributesOf<Recurrent>;

/** Whether the node is one whose gradient is known. */
function isPlainLstm(inputs: Values<InputsOf<'LSTM'>>, own: AttributesOf<'LSTM'>): boolean {
  const [, , , , lengths, , , peepholes] = inputs;
  return !lengths && !peepholes && own.input_forget !== 1 && isPlain(own, ['sigmoid', 'tanh', 'tanh']);
}

function isPlainGru(inputs: Values<InputsOf<'GRU'>>, own: AttributesOf<'GRU'>): boolean {
  return !inputs[4] && isPlain(own, ['sigmoid', 'tanh']);
}

function isPlain({ clip, activations = [] }: RecurrentAttributes, usual: readonly string[]): boolean {
  return clip === undefined && activations.every((name, k) => name.toLowerCase() === usual[k % usual.length]);
}

/** The node with its steps first. */
function nodeOf(g: Builder, inputs: Values<InputsOf<Recurrent>>, own: RecurrentAttributes): RecurrentNode {
  const [X, W, R, B, , initialH, initialC] = inputs;
  const { direction = 'forward' } = own;
  const [x, h, c] = [X, initialH, initialC].map((value) => value && stepsFirst(g, own, value));
  return { X: x ?? X, W, R, B, initialH: h, initialC: c, direction };
}

function received(
  g: Builder,
  own: RecurrentAttributes,
  y: Value,
  cotangents: readonly (Value | undefined)[],
): Received {
  const [dY, dH, dC] = cotangents.map((value) => value && stepsFirst(g, own, value));
  return { Y: stepsFirst(g, own, y), dY, dH, dC };
}

/** From layout 1 to 0: [B, T, I] to [T, B, I], [B, D, H] to [D, B, H], [B, T, D, H] to [T, D, B, H]. As it is in layout 0. */
function stepsFirst(g: Builder, { layout = 0 }: RecurrentAttributes, value: Value): Value {
  return layout === 0 ? value : g.Transpose(value, { perm: value.rank === 3 ? [1, 0, 2] : [1, 2, 0, 3] });
}

/** From layout 0 to 1, the way back. */
function batchFirst(g: Builder, { layout = 0 }: RecurrentAttributes, value: Value): Value {
  return layout === 0 ? value : g.Transpose(value, { perm: value.rank === 3 ? [1, 0, 2] : [2, 0, 1, 3] });
}
