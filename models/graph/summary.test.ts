/** Summaries and printed text of small graphs, nested ones and unusual types included; real networks are in the shipped models' snapshots. */
import { expect, test } from 'vitest';
import { hostTensor } from '../tensor/host-tensor';
import { conformanceCases } from '../testing/conformance-cases';
import { float, int, ints, tensor, text } from './attributes';
import { GraphBuilder } from './build';
import { decodeModel } from './decode';
import { printModel } from './print';
import { inferShapes } from './shapes';
import { summarise } from './summary';

/** Two residual blocks of a small network, the second one halving the picture, then a dense layer. */
function residual(): GraphBuilder {
  const builder = new GraphBuilder();
  const weight = (stem: string, dims: number[]): string =>
    builder.floats(stem, Array<number>(dims.reduce((a, b) => a * b, 1)).fill(0.5), dims);
  const conv = (value: string, from: number, to: number, stride: number): string =>
    builder.node('Conv', [value, weight('k', [to, from, 3, 3])], {
      attributes: { pads: ints([1, 1, 1, 1]), strides: ints([stride, stride]), kernel_shape: ints([3, 3]) },
    });
  const block = (value: string, from: number, to: number, stride: number): string => {
    const inner = conv(builder.node('Relu', [conv(value, from, to, stride)]), to, to, 1);
    return builder.node('Relu', [builder.node('Add', [inner, conv(value, from, to, stride)])]);
  };
  const input = builder.input('x', 'float32', ['N', 4, 32, 32]);
  const features = block(block(block(input, 4, 4, 1), 4, 4, 1), 4, 8, 2);
  const pooled = builder.node('Flatten', [builder.node('GlobalAveragePool', [features])]);
  const logits = builder.node('Gemm', [pooled, weight('w', [8, 10])]);
  builder.output(builder.node('Softmax', [logits]), 'float32', ['N', 10]);
  return builder;
}

const head = { name: 'net', producer: 'duet', opset: 17, irVersion: 8 };

test('alike blocks are folded, a halving one starts a new stage', () => {
  const summary = summarise(residual().model(head));
  expect(summary.stages.map((stage) => [stage.title, stage.nodes, stage.outputShape])).toEqual([
    ['Residual block x2', 12, '[N, 4, 32, 32]'],
    ['Residual block', 6, '[N, 8, 16, 16]'],
    ['Pooling', 2, '[N, 8]'],
    ['Dense layer', 1, '[N, 10]'],
    ['Probabilities', 1, '[N, 10]'],
  ]);
  expect(summary).toMatchObject({
    irVersion: 8,
    opsets: [{ domain: 'ai.onnx', version: 17 }],
    producer: 'duet',
    inputs: [{ name: 'x', type: 'float32 [N, 4, 32, 32]' }],
    nodes: 22,
    parameters: 6 * 144 + 2 * 288 + 576 + 80, // 4-4 six times, 4-8 twice, 8-8 once, dense
  });
  expect(summary.weightBytes).toBe(4 * summary.parameters);
  expect(summary.operators.slice(0, 3)).toEqual([
    { name: 'Conv', count: 9 },
    { name: 'Relu', count: 6 },
    { name: 'Add', count: 3 },
  ]);
});

test('shapes of the usual operators', () => {
  const builder = new GraphBuilder();
  const x = builder.input('x', 'float32', [2, 3, 8, 10]);
  const shapes: Record<string, string> = {
    pool: builder.node('MaxPool', [x], {
      attributes: { kernel_shape: ints([3, 3]), strides: ints([2, 2]), auto_pad: text('SAME_UPPER') },
    }),
    ceil: builder.node('AveragePool', [x], {
      attributes: { kernel_shape: ints([3, 3]), strides: ints([2, 2]), ceil_mode: int(1) },
    }),
    turn: builder.node('Transpose', [x], { attributes: { perm: ints([0, 2, 3, 1]) } }),
    flat: builder.node('Reshape', [x, builder.ints('s', [0, -1])]),
    mean: builder.node('ReduceMean', [x], { attributes: { axes: ints([-1]), keepdims: int(0) } }),
    join: builder.node('Concat', [x, x], { attributes: { axis: int(1) } }),
    size: builder.node('Resize', [x, '', builder.floats('k', [1, 1, 0.5, 2])]),
    cut: builder.node('Slice', [x, builder.ints('a', [1]), builder.ints('b', [2]), builder.ints('c', [2])]),
    add: builder.node('Add', [x, builder.floats('row', Array<number>(10).fill(0))]),
    last: builder.node('Squeeze', [builder.node('GlobalMaxPool', [x]), builder.ints('q', [2, 3])]),
  };
  const found = inferShapes(builder.model(head).graph!);
  expect(Object.fromEntries(Object.entries(shapes).map(([key, name]) => [key, found.get(name)]))).toEqual({
    pool: [2, 3, 4, 5],
    ceil: [2, 3, 4, 5],
    turn: [2, 8, 10, 3],
    flat: [2, 240],
    mean: [2, 3, 8],
    join: [2, 6, 8, 10],
    size: [2, 3, 4, 20],
    cut: [2, 3, '?', 10],
    add: [2, 3, 8, 10],
    last: [2, 3],
  });
});

test('every conformance case can be summarised and printed', () => {
  for (const { name, bytes } of conformanceCases()) {
    const model = decodeModel(bytes);
    const summary = summarise(model);
    expect(
      summary.stages.reduce((sum, stage) => sum + stage.nodes, 0),
      name,
    ).toBe(model.graph!.node.length);
    expect(printModel(model).split('\n').length, name).toBeGreaterThan(summary.nodes);
  }
});

test('printed text: attributes of every kind, short constants in full, nested graphs indented', () => {
  const builder = new GraphBuilder();
  const x = builder.input('x', 'float32', ['N', 2]);
  const value = tensor(hostTensor('int64', [2], BigInt64Array.of(3n, -4n)));
  builder.node('Constant', [], { attributes: { value }, outputs: ['c'] });
  const first = builder.node('LeakyRelu', [x], { attributes: { alpha: float(0.1) } });
  const second = builder.node('Concat', [first, builder.floats('row', [1, 0.1], [1, 2])], {
    attributes: { axis: int(0) },
  });
  const third = builder.node('Add', [second, builder.floats('long', Array<number>(9).fill(0), [9])]);
  builder.output(builder.node('Cast', [third], { attributes: { to: int(10), note: text('half') } }), 'float16', [
    'N',
    2,
  ]);
  const loop = conformanceCases().find(({ name }) => name === 'node/test_loop11')!;
  expect(`${printModel(builder.model(head))}\n${printModel(decodeModel(loop.bytes))}`).toMatchSnapshot();
});
