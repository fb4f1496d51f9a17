/** Tensors of the runtime to tensors of ours, element arrays shared. */
import type { Tensor } from 'onnxruntime-node';
import { ModelError } from '../errors';
import type { HostTensor } from '../tensor/host-tensor';

/**
 * Shares the result's memory.
 * @throws ModelError `model/run-failed` for element types that a HostTensor cannot hold (4-bit integers).
 */
export function fromRuntime(name: string, tensor: Tensor): HostTensor {
  const { dims, type } = tensor;
  const data: unknown = tensor.data;
  switch (type) {
    case 'float32':
      if (data instanceof Float32Array) return { dtype: type, dims, data };
      break;
    case 'float64':
      if (data instanceof Float64Array) return { dtype: type, dims, data };
      break;
    case 'float16': // newer engines hand out Float16Array; ours are always the bit patterns
      if (ArrayBuffer.isView(data)) {
        return { dtype: type, dims, data: new Uint16Array(data.buffer, data.byteOffset, data.byteLength / 2) };
      }
      break;
    case 'uint8':
    case 'bool':
      if (data instanceof Uint8Array) return { dtype: type, dims, data };
      break;
    case 'int8':
      if (data instanceof Int8Array) return { dtype: type, dims, data };
      break;
    case 'uint16':
      if (data instanceof Uint16Array) return { dtype: type, dims, data };
      break;
    case 'int16':
      if (data instanceof Int16Array) return { dtype: type, dims, data };
      break;
    default:
      return fromWideRuntime(name, type, dims, data);
  }
  throw unexpected(name, type);
}

function fromWideRuntime(name: string, type: Tensor.Type, dims: readonly number[], data: unknown): HostTensor {
  if (type === 'int32' && data instanceof Int32Array) return { dtype: type, dims, data };
  if (type === 'uint32' && data instanceof Uint32Array) return { dtype: type, dims, data };
  if (type === 'int64' && data instanceof BigInt64Array) return { dtype: type, dims, data };
  if (type === 'uint64' && data instanceof BigUint64Array) return { dtype: type, dims, data };
  if (type === 'string' && Array.isArray(data)) return { dtype: type, dims, data: data.map(String) };
  throw unexpected(name, type);
}

function unexpected(name: string, type: Tensor.Type): ModelError {
  return new ModelError('model/run-failed', `Output "${name}" has element type ${type}, which cannot be read here.`);
}
