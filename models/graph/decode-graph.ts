/** The message tree of an .onnx file to a graph in memory, with types inferred where the operators are known. */
import { ModelError } from '../errors';
import { dtypeOfNumber } from '../tensor/dtype';
import { type Dim, unknownDim } from '../tensor/shape';
import { subgraphsOf } from './attributes';
import { createBuilder } from './builder';
import { constantType, isRemembered } from './constant-type';
import { type InferredCall, inferLeniently, leniently } from './infer';
import { type Attributes, type AttributeValue, type Graph, type GraphNode, type TensorType, Value } from './ir';
import type { AttributeKind } from './operator';
import { changedSince } from './opset-changes';
import { findOperator } from './ops/table';
import {
  type AttributeProto,
  AttributeProto_AttributeType as Kind,
  type ModelProto,
  type NodeProto,
  type TensorProto,
  TensorProto_DataLocation,
  type ValueInfoProto,
} from './proto/onnx_pb';
import { capturedNames } from './subgraphs';
import { denseTensor, dimsOf, toHostTensor } from './tensors';
import { upgradeNode } from './upgrade';
import { feedsOf, tensorValue } from './values';

/** How a file is read. */
export interface DecodeGraphOptions {
  /** Sizes of the file's symbols (`{ batch: 32 }`); symbols not named stay symbols. */
  readonly symbols?: Readonly<Record<string, number>>;
}

/**
 * Reads a model's graph. Nodes of operators unknown here are kept as they are, and what they make has no type.
 * @throws ModelError `model/damaged` when there is no graph, or a node uses what nothing makes.
 */
export function decodeGraph(model: ModelProto, options: DecodeGraphOptions = {}): Graph {
  const proto = model.graph;
  if (!proto) throw new ModelError('model/damaged', 'The file holds no graph.');
  const values = new Map<string, Value>();
  const constants = new Map<Value, TensorProto>();
  for (const tensor of [...proto.initializer, ...proto.sparseInitializer.map(denseTensor)]) {
    const value = new Value(tensor.name, storedType(tensor));
    values.set(tensor.name, value);
    constants.set(value, tensor);
  }
  const inputs = feedsOf(proto).map((info) => {
    const type = declaredType(info, options.symbols ?? {});
    const value = new Value(info.name, type, type ? undefined : info);
    values.set(info.name, value);
    return value;
  });
  const opsets = new Map(model.opsetImport.map((set) => [plainDomain(set.domain), Number(set.version)]));
  const declared = new Map([...proto.valueInfo, ...proto.output].map((info) => [info.name, info]));
  const read = new NodeReader(values, declared, options.symbols ?? {}, opsets);
  const nodes = proto.node.map((node) => read.node(node));
  return {
    name: proto.name,
    inputs,
    outputs: proto.output.map((info) => ({ name: info.name, value: read.value(info.name, 'the outputs') })),
    nodes,
    constants,
    opsets,
    functions: model.functions,
    metadata: new Map(model.metadataProps.map(({ key, value }) => [key, value])),
  };
}

class NodeReader {
  constructor(
    private readonly values: Map<string, Value>,
    private readonly declared: ReadonlyMap<string, ValueInfoProto>,
    private readonly symbols: Readonly<Record<string, number>>,
    private readonly opsets: ReadonlyMap<string, number>,
  ) {}

  value(name: string, where: string): Value {
    const found = this.values.get(name);
    if (found) return found;
    throw new ModelError('model/damaged', `Nothing makes "${name}", which ${where} use.`);
  }

  node(proto: NodeProto): GraphNode {
    const domain = plainDomain(proto.domain);
    const inputs = proto.input.map((name) => (name === '' ? undefined : this.value(name, `node "${proto.name}"`)));
    const attributes = decodeAttributes(proto, domain);
    const types = this.infer({ op: proto.opType, domain, inputs, attributes, outputCount: proto.output.length });
    const outputs = proto.output.map((name, index) => {
      if (name === '') return undefined;
      const info = this.declared.get(name);
      const inferred = types[index];
      const declared = info && declaredType(info, this.symbols);
      const value = inferred ? new Value(name, withDeclaredAxes(inferred, declared)) : new Value(name, declared, info);
      this.values.set(name, value);
      return value;
    });
    const captured = new Set(subgraphsOf(proto).flatMap(capturedNames));
    const captures = [...captured].map((name) => ({ name, value: this.value(name, `graphs in "${proto.name}"`) }));
    const node = { op: proto.opType, domain, name: proto.name, inputs, outputs, attributes };
    return captures.length > 0 ? { ...node, captures } : node;
  }

  /** Where our rules do not apply (no equal in set 21, axes that only a run computes), a value has the declared type, or none. */
  private infer(call: InferredCall): readonly (TensorType | undefined)[] {
    const version = this.opsets.get(call.domain) ?? 1;
    if (!changedSince(call.domain, call.op, version)) return inferLeniently(call);
    const outputs = Array.from({ length: call.outputCount }, (_, k) => new Value(`result.${k}`, undefined));
    const today = (): readonly (Value | undefined)[] =>
      upgradeNode(createBuilder(), { ...call, name: '', outputs }, version); // the nodes are thrown away
    return leniently(() => today().map((value) => value?.type));
  }
}

function plainDomain(domain: string): string {
  return domain === 'ai.onnx' ? '' : domain;
}

function storedType(tensor: TensorProto): TensorType | undefined {
  const dtype = dtypeOfNumber(tensor.dataType);
  if (dtype === undefined) return undefined;
  const shape = dimsOf(tensor);
  const isHere = tensor.dataLocation !== TensorProto_DataLocation.EXTERNAL;
  return isHere && isRemembered(dtype, shape) ? constantType(toHostTensor(tensor)) : { dtype, shape };
}

function declaredType(info: ValueInfoProto, symbols: Readonly<Record<string, number>>): TensorType | undefined {
  const tensor = tensorValue(info);
  if (tensor?.dtype === undefined || tensor.axes === undefined) return undefined;
  return { dtype: tensor.dtype, shape: tensor.axes.map((axis): Dim => symbols[axis] ?? axis) };
}

/** Axes that inference leaves open have the sizes and names that the file gives them. */
function withDeclaredAxes(type: TensorType, declared: TensorType | undefined): TensorType {
  if (declared?.shape.length !== type.shape.length) return type;
  return { ...type, shape: type.shape.map((dim, axis) => (dim === unknownDim ? (declared.shape[axis] ?? dim) : dim)) };
}

function decodeAttributes(node: NodeProto, domain: string): Attributes {
  const kinds: Readonly<Record<string, AttributeKind>> = findOperator(domain, node.opType)?.attributes ?? {};
  const read = (attribute: AttributeProto): AttributeValue =>
    kinds[attribute.name]?.toUpperCase() === Kind[attribute.type] ? decodeAttribute(attribute) : attribute;
  return Object.fromEntries(node.attribute.map((attribute) => [attribute.name, read(attribute)]));
}

function decodeAttribute(attribute: AttributeProto): AttributeValue {
  switch (attribute.type) {
    case Kind.FLOAT:
      return attribute.f;
    case Kind.INT:
      return isSafe(attribute.i) ? Number(attribute.i) : attribute;
    case Kind.STRING:
      return new TextDecoder().decode(attribute.s);
    case Kind.FLOATS:
      return attribute.floats;
    case Kind.INTS:
      return attribute.ints.every(isSafe) ? attribute.ints.map(Number) : attribute;
    case Kind.STRINGS:
      return attribute.strings.map((bytes) => new TextDecoder().decode(bytes));
    case Kind.TENSOR:
      return attribute.t && isReadable(attribute.t) ? toHostTensor(attribute.t) : attribute;
    default:
      return attribute;
  }
}

const isReadable = (tensor: TensorProto): boolean =>
  dtypeOfNumber(tensor.dataType) !== undefined && tensor.dataLocation !== TensorProto_DataLocation.EXTERNAL;
const isSafe = (value: bigint): boolean => Number.isSafeInteger(Number(value));
