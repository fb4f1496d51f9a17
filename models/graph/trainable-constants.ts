/** Weights of a file as inputs: constants cannot be trained, inputs can be differentiated and fed. */
import { isReal } from '../tensor/dtype';
import type { HostTensor } from '../tensor/host-tensor';
import type { Graph, Value } from './ir';
import { toHostTensor } from './tensors';

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
