/** What is said of providers, and of the libraries that CUDA lacks. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { missingForCuda } from './cuda-libraries';
import { listProviders, providerOrder, refusalText } from './providers';

let folder = '';
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'duet-cuda-'))));
afterEach(() => rmSync(folder, { recursive: true }));

test('the list has the CPU, without an obstacle', () => {
  expect(listProviders()).toContainEqual({ provider: 'cpu', obstacle: '' });
});

test.runIf(process.platform === 'linux' && process.arch === 'x64')('the list tells what CUDA lacks here', () => {
  const cuda = listProviders().find(({ provider }) => provider === 'cuda')!;
  expect(cuda.obstacle).toBe(missingForCuda());
});

test('the order: what is wished for, each once, then the CPU', () => {
  expect(providerOrder()).toEqual(['cpu']);
  expect(providerOrder('webgpu')).toEqual(['webgpu', 'cpu']);
  expect(providerOrder(['cuda', 'webgpu', 'cuda'])).toEqual(['cuda', 'webgpu', 'cpu']);
  expect(providerOrder(['cpu', 'webgpu'])).toEqual(['cpu', 'webgpu']);
});

test('no graphics device is said in plain words, other reasons stay as they are', () => {
  const reason = 'webgpu_context.cc:136 ... was false. Failed to get a WebGPU adapter: No supported adapters.';
  expect(refusalText('webgpu', reason)).toMatch(/^No graphics device answers\. WebGPU needs a .*driver/);
  expect(refusalText('cpu', reason)).toBe(reason);
  expect(refusalText('webgpu', 'Out of memory')).toBe('Out of memory');
});

test('CUDA: every missing part is named with what to do', () => {
  const binding = join(folder, 'binding');
  const system = join(folder, 'system');
  for (const path of [binding, system]) mkdirSync(path);
  const missing = (cache = ''): string => missingForCuda({ binding, folders: [system], cache });
  expect(missing()).toBe(
    "ONNX Runtime's part for CUDA is not installed (libonnxruntime_providers_shared.so, libonnxruntime_providers_cuda.so). " +
      '`npm run setup:cuda` fetches it. ' +
      "There is no NVIDIA driver (libcuda.so.1). Install the system's driver package. " +
      'Libraries of CUDA 12 or cuDNN 9 are missing (libcudart.so.12, libcublas.so.12, libcublasLt.so.12, libcufft.so.11, libcudnn.so.9). ' +
      'Install both, or add their folder to LD_LIBRARY_PATH.',
  );
  for (const name of ['shared', 'cuda']) writeFileSync(join(binding, `libonnxruntime_providers_${name}.so`), '');
  const known = ['libcuda.so.1', 'libcudart.so.12', 'libcublas.so.12', 'libcublasLt.so.12', 'libcufft.so.11'];
  const cache = known.map((name) => `${name}\0/usr/lib/${name}\0`).join('');
  expect(missing(cache)).toBe(
    'Libraries of CUDA 12 or cuDNN 9 are missing (libcudnn.so.9). Install both, or add their folder to LD_LIBRARY_PATH.',
  );
  writeFileSync(join(system, 'libcudnn.so.9'), '');
  expect(missing(cache)).toBe('');
});
