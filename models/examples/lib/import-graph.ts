/** A network read from a file as a part of a new one: its constants become weights that can be trained. */
import { type Graph, type GraphNode, presentInputs, presentOutputs, type Value } from '../../graph/ir';
import { toHostTensor } from '../../graph/tensors';
import type { Network } from '../../nn/network';
import { type HostTensor, hostTensor, numbersOf } from '../../tensor/host-tensor';

/**
 * Builds again what leads to the value called `wanted`, with `given` values in place of the file's of the same names. Constants of real numbers
 * and at least one axis become weights, called as in the file (without `.f16`, as they are trained in float32); all others stay constants.
 */
export function importGraph(net: Network, graph: Graph, given: Readonly<Record<string, Value>>, wanted: string): Value {
  const made = new Map(Object.entries(given));
  for (const [value, tensor] of graph.constants) {
    if (!made.has(value.name)) made.set(value.name, constantOf(net, value.name, toHostTensor(tensor)));
  }
  for (const node of nodesFor(graph, new Set(made.keys()), wanted)) {
    const [first] = node.inputs;
    const source = first && made.get(first.name);
    if (node.op === 'Cast' && source?.dtype === 'float32' && node.attributes['to'] === 1) {
      for (const output of presentOutputs(node)) made.set(output.name, source);
      continue;
    }
    const { op, domain, attributes } = node;
    const inputs = node.inputs.map((input) => input && made.get(input.name));
    const results = net.g.node({ op, domain, inputs, attributes, outputCount: node.outputs.length });
    node.outputs.forEach((output, index) => {
      const result = results[index];
      if (output && result) made.set(output.name, result);
    });
  }
  const result = made.get(wanted);
  if (result) return result;
  throw new Error(`The file makes no value "${wanted}".`);
}

function constantOf(net: Network, name: string, tensor: HostTensor): Value {
  const isReal = tensor.dtype === 'float32' || tensor.dtype === 'float16';
  if (!isReal || tensor.dims.length === 0) return net.g.constant(tensor);
  const numbers = hostTensor('float32', tensor.dims, Float32Array.from(numbersOf(tensor)));
  return net.weight(name.replace(/\.f16$/, ''), tensor.dims, () => numbers);
}

/** The nodes on which a value depends, up to what is there already. */
function nodesFor(graph: Graph, there: ReadonlySet<string>, wanted: string): GraphNode[] {
  const needed = new Set([wanted]);
  const nodes = [...graph.nodes].reverse().filter((node) => {
    if (!presentOutputs(node).some(({ name }) => needed.has(name) && !there.has(name))) return false;
    for (const { name } of presentInputs(node)) needed.add(name);
    return true;
  });
  return nodes.reverse();
}
