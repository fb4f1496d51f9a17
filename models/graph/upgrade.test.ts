/** Nodes in the forms of older sets: the runtime computes the same from the old file and from the upgraded one. */
import { afterAll, expect, test } from 'vitest';
import { liveSessions } from '../runtime/session';
import { type HostTensor, hostTensor, numbersOf } from '../tensor/host-tensor';
import { normals } from '../tensor/random';
import { runOutputs } from '../testing/run-outputs';
import { createBuilder } from './builder';
import { decodeModel } from './decode';
import { decodeGraph } from './decode-graph';
import { encodeModel } from './encode';
import { encodeAttribute, encodeGraph } from './encode-graph';
import type { Attributes, AttributeValue } from './ir';
import { upgradeGraph } from './upgrade';

afterAll(() => expect(liveSessions()).toBe(0));

const real = (...dims: number[]): HostTensor =>
  hostTensor('float32', dims, normals({ seed: 5, stream: 1 }, dims.reduce((a, b) => a * b, 1))); // prettier-ignore
const whole = (...values: number[]): HostTensor =>
  hostTensor('int64', [values.length], BigInt64Array.from(values, BigInt));
const floats = (...values: number[]): HostTensor => hostTensor('float32', [values.length], Float32Array.from(values));

/** A real number, or several: what our table says of an attribute's kind holds for today's form only. */
const float = (name: string, value: number | readonly number[]): Record<string, AttributeValue> => ({
  [name]: encodeAttribute(name, value, typeof value === 'number' ? 'float' : 'floats'),
});

/** Operator set, operator, inputs (the first is fed, the others are constants), attributes, number of outputs. */
type Old = readonly [number, string, readonly HostTensor[], Attributes, number?];

function oldFile([opset, op, [x, ...others], attributes, count = 1]: Old): Uint8Array {
  const g = createBuilder({ opsets: new Map([['', opset]]) });
  const inputs = [g.input('x', 'float32', x!.dims), ...others.map((value, k) => g.constant(value, `c${k}`))];
  const results = g.node({ op, inputs, attributes, types: Array<undefined>(count).fill(undefined) });
  results.forEach((value, k) => g.output(`y${k}`, value));
  return encodeModel(encodeGraph(g.build('old'), { irVersion: 6 }));
}

const cube = real(2, 3, 4);
const image = real(1, 2, 4, 4);
const cases: Old[] = [
  [11, 'Softmax', [cube], { axis: 1 }],
  [11, 'Softmax', [cube], {}],
  [11, 'Softmax', [cube], { axis: 0 }],
  [11, 'Softmax', [cube], { axis: 2 }],
  [12, 'LogSoftmax', [cube], { axis: 1 }],
  [12, 'Hardmax', [cube], { axis: 1 }],
  [11, 'Squeeze', [real(2, 1, 3)], { axes: [1] }],
  [11, 'Squeeze', [real(2, 1, 3)], {}],
  [11, 'Unsqueeze', [cube], { axes: [0, 4] }],
  [11, 'ReduceSum', [cube], { axes: [-1], keepdims: 0 }],
  [17, 'ReduceMean', [cube], { axes: [0, 2] }],
  [17, 'ReduceMax', [cube], {}],
  [11, 'Split', [real(6)], { split: [1, 5] }, 2],
  [13, 'Split', [real(6)], {}, 3],
  [10, 'Pad', [cube], { pads: [0, 1, 0, 0, 0, 2], ...float('value', 0.5) }],
  [10, 'Pad', [cube], { pads: [0, 1, 0, 0, 1, 2], mode: 'reflect' }],
  [9, 'Slice', [cube], { starts: [1], ends: [3], axes: [1] }],
  [9, 'Slice', [cube], { starts: [0, 1], ends: [1, 100] }],
  [10, 'Clip', [cube], { ...float('min', -0.5), ...float('max', 0.5) }],
  [10, 'Clip', [cube], { ...float('max', 0.5) }],
  [9, 'TopK', [cube], { k: 2, axis: 1 }, 2],
  [11, 'Dropout', [cube], { ...float('ratio', 0.3) }],
  [9, 'Upsample', [image, floats(1, 1, 2, 3)], { mode: 'nearest' }],
  [9, 'Upsample', [image, floats(1, 1, 2, 2)], { mode: 'linear' }],
  [8, 'Upsample', [image], { ...float('scales', [1, 1, 2, 2]), mode: 'nearest' }],
  [10, 'Resize', [image, floats(1, 1, 2, 2)], { mode: 'linear' }],
  [10, 'Resize', [image, floats(1, 1, 2, 2)], { mode: 'nearest' }],
  [10, 'Scatter', [real(3, 3), { ...whole(0, 2), dims: [1, 2] }, real(1, 2)], { axis: 1 }],
  [8, 'BatchNormalization', [image, floats(1, 2), floats(3, 4), floats(5, 6), floats(7, 8)], { spatial: 1 }],
  [16, 'GridSample', [image, real(1, 3, 3, 2)], { mode: 'bicubic' }],
  [16, 'GridSample', [image, real(1, 3, 3, 2)], {}],
  [17, 'DFT', [real(1, 4, 3, 1)], { axis: 2 }],
  [15, 'RoiAlign', [image, hostTensor('float32', [1, 4], Float32Array.of(0, 0, 3, 3)), whole(0)], { output_height: 2, output_width: 2 }], // prettier-ignore
  [18, 'GroupNormalization', [real(2, 4, 3), floats(1, 2), floats(3, 4)], { num_groups: 2 }],
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
  const file = oldFile([6, 'Add', [real(2, 3, 4), real(3)], { axis: 1, broadcast: 1 }]);
  const graph = upgradeGraph(decodeGraph(decodeModel(file)));
  expect(graph.nodes.map((node) => node.op)).toEqual(['Unsqueeze', 'Add']);
});

test.each<[string, Old]>([
  ['the element type was a text', [5, 'Cast', [cube], { to: 'INT32' }]],
  ['repeated along one axis', [5, 'Tile', [cube, floats(2), floats(0)], {}]],
  ['stands in training mode', [6, 'Dropout', [cube], {}]],
  ['not per channel', [8, 'BatchNormalization', [image, floats(1), floats(1), floats(1), floats(1)], { spatial: 0 }]],
])('refused: %s', (why, old) => {
  const graph = decodeGraph(decodeModel(oldFile(old)));
  expect(() => upgradeGraph(graph)).toThrow(why);
});
