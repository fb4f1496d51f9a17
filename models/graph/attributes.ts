/** Attributes of graph nodes: short constructors for building, typed look-ups for reading. */
import { create } from '@bufbuild/protobuf';
import type { HostTensor } from '../tensor/host-tensor';
import {
  type AttributeProto,
  AttributeProto_AttributeType as Kind,
  AttributeProtoSchema,
  type GraphProto,
  type NodeProto,
} from './proto/onnx_pb';
import { toTensorProto } from './tensors';

/** An attribute's value before it has a name. */
export type AttributeValue = (name: string) => AttributeProto;

/** A whole number. */
export function int(value: number): AttributeValue {
  return (name) => create(AttributeProtoSchema, { name, type: Kind.INT, i: BigInt(value) });
}

/** A list of whole numbers. */
export function ints(values: readonly number[]): AttributeValue {
  return (name) => create(AttributeProtoSchema, { name, type: Kind.INTS, ints: values.map(BigInt) });
}

/** A real number, stored as float32. */
export function float(value: number): AttributeValue {
  return (name) => create(AttributeProtoSchema, { name, type: Kind.FLOAT, f: value });
}

/** A text. */
export function text(value: string): AttributeValue {
  return (name) => create(AttributeProtoSchema, { name, type: Kind.STRING, s: new TextEncoder().encode(value) });
}

/** A tensor. */
export function tensor(value: HostTensor): AttributeValue {
  return (name) => create(AttributeProtoSchema, { name, type: Kind.TENSOR, t: toTensorProto('', value) });
}

/** The whole number under `name`, or the given default. */
export function intAttribute(node: NodeProto, name: string, otherwise: number): number {
  const found = node.attribute.find((attribute) => attribute.name === name);
  return found ? Number(found.i) : otherwise;
}

/** The list of whole numbers under `name`, or undefined. */
export function intsAttribute(node: NodeProto, name: string): number[] | undefined {
  return node.attribute.find((attribute) => attribute.name === name)?.ints.map(Number);
}

/** The text under `name`, or undefined. */
export function textAttribute(node: NodeProto, name: string): string | undefined {
  const found = node.attribute.find((attribute) => attribute.name === name);
  return found ? new TextDecoder().decode(found.s) : undefined;
}

/** The graphs nested in a node (branches of If, bodies of Loop and Scan). */
export function subgraphsOf(node: NodeProto): GraphProto[] {
  return node.attribute.flatMap((attribute) => (attribute.g ? [attribute.g, ...attribute.graphs] : attribute.graphs));
}
