/** Decoding copies no weights; tensors in every storage form read the same; metadata and copies leave the original alone. */
import { create, isFieldSet } from '@bufbuild/protobuf';
import { expect, test } from 'vitest';
import { ModelError } from '../errors';
import { hostTensor, numbersOf } from '../tensor/host-tensor';
import { createBuilder } from './builder';
import { copyMessage } from './copy';
import { decodeModel, decodeTensor } from './decode';
import { encodeModel } from './encode';
import { encodeGraph } from './encode-graph';
import { getMetadata, withMetadata, withoutMetadata } from './metadata';
import {
  type ModelProto,
  ModelProtoSchema,
  NodeProtoSchema,
  TensorProto_DataLocation,
  TensorProtoSchema,
} from './proto/onnx_pb';
import { toHostTensor, toTensorProto } from './tensors';

function withWeight(count: number): ModelProto {
  const g = createBuilder();
  const weight = g.floats(Array.from({ length: count }, (_, k) => k / 3));
  g.output('y', g.Add(g.input('x', 'float32', ['N']), weight));
  return encodeGraph(g.build('w'));
}

test('weights are views over the given bytes, wherever those lie', () => {
  const file = encodeModel(withWeight(1000));
  const room = Buffer.alloc(file.byteLength + 13);
  room.set(file, 13);
  const bytes = room.subarray(13);
  const raw = decodeModel(bytes).graph!.initializer[0]!.rawData;
  expect(raw.byteLength).toBe(4000);
  expect(raw.buffer).toBe(room.buffer);
  expect(Object.getPrototypeOf(raw)).toBe(Uint8Array.prototype); // not a Buffer, whose slice means something else
  const first = raw[4]!;
  room[raw.byteOffset - room.byteOffset + 4] = first ^ 0xff;
  expect(raw[4]).toBe(first ^ 0xff);
});

test('what is no model is damaged', () => {
  for (const bytes of [Uint8Array.of(0x0f), Uint8Array.of(0x3a, 0x7f, 1), Uint8Array.of(8, 255)]) {
    expect(() => decodeModel(bytes)).toThrow(ModelError);
    expect(() => decodeModel(bytes)).toThrow(/The model cannot be decoded/);
  }
  expect(() => decodeTensor(Uint8Array.of(0x4a, 9, 1))).toThrow(/The tensor cannot be decoded/);
});

test('unknown fields of newer files come back', () => {
  const file = encodeModel(withWeight(1));
  const newer = Uint8Array.from([...file, 0xfa, 0x3f, 3, 1, 2, 3]); // field 1023, three bytes
  expect(Buffer.compare(encodeModel(decodeModel(newer)), newer)).toBe(0);
});

test.each([
  [1, { floatData: [1, 2, 3] }],
  [11, { doubleData: [1, 2, 3] }],
  [7, { int64Data: [1n, 2n, 3n] }],
  [13, { uint64Data: [1n, 2n, 3n] }],
  [12, { uint64Data: [1n, 2n, 3n] }],
  [6, { int32Data: [1, 2, 3] }],
  [2, { int32Data: [1, 2, 3] }],
  [3, { int32Data: [1, 2, 3] }],
  [5, { int32Data: [1, 2, 3] }],
  [10, { int32Data: [0x3c00, 0x4000, 0x4200] }],
  [16, { int32Data: [0x3f80, 0x4000, 0x4040] }],
])('type %i in its typed field reads as 1, 2, 3, and so does its raw form', (dataType, data) => {
  const typed = toHostTensor(create(TensorProtoSchema, { name: 't', dims: [3n], dataType, ...data }));
  expect(numbersOf(typed)).toEqual([1, 2, 3]);
  expect(toHostTensor(toTensorProto('t', typed))).toEqual(typed);
});

test('negative small integers keep their sign, texts their letters', () => {
  const bytes = create(TensorProtoSchema, { dims: [2n], dataType: 3, int32Data: [-1, -128] });
  expect(numbersOf(toHostTensor(bytes))).toEqual([-1, -128]);
  const texts = hostTensor('string', [2], ['Ü', '']);
  expect(toHostTensor(toTensorProto('t', texts))).toEqual(texts);
});

test('impossible tensors are refused', () => {
  const refuse = (init: Parameters<typeof create<typeof TensorProtoSchema>>[1]) => () =>
    toHostTensor(create(TensorProtoSchema, init));
  expect(refuse({ name: 'w', dims: [-1n], dataType: 1 })).toThrow(/impossible sizes \[-1\]/);
  expect(refuse({ name: 'w', dims: [2n ** 60n, 16n], dataType: 1 })).toThrow(/impossible sizes/);
  expect(refuse({ name: 'w', dims: [4n], dataType: 1, rawData: new Uint8Array(15) })).toThrow(
    /take 16 bytes, the file holds 15/,
  );
  expect(refuse({ name: 'w', dims: [4n], dataType: 14 })).toThrow(/element type 14/);
  expect(refuse({ name: 'w', dims: [4n], dataType: 1, dataLocation: TensorProto_DataLocation.EXTERNAL })).toThrow(
    /another file/,
  );
});

test('metadata: the last entry counts, setting replaces all, the original stays', () => {
  const bare = withWeight(1);
  const twice = withMetadata(bare, 'a', '1');
  twice.metadataProps.push(...withMetadata(bare, 'a', '2').metadataProps);
  expect(getMetadata(twice, 'a')).toBe('2');
  const set = withMetadata(twice, 'a', '3');
  expect(set.metadataProps).toHaveLength(1);
  expect(getMetadata(set, 'b')).toBeUndefined();
  expect(getMetadata(bare, 'a')).toBeUndefined();
  expect(Buffer.compare(encodeModel(withoutMetadata(set)), encodeModel(bare))).toBe(0);
  expect(set.graph).toBe(bare.graph);
});

test('a copy keeps apart what is set and what is default', () => {
  const node = create(NodeProtoSchema, { opType: 'Relu', name: '' });
  const copy = copyMessage(NodeProtoSchema, node, { opType: 'Abs' });
  expect(isFieldSet(copy, NodeProtoSchema.field.name)).toBe(true);
  expect(isFieldSet(copy, NodeProtoSchema.field.domain)).toBe(false);
  expect(copy.domain).toBe('');
  expect(node.opType).toBe('Relu');
  expect(create(ModelProtoSchema).producerName).toBe('');
});
