/** A graph in memory as text: one line a value, with its type. Operators that exist in memory only are printed too. */
import { shapeText } from '../tensor/shape';
import { encodeAttribute } from './encode-graph';
import type { Graph, GraphNode, Value } from './ir';
import { findOperator } from './ops/table';
import { attributeText, constantText, graphLines } from './print';
import { graphsIn } from './subgraphs';

/** Inputs, constants (values of the short ones), nodes in order, outputs. Equal graphs print equally. */
export function printGraph(graph: Graph): string {
  const outputs = graph.outputs.map(({ name, value }) =>
    name === value.name ? `output ${typed(value)}` : `output ${name} = ${value.name}`,
  );
  return [
    ...graph.inputs.map((value) => `input ${typed(value)}`),
    ...[...graph.constants].map(([value, tensor]) => `constant ${value.name}: ${constantText(tensor)}`),
    ...graph.nodes.flatMap(nodeLines),
    ...outputs,
    '',
  ].join('\n');
}

/** `y: float32 [N, 64] = Conv(x, w) {pads=[1, 1, 1, 1]}`, and below it the graphs nested in the node. */
function nodeLines(node: GraphNode): string[] {
  const operator = node.domain === '' ? node.op : `${node.domain}.${node.op}`;
  const inputs = node.inputs.map((value) => value?.name ?? '').join(', ');
  const results = node.outputs.map((value) => (value ? typed(value) : '_')).join(', ');
  const line = `${results} = ${operator}(${inputs})${attributesText(node)}${node.stopsGradient ? ' (stops the gradient)' : ''}`;
  return [line, ...graphsIn(node).flatMap((graph) => [`  graph ${graph.name}`, ...graphLines(graph, '    ')])];
}

function attributesText(node: GraphNode): string {
  const kinds = findOperator(node.domain, node.op)?.attributes ?? {};
  const texts = Object.entries(node.attributes)
    .map(([name, value]) => encodeAttribute(name, value, kinds[name]))
    .filter((attribute) => attribute.g === undefined && attribute.graphs.length === 0)
    .map((attribute) => `${attribute.name}=${attributeText(attribute)}`);
  return texts.length > 0 ? ` {${texts.sort().join(', ')}}` : '';
}

function typed(value: Value): string {
  return `${value.name}: ${value.type ? `${value.type.dtype} ${shapeText(value.type.shape)}` : 'unknown'}`;
}
