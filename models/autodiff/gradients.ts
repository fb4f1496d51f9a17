/**
 * Reverse mode: walks a graph from the loss back to the weights and adds the operators of the backward pass to the same graph.
 * Griewank and Walther, "Evaluating Derivatives" (2nd edition), 3.2. The result is an ordinary graph, so it can be differentiated again.
 */
import { ModelError } from '../errors';
import type { Builder } from '../graph/builder-type';
import { callText } from '../graph/infer';
import { type GraphNode, presentInputs, presentOutputs, type Value } from '../graph/ir';
import { type AnyOperator, findOperator } from '../graph/ops/table';
import { isReal } from '../tensor/dtype';

/** What is differentiated and how. */
export interface GradientOptions {
  /** Cotangent of the target; ones of its shape when left out. Needed when the target is no scalar and its sum is not meant. */
  readonly seed?: Value;
}

/**
 * The gradients of `target` (summed over its elements) for each value of `wrt`: same order, same shapes. Zeros where the target does
 * not depend on a value. Nodes are added to `g`; what turns out to be unused goes with `removeDeadNodes`.
 * @throws ModelError `graph/missing-gradient` naming the operator on the way that has none.
 */
export function gradients(g: Builder, target: Value, wrt: readonly Value[], options: GradientOptions = {}): Value[] {
  const path = nodesBetween(g, target, wrt);
  const unknown = target.type ? undefined : path.nodes.find((node) => !findOperator(node.domain, node.op));
  if (unknown) throw missing(unknown, undefined); // nothing is typed behind it, so say which it was
  const cotangents = new Map<Value, Value>([[target, options.seed ?? g.fullLike(target, 1)]]);
  const wanted = new Set(wrt);
  for (const node of path.nodes.reverse()) {
    const received = node.outputs.map((output) => output && cotangents.get(output));
    if (received.every((cotangent) => cotangent === undefined)) continue;
    const sent = g.scope('backward', () => applyRule(g, node, received));
    node.inputs.forEach((input, index) => {
      const cotangent = sent[index];
      if (input === undefined || cotangent === undefined || !path.varying.has(input)) return;
      const sofar = cotangents.get(input);
      cotangents.set(input, sofar ? g.Add(sofar, cotangent) : cotangent);
    });
    for (const output of presentOutputs(node)) if (!wanted.has(output)) cotangents.delete(output);
  }
  return wrt.map((value) => cotangents.get(value) ?? g.fullLike(value, 0));
}

/** The nodes on a way from `wrt` to the target, in order, and the values that vary with `wrt`. */
function nodesBetween(g: Builder, target: Value, wrt: readonly Value[]): { nodes: GraphNode[]; varying: Set<Value> } {
  const varying = new Set(wrt);
  const forward = g.nodes.filter((node) => {
    if (node.stopsGradient === true || !presentInputs(node).some((input) => varying.has(input))) return false;
    const results = presentOutputs(node).filter((output) => output.type === undefined || isReal(output.dtype));
    for (const output of results) varying.add(output);
    return results.length > 0;
  });
  const needed = new Set([target]);
  const nodes: GraphNode[] = [];
  for (const node of forward.reverse()) {
    if (!presentOutputs(node).some((output) => needed.has(output))) continue;
    for (const input of presentInputs(node)) needed.add(input);
    nodes.push(node);
  }
  return { nodes: nodes.reverse(), varying };
}

function applyRule(
  g: Builder,
  node: GraphNode,
  received: readonly (Value | undefined)[],
): readonly (Value | undefined)[] {
  const operator = findOperator(node.domain, node.op);
  if (operator?.vjp === 'zero') return [];
  const [y] = node.outputs;
  if (operator === undefined || operator.vjp === 'missing' || y === undefined) throw missing(node, operator);
  const dy = received[0] ?? g.fullLike(y, 0);
  const { inputs, outputs, attributes } = node;
  const sent = operator.vjp({ g, inputs, outputs, y, attributes, cotangents: received, dy });
  if (sent === 'missing') throw missing(node, operator);
  return sent;
}

function missing(node: GraphNode, operator: AnyOperator | undefined): ModelError {
  const text = `${node.name} = ${callText(node)}`;
  const why = operator ? 'has no gradient in this form' : 'is not known to this library';
  return new ModelError(
    'graph/missing-gradient',
    `${node.op} ${why}: ${text}. Stop the gradient before it, or write it with other operators.`,
    {
      operator: node.op,
      node: text,
    },
  );
}
