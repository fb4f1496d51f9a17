/** Removes what no output needs. */
import { type Graph, type GraphNode, presentInputs, presentOutputs, type Value } from './ir';

/** The graph without nodes and constants that no output depends on; inputs stay, they are the graph's face. */
export function removeDeadNodes(graph: Graph): Graph {
  const needed = new Set<Value>(graph.outputs.map((output) => output.value));
  const nodes: GraphNode[] = [];
  for (const node of [...graph.nodes].reverse()) {
    if (!presentOutputs(node).some((output) => needed.has(output))) continue;
    for (const input of presentInputs(node)) needed.add(input);
    nodes.push(node);
  }
  const constants = new Map([...graph.constants].filter(([value]) => needed.has(value)));
  return { ...graph, nodes: nodes.reverse(), constants };
}
