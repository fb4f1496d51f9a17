/** Tensors of one repeated number, in any element type. */
import { ModelError } from '../errors';
import { type DType, numericTypes } from './dtype';
import { elementCount, type HostTensor, hostTensor, numberToBfloat, numberToHalf } from './host-tensor';

/**
 * A tensor of the given type and sizes, every element `value` (rounded as the type demands; bool is value != 0).
 * @throws ModelError `usage/bad-argument` for texts.
 */
export function filledTensor(dtype: DType, dims: readonly number[], value: number): HostTensor {
  const length = elementCount(dims);
  switch (dtype) {
    case 'string':
      throw new ModelError('usage/bad-argument', 'A tensor of texts cannot be filled with a number.');
    case 'int64':
      return hostTensor('int64', dims, new BigInt64Array(length).fill(BigInt(value)));
    case 'uint64':
      return hostTensor('uint64', dims, new BigUint64Array(length).fill(BigInt(value)));
    case 'float16':
      return hostTensor('float16', dims, new Uint16Array(length).fill(numberToHalf(value)));
    case 'bfloat16':
      return hostTensor('bfloat16', dims, new Uint16Array(length).fill(numberToBfloat(value)));
    case 'bool':
      return hostTensor('bool', dims, new Uint8Array(length).fill(value === 0 ? 0 : 1));
    case 'float32':
    case 'float64':
    case 'uint8':
    case 'int8':
    case 'uint16':
    case 'int16':
    case 'uint32':
    case 'int32':
      return filledPlain(dtype, dims, length, value);
  }
}

type PlainDType = 'float32' | 'float64' | 'uint8' | 'int8' | 'uint16' | 'int16' | 'uint32' | 'int32';

function filledPlain(dtype: PlainDType, dims: readonly number[], length: number, value: number): HostTensor {
  const buffer = new ArrayBuffer(length * numericTypes[dtype].bytes);
  const tensor = plainTensor(dtype, dims, buffer, length);
  tensor.data.fill(value);
  return tensor;
}

/** Spelled out type by type, so that element type and array stay together. */
function plainTensor(dtype: PlainDType, dims: readonly number[], buffer: ArrayBuffer, length: number) {
  switch (dtype) {
    case 'float32':
      return hostTensor(dtype, dims, new Float32Array(buffer, 0, length));
    case 'float64':
      return hostTensor(dtype, dims, new Float64Array(buffer, 0, length));
    case 'uint8':
      return hostTensor(dtype, dims, new Uint8Array(buffer, 0, length));
    case 'int8':
      return hostTensor(dtype, dims, new Int8Array(buffer, 0, length));
    case 'uint16':
      return hostTensor(dtype, dims, new Uint16Array(buffer, 0, length));
    case 'int16':
      return hostTensor(dtype, dims, new Int16Array(buffer, 0, length));
    case 'uint32':
      return hostTensor(dtype, dims, new Uint32Array(buffer, 0, length));
    case 'int32':
      return hostTensor(dtype, dims, new Int32Array(buffer, 0, length));
  }
}
