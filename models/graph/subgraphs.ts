/** Graphs nested in nodes (branches of If, bodies of Loop and Scan): which outer values they use, and by which names. */
import { subgraphsOf } from './attributes';
import { copyMessage } from './copy';
import type { GraphNode } from './ir';
import {
  type AttributeProto,
  AttributeProtoSchema,
  type GraphProto,
  GraphProtoSchema,
  type NodeProto,
  NodeProtoSchema,
} from './proto/onnx_pb';

/** The graphs in a node's attributes. */
export function graphsIn(node: GraphNode): GraphProto[] {
  return Object.values(node.attributes).flatMap((value) => {
    if (typeof value !== 'object' || !('graphs' in value)) return [];
    return value.g ? [value.g, ...value.graphs] : value.graphs;
  });
}

/** All nodes of the graphs in a node, however deep. */
export function nodesWithin(node: GraphNode): NodeProto[] {
  const within = (graph: GraphProto): NodeProto[] =>
    graph.node.flatMap((inner) => [inner, ...subgraphsOf(inner).flatMap(within)]);
  return graphsIn(node).flatMap(within);
}

/** Names that the graph and the graphs in it give to values of their own. */
export function ownNames(graph: GraphProto): string[] {
  return [
    ...graph.input.map((value) => value.name),
    ...graph.initializer.map((tensor) => tensor.name),
    ...graph.sparseInitializer.map((tensor) => tensor.values?.name ?? ''),
    ...graph.node.flatMap((node) => [...node.output, ...subgraphsOf(node).flatMap(ownNames)]),
  ].filter((name) => name !== '');
}

/** Names that the graph uses and does not make. */
export function capturedNames(graph: GraphProto): string[] {
  const own = new Set(ownNames(graph));
  const used = [
    ...graph.node.flatMap((node) => [...node.input, ...subgraphsOf(node).flatMap(capturedNames)]),
    ...graph.output.map((value) => value.name),
  ];
  return [...new Set(used)].filter((name) => name !== '' && !own.has(name));
}

/** The attribute with captured values called by other names in its graphs. */
export function renameCaptures(attribute: AttributeProto, names: ReadonlyMap<string, string>): AttributeProto {
  return withGraphs(attribute, (graph) => renameIn(graph, names));
}

/** The attribute with other graphs in place of those it holds. */
export function withGraphs(attribute: AttributeProto, change: (graph: GraphProto) => GraphProto): AttributeProto {
  if (attribute.g === undefined && attribute.graphs.length === 0) return attribute;
  return copyMessage(AttributeProtoSchema, attribute, {
    ...(attribute.g && { g: change(attribute.g) }),
    graphs: attribute.graphs.map(change),
  });
}

function renameIn(graph: GraphProto, names: ReadonlyMap<string, string>): GraphProto {
  return copyMessage(GraphProtoSchema, graph, {
    node: graph.node.map((node) =>
      copyMessage(NodeProtoSchema, node, {
        input: node.input.map((name) => names.get(name) ?? name),
        attribute: node.attribute.map((attribute) => renameCaptures(attribute, names)),
      }),
    ),
  });
}
