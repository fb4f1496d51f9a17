/** Nodes in the forms of older sets: the runtime computes the same from the old file and from the upgraded one. */
import { create } from '@bufbuild/protobuf';
import { afterAll, expect, test } from 'vitest';
import { liveSessions } from '../runtime/session';
import { type HostTensor, hostTensor, numbersOf } from '../tensor/host-tensor';
import { normals } from '../tensor/random';
import { runOutputs } from '../testing/run-outputs';
import { type AttributeValue, float, int, ints, text } from './attributes';
import { GraphBuilder } from './build';
import { decodeModel } from './decode';
import { decodeGraph } from './decode-graph';
import { encodeModel } from './encode';
import { encodeGraph } from './encode-graph';
import { AttributeProto_AttributeType, AttributeProtoSchema } from './proto/onnx_pb';
import { upgradeGraph } from './upgrade';

afterAll(() => expect(liveSessions()).toBe(0));

const real = (...dims: number[]): HostTensor =>
  hostTensor('float32', dims, normals({ seed: 5, stream: 1 }, dims.reduce((a, b) => a * b, 1))); // prettier-ignore
const whole = (...values: number[]): HostTensor =>
  hostTensor('int64', [values.length], BigInt64Array.from(values, BigInt));
const floats = (...values: number[]): HostTensor => hostTensor('float32', [values.length], Float32Array.from(values));

const floatList =
  (values: number[]): AttributeValue =>
  (name) =>
    create(AttributeProtoSchema, { name, type: AttributeProto_AttributeType.FLOATS, floats: values });

/** Operator set, operator, inputs (the first is fed, the others are constants), attributes, number of outputs. */
type Old = readonly [number, string, readonly HostTensor[], Readonly<Record<string, AttributeValue>>, number?];

function oldFile([opset, op, [x, ...others], attributes, count = 1]: Old): Uint8Array {
  const g = new GraphBuilder();
  g.input('x', 'float32', x!.dims);
  const names = others.map((value, k) => g.constant(`c${k}`, value));
  const outputs = Array.from({ length: count }, (_, k) => `y${k}`);
  g.node(op, ['x', ...names], { attributes, outputs });
  for (const name of outputs) g.output(name, 'float32', []);
  const model = g.model({ name: 'old', producer: 'test', opset, irVersion: 6 });
  for (const output of model.graph!.output) delete output.type;
  return encodeModel(model);
}

const cube = real(2, 3, 4);
const image = real(1, 2, 4, 4);
const cases: Old[] = [
  [11, 'Softmax', [cube], { axis: int(1) }],
  [11, 'Softmax', [cube], {}],
  [11, 'Softmax', [cube], { axis: int(0) }],
  [11, 'Softmax', [cube], { axis: int(2) }],
  [12, 'LogSoftmax', [cube], { axis: int(1) }],
  [12, 'Hardmax', [cube], { axis: int(1) }],
  [11, 'Squeeze', [real(2, 1, 3)], { axes: ints([1]) }],
  [11, 'Squeeze', [real(2, 1, 3)], {}],
  [11, 'Unsqueeze', [cube], { axes: ints([0, 4]) }],
  [11, 'ReduceSum', [cube], { axes: ints([-1]), keepdims: int(0) }],
  [17, 'ReduceMean', [cube], { axes: ints([0, 2]) }],
  [17, 'ReduceMax', [cube], {}],
  [11, 'Split', [real(6)], { split: ints([1, 5]) }, 2],
  [13, 'Split', [real(6)], {}, 3],
  [10, 'Pad', [cube], { pads: ints([0, 1, 0, 0, 0, 2]), value: float(0.5) }],
  [10, 'Pad', [cube], { pads: ints([0, 1, 0, 0, 1, 2]), mode: text('reflect') }],
  [9, 'Slice', [cube], { starts: ints([1]), ends: ints([3]), axes: ints([1]) }],
  [9, 'Slice', [cube], { starts: ints([0, 1]), ends: ints([1, 100]) }],
  [10, 'Clip', [cube], { min: float(-0.5), max: float(0.5) }],
  [10, 'Clip', [cube], { max: float(0.5) }],
  [9, 'TopK', [cube], { k: int(2), axis: int(1) }, 2],
  [11, 'Dropout', [cube], { ratio: float(0.3) }],
  [9, 'Upsample', [image, floats(1, 1, 2, 3)], { mode: text('nearest') }],
  [9, 'Upsample', [image, floats(1, 1, 2, 2)], { mode: text('linear') }],
  [8, 'Upsample', [image], { scales: floatList([1, 1, 2, 2]), mode: text('nearest') }],
  [10, 'Resize', [image, floats(1, 1, 2, 2)], { mode: text('linear') }],
  [10, 'Resize', [image, floats(1, 1, 2, 2)], { mode: text('nearest') }],
  [10, 'Scatter', [real(3, 3), { ...whole(0, 2), dims: [1, 2] }, real(1, 2)], { axis: int(1) }],
  [8, 'BatchNormalization', [image, floats(1, 2), floats(3, 4), floats(5, 6), floats(7, 8)], { spatial: int(1) }],
  [16, 'GridSample', [image, real(1, 3, 3, 2)], { mode: text('bicubic') }],
  [16, 'GridSample', [image, real(1, 3, 3, 2)], {}],
  [17, 'DFT', [real(1, 4, 3, 1)], { axis: int(2) }],
  [15, 'RoiAlign', [image, hostTensor('float32', [1, 4], Float32Array.of(0, 0, 3, 3)), whole(0)], { output_height: int(2), output_width: int(2) }], // prettier-ignore
  [18, 'GroupNormalization', [real(2, 4, 3), floats(1, 2), floats(3, 4)], { num_groups: int(2) }],
  [10, 'Add', [cube, real(3, 4)], {}],
];

test.each(cases.map((old) => [old[0], old[1], old] as const))('%i %s', async (_, __, old) => {
  const bytes = oldFile(old);
  const upgraded = encodeGraph(upgradeGraph(decodeGraph(decodeModel(bytes))));
  expect(Number(upgraded.opsetImport[0]?.version)).toBe(21);
  const feeds = { x: old[2][0]! };
  const expected = await runOutputs(bytes, feeds);
  const results = await runOutputs(encodeModel(upgraded), feeds);
  for (const [name, wanted] of Object.entries(expected)) {
    expect(results[name]?.dims).toEqual(wanted.dims);
    const got = numbersOf(results[name]!);
    numbersOf(wanted).forEach((value, k) => expect(Math.abs(value - got[k]!)).toBeLessThan(1e-5));
  }
});

test('axes that set 6 named for broadcasting', () => {
  const file = oldFile([6, 'Add', [real(2, 3, 4), real(3)], { axis: int(1), broadcast: int(1) }]);
  const graph = upgradeGraph(decodeGraph(decodeModel(file)));
  expect(graph.nodes.map((node) => node.op)).toEqual(['Unsqueeze', 'Add']);
});

test.each<[string, Old]>([
  ['the element type was a text', [5, 'Cast', [cube], { to: text('INT32') }]],
  ['repeated along one axis', [5, 'Tile', [cube, floats(2), floats(0)], {}]],
  ['stands in training mode', [6, 'Dropout', [cube], {}]],
  [
    'not per channel',
    [8, 'BatchNormalization', [image, floats(1), floats(1), floats(1), floats(1)], { spatial: int(0) }],
  ],
])('refused: %s', (why, old) => {
  const graph = decodeGraph(decodeModel(oldFile(old)));
  expect(() => upgradeGraph(graph)).toThrow(why);
});
