/** From a step program as it was written to one that runs fast here: the same numbers, other operators. */
import { mergeCommonSubexpressions } from '../graph/common-subexpressions';
import { removeDeadNodes } from '../graph/dead-nodes';
import type { Graph, GraphNode } from '../graph/ir';
import { lowerComposites, rewriteNodes } from '../graph/lower-composites';
import { simplify } from '../graph/simplify';
import { blockedForward, blockedTransposed, blockedWeightGradient, columnsWeightGradient } from './blocked-convolution';
import { spreadBlockedLayout } from './blocked-layout';
import { sumAsProduct } from './sum-as-product';
import { fuseActivations, rewriteForSpeed } from './rewrites';
import type { Formulation } from './formulation';

/** Pooling, masks and sums of a blocked result are so much faster that a convolution itself may lose a little. */
const layoutSaves = 1.5;

/** Every operator of which several formulations are known, beside the plain one. */
export const formulations: Readonly<Record<string, readonly Formulation[]>> = {
  ReduceSum: [{ name: 'ones', write: sumAsProduct }],
  Conv: [{ name: 'blocked', write: blockedForward, takenUpTo: layoutSaves }],
  ConvTranspose: [{ name: 'blocked', write: blockedTransposed, takenUpTo: layoutSaves }],
  ConvWeightGradient: [
    { name: 'blocked', write: blockedWeightGradient },
    { name: 'columns', write: columnsWeightGradient },
  ],
};

/** Which formulation a node gets; undefined leaves it plain. */
export type Choice = (node: GraphNode) => string | undefined;

/** What lowering knows of the machine. */
export interface LoweringTarget {
  readonly block: number;
  readonly choose: Choice;
}

/** What lowering chooses a formulation for, or follows into the blocked layout, and what is therefore decomposed last. */
const decomposedLast = new Set([...Object.keys(formulations), 'MaxPoolGradient', 'ToBlocked', 'FromBlocked']);

/** The graph before formulations are chosen: rewritten where that always pays, in operators that lowering understands. */
export function prepare(graph: Graph): Graph {
  return simplify(mergeCommonSubexpressions(rewriteForSpeed(lowerComposites(graph, decomposedLast))));
}

/** A prepared graph with chosen formulations, the blocked layout spread between them, in operators that the runtime has. */
export function lower(prepared: Graph, target: LoweringTarget): Graph {
  const chosen = rewriteNodes(prepared, (g, node) => {
    const name = target.choose(node);
    const formulation = formulations[node.op]?.find((one) => one.name === name);
    const [output] = node.outputs;
    if (!formulation || !output) return undefined;
    const written = formulation.write({ g, node, inputs: node.inputs, output, block: target.block });
    return written && [written];
  });
  const spread = removeDeadNodes(spreadBlockedLayout(removeDeadNodes(chosen)));
  return simplify(mergeCommonSubexpressions(lowerComposites(fuseActivations(spread))));
}
