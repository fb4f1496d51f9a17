/** Replaces every operator that the runtime lacks, in this form or at all, by those that it stands for. */
import { createBuilder } from './builder';
import type { Builder } from './builder-type';
import { type Graph, type GraphNode, type Value, withInputs } from './ir';
import { findOperator } from './ops/table';

/** How a node is written anew: its results, or undefined to keep it as it is. */
export type Rewriting = (g: Builder, node: GraphNode) => readonly (Value | undefined)[] | undefined;

/** The graph in operators that the runtime has; those named in `kept` are left for later. */
export function lowerComposites(graph: Graph, kept: ReadonlySet<string> = new Set()): Graph {
  return rewriteNodes(graph, (g, node) => {
    const operator = kept.has(node.op) ? undefined : findOperator(node.domain, node.op);
    return operator?.decompose?.({ g, inputs: node.inputs, attributes: node.attributes });
  });
}

/**
 * The graph with nodes replaced one by one, in order: `rewrite` sees each node with its inputs already rewritten and gives new results
 * in their order. Inputs, constants and outputs stay, but for values that are `replaced` by others from the start.
 */
export function rewriteNodes(graph: Graph, rewrite: Rewriting, replaced: ReadonlyMap<Value, Value> = new Map()): Graph {
  const g = createBuilder({ ...graph, nodes: [], outputs: [] }, graph.nodes);
  const renewed = new Map(replaced);
  const current = (value: Value): Value => renewed.get(value) ?? value;
  for (const node of graph.nodes) {
    const moved = withInputs(node, current);
    // In a scope of its own, so that new nodes are called after the one they stand for.
    const results = g.scope(node.name, () => rewrite(g, moved)) ?? g.keep(moved);
    node.outputs.forEach((output, index) => {
      const result = results[index];
      if (output && result && output !== result) renewed.set(output, result);
    });
  }
  for (const { name, value } of graph.outputs) g.output(name, current(value));
  return g.build(graph.name);
}
