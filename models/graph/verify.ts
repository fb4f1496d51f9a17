/** Checks that a graph is well formed: names, order, types. Runs after every build and every transformation. */
import { ModelError } from '../errors';
import { contradictoryDims } from '../tensor/shape';
import { inferTypes } from './infer';
import { type Graph, type GraphNode, presentInputs, presentOutputs, type TensorType, type Value } from './ir';
import { changedSince } from './opset-changes';
import { findOperator } from './ops/table';

/**
 * Every value has one maker that stands before its uses, names are unique, declared types agree with inference, attributes are known.
 * @throws ModelError `graph/invalid` with the node and what is wrong with it.
 */
export function verifyGraph(graph: Graph): void {
  const made = new Set<Value>();
  const names = new Set<string>();
  const make = (value: Value, where: string): void => {
    if (made.has(value)) refuse(`"${value.name}" is made twice`, where);
    if (names.has(value.name) || value.name === '') refuse(`there are two values called "${value.name}"`, where);
    made.add(value);
    names.add(value.name);
  };
  for (const input of graph.inputs) make(input, 'among the inputs');
  for (const constant of graph.constants.keys()) make(constant, 'among the constants');
  for (const node of graph.nodes) {
    for (const input of presentInputs(node)) {
      if (!made.has(input)) refuse(`"${input.name}" is used before it is made`, node.name);
    }
    verifyNode(node, graph.opsets.get(node.domain) ?? 1);
    for (const output of presentOutputs(node)) make(output, node.name);
  }
  const outputs = new Set<string>();
  for (const { name, value } of graph.outputs) {
    if (!made.has(value)) refuse(`the output "${name}" is never made`, 'among the outputs');
    if (outputs.has(name)) refuse(`there are two outputs called "${name}"`, 'among the outputs');
    outputs.add(name);
  }
}

function verifyNode(node: GraphNode, version: number): void {
  const operator = findOperator(node.domain, node.op);
  if (operator === undefined || changedSince(node.domain, node.op, version)) return;
  for (const name of Object.keys(node.attributes)) {
    if (!(name in operator.attributes)) refuse(`${node.op} has no attribute "${name}"`, node.name);
  }
  if (node.outputs.some((output) => output && (output.declared ?? !output.type))) return; // only a run tells the type
  const types = inferTypes({ ...node, outputCount: node.outputs.length });
  node.outputs.forEach((output, index) => {
    const inferred = types[index];
    if (!output?.type || !inferred || agree(output.type, inferred)) return;
    refuse(`"${output.name}" is declared ${typeText(output.type)}, inference says ${typeText(inferred)}`, node.name);
  });
}

function agree(declared: TensorType, inferred: TensorType): boolean {
  if (declared.dtype !== inferred.dtype || declared.shape.length !== inferred.shape.length) return false;
  return declared.shape.every((dim, axis) => !contradictoryDims(dim, inferred.shape[axis] ?? dim));
}

function typeText(type: TensorType): string {
  return `${type.dtype} [${type.shape.join(', ')}]`;
}

function refuse(what: string, where: string): never {
  throw new ModelError('graph/invalid', `The graph is not well formed: ${what} (${where}).`, { where });
}
