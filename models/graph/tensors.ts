/** Between the tensors of a model file and tensors in memory. */
import { create } from '@bufbuild/protobuf';
import { ModelError } from '../errors';
import { dtypeNumber, dtypeOfNumber, type NumericDType, numericTypes } from '../tensor/dtype';
import { bytesOf, elementCount, type HostTensor, numbersOf, tensorView } from '../tensor/host-tensor';
import { type SparseTensorProto, type TensorProto, TensorProto_DataLocation, TensorProtoSchema } from './proto/onnx_pb';

/**
 * The tensor's sizes as ordinary numbers.
 * @throws ModelError `model/impossible-size` for negative sizes and for a product beyond 2^53.
 */
export function dimsOf(tensor: TensorProto): number[] {
  const product = tensor.dims.reduce((sofar, size) => sofar * size, 1n);
  if (tensor.dims.some((size) => size < 0n) || product > BigInt(Number.MAX_SAFE_INTEGER)) {
    throw new ModelError(
      'model/impossible-size',
      `Tensor "${tensor.name}" has impossible sizes [${tensor.dims.join(', ')}].`,
    );
  }
  return tensor.dims.map(Number);
}

/**
 * A tensor message as a tensor in memory. Raw data becomes a view where its address allows, typed fields are converted.
 * @throws ModelError `model/external-data` when the numbers lie in another file, `model/damaged` for types Duet does not
 * compute with, `model/impossible-size` when sizes and data disagree.
 */
export function toHostTensor(tensor: TensorProto): HostTensor {
  if (tensor.dataLocation === TensorProto_DataLocation.EXTERNAL) {
    throw new ModelError('model/external-data', `The numbers of "${tensor.name}" lie in another file.`);
  }
  const dtype = dtypeOfNumber(tensor.dataType);
  const dims = dimsOf(tensor);
  const length = elementCount(dims);
  if (dtype === undefined) {
    throw new ModelError('model/damaged', `Tensor "${tensor.name}" has element type ${tensor.dataType}, unknown here.`);
  }
  if (dtype === 'string') {
    const decoder = new TextDecoder();
    return { dtype, dims, data: tensor.stringData.map((bytes) => decoder.decode(bytes)) };
  }
  const raw = tensor.rawData.byteLength > 0 || length === 0 ? tensor.rawData : typedFieldBytes(tensor, dtype);
  return tensorView(dtype, dims, raw);
}

/** Typed fields to the bytes raw data would have held; 16-bit and 8-bit types travel as int32 per the format. */
function typedFieldBytes(tensor: TensorProto, dtype: NumericDType): Uint8Array {
  switch (dtype) {
    case 'float32':
      return bytesOf(Float32Array.from(tensor.floatData));
    case 'float64':
      return bytesOf(Float64Array.from(tensor.doubleData));
    case 'int64':
      return bytesOf(BigInt64Array.from(tensor.int64Data));
    case 'uint64':
      return bytesOf(BigUint64Array.from(tensor.uint64Data));
    case 'uint32':
      return bytesOf(Uint32Array.from(tensor.uint64Data, Number));
    case 'int32':
      return bytesOf(Int32Array.from(tensor.int32Data));
    case 'uint16':
    case 'int16':
    case 'float16':
    case 'bfloat16':
      return bytesOf(Uint16Array.from(tensor.int32Data));
    case 'uint8':
    case 'int8':
    case 'bool':
      return bytesOf(Uint8Array.from(tensor.int32Data));
  }
}

/**
 * A sparse tensor as a dense one: zeros where it holds nothing.
 * @throws ModelError like `toHostTensor`.
 */
export function denseTensor(sparse: SparseTensorProto): TensorProto {
  const values = toHostTensor(sparse.values ?? create(TensorProtoSchema));
  if (values.dtype === 'string') throw new ModelError('model/damaged', 'A sparse tensor of texts cannot be read.');
  const dims = sparse.dims.map(Number);
  const places = sparse.indices ? numbersOf(toHostTensor(sparse.indices)) : []; // [count] flat places or [count, rank]
  const isFlat = sparse.indices?.dims.length !== 2;
  const { bytes } = numericTypes[values.dtype];
  const source = bytesOf(values.data);
  const rawData = new Uint8Array(elementCount(dims) * bytes);
  for (let k = 0; k < values.data.length; k++) {
    const along = places.slice(k * dims.length, (k + 1) * dims.length);
    const place = isFlat ? (places[k] ?? 0) : along.reduce((sum, at, axis) => sum * (dims[axis] ?? 1) + at, 0);
    rawData.set(source.subarray(k * bytes, (k + 1) * bytes), place * bytes);
  }
  return create(TensorProtoSchema, {
    name: sparse.values?.name ?? '',
    dims: sparse.dims,
    dataType: dtypeNumber(values.dtype),
    rawData,
  });
}

/** A named tensor message whose raw data is a view over the given elements. */
export function toTensorProto(name: string, tensor: HostTensor): TensorProto {
  const dims = tensor.dims.map(BigInt);
  const dataType = dtypeNumber(tensor.dtype);
  if (tensor.dtype === 'string') {
    const encoder = new TextEncoder();
    return create(TensorProtoSchema, { name, dims, dataType, stringData: tensor.data.map((s) => encoder.encode(s)) });
  }
  return create(TensorProtoSchema, { name, dims, dataType, rawData: bytesOf(tensor.data) });
}

/** Bytes that a tensor's elements take in the file; 4-bit and unknown types count what is stored. */
export function storedBytes(tensor: TensorProto): number {
  if (tensor.rawData.byteLength > 0) return tensor.rawData.byteLength;
  const dtype = dtypeOfNumber(tensor.dataType);
  if (dtype === undefined || dtype === 'string') return 0;
  return elementCount(dimsOf(tensor)) * numericTypes[dtype].bytes;
}
