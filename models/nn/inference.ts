/** From a trained net to a file that anyone can run: its weights become constants, its training is left out. */
import { ModelError } from '../errors';
import { removeDeadNodes } from '../graph/dead-nodes';
import type { Graph, Value } from '../graph/ir';
import { lowerComposites } from '../graph/lower-composites';
import { toTensorProto } from '../graph/tensors';
import type { HostTensor } from '../tensor/host-tensor';
import { shapeText } from '../tensor/shape';
import { Network, type Slot } from './network';

/**
 * Builds the net as it is used, not trained (`isTraining` false), with weights and state from `weights`, for example `trainer.read()`;
 * what the net does not ask for (an optimiser's state) is left out. `define` declares the inputs and gives the outputs by name; an input's
 * batch axis may be a symbol where the layers allow it. Weights are not copied.
 * @throws ModelError `usage/bad-argument` for a missing weight, `graph/shape-mismatch` for one of another type or shape.
 */
export function inferenceGraph(
  name: string,
  define: (net: Network) => Readonly<Record<string, Value>>,
  weights: Readonly<Record<string, HostTensor>>,
): Graph {
  const net = new Network({ isTraining: false });
  for (const [output, value] of Object.entries(define(net))) net.g.output(output, value);
  const graph = net.build(name);
  const slots = new Map(net.allSlots.map((slot) => [slot.input, slot]));
  const constants = new Map(graph.constants);
  for (const [input, slot] of slots) constants.set(input, toTensorProto(slot.name, weightOf(slot, weights)));
  const inputs = graph.inputs.filter((input) => !slots.has(input));
  return lowerComposites(removeDeadNodes({ ...graph, inputs, constants }));
}

function weightOf({ name, initial }: Slot, weights: Readonly<Record<string, HostTensor>>): HostTensor {
  const given = Object.hasOwn(weights, name) ? weights[name] : undefined;
  if (given === undefined) {
    const text = `The ${initial.dtype} ${shapeText(initial.dims)} "${name}" is not among the ${Object.keys(weights).length} weights given.`;
    throw new ModelError('usage/bad-argument', text, { name });
  }
  const [wanted, got] = [initial, given].map(({ dtype, dims }) => `${dtype} ${shapeText(dims)}`);
  if (wanted === got) return given;
  throw new ModelError('graph/shape-mismatch', `"${name}" is ${wanted} in this net, the weight given is ${got}.`, {
    name,
  });
}
