/** Runs model files natively: create, run, dispose. */
import type { InferenceSession, Tensor } from 'onnxruntime-node';
import { ModelError, reasonOf } from '../errors';
import type { HostTensor } from '../tensor/host-tensor';
import { fromRuntime } from './convert';
import { type NativeSession, openNative, type SessionOptions, toRuntime } from './native';
import type { Provider } from './providers';

export { liveSessions, type SessionOptions } from './native';
export { isProvider, type Provider } from './providers';

/** Name, element type and axes of an input or output; an axis without a fixed size is its name, or empty. */
export interface TensorInfo {
  readonly name: string;
  readonly dtype: string;
  readonly dims: readonly (number | string)[];
}

/** A loaded model. `dispose` gives back its native memory; every session must be disposed exactly once. */
export interface Session {
  readonly inputs: readonly TensorInfo[];
  readonly outputs: readonly TensorInfo[];
  /** The provider in use. */
  readonly provider: Provider;
  /** Why an earlier choice of provider was not taken; empty when the first one was. */
  readonly note: string;
  run(feeds: Readonly<Record<string, HostTensor>>, wanted?: readonly string[]): Promise<Record<string, HostTensor>>;
  dispose(): Promise<void>;
}

/**
 * Loads a model from a path or from bytes. `run` blocks this thread while the model computes.
 * @throws ModelError `model/load-failed` with the reason of every provider tried.
 */
export async function createSession(source: string | Uint8Array, options: SessionOptions = {}): Promise<Session> {
  return wrap(await openNative(source, options));
}

function wrap({ native, provider, note, dispose }: NativeSession): Session {
  let open = true;
  return {
    inputs: native.inputMetadata.map(tensorInfo),
    outputs: native.outputMetadata.map(tensorInfo),
    provider,
    note,
    run: async (feeds, wanted) => {
      if (!open) throw new ModelError('model/run-failed', 'The model was already closed.');
      return run(native, feeds, wanted);
    },
    dispose: () => {
      open = false;
      return dispose();
    },
  };
}

function tensorInfo(value: InferenceSession.ValueMetadata): TensorInfo {
  if (!value.isTensor) return { name: value.name, dtype: 'not a tensor', dims: [] };
  return { name: value.name, dtype: value.type, dims: value.shape };
}

async function run(
  native: InferenceSession,
  feeds: Readonly<Record<string, HostTensor>>,
  wanted: readonly string[] | undefined,
): Promise<Record<string, HostTensor>> {
  try {
    const inputs: Record<string, Tensor> = {};
    for (const [name, tensor] of Object.entries(feeds)) inputs[name] = toRuntime(tensor);
    const results = await native.run(inputs, wanted ?? native.outputNames);
    const outputs: Record<string, HostTensor> = {};
    for (const [name, tensor] of Object.entries(results)) outputs[name] = fromRuntime(name, tensor);
    return outputs;
  } catch (error) {
    if (error instanceof ModelError) throw error;
    throw new ModelError(
      'model/run-failed',
      `The model failed while running: ${reasonOf(error)}`,
      {},
      { cause: error },
    );
  }
}
