/** From a step program to the file that trains here: lowered, with formulations chosen by trial and remembered. */
import { encodeModel } from '../graph/encode';
import { encodeGraph } from '../graph/encode-graph';
import { lowerComposites } from '../graph/lower-composites';
import type { Graph } from '../graph/ir';
import type { Slot } from '../nn/network';
import type { StepProgram } from '../optim/step-program';
import { probeBlockSize } from '../runtime/block-size';
import { describeMachine } from '../runtime/machine';
import { providerOrder } from '../runtime/providers';
import type { SessionOptions } from '../runtime/session';
import { lower, prepare } from './lower';
import { repeatSteps } from './repeat';
import { signatureOf, tune, type TuningTable } from './tune';

/** What trials gave, by the machine they ran on. Plain data, which the caller may keep in a file and delete at any time. */
export type TuningCache = Record<string, TuningTable>;

/** How a program is compiled. */
export interface CompileOptions extends SessionOptions {
  /** Earlier trials; new ones are added to it. Without one, every compilation tries anew. */
  readonly cache?: TuningCache;
  /** Steps that one call of the program takes (1). More save what a call costs; batches then have a leading axis, see `repeatSteps`. */
  readonly stepsPerCall?: number;
  /** False: every operator in its plain formulation, without trials. Given so that a run can be repeated on any machine. */
  readonly isTuned?: boolean;
}

/** A step program that can be trained with `createTrainer`. */
export interface CompiledProgram {
  readonly model: Uint8Array;
  readonly slots: readonly Slot[];
  /** The formulation of every node that is not written plainly, by signature: belongs into the record of a run, for it decides the rounding. */
  readonly choices: Readonly<Record<string, string>>;
}

/** Compiles for the CPU by trial; other providers get the plain formulations. */
export async function compileProgram(program: StepProgram, options: CompileOptions = {}): Promise<CompiledProgram> {
  const { cache = {}, isTuned = true, stepsPerCall = 1, ...session } = options;
  const encode = (graph: Graph): Uint8Array =>
    encodeModel(stepsPerCall === 1 ? encodeGraph(graph) : repeatSteps(graph, program.slots, stepsPerCall));
  if (!isTuned || providerOrder(session.provider)[0] !== 'cpu') {
    return { model: encode(lowerComposites(program.graph)), slots: program.slots, choices: {} };
  }
  const block = await probeBlockSize(session);
  const table = (cache[describeMachine(session.threads, block)] ??= {});
  const prepared = prepare(program.graph);
  const choose = await tune(prepared, table, { ...session, block });
  const model = encode(lower(prepared, { block, choose }));
  const chosen = prepared.nodes.map((node) => [signatureOf(node), choose(node)] as const);
  return { model, slots: program.slots, choices: Object.fromEntries(chosen.flatMap(([key, name]) => (name ? [[key, name]] : []))) }; // prettier-ignore
}
