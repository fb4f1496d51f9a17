/** Mini-batches in random order, tensors of plain numbers and back. */
import { elementCount, hostTensor, type HostTensor, numbersOf } from '../../tensor/host-tensor';
import { permutation, streamOf } from '../../tensor/random';

/** Indices of the examples of a step: every example once a pass, in a new order at each pass; what does not fill a batch is left out. */
export function shuffledBatches(count: number, batch: number, seed: number): (step: number) => Uint32Array {
  const perPass = Math.floor(count / batch);
  if (perPass === 0) throw new Error(`${count} examples do not fill a batch of ${batch}.`);
  let order: Uint32Array = new Uint32Array();
  let current = -1;
  return (step) => {
    const pass = Math.floor((step - 1) / perPass);
    if (pass !== current) order = permutation({ seed, stream: streamOf('order'), step: pass }, count);
    current = pass;
    const start = ((step - 1) % perPass) * batch;
    return order.subarray(start, start + batch);
  };
}

/** The numbers from `first` on, `count` of them: batches in the order of the file. */
export function range(first: number, count: number): Uint32Array {
  return Uint32Array.from({ length: count }, (_, k) => first + k);
}

/** Whole numbers as an int64 tensor: labels, tokens. */
export function integers(dims: readonly number[], values: ArrayLike<number>): HostTensor {
  return hostTensor('int64', dims, BigInt64Array.from(Array.from(values, BigInt)));
}

/** Numbers as a float32 tensor. */
export function floats(dims: readonly number[], values: ArrayLike<number>): HostTensor {
  return hostTensor('float32', dims, Float32Array.from(values));
}

/** Chosen rows as one tensor [indices, ...shape]. */
export function rowBatch(rows: readonly Float32Array[], indices: Uint32Array, shape: readonly number[]): HostTensor {
  const data = new Float32Array(indices.length * elementCount(shape));
  indices.forEach((index, k) => data.set(rows[index] ?? [], k * elementCount(shape)));
  return hostTensor('float32', [indices.length, ...shape], data);
}

/** The elements of a float32 result. */
export function floatsOf(results: Readonly<Record<string, HostTensor>>, name: string): Float32Array {
  const tensor = results[name];
  if (tensor?.dtype === 'float32') return tensor.data;
  throw new Error(`There is no float32 result "${name}".`);
}

/** The elements of an int64 result. */
export function integersOf(results: Readonly<Record<string, HostTensor>>, name: string): number[] {
  const tensor = results[name];
  if (tensor?.dtype === 'int64') return numbersOf(tensor);
  throw new Error(`There is no int64 result "${name}".`);
}
