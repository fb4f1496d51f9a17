/** Rewrites that give the same numbers for less work, whatever the machine; they come before formulations are chosen. */
import type { Builder } from '../graph/builder-type';
import type { Graph, GraphNode, Value } from '../graph/ir';
import { rewriteNodes } from '../graph/lower-composites';
import { dtypeNumber } from '../tensor/dtype';

/** All rewrites, one after the other. */
export function rewriteForSpeed(graph: Graph): Graph {
  return rewriteNodes(graph, (g, node) => {
    const value = maskBeforePooling(g, node) ?? stableSoftplus(g, node);
    return value && [value];
  });
}

/**
 * relu(x) pooled: the gradient's mask a > 0 (a = relu(x)) is taken on the pooled side, a quarter as large: where an element is its window's
 * largest, it is positive exactly when the result is.
 */
function maskBeforePooling(g: Builder, node: GraphNode): Value | undefined {
  if (node.op !== 'Mul') return undefined;
  const [first, second] = node.inputs;
  for (const [gradient, mask] of [
    [first, second],
    [second, first],
  ]) {
    // prettier-ignore
    const pooling = gradient && g.producer(gradient);
    const cast = mask && g.producer(mask);
    const comparison = cast?.op === 'Cast' && cast.inputs[0] ? g.producer(cast.inputs[0]) : undefined;
    const [picture, result, cotangent] = pooling?.inputs ?? [];
    const isMask = comparison?.op === 'Greater' && comparison.inputs[0] === picture && comparison.inputs[1]?.rank === 0;
    if (pooling?.op !== 'MaxPoolGradient' || !isMask || !picture || !result || !cotangent) continue;
    if (g.producer(picture)?.op !== 'Relu') continue; // then the number compared with is 0: it is the mask of that Relu
    const small = g.Mul(cotangent, g.Cast(g.Greater(result, 0), { to: dtypeNumber(cotangent.dtype) }));
    return g.node({ ...pooling, inputs: [picture, result, small], outputCount: 1 })[0];
  }
  return undefined;
}

/** The runtime's Softplus runs on one thread: max(x, 0) + log(1 + exp(-|x|)) is five times as fast. */
function stableSoftplus(g: Builder, node: GraphNode): Value | undefined {
  const [x] = node.inputs;
  if (node.op !== 'Softplus' || !x) return undefined;
  return g.Add(g.Relu(x), g.Log(g.Add(g.Exp(g.Neg(g.Abs(x))), 1)));
}

/**
 * Relu after a blocked convolution becomes the convolution's own activation, where nothing else reads what lies between. For graphs whose
 * blocked layout has spread.
 */
export function fuseActivations(graph: Graph): Graph {
  const readers = new Map<Value, number>();
  const count = (value: Value | undefined): void => {
    if (value) readers.set(value, (readers.get(value) ?? 0) + 1);
  };
  for (const node of graph.nodes) node.inputs.forEach(count);
  for (const output of graph.outputs) count(output.value);
  return rewriteNodes(graph, (g, node) => {
    const [x] = node.inputs;
    const view = node.op === 'Relu' && x ? g.producer(x) : undefined;
    const bytes = view?.op === 'Reshape' ? view.inputs[0] : undefined;
    const convolution = bytes && g.producer(bytes);
    if (!view || !x || !bytes || convolution?.domain !== 'com.microsoft.nchwc' || convolution.op !== 'Conv')
      return undefined;
    if (readers.get(x) !== 1 || (readers.get(bytes) ?? 0) !== 1) return undefined;
    const { inputs, attributes, op, domain } = convolution;
    const [fused] = g.node({ op, domain, inputs, attributes: { ...attributes, activation: 'Relu' }, outputCount: 1 });
    return fused && [g.Reshape(fused, x.dims)];
  });
}
