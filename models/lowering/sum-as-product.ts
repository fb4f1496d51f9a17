/** Sums over the leading axes as a product with a row of ones: bias gradients. */
import type { Value } from '../graph/ir';
import { filledTensor } from '../tensor/filled-tensor';
import { elementCount } from '../tensor/host-tensor';
import type { NodeCall } from './formulation';

/** Fewer are summed in no time either way. */
const fewestElements = 2 ** 14;

/** ReduceSum of float32 over the first axes [rows.., columns..] -> [columns..]; the runtime's own runs along the rows with one thread. */
export function sumAsProduct({ g, inputs: [x, axes], output }: NodeCall): Value | undefined {
  const leading = g.integersOf(axes)?.map((axis) => (axis < 0 ? axis + (x?.rank ?? 0) : axis));
  const isLeading = leading !== undefined && [...leading].sort((a, b) => a - b).every((axis, k) => axis === k);
  if (x?.dtype !== 'float32' || !isLeading || leading.length === 0 || leading.length === x.rank) return undefined;
  if (elementCount(x.dims) < fewestElements) return undefined;
  const rows = x.dims.slice(0, leading.length).reduce((product, size) => product * size, 1);
  const ones = g.constant(filledTensor('float32', [1, rows], 1), `ones_${rows}`);
  return g.Reshape(g.MatMul(ones, g.Reshape(x, [rows, -1])), output.dims);
}
