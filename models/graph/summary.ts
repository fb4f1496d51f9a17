/** What a person can read of a graph in a few seconds: ends, size, operators, stages. */
import { ModelError } from '../errors';
import { dtypeOfNumber } from '../tensor/dtype';
import { elementCount } from '../tensor/host-tensor';
import { shapeText } from '../tensor/shape';
import { subgraphsOf } from './attributes';
import { decodeGraph } from './decode-graph';
import { presentOutputs, type TensorType } from './ir';
import type { GraphProto, ModelProto, NodeProto, TensorProto, ValueInfoProto } from './proto/onnx_pb';
import { stagesOf } from './stages';
import { dimsOf, storedBytes } from './tensors';
import { feedsOf, typeText } from './values';

/** How often an operator occurs. */
export interface OperatorCount {
  name: string;
  count: number;
}

/** The summary; the application's contract holds a schema of the same form. */
export interface GraphSummary {
  irVersion: number;
  opsets: { domain: string; version: number }[];
  producer: string;
  inputs: { name: string; type: string }[];
  outputs: { name: string; type: string }[];
  /** Nodes of the main graph and of all graphs nested in it. */
  nodes: number;
  /** Numbers in the weights: floating-point constants of rank 1 and more. */
  parameters: number;
  weightBytes: number;
  operators: OperatorCount[];
  stages: { title: string; nodes: number; operators: OperatorCount[]; outputShape: string }[];
}

const floats = new Set(['float32', 'float16', 'bfloat16', 'float64']);

/** Summarises a decoded model; weights are not read, only counted. */
export function summarise(model: ModelProto): GraphSummary {
  const graph = model.graph;
  const nodes = graph ? allNodes(graph) : [];
  const tensors = [...(graph ? graph.initializer : []), ...nodes.flatMap(constantsOf)];
  return {
    irVersion: Number(model.irVersion),
    opsets: model.opsetImport.map(({ domain, version }) => ({ domain: domain || 'ai.onnx', version: Number(version) })),
    producer: [model.producerName, model.producerVersion].filter((text) => text !== '').join(' '),
    inputs: graph ? feedsOf(graph).map(ends) : [],
    outputs: graph ? graph.output.map(ends) : [],
    nodes: nodes.length,
    parameters: tensors.filter(isWeight).reduce((sum, tensor) => sum + elementCount(dimsOf(tensor)), 0),
    weightBytes: tensors.reduce((sum, tensor) => sum + storedBytes(tensor), 0),
    operators: countOperators(nodes),
    stages: graph ? readStages(graph, inferredTypes(model)) : [],
  };
}

function ends(value: ValueInfoProto): { name: string; type: string } {
  return { name: value.name, type: typeText(value) };
}

function allNodes(graph: GraphProto): NodeProto[] {
  return graph.node.flatMap((node) => [node, ...subgraphsOf(node).flatMap(allNodes)]);
}

function constantsOf(node: NodeProto): TensorProto[] {
  return node.opType === 'Constant' ? node.attribute.flatMap((attribute) => attribute.t ?? []) : [];
}

function isWeight(tensor: TensorProto): boolean {
  return floats.has(dtypeOfNumber(tensor.dataType) ?? '') && tensor.dims.length > 0;
}

function countOperators(nodes: readonly NodeProto[]): OperatorCount[] {
  const counts = new Map<string, number>();
  for (const node of nodes) {
    const name = node.domain === '' || node.domain === 'ai.onnx' ? node.opType : `${node.domain}.${node.opType}`;
    counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  return [...counts]
    .map(([name, count]) => ({ name, count }))
    .sort((a, b) => b.count - a.count || (a.name < b.name ? -1 : 1));
}

/** Types of computed values by name; none for a graph that does not hold together. */
function inferredTypes(model: ModelProto): Map<string, TensorType> {
  try {
    const values = decodeGraph(model).nodes.flatMap(presentOutputs);
    return new Map(values.flatMap(({ name, type }) => (type ? [[name, type]] : [])));
  } catch (error) {
    if (error instanceof ModelError) return new Map();
    throw error;
  }
}

function readStages(graph: GraphProto, types: ReadonlyMap<string, TensorType>): GraphSummary['stages'] {
  const weights = new Map(graph.initializer.map((tensor) => [tensor.name, tensor]));
  const casts = new Map(graph.node.flatMap(castOf)); // weights stored as float16 reach their node through a Cast
  const weightShape = (name: string): readonly number[] | undefined => {
    const tensor = weights.get(name) ?? weights.get(casts.get(name) ?? '');
    return tensor ? dimsOf(tensor) : undefined;
  };
  return stagesOf(graph, weightShape).map(({ title, repeats, nodes, output }) => {
    const type = types.get(output);
    return {
      title: repeats > 1 ? `${title} x${repeats}` : title,
      nodes: nodes.length,
      operators: countOperators(nodes),
      outputShape: type ? shapeText(type.shape) : '',
    };
  });
}

function castOf(node: NodeProto): [string, string][] {
  const [from] = node.input;
  const [to] = node.output;
  return node.opType === 'Cast' && from !== undefined && to !== undefined ? [[to, from]] : [];
}
