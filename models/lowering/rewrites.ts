/** Rewrites that give the same numbers for less work, whatever the machine; they come before formulations are chosen. */
import type { Builder } from '../graph/builder-type';
import type { Graph, GraphNode, Value } from '../graph/ir';
import { toHostTensor } from '../graph/tensors';
import { numbersOf } from '../tensor/host-tensor';
import { rewriteNodes } from '../graph/lower-composites';
import { dtypeNumber } from '../tensor/dtype';

/** All rewrites, one after the other. */
export function rewriteForSpeed(graph: Graph): Graph {
  const isZero = zeroTest(graph);
  const pooled = rewriteNodes(graph, (g, node) => {
    const value = maskBeforePooling(g, node, isZero) ?? stableSoftplus(g, node);
    return value && [value];
  });
  return rewriteNodes(pooled, (g, node) => {
    const value = maskInOne(g, node, isZero);
    return value && [value];
  });
}

/** Whether a value is a scalar constant 0. */
function zeroTest(graph: Graph): (value: Value | undefined) => boolean {
  return (value) => {
    const constant = value && graph.constants.get(value);
    return constant !== undefined && value?.rank === 0 && numbersOf(toHostTensor(constant))[0] === 0;
  };
}

/** Nearly the largest float32: times this, every normal number is beyond 1. */
const steep = 3e38;

/** 1 where x > 0 (`at0` 0) or x >= 0 (`at0` 1), else 0, as float32, in one pass in place of two. Exact but for subnormal numbers. */
export function stepMask(g: Builder, x: Value, at0: 0 | 1): Value {
  return g.HardSigmoid(x, { alpha: steep, beta: at0 });
}

/** The mask of a comparison with 0, as numbers: Cast(x > 0). */
function maskInOne(g: Builder, node: GraphNode, isZero: (value: Value | undefined) => boolean): Value | undefined {
  const [condition] = node.inputs;
  const comparison = node.op === 'Cast' && condition ? g.producer(condition) : undefined;
  const [x, limit] = comparison?.inputs ?? [];
  if (comparison?.op !== 'Greater' || x?.dtype !== 'float32' || !isZero(limit)) return undefined;
  return node.attributes['to'] === dtypeNumber('float32') ? stepMask(g, x, 0) : undefined;
}

/**
 * The mask a > 0 of a gradient that comes out of pooling a (a = relu(x)) is taken on the pooled side, a quarter as large: where an element is
 * its window's largest, it is positive exactly when the result is.
 */
function maskBeforePooling(
  g: Builder,
  node: GraphNode,
  isZero: (value: Value | undefined) => boolean,
): Value | undefined {
  if (node.op !== 'Mul') return undefined;
  const [first, second] = node.inputs;
  for (const [gradient, mask] of [
    [first, second],
    [second, first],
  ]) {
    const pooling = gradient && g.producer(gradient);
    const cast = mask && g.producer(mask);
    const comparison = cast?.op === 'Cast' && cast.inputs[0] ? g.producer(cast.inputs[0]) : undefined;
    const [picture, result, cotangent] = pooling?.inputs ?? [];
    const isMask = comparison?.op === 'Greater' && comparison.inputs[0] === picture && isZero(comparison.inputs[1]);
    if (pooling?.op !== 'MaxPoolGradient' || !isMask || !picture || !result || !cotangent) continue;
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
