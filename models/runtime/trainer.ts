/** Runs a step program: keeps weights and state in two sets of buffers that change places at every step. */
import './no-telemetry';
import { type InferenceSession, Tensor } from 'onnxruntime-node';
import { ModelError, reasonOf } from '../errors';
import type { HostTensor } from '../tensor/host-tensor';
import { shapeText } from '../tensor/shape';
import { fromRuntime } from './convert';
import { type NativeSession, openNative, type SessionOptions, toRuntime } from './native';
import type { Provider } from './providers';

/** What a trainer needs to know of a program: the file, and the tensors that it takes and gives back. */
export interface TrainerSource {
  /** Bytes of the step program. */
  readonly model: Uint8Array;
  /** Other programs over the same weights and state, by name: steps that do something more or less than the first, now and then. */
  readonly variants?: Readonly<Record<string, Uint8Array>>;
  /** Weights and state with their first values; the program's output for each is `next.NAME`. */
  readonly slots: readonly { readonly name: string; readonly initial: HostTensor }[];
}

/** A training run in memory. `dispose` gives back the native session. */
export interface Trainer {
  /** The provider in use. */
  readonly provider: Provider;
  /** Why an earlier choice of provider was not taken; empty when the first one was. */
  readonly note: string;
  /**
   * One step, of a variant where one is named. Gives the program's other outputs: losses, metrics. Blocks this thread while it computes.
   * @throws ModelError `usage/bad-argument` for a variant that there is not, `model/run-failed` with the runtime's reason.
   */
  step(feeds: Readonly<Record<string, HostTensor>>, variant?: string): Promise<Record<string, HostTensor>>;
  /** Copies of weights and state by name. */
  read(): Record<string, HostTensor>;
  /** Puts other values in place of weights and state: a checkpoint. */
  write(values: Readonly<Record<string, HostTensor>>): void;
  dispose(): Promise<void>;
}

const nextPrefix = 'next.';

interface Buffers {
  current: Record<string, Tensor>;
  next: Record<string, Tensor>;
}

/**
 * Loads a step program. One buffer as input and output of a step would be overwritten before its last use, as the runtime executes nodes in
 * its own order; hence two sets.
 * @throws ModelError `model/load-failed` with the reason of every provider tried.
 */
export async function createTrainer(source: TrainerSource, options: SessionOptions = {}): Promise<Trainer> {
  const programs = await openPrograms(source, options);
  const { provider, note } = programs.main.session;
  const changed = new Set([programs.main, ...programs.variants.values()].flatMap(({ written }) => written));
  const changing = source.slots.filter((slot) => changed.has(slot.name));
  const buffers: Buffers = { current: {}, next: {} };
  for (const { name, initial } of source.slots) buffers.current[name] = toRuntime(copyOf(initial));
  for (const { name, initial } of changing) buffers.next[name] = toRuntime(copyOf(initial));
  return {
    provider,
    note,
    step: async (feeds, variant) => step(chosen(programs, variant), buffers, feeds),
    read: () => Object.fromEntries(source.slots.map(({ name }) => [name, copyOf(held(buffers, name))])),
    write: (values) => {
      for (const [name, value] of Object.entries(values))
        buffers.current[name] = toRuntime(fitting(source, name, value));
    },
    dispose: async () => {
      for (const { session } of [programs.main, ...programs.variants.values()]) await session.dispose();
    },
  };
}

/** An open program: which weights and state it takes, which it gives back changed, and what else it gives. */
interface Program {
  readonly session: NativeSession;
  readonly taken: readonly string[];
  readonly written: readonly string[];
  readonly reported: readonly string[];
}

interface Programs {
  readonly main: Program;
  readonly variants: ReadonlyMap<string, Program>;
}

/** Opens the program and its variants, all or none. */
async function openPrograms(
  { model, variants = {}, slots }: TrainerSource,
  options: SessionOptions,
): Promise<Programs> {
  const main = programOf(await openNative(model, options, 'The step program'), slots);
  const opened = new Map<string, Program>();
  try {
    for (const [name, bytes] of Object.entries(variants)) {
      const session = await openNative(bytes, options, `The variant "${name}" of the step program`);
      opened.set(name, programOf(session, slots));
    }
  } catch (error) {
    for (const { session } of [main, ...opened.values()]) await session.dispose();
    throw error;
  }
  return { main, variants: opened };
}

function programOf(session: NativeSession, slots: TrainerSource['slots']): Program {
  const [inputs, outputs] = [new Set(session.native.inputNames), session.native.outputNames];
  return {
    session,
    taken: slots.map(({ name }) => name).filter((name) => inputs.has(name)),
    written: outputs.filter((name) => name.startsWith(nextPrefix)).map((name) => name.slice(nextPrefix.length)),
    reported: outputs.filter((name) => !name.startsWith(nextPrefix)),
  };
}

function chosen({ main, variants }: Programs, variant: string | undefined): Program {
  const program = variant === undefined ? main : variants.get(variant);
  if (program) return program;
  throw new ModelError('usage/bad-argument', `The step program has no variant "${variant ?? ''}".`);
}

/** A copy of a value for a slot. @throws ModelError where there is no such slot or it has another type or shape. */
function fitting(source: TrainerSource, name: string, value: HostTensor): HostTensor {
  const slot = source.slots.find((candidate) => candidate.name === name);
  if (slot === undefined) throw new ModelError('usage/bad-argument', `There is no weight or state "${name}".`);
  const [wanted, given] = [typeTextOf(slot.initial), typeTextOf(value)];
  if (wanted === given) return copyOf(value);
  throw new ModelError('graph/shape-mismatch', `"${name}" is ${wanted}, it was given ${given}.`, { wanted, given });
}

function typeTextOf({ dtype, dims }: HostTensor): string {
  return `${dtype} ${shapeText(dims)}`;
}

async function step(
  { session, taken, written, reported }: Program,
  buffers: Buffers,
  feeds: Readonly<Record<string, HostTensor>>,
): Promise<Record<string, HostTensor>> {
  const inputs: Record<string, Tensor> = Object.fromEntries(taken.map((name) => [name, kept(buffers.current, name)]));
  for (const [name, tensor] of Object.entries(feeds)) inputs[name] = toRuntime(tensor);
  const fetches: Record<string, Tensor | null> = {};
  for (const name of written) fetches[nextPrefix + name] = kept(buffers.next, name);
  for (const name of reported) fetches[name] = null;
  const results = await run(session.native, inputs, fetches);
  for (const name of written) {
    const filled = kept(buffers.next, name);
    buffers.next[name] = kept(buffers.current, name);
    buffers.current[name] = filled;
  }
  return Object.fromEntries(reported.map((name) => [name, result(results, name)]));
}

async function run(
  session: InferenceSession,
  feeds: Record<string, Tensor>,
  fetches: Record<string, Tensor | null>,
): Promise<InferenceSession.OnnxValueMapType> {
  try {
    return await session.run(feeds, fetches);
  } catch (error) {
    throw new ModelError('model/run-failed', `The training step failed: ${reasonOf(error)}`, {}, { cause: error });
  }
}

function result(results: InferenceSession.OnnxValueMapType, name: string): HostTensor {
  const value = results[name];
  if (value instanceof Tensor) return fromRuntime(name, value);
  throw new ModelError('model/run-failed', `The training step gave no "${name}".`);
}

const held = ({ current }: Buffers, name: string): HostTensor => fromRuntime(name, kept(current, name));

function kept(buffers: Record<string, Tensor>, name: string): Tensor {
  const tensor = buffers[name];
  if (tensor === undefined) throw new ModelError('usage/bad-argument', `There is no weight or state "${name}".`);
  return tensor;
}

/** The same numbers in memory of their own. */
function copyOf(tensor: HostTensor): HostTensor {
  return tensor.dtype === 'string' ? tensor : structuredClone(tensor);
}
