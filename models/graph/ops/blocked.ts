/**
 * ONNX Runtime's own layout for convolutions on the CPU, in which `block` channels lie side by side: [N, C, H, W] is stored as
 * [N, C/block, H, W, block]. Here that is an honest tensor of five axes; the runtime's operators (domain com.microsoft.nchwc) want the same
 * bytes declared [N, C, H, W], so reshapes, which cost nothing, stand round each. Only lowering makes these; no file of ours holds them.
 */
import { unknownDim } from '../../tensor/shape';
import type { Family, Operator } from '../operator';
import { inferWindows, windowAttributes } from './window';

type Blocked =
  | 'ToBlocked'
  | 'FromBlocked'
  | 'ReorderInput'
  | 'ReorderOutput'
  | 'BlockedConv'
  | 'BlockedMaxPool'
  | 'BlockedAveragePool';

const domain = 'com.microsoft.nchwc';

export const blocked: Family<Blocked> = {
  ToBlocked: {
    domain: 'duet',
    docs: '[N, C, H, W] -> [N, C/block, H, W, block]; C is a multiple of block.',
    attributes: { block: 'int' },
    infer: (call) => {
      const [n = 0, c = 0, h = 0, w = 0] = call.inputs[0].dims;
      const { block } = call.attributes;
      if (call.inputs[0].rank !== 4 || c % block !== 0) return call.fail(`[N, a multiple of ${block}, H, W]`);
      return { dtype: call.inputs[0].dtype, shape: [n, c / block, h, w, block] };
    },
    vjp: 'missing',
    decompose: ({ g, inputs: [x], attributes: { block } }) => {
      const [n = 0, c = 0, h = 0, w = 0] = x.dims;
      return [g.Reshape(g.ReorderInput(x), [n, c / block, h, w, block])];
    },
  },
  FromBlocked: {
    domain: 'duet',
    docs: '[N, C/block, H, W, block] -> [N, C, H, W].',
    attributes: {},
    infer: (call) => {
      const [n = 0, c = 0, h = 0, w = 0, block = 0] = call.inputs[0].dims;
      return { dtype: call.inputs[0].dtype, shape: [n, c * block, h, w] };
    },
    vjp: 'missing',
    decompose: ({ g, inputs: [x] }) => {
      const [n = 0, c = 0, h = 0, w = 0, block = 0] = x.dims;
      return [g.ReorderOutput(g.Reshape(x, [n, c * block, h, w]), { channels: c * block })];
    },
  },
  ReorderInput: {
    domain,
    docs: 'The bytes of [N, C, H, W] in blocked order, declared as before.',
    attributes: {},
    infer: ({ inputs: [x] }) => ({ dtype: x.dtype, shape: x.shape }),
    vjp: 'missing',
  },
  ReorderOutput: {
    domain,
    docs: 'Blocked bytes, declared [N, C, H, W], back in plain order.',
    attributes: { channels: 'int' },
    infer: ({ inputs: [x] }) => ({ dtype: x.dtype, shape: x.shape }),
    vjp: 'missing',
  },
  BlockedConv: {
    domain,
    opType: 'Conv',
    docs: 'Conv of blocked bytes declared [N, C, H, W]. W [M, C, h, w] holds [M/b, C/b, h, w, b of C, b of M] or, for plain X with less than a block of channels, [M/b, C, h, w, b of M]. Activation after it: Relu.',
    attributes: { ...windowAttributes, group: 'int', activation: 'string' },
    infer: (call) => {
      const [x, w] = call.inputs;
      const sizes = inferWindows(call, x, w.dims.slice(2), call.attributes);
      return { dtype: x.dtype, shape: [x.shape[0] ?? unknownDim, w.shape[0] ?? unknownDim, ...sizes] };
    },
    vjp: 'missing',
  },
  BlockedMaxPool: blockedPool('MaxPool'),
  BlockedAveragePool: blockedPool('AveragePool'),
};

function blockedPool(opType: 'MaxPool' | 'AveragePool'): Operator<'BlockedMaxPool' | 'BlockedAveragePool'> {
  return {
    domain,
    opType,
    docs: `${opType} of blocked bytes declared [N, C, H, W].`,
    attributes: windowAttributes,
    infer: (call) => {
      const [x] = call.inputs;
      const sizes = inferWindows(call, x, call.attributes.kernel_shape ?? [], call.attributes);
      return { dtype: x.dtype, shape: [...x.shape.slice(0, 2), ...sizes] };
    },
    vjp: 'missing',
  };
}
