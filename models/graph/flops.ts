/** Arithmetic of a graph: multiplications and additions of its matrix products and convolutions. */
import { elementCount } from '../tensor/host-tensor';
import { isStatic } from '../tensor/shape';
import type { Graph, GraphNode } from './ir';

/** Floating-point operations of one run (a multiplication and an addition are two). Elementwise work is not counted. */
export function flopsOf(graph: Graph): number {
  return graph.nodes.reduce((sum, node) => sum + flopsOfNode(node), 0);
}

/** Each result element of a product sums as many products as `inner` says. */
function flopsOfNode(node: GraphNode): number {
  const [y] = node.outputs;
  const [a, b] = node.inputs;
  if (!y?.type || !a?.type || !b?.type || ![y, a, b].every((value) => isStatic(value.shape))) return 0;
  switch (node.op) {
    case 'MatMul':
      return 2 * elementCount(y.dims) * (a.dims.at(-1) ?? 1);
    case 'Gemm':
      return 2 * elementCount(y.dims) * (a.dims[node.attributes['transA'] === 1 ? 0 : 1] ?? 1);
    case 'Conv':
      return 2 * elementCount(y.dims) * elementCount(b.dims.slice(1));
    case 'ConvTranspose':
      return 2 * elementCount(a.dims) * elementCount(b.dims.slice(1));
    case 'ConvWeightGradient': // inputs are image and cotangent: each element of the cotangent meets each kernel element of its group
      return 2 * elementCount(b.dims) * elementCount(y.dims.slice(1));
    case 'LSTMSteps':
      return 2 * elementCount(a.dims.slice(0, 2)) * (elementCount(b.dims) + elementCount(node.inputs[2]?.dims ?? []));
    default:
      return 0;
  }
}
