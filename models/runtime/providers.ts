/** Execution providers: which there are, which this build of the runtime has, and why one cannot be used. */
import './no-telemetry';
import { listSupportedBackends } from 'onnxruntime-node';
import { missingForCuda } from './cuda-libraries';

const providers = ['cpu', 'webgpu', 'cuda', 'dml', 'coreml'] as const;
/** Where a session computes. */
export type Provider = (typeof providers)[number];

/** A provider of this build of the runtime. */
export interface ProviderInfo {
  readonly provider: Provider;
  /** What is missing for it and what to do; '' when nothing is known to be missing (a device may still refuse). */
  readonly obstacle: string;
}

/** Whether a text names an execution provider. */
export function isProvider(text: string): text is Provider {
  return providers.some((provider) => provider === text);
}

/** The providers that this build of the runtime supports, with what they lack here. */
export function listProviders(): ProviderInfo[] {
  return supported().map((provider) => ({ provider, obstacle: obstacleTo(provider) }));
}

/** Why a provider cannot be used, as far as can be told without trying it; '' otherwise. */
export function obstacleTo(provider: Provider): string {
  const here = supported();
  if (!here.includes(provider)) {
    return `ONNX Runtime for ${process.platform}/${process.arch} has no ${provider}; it has ${here.join(', ')}.`;
  }
  return provider === 'cuda' && process.platform === 'linux' ? missingForCuda() : '';
}

/** The runtime's reason for refusing a provider, in words for a person where it has none. */
export function refusalText(provider: Provider, reason: string): string {
  const isWithoutDevice = provider === 'webgpu' && reason.includes('Failed to get a WebGPU adapter');
  const driver = process.platform === 'linux' ? 'a Vulkan driver and its loader (libvulkan1)' : 'a graphics driver';
  return isWithoutDevice ? `No graphics device answers. WebGPU needs ${driver}.` : reason;
}

/** The providers to be tried one after the other: those wished for, the CPU last in any case. */
export function providerOrder(wanted: Provider | readonly Provider[] = []): Provider[] {
  const list = typeof wanted === 'string' ? [wanted] : wanted;
  return [...new Set<Provider>([...list, 'cpu'])];
}

function supported(): Provider[] {
  return listSupportedBackends()
    .map(({ name }) => name)
    .filter(isProvider);
}
