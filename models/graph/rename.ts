/** Renames every value of a graph, so that it can live beside nodes of ours without a clash. */
import { copyMessage } from './copy';
import {
  type GraphProto,
  GraphProtoSchema,
  type NodeProto,
  NodeProtoSchema,
  SparseTensorProtoSchema,
  type TensorProto,
  TensorProtoSchema,
  type ValueInfoProto,
  ValueInfoProtoSchema,
} from './proto/onnx_pb';
import { withGraphs } from './subgraphs';

/**
 * A copy of the graph in which all values and nodes, those of nested graphs too, begin with `prefix`; weights are shared. An
 * empty name (an input left out) stays empty. Local functions have names of their own and are not touched.
 */
export function prefixNames(graph: GraphProto, prefix: string): GraphProto {
  const rename = (name: string): string => (name === '' ? '' : prefix + name);
  const value = (info: ValueInfoProto): ValueInfoProto =>
    copyMessage(ValueInfoProtoSchema, info, { name: rename(info.name) });
  const tensor = (t: TensorProto): TensorProto => copyMessage(TensorProtoSchema, t, { name: rename(t.name) });
  return copyMessage(GraphProtoSchema, graph, {
    node: graph.node.map((node) => prefixNode(node, prefix, rename)),
    initializer: graph.initializer.map(tensor),
    sparseInitializer: graph.sparseInitializer.map((sparse) =>
      sparse.values ? copyMessage(SparseTensorProtoSchema, sparse, { values: tensor(sparse.values) }) : sparse,
    ),
    input: graph.input.map(value),
    output: graph.output.map(value),
    valueInfo: graph.valueInfo.map(value),
    quantizationAnnotation: [], // refers to values by their old names and is a hint only
  });
}

function prefixNode(node: NodeProto, prefix: string, rename: (name: string) => string): NodeProto {
  return copyMessage(NodeProtoSchema, node, {
    name: rename(node.name),
    input: node.input.map(rename),
    output: node.output.map(rename),
    attribute: node.attribute.map((attribute) => withGraphs(attribute, (graph) => prefixNames(graph, prefix))),
  });
}
