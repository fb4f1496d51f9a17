/** Brings graphs of older operator sets to set 21, for which the rules of this library are written. What changed: opset-changes. */
import { ModelError } from '../errors';
import { createBuilder, standardOpset } from './builder';
import type { Builder } from './builder-type';
import { type Graph, type GraphNode, type Value, withInputs } from './ir';
import { changedSince, changesSince } from './opset-changes';
import { nodesWithin } from './subgraphs';

/**
 * The same computation in operator set 21, all types inferred anew. A graph of that set or a newer one comes back as it is.
 * @throws ModelError `graph/invalid` naming the node that has no equal in set 21, or stands inside a branch or a loop body.
 */
export function upgradeGraph(graph: Graph): Graph {
  const version = graph.opsets.get('') ?? 1;
  if (version >= standardOpset) return graph;
  const opsets = new Map([...graph.opsets, ['', standardOpset] as const]);
  const g = createBuilder({ ...graph, opsets, nodes: [], outputs: [] }, graph.nodes);
  const renewed = new Map<Value, Value>();
  const current = (value: Value): Value => renewed.get(value) ?? value;
  for (const node of graph.nodes) {
    refuseInside(node, version);
    const results = upgradeNode(g, withInputs(node, current), version);
    node.outputs.forEach((output, index) => {
      const result = results[index];
      if (output && result) renewed.set(output, result);
    });
  }
  for (const { name, value } of graph.outputs) g.output(name, current(value));
  return g.build(graph.name);
}

/** Adds a node of the set `from` to `g` in the form of set 21, with the nodes that this takes; returns its results. */
export function upgradeNode(g: Builder, old: GraphNode, from: number): readonly (Value | undefined)[] {
  let node = old;
  let version = from;
  for (;;) {
    const [next] = changesSince(node.domain, node.op, version);
    if (next === undefined) return g.renew(node);
    const result = next.step(g, node);
    if (!('op' in result)) return result;
    node = result;
    version = next.version;
  }
}

/** Nested graphs stay file messages, so what stands in them must mean the same in both sets. */
function refuseInside(node: GraphNode, version: number): void {
  const changed = nodesWithin(node).find(({ domain, opType }) => changedSince(domain, opType, version));
  if (changed === undefined) return;
  throw new ModelError(
    'graph/invalid',
    `${changed.opType} stands inside ${node.op} ("${node.name}") and cannot be brought to operator set ${standardOpset} there.`,
    { operator: changed.opType },
  );
}
