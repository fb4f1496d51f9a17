/** Runs a step program: keeps weights and state in two sets of buffers that change places at every step. */
import './no-telemetry';
import { InferenceSession, Tensor } from 'onnxruntime-node';
import { ModelError, reasonOf } from '../errors';
import type { HostTensor } from '../tensor/host-tensor';
import { fromRuntime } from './convert';
import { claimSession, releaseSession, type SessionOptions, sessionOptions, toRuntime } from './session';

/** What a trainer needs to know of a program: the file, and the tensors that it takes and gives back. */
export interface TrainerSource {
  /** Bytes of the step program. */
  readonly model: Uint8Array;
  /** Weights and state with their first values; the program's output for each is `next.NAME`. */
  readonly slots: readonly { readonly name: string; readonly initial: HostTensor }[];
}

/** A training run in memory. `dispose` gives back the native session. */
export interface Trainer {
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
 * @throws ModelError `model/load-failed` when the runtime refuses the program.
 */
export async function createTrainer(source: TrainerSource, options: SessionOptions = {}): Promise<Trainer> {
  const session = await load(source.model, options);
  const outputs = new Set(session.outputNames);
  const changing = source.slots.filter((slot) => outputs.has(`next.${slot.name}`));
  const buffers: Buffers = { current: {}, next: {} };
  for (const { name, initial } of source.slots) buffers.current[name] = toRuntime(copyOf(initial));
  for (const { name, initial } of changing) buffers.next[name] = toRuntime(copyOf(initial));
  const reported = session.outputNames.filter((name) => !name.startsWith('next.'));
  let isOpen = true;
  return {
    step: (feeds) => step(session, buffers, reported, feeds),
    read: () => Object.fromEntries(source.slots.map(({ name }) => [name, copyOf(held(buffers, name))])),
    write: (values) => {
      for (const [name, value] of Object.entries(values)) buffers.current[name] = toRuntime(copyOf(value));
    },
    dispose: async () => {
      if (!isOpen) return;
      isOpen = false;
      releaseSession();
      await session.release();
    },
  };
}

async function load(model: Uint8Array, options: SessionOptions): Promise<InferenceSession> {
  try {
    const session = await InferenceSession.create(model, sessionOptions(options.provider ?? 'cpu', options));
    claimSession();
    return session;
  } catch (error) {
    throw new ModelError(
      'model/load-failed',
      `The step program cannot be loaded: ${reasonOf(error)}`,
      {},
      { cause: error },
    );
  }
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
