/** Weights of a file as inputs, which can be differentiated and fed, and trained weights as constants, which a file holds. */
import { ModelError } from '../errors';
import { isReal } from '../tensor/dtype';
import type { HostTensor } from '../tensor/host-tensor';
import { shapeText } from '../tensor/shape';
import type { Graph, Value } from './ir';
import { toHostTensor, toTensorProto } from './tensors';

/** A graph that takes its weights as inputs, and the numbers to feed for them. */
export interface PromotedGraph {
  readonly graph: Graph;
  readonly weights: ReadonlyMap<string, HostTensor>;
}

/**
 * Turns the constants of real numbers for which `isWanted` holds into inputs of the same names, behind those that are there. Values stay
 * the same objects; the numbers are views over the file.
 * @throws ModelError `model/external-data` when the numbers lie in another file.
 */
export function promoteConstants(graph: Graph, isWanted: (constant: Value) => boolean): PromotedGraph {
  const chosen = [...graph.constants].filter(([value]) => value.type && isReal(value.dtype) && isWanted(value));
  const weights = new Map(chosen.map(([value, tensor]) => [value.name, toHostTensor(tensor)]));
  const gone = new Set(chosen.map(([value]) => value));
  return {
    graph: {
      ...graph,
      inputs: [...graph.inputs, ...gone],
      constants: new Map([...graph.constants].filter(([value]) => !gone.has(value))),
    },
    weights,
  };
}

/**
 * Turns inputs into constants: the graph that is left takes only what `values` does not name. Names of no input are passed over, so that
 * all that a trainer holds can be given.
 * @throws ModelError `graph/shape-mismatch` when a tensor has another type or other sizes than its input.
 */
export function fillInputs(graph: Graph, values: Readonly<Record<string, HostTensor>>): Graph {
  const constants = new Map(graph.constants);
  for (const input of graph.inputs) {
    const tensor = values[input.name];
    if (tensor === undefined) continue;
    if (tensor.dtype !== input.dtype || shapeText(tensor.dims) !== shapeText(input.shape)) {
      const given = `${tensor.dtype} ${shapeText(tensor.dims)}`;
      const wanted = `${input.dtype} ${shapeText(input.shape)}`;
      throw new ModelError('graph/shape-mismatch', `"${input.name}" takes ${wanted}, not ${given}.`, { given, wanted });
    }
    constants.set(input, toTensorProto('', tensor));
  }
  return { ...graph, inputs: graph.inputs.filter((input) => !constants.has(input)), constants };
}
