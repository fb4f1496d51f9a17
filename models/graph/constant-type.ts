/** What inference knows of a constant. */
import type { DType } from '../tensor/dtype';
import { type HostTensor, numbersOf } from '../tensor/host-tensor';
import type { TensorType } from './ir';

/** How many elements inference remembers at most. */
export const longestKnown = 64;
const mostScales = 8;

/** The type of a constant. Elements of short integer tensors are remembered, for they may be sizes, axes or indices; float vectors may be the scales of Resize. */
export function constantType(tensor: HostTensor): TensorType {
  const { dtype, dims } = tensor;
  return { dtype, shape: dims, ...(isRemembered(dtype, dims) && { elements: numbersOf(tensor) }) };
}

/** Whether inference remembers the elements of such a constant. */
export function isRemembered(dtype: DType, dims: readonly number[]): boolean {
  const [length = 1] = dims;
  if (dtype === 'float32') return dims.length === 1 && length <= mostScales;
  return (dtype === 'int64' || dtype === 'int32') && dims.length <= 1 && length <= longestKnown;
}
