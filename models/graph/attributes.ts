/** Typed look-ups of a file node's attributes. */
import type { GraphProto, NodeProto } from './proto/onnx_pb';

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
