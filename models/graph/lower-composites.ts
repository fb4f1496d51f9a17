/** Replaces every `duet` operator by the standard operators that it stands for. */
import { createBuilder } from './builder';
import type { Builder } from './builder-type';
import { type Graph, type GraphNode, presentOutputs, type Value } from './ir';
import { findOperator } from './ops/table';

/** How a node is written anew: its results, or undefined to keep it as it is. */
export type Rewriting = (g: Builder, node: GraphNode) => readonly (Value | undefined)[] | undefined;

/** The graph in standard operators only. */
export function lowerComposites(graph: Graph): Graph {
  return rewriteNodes(graph, (g, node) => {
    const operator = findOperator(node.domain, node.op);
    return operator?.decompose?.({ g, inputs: node.inputs, attributes: node.attributes });
  });
}

/**
 * The graph with nodes replaced one by one, in order: `rewrite` sees each node with its inputs already rewritten and gives new results
 * in their order. Inputs, constants and outputs stay.
 */
export function rewriteNodes(graph: Graph, rewrite: Rewriting): Graph {
  const g = createBuilder({ ...graph, nodes: [], outputs: [] });
  for (const node of graph.nodes) for (const output of presentOutputs(node)) g.reserve(output.name);
  const renewed = new Map<Value, Value>();
  const current = (value: Value | undefined): Value | undefined => value && (renewed.get(value) ?? value);
  for (const node of graph.nodes) {
    const moved = { ...node, inputs: node.inputs.map(current) };
    // In a scope of its own, for new names must not meet those of nodes still to come.
    const results = g.scope(node.name, () => rewrite(g, moved)) ?? g.keep(moved);
    node.outputs.forEach((output, index) => {
      const result = results[index];
      if (output && result && output !== result) renewed.set(output, result);
    });
  }
  for (const { name, value } of graph.outputs) g.output(name, renewed.get(value) ?? value);
  return g.build(graph.name);
}
