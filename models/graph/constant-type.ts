/** What inference knows of a constant. */
import { type HostTensor, numbersOf } from '../tensor/host-tensor';
import type { TensorType } from './ir';

/** How many elements inference remembers at most. */
export const longestKnown = 64;

/** The type of a constant. Elements of short integer tensors are remembered, for they may be sizes, axes or indices. */
export function constantType(tensor: HostTensor): TensorType {
  const { dtype, dims } = tensor;
  const isIndex = dtype === 'int64' || dtype === 'int32';
  const isShort = dims.length <= 1 && tensor.data.length <= longestKnown;
  return { dtype, shape: dims, ...(isIndex && isShort && { elements: numbersOf(tensor) }) };
}
