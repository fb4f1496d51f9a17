/** Summaries and printed text of small graphs, nested ones and unusual types included; real networks are in the shipped models' snapshots. */
import { expect, test } from 'vitest';
import { hostTensor } from '../tensor/host-tensor';
import { conformanceCases } from '../testing/conformance-cases';
import { createBuilder } from './builder';
import type { Builder } from './builder-type';
import { decodeModel } from './decode';
import { encodeGraph } from './encode-graph';
import type { Value } from './ir';
import { printModel } from './print';
import type { ModelProto } from './proto/onnx_pb';
import { summarise } from './summary';

const weight = (g: Builder, dims: number[]): Value =>
  g.floats(Array<number>(dims.reduce((a, b) => a * b, 1)).fill(0.5), dims);

/** Two residual blocks of a small network, the second one halving the picture, then a dense layer. */
function residual(): ModelProto {
  const g = createBuilder();
  const conv = (value: Value, from: number, to: number, stride: number): Value =>
    g.Conv(value, weight(g, [to, from, 3, 3]), {
      pads: [1, 1, 1, 1],
      strides: [stride, stride],
      kernel_shape: [3, 3],
    });
  const block = (value: Value, from: number, to: number, stride: number): Value => {
    const inner = conv(g.Relu(conv(value, from, to, stride)), to, to, 1);
    return g.Relu(g.Add(inner, conv(value, from, to, stride)));
  };
  const input = g.input('x', 'float32', ['N', 4, 32, 32]);
  const features = block(block(block(input, 4, 4, 1), 4, 4, 1), 4, 8, 2);
  const logits = g.Gemm(g.Flatten(g.GlobalAveragePool(features)), weight(g, [8, 10]));
  g.output('shares', g.Softmax(logits));
  return encodeGraph(g.build('net'), { producer: 'someone' });
}

test('alike blocks are folded, a halving one starts a new stage', () => {
  const summary = summarise(residual());
  expect(summary.stages.map((stage) => [stage.title, stage.nodes, stage.outputShape])).toEqual([
    ['Residual block x2', 12, '[N, 4, 32, 32]'],
    ['Residual block', 6, '[N, 8, 16, 16]'],
    ['Pooling', 2, '[N, 8]'],
    ['Dense layer', 1, '[N, 10]'],
    ['Probabilities', 1, '[N, 10]'],
  ]);
  expect(summary).toMatchObject({
    irVersion: 10,
    opsets: [{ domain: 'ai.onnx', version: 21 }],
    producer: 'someone',
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

test('shapes are also those of files in older forms, as most are', () => {
  const g = createBuilder({ opsets: new Map([['', 11]]) });
  const old = (op: string, inputs: (Value | readonly number[])[], attributes = {}): Value =>
    g.node({ op, inputs, attributes, types: [undefined] })[0]!;
  const x = g.input('x', 'float32', ['N', 3, 8, 10]);
  const low = g.Conv(x, weight(g, [4, 3, 1, 1]), { strides: [2, 2] });
  const mean = old('Squeeze', [old('ReduceMean', [low], { axes: [2, 3] })], { axes: [2, 3] });
  const rows = g.MatMul(mean, weight(g, [4, 6]));
  g.output('y', old('Softmax', [rows], { axis: 1 }));
  expect(summarise(encodeGraph(g.build('net'))).stages.map((stage) => stage.outputShape)).toEqual([
    '[N, 4, 4, 5]',
    '[N, 4]',
    '[N, 6]',
    '[N, 6]',
  ]);
});

test('a graph that is damaged has no shapes, but still a summary', () => {
  const model = residual();
  model.graph!.node.at(-1)!.input.push('nothing');
  expect(new Set(summarise(model).stages.map((stage) => stage.outputShape))).toEqual(new Set(['']));
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
  const g = createBuilder();
  const x = g.input('x', 'float32', ['N', 2]);
  g.Constant({ value: hostTensor('int64', [2], BigInt64Array.of(3n, -4n)) });
  const joined = g.Concat(g.LeakyRelu(x, { alpha: 0.1 }), g.floats([1, 0.1], [1, 2]), { axis: 0 });
  const sum = g.Add(joined, g.floats(Array<number>(2).fill(0), [2]));
  const [made] = g.node({ op: 'Note', domain: 'test', inputs: [sum], attributes: { text: 'half' }, types: [sum.type] });
  g.output('y', g.Cast(g.Add(made!, weight(g, [9, 2])), { to: 10 }));
  const loop = conformanceCases().find(({ name }) => name === 'node/test_loop11')!;
  expect(`${printModel(encodeGraph(g.build('net')))}\n${printModel(decodeModel(loop.bytes))}`).toMatchSnapshot();
});
