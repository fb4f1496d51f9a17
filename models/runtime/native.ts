/** Native sessions: opened on the first provider that works, counted until they are closed. */
import './no-telemetry';
import { InferenceSession, Tensor } from 'onnxruntime-node';
import { ModelError, reasonOf } from '../errors';
import type { HostTensor } from '../tensor/host-tensor';
import { nodesForCpu } from './webgpu-gaps';
import { obstacleTo, type Provider, providerOrder, refusalText } from './providers';

/** How a session is made. */
export interface SessionOptions {
  /** Preferred provider, or several in order; the CPU is tried last in any case. */
  readonly provider?: Provider | readonly Provider[];
  /** Threads inside one operator; 0 or nothing leaves it to the runtime. */
  readonly threads?: number;
  /** Other work wants the cores: waiting threads sleep in place of spinning, which halves the processor time of a run. */
  readonly sharesCores?: boolean;
  /** For files from strangers: no graph rewriting and no pre-packing, which are where hostile models take memory at load. */
  readonly untrusted?: boolean;
}

/** An open session of the runtime. */
export interface NativeSession {
  readonly native: InferenceSession;
  /** The provider in use. */
  readonly provider: Provider;
  /** Why an earlier choice of provider was not taken; empty when the first one was. */
  readonly note: string;
  /** Gives back the native memory; a second call does nothing. */
  readonly dispose: () => Promise<void>;
}

let live = 0;

/** Sessions opened and not yet disposed; tests demand 0 at their end. */
export function liveSessions(): number {
  return live;
}

/**
 * Loads a model from a path or from bytes on the first provider that takes it.
 * @throws ModelError `model/load-failed` with the reason of every provider tried; `what` begins the sentence.
 */
export async function openNative(
  source: string | Uint8Array,
  options: SessionOptions,
  what = 'The model',
  extra: InferenceSession.SessionOptions = {},
): Promise<NativeSession> {
  const order = providerOrder(options.provider);
  const refusals: string[] = [];
  let cause: unknown;
  for (const provider of order) {
    const obstacle = obstacleTo(provider);
    if (obstacle !== '') {
      refusals.push(`${provider} is not used: ${obstacle}`);
      continue;
    }
    try {
      const executionProviders = [configured(source, provider)];
      const native = await load(source, { ...nativeOptions(options), executionProviders, ...extra });
      return counted(native, provider, refusals.join(' '));
    } catch (error) {
      cause = error;
      refusals.push(`${provider} is not used: ${refusalText(provider, reasonOf(error))}`);
    }
  }
  throw new ModelError('model/load-failed', `${what} cannot be loaded: ${refusals.join(' ')}`, { tried: order }, { cause }); // prettier-ignore
}

function counted(native: InferenceSession, provider: Provider, note: string): NativeSession {
  let isOpen = true;
  live += 1;
  return {
    native,
    provider,
    note,
    dispose: async () => {
      if (!isOpen) return;
      isOpen = false;
      live -= 1;
      await native.release();
    },
  };
}

function load(source: string | Uint8Array, options: InferenceSession.SessionOptions): Promise<InferenceSession> {
  return typeof source === 'string'
    ? InferenceSession.create(source, options)
    : InferenceSession.create(source, options);
}

/** The provider by name, with the nodes that it must leave alone. */
function configured(source: string | Uint8Array, provider: Provider): InferenceSession.ExecutionProviderConfig {
  const forceCpuNodeNames = provider === 'webgpu' ? nodesForCpu(source) : [];
  return forceCpuNodeNames.length > 0 ? { name: provider, forceCpuNodeNames } : provider;
}

function nativeOptions(options: SessionOptions): InferenceSession.SessionOptions {
  const session = {
    ...(options.untrusted ? { disable_prepacking: '1' } : {}),
    ...(options.sharesCores ? { intra_op: { allow_spinning: '0' } } : {}),
  };
  return {
    logSeverityLevel: 4, // failures reach the caller as errors, the console stays quiet
    ...(options.threads ? { intraOpNumThreads: options.threads } : {}),
    ...(options.untrusted ? { graphOptimizationLevel: 'disabled' } : {}),
    extra: { session },
  };
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
