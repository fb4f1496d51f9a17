/** Computes once what a graph computes several times: equal operators with equal attributes and inputs, and equal constants. */
import { elementCount } from '../tensor/host-tensor';
import { type AttributeValue, type Graph, type GraphNode, type Value } from './ir';
import { rewriteNodes } from './lower-composites';
import { findOperator } from './ops/table';
import type { TensorProto } from './proto/onnx_pb';
import { dimsOf } from './tensors';

/** The graph with one node for all equal ones. Operators unknown to this library stay, for they may be random; so does Dropout in training. */
export function mergeCommonSubexpressions(graph: Graph): Graph {
  const { constants, merged } = mergeConstants(graph.constants);
  const numbers = new Map<Value | undefined, number>();
  const numberOf = (value: Value | undefined): number => {
    const known = numbers.get(value) ?? numbers.size;
    numbers.set(value, known);
    return known;
  };
  const seen = new Map<string, GraphNode>();
  const rewrite = (_: unknown, node: GraphNode): GraphNode['outputs'] | undefined => {
    const attributes = isPure(node) ? attributesKey(node) : undefined;
    if (attributes === undefined) return undefined;
    const shown = node.outputs.map((output) => (output ? 1 : 0));
    const key = [node.domain, node.op, node.stopsGradient ?? false, shown, node.inputs.map(numberOf), attributes];
    const text = JSON.stringify(key);
    const first = seen.get(text);
    if (first === undefined) seen.set(text, node);
    return first?.outputs;
  };
  return rewriteNodes({ ...graph, constants }, rewrite, merged);
}

/** Same inputs, same results, every time. */
function isPure(node: GraphNode): boolean {
  if (findOperator(node.domain, node.op) === undefined || node.captures !== undefined) return false;
  return node.op !== 'Dropout' || node.inputs[2] === undefined;
}

/** Attributes as text, whatever their order; undefined where one is a file message that is not looked into. */
function attributesKey(node: GraphNode): string | undefined {
  const entries = Object.entries(node.attributes).sort(([a], [b]) => (a < b ? -1 : 1));
  if (entries.some(([, value]) => typeof value === 'object' && '$typeName' in value)) return undefined;
  return entries.map(([name, value]) => `${name}=${valueKey(value)}`).join(';');
}

function valueKey(value: AttributeValue): string {
  const isTensor = typeof value === 'object' && 'dtype' in value;
  return isTensor ? `${value.dtype} [${value.dims.join()}] ${value.data.join()}` : JSON.stringify(value);
}

interface MergedConstants {
  readonly constants: Graph['constants'];
  /** Constants that went, and the equal ones that stay. */
  readonly merged: ReadonlyMap<Value, Value>;
}

function mergeConstants(all: Graph['constants']): MergedConstants {
  const alike = new Map<string, [Value, TensorProto][]>();
  const constants = new Map<Value, TensorProto>();
  const merged = new Map<Value, Value>();
  for (const [value, tensor] of all) {
    const key = `${tensor.dataType} ${tensor.dims.join()}`;
    const group = alike.get(key) ?? [];
    const equal = group.find(([, other]) => haveEqualBytes(tensor, other));
    if (equal) {
      merged.set(value, equal[0]);
      continue;
    }
    alike.set(key, [...group, [value, tensor]]);
    constants.set(value, tensor);
  }
  return { constants, merged };
}

/** Raw bytes only: what lies in typed fields or in another file counts as different. */
function haveEqualBytes(a: TensorProto, b: TensorProto): boolean {
  const [left, right] = [a.rawData, b.rawData];
  if (left.byteLength !== right.byteLength) return false;
  if (left.byteLength === 0) return elementCount(dimsOf(a)) === 0;
  return left.every((byte, at) => byte === right[at]);
}
