/** A model as text, for snapshots and for people: one line a value, no weights. */
import { numbersOf } from '../tensor/host-tensor';
import { subgraphsOf } from './attributes';
import { type AttributeProto, AttributeProto_AttributeType as Kind, type GraphProto } from './proto/onnx_pb';
import type { ModelProto, NodeProto, TensorProto } from './proto/onnx_pb';
import { dimsOf, toHostTensor } from './tensors';
import { typeText } from './values';
import { dtypeOfNumber } from '../tensor/dtype';

const shownNumbers = 8;

/** Prints operator sets, inputs, constants (values of the short ones), nodes in order, and outputs. Equal graphs print equally. */
export function printModel(model: ModelProto): string {
  const opsets = model.opsetImport.map((set) => `${set.domain === '' ? 'ai.onnx' : set.domain} ${set.version}`);
  const functions = model.functions.flatMap((f) => [
    `function ${f.domain}.${f.name}(${f.input.join(', ')}) -> (${f.output.join(', ')})`,
    ...f.node.flatMap((node) => printNode(node, '  ')),
  ]);
  const graph = model.graph ? graphLines(model.graph, '') : ['(no graph)'];
  return [`ir ${model.irVersion}, ${opsets.join(', ')}`, ...functions, ...graph, ''].join('\n');
}

/** The lines of a graph in a file, also of one nested in a node. */
export function graphLines(graph: GraphProto, indent: string): string[] {
  return [
    ...graph.input.map((value) => `${indent}input ${value.name}: ${typeText(value)}`),
    ...graph.initializer.map((tensor) => `${indent}constant ${tensor.name}: ${constantText(tensor)}`),
    ...graph.node.flatMap((node) => printNode(node, indent)),
    ...graph.output.map((value) => `${indent}output ${value.name}: ${typeText(value)}`),
  ];
}

function printNode(node: NodeProto, indent: string): string[] {
  const operator = node.domain === '' ? node.opType : `${node.domain}.${node.opType}`;
  const plain = node.attribute.filter((attribute) => attribute.type !== Kind.GRAPH && attribute.type !== Kind.GRAPHS);
  const attributes = plain.map((attribute) => `${attribute.name}=${attributeText(attribute)}`).sort();
  const shown = attributes.length > 0 ? ` {${attributes.join(', ')}}` : '';
  return [
    `${indent}${node.output.join(', ')} = ${operator}(${node.input.join(', ')})${shown}`,
    ...subgraphsOf(node).flatMap((graph) => [`${indent}  graph ${graph.name}`, ...graphLines(graph, `${indent}    `)]),
  ];
}

/** Type and sizes of a constant, and its values where they are few. */
export function constantText(tensor: TensorProto): string {
  const dims = dimsOf(tensor);
  const head = `${dtypeOfNumber(tensor.dataType) ?? `type ${tensor.dataType}`} [${dims.join(', ')}]`;
  const isShort = dims.reduce((a, b) => a * b, 1) <= shownNumbers;
  if (!isShort || dtypeOfNumber(tensor.dataType) === undefined || tensor.externalData.length > 0) return head;
  const values = toHostTensor(tensor);
  const texts =
    values.dtype === 'string' ? values.data.map((s) => JSON.stringify(s)) : numbersOf(values).map(numberText);
  return `${head} = ${texts.join(' ')}`;
}

/** The value of an attribute that is no graph. */
export function attributeText(attribute: AttributeProto): string {
  switch (attribute.type) {
    case Kind.FLOAT:
      return numberText(attribute.f);
    case Kind.INT:
      return attribute.i.toString();
    case Kind.STRING:
      return JSON.stringify(new TextDecoder().decode(attribute.s));
    case Kind.FLOATS:
      return `[${attribute.floats.map(numberText).join(', ')}]`;
    case Kind.INTS:
      return `[${attribute.ints.join(', ')}]`;
    case Kind.STRINGS:
      return `[${attribute.strings.map((s) => JSON.stringify(new TextDecoder().decode(s))).join(', ')}]`;
    case Kind.TENSOR:
      return attribute.t ? constantText(attribute.t) : '(no tensor)';
    default:
      return attribute.refAttrName === '' ? `(${Kind[attribute.type]})` : `@${attribute.refAttrName}`;
  }
}

/** Seven digits: all that a float32 holds. */
function numberText(value: number): string {
  return Number.isInteger(value) ? String(value) : String(Number(value.toPrecision(7)));
}
