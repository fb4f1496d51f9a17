/** Runs a step program: keeps weights and state in two sets of buffers that change places at every step. */
import './no-telemetry';
import { type InferenceSession, Tensor } from 'onnxruntime-node';
import { ModelError, reasonOf } from '../errors';
import type { HostTensor } from '../tensor/host-tensor';
import { shapeText } from '../tensor/shape';
import { fromRuntime } from './convert';
import { openNative, type SessionOptions, toRuntime } from './native';
import type { Provider } from './providers';

/** What a trainer needs to know of a program: the file, and the tensors that it takes and gives back. */
export interface TrainerSource {
  /** Bytes of the step program. */
  readonly model: Uint8Array;
  /** Weights and state with their first values; the program's output for each is `next.NAME`. */
  readonly slots: readonly { readonly name: string; readonly initial: HostTensor }[];
}

/** A training run in memory. `dispose` gives back the native session. */
export interface Trainer {
  /** The provider in use. */
  readonly provider: Provider;
  /** Why an earlier choice of provider was not taken; empty when the first one was. */
  readonly note: string;
  /** One step. Gives the program's other outputs: losses, metrics. Blocks this thread while it computes. */
  step(feeds: Readonly<Record<string, HostTensor>>): Promise<Record<string, HostTensor>>;
  /** Copies of weights and state by name. */
  read(): Record<string, HostTensor>;
  /** Puts other values in place of weights and state: a checkpoint. */
  write(values: Readonly<Record<string, HostTensor>>): void;
  dispose(): Promise<void>;
}

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
  const { native: session, provider, note, dispose } = await openNative(source.model, options, 'The step program');
  const outputs = new Set(session.outputNames);
  const changing = source.slots.filter((slot) => outputs.has(`next.${slot.name}`));
  const buffers: Buffers = { current: {}, next: {} };
  for (const { name, initial } of source.slots) buffers.current[name] = toRuntime(copyOf(initial));
  for (const { name, initial } of changing) buffers.next[name] = toRuntime(copyOf(initial));
  const reported = session.outputNames.filter((name) => !name.startsWith('next.'));
  return {
    provider,
    note,
    step: (feeds) => step(session, buffers, reported, feeds),
    read: () => Object.fromEntries(source.slots.map(({ name }) => [name, copyOf(held(buffers, name))])),
    write: (values) => {
      for (const [name, value] of Object.entries(values))
        buffers.current[name] = toRuntime(fitting(source, name, value));
    },
    dispose,
  };
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
  session: InferenceSession,
  buffers: Buffers,
  reported: readonly string[],
  feeds: Readonly<Record<string, HostTensor>>,
): Promise<Record<string, HostTensor>> {
  const inputs: Record<string, Tensor> = { ...buffers.current };
  for (const [name, tensor] of Object.entries(feeds)) inputs[name] = toRuntime(tensor);
  const fetches: Record<string, Tensor | null> = {};
  for (const [name, tensor] of Object.entries(buffers.next)) fetches[`next.${name}`] = tensor;
  for (const name of reported) fetches[name] = null;
  const results = await run(session, inputs, fetches);
  for (const [name, tensor] of Object.entries(buffers.next)) {
    buffers.next[name] = buffers.current[name] ?? tensor;
    buffers.current[name] = tensor;
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

function held(buffers: Buffers, name: string): HostTensor {
  const tensor = buffers.current[name];
  if (tensor === undefined) throw new ModelError('usage/bad-argument', `There is no weight or state "${name}".`);
  return fromRuntime(name, tensor);
}

/** The same numbers in memory of their own. */
function copyOf(tensor: HostTensor): HostTensor {
  return tensor.dtype === 'string' ? tensor : structuredClone(tensor);
}
