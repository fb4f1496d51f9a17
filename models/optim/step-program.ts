/** A whole training step as one graph. */
import type { Graph } from '../graph/ir';
import { encodeModel } from '../graph/encode';
import { encodeGraph } from '../graph/encode-graph';
import { lowerComposites } from '../graph/lower-composites';
import { mergeCommonSubexpressions } from '../graph/common-subexpressions';
import { removeDeadNodes } from '../graph/dead-nodes';
import { simplify } from '../graph/simplify';
import type { Network, Slot } from '../nn/network';
import type { Value } from '../graph/ir';

/** The graph of one step and the tensors that travel from step to step. Inputs: slots, the batch, `step`, `seed`, `lr` as used. */
export interface StepProgram {
  readonly graph: Graph;
  readonly slots: readonly Slot[];
}

/** Finishes a network whose weights have been updated; `outputs` are what a step reports: the loss, metrics. */
export function stepProgram(net: Network, name: string, outputs: Readonly<Record<string, Value>>): StepProgram {
  for (const [key, value] of Object.entries(outputs)) net.g.output(key, value);
  const graph = net.build(name);
  return { graph: simplify(mergeCommonSubexpressions(removeDeadNodes(graph))), slots: net.allSlots };
}

/** The file of a program, in standard operators. */
export function encodeProgram(program: StepProgram): Uint8Array {
  return encodeModel(encodeGraph(lowerComposites(program.graph)));
}
