/** Runs model files natively: create, run, dispose. The only door to onnxruntime-node. */
import './no-telemetry';
import { InferenceSession, Tensor } from 'onnxruntime-node';
import { ModelError, reasonOf } from '../errors';
import type { HostTensor } from '../tensor/host-tensor';
import { fromRuntime } from './convert';

const providers = ['cpu', 'webgpu', 'cuda', 'dml', 'coreml'] as const;
/** Where a session computes. */
export type Provider = (typeof providers)[number];

/** Name, element type and axes of an input or output; an axis without a fixed size is its name, or empty. */
export interface TensorInfo {
  readonly name: string;
  readonly dtype: string;
  readonly dims: readonly (number | string)[];
}

/** How a session is made. */
export interface SessionOptions {
  /** Preferred provider; the CPU is tried last in any case. */
  readonly provider?: Provider;
  /** Threads inside one operator; 0 or nothing leaves it to the runtime. */
  readonly threads?: number;
  /** Other work wants the cores: waiting threads sleep in place of spinning, which halves the processor time of a run. */
  readonly sharesCores?: boolean;
  /** For files from strangers: no graph rewriting and no pre-packing, which are where hostile models take memory at load. */
  readonly untrusted?: boolean;
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

let live = 0;

/** Sessions created and not yet disposed; tests demand 0 at their end. */
export function liveSessions(): number {
  return live;
}

/** Counts one more live handle; every holder of a native session calls it, and `releaseSession` when it gives the session back. */
export function claimSession(): void {
  live += 1;
}

/** Counts one live handle less. */
export function releaseSession(): void {
  live -= 1;
}

/**
 * Loads a model from a path or from bytes. `run` blocks this thread while the model computes.
 * @throws ModelError `model/load-failed` with the reason of every provider tried.
 */
export async function createSession(source: string | Uint8Array, options: SessionOptions = {}): Promise<Session> {
  const wanted = options.provider ?? 'cpu';
  const order: Provider[] = wanted === 'cpu' ? ['cpu'] : [wanted, 'cpu'];
  const refusals: string[] = [];
  for (const provider of order) {
    try {
      const native = await load(source, sessionOptions(provider, options));
      claimSession();
      return wrap(native, provider, refusals.join(' '));
    } catch (error) {
      refusals.push(`${provider} is not used: ${reasonOf(error)}`);
    }
  }
  throw new ModelError('model/load-failed', `The model cannot be loaded: ${refusals.join(' ')}`, { tried: order });
}

function load(source: string | Uint8Array, options: InferenceSession.SessionOptions): Promise<InferenceSession> {
  return typeof source === 'string'
    ? InferenceSession.create(source, options)
    : InferenceSession.create(source, options);
}

/** Options of the native runtime for one provider. */
export function sessionOptions(provider: Provider, options: SessionOptions): InferenceSession.SessionOptions {
  const session = {
    ...(options.untrusted ? { disable_prepacking: '1' } : {}),
    ...(options.sharesCores ? { intra_op: { allow_spinning: '0' } } : {}),
  };
  return {
    executionProviders: [provider],
    logSeverityLevel: 4, // failures reach the caller as errors, the console stays quiet
    ...(options.threads ? { intraOpNumThreads: options.threads } : {}),
    ...(options.untrusted ? { graphOptimizationLevel: 'disabled' } : {}),
    extra: { session },
  };
}

function wrap(native: InferenceSession, provider: Provider, note: string): Session {
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
    dispose: async () => {
      if (!open) return;
      open = false;
      releaseSession();
      await native.release();
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

/** Shares the tensor's memory with the runtime. */
export function toRuntime(tensor: HostTensor): Tensor {
  switch (tensor.dtype) {
    case 'bfloat16':
      throw new ModelError('usage/bad-argument', 'The runtime takes no bfloat16 tensors.');
    case 'string':
      return new Tensor('string', [...tensor.data], tensor.dims);
    default:
      return new Tensor(tensor.dtype, tensor.data, tensor.dims);
  }
}

/** Whether a text names an execution provider. */
export function isProvider(text: string): text is Provider {
  return providers.some((provider) => provider === text);
}
