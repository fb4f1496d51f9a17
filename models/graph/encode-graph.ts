/** A graph in memory to the message tree of the ONNX schema. */
import { create } from '@bufbuild/protobuf';
import { ModelError } from '../errors';
import { copyMessage } from './copy';
import type { AttributeValue, Graph, GraphNode, Value } from './ir';
import type { AttributeKind } from './operator';
import { findOperator } from './ops/table';
import {
  type AttributeProto,
  AttributeProto_AttributeType as Kind,
  AttributeProtoSchema,
  GraphProtoSchema,
  type ModelProto,
  ModelProtoSchema,
  type NodeProto,
  NodeProtoSchema,
  TensorProtoSchema,
  type ValueInfoProto,
  ValueInfoProtoSchema,
} from './proto/onnx_pb';
import { renameCaptures } from './subgraphs';
import { toTensorProto } from './tensors';
import { valueInfo } from './values';

/** What the file says of itself. */
export interface EncodeOptions {
  /** The program that made it. */
  readonly producer?: string;
  /** Version of the file format; 10 came with operator set 21. */
  readonly irVersion?: number;
}

/**
 * The model of a graph. Constants stay views over what they were made from.
 * @throws ModelError `graph/invalid` when a `duet` operator is left, which lowering would have replaced.
 */
export function encodeGraph(graph: Graph, { producer = 'Duet', irVersion = 10 }: EncodeOptions = {}): ModelProto {
  const names = outputNames(graph);
  const nameOf = (value: Value | undefined): string => (value === undefined ? '' : (names.get(value) ?? value.name));
  const copies = graph.outputs.filter(({ name, value }) => nameOf(value) !== name);
  const proto = create(GraphProtoSchema, { name: graph.name });
  proto.node = [
    ...graph.nodes.map((node) => encodeNode(node, nameOf)),
    ...copies.map(({ name, value }) =>
      create(NodeProtoSchema, { opType: 'Identity', input: [nameOf(value)], output: [name] }),
    ),
  ];
  proto.initializer = [...graph.constants].map(([value, tensor]) =>
    copyMessage(TensorProtoSchema, tensor, { name: nameOf(value) }),
  );
  proto.input = graph.inputs.map((value) => encodeValue(nameOf(value), value));
  proto.output = graph.outputs.map(({ name, value }) => encodeValue(name, value));
  return create(ModelProtoSchema, {
    irVersion: BigInt(irVersion),
    producerName: producer,
    metadataProps: [...(graph.metadata ?? [])].map(([key, value]) => ({ key, value })),
    opsetImport: [...graph.opsets].map(([domain, version]) => ({ domain, version: BigInt(version) })),
    functions: [...(graph.functions ?? [])],
    graph: proto,
  });
}

/** Results take the name of the output they leave by; inputs, constants and second names need a copy instead. */
function outputNames(graph: Graph): Map<Value, string> {
  const fixed = new Set<Value>([...graph.inputs, ...graph.constants.keys()]);
  const names = new Map<Value, string>();
  for (const { name, value } of graph.outputs) {
    if (!fixed.has(value) && !names.has(value)) names.set(value, name);
  }
  const used = new Set(graph.outputs.map((output) => output.name));
  const makers = graph.nodes.flatMap((node) => node.outputs);
  for (const value of [...graph.inputs, ...graph.constants.keys(), ...makers]) {
    if (value && !names.has(value) && used.has(value.name)) names.set(value, `${value.name}.inner`);
  }
  for (const input of graph.inputs) names.delete(input); // what the caller feeds keeps its name
  return names;
}

function encodeNode(node: GraphNode, nameOf: (value: Value | undefined) => string): NodeProto {
  if (node.domain === 'duet') {
    throw new ModelError('graph/invalid', `${node.op} ("${node.name}") must be lowered before the graph is written.`);
  }
  return create(NodeProtoSchema, {
    opType: node.op,
    domain: node.domain,
    name: node.name,
    input: trimmed(node.inputs.map(nameOf)),
    output: trimmed(node.outputs.map(nameOf)),
    attribute: encodeAttributes(node, nameOf),
  });
}

/** Without the empty names at the end. */
function trimmed(names: string[]): string[] {
  let length = names.length;
  while (length > 0 && names[length - 1] === '') length -= 1;
  return names.slice(0, length);
}

function encodeAttributes(node: GraphNode, nameOf: (value: Value) => string): AttributeProto[] {
  const kinds = findOperator(node.domain, node.op)?.attributes ?? {};
  const plain = Object.entries(node.attributes).map(([name, value]) => encodeAttribute(name, value, kinds[name]));
  if (node.captures === undefined) return plain;
  const names = new Map(node.captures.map(({ name, value }) => [name, nameOf(value)]));
  return plain.map((attribute) => renameCaptures(attribute, names));
}

/** An attribute as a message; `kind` tells whole numbers from real ones. */
export function encodeAttribute(name: string, value: AttributeValue, kind: AttributeKind | undefined): AttributeProto {
  if (typeof value === 'object' && '$typeName' in value) return value;
  if (typeof value === 'string') {
    return create(AttributeProtoSchema, { name, type: Kind.STRING, s: new TextEncoder().encode(value) });
  }
  if (typeof value === 'number') {
    return kind === 'float'
      ? create(AttributeProtoSchema, { name, type: Kind.FLOAT, f: value })
      : create(AttributeProtoSchema, { name, type: Kind.INT, i: BigInt(value) });
  }
  if ('dtype' in value) return create(AttributeProtoSchema, { name, type: Kind.TENSOR, t: toTensorProto('', value) });
  if (kind === 'floats') return create(AttributeProtoSchema, { name, type: Kind.FLOATS, floats: value.map(Number) });
  if (kind === 'strings') {
    const encoder = new TextEncoder();
    return create(AttributeProtoSchema, {
      name,
      type: Kind.STRINGS,
      strings: value.map((s) => encoder.encode(String(s))),
    });
  }
  return create(AttributeProtoSchema, { name, type: Kind.INTS, ints: value.map(BigInt) });
}

function encodeValue(name: string, value: Value): ValueInfoProto {
  if (!value.type) return copyMessage(ValueInfoProtoSchema, value.declared ?? create(ValueInfoProtoSchema), { name });
  return valueInfo(name, value.type.dtype, value.type.shape);
}
