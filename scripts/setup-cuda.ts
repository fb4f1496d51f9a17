/** `npm run setup:cuda`: fetches ONNX Runtime's CUDA provider with the package's own installer, then says what is still missing. */
import { spawnSync } from 'node:child_process';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { listProviders } from '../models/runtime/providers';

function main(): number {
  const cuda = listProviders().find(({ provider }) => provider === 'cuda');
  if (process.platform !== 'linux' || cuda === undefined) {
    console.error('ONNX Runtime comes with CUDA for Linux on x64 only. Here `--device webgpu` uses the graphics card.');
    return 1;
  }
  if (!cuda.obstacle.includes('setup:cuda')) return report(cuda.obstacle);
  const folder = dirname(createRequire(import.meta.url).resolve('onnxruntime-node/package.json'));
  const env = { ...process.env, ONNXRUNTIME_NODE_INSTALL: 'cuda12' };
  const { status } = spawnSync(process.execPath, [join(folder, 'script', 'install.js')], { env, stdio: 'inherit' });
  if (status !== 0) {
    console.error(
      '\nThe CUDA provider could not be fetched (the reason is above). The installer reads api.nuget.org; behind a proxy set\n' +
        'GLOBAL_AGENT_HTTPS_PROXY. Without that network, take libonnxruntime_providers_shared.so and\n' +
        'libonnxruntime_providers_cuda.so from the NuGet package Microsoft.ML.OnnxRuntime.Gpu.Linux of the same version and put\n' +
        `them into ${join(folder, 'bin', 'napi-v6', 'linux', 'x64')}. Everything else works without CUDA.`,
    );
    return 1;
  }
  return report(listProviders().find(({ provider }) => provider === 'cuda')?.obstacle ?? '');
}

function report(obstacle: string): number {
  console.error(obstacle === '' ? 'CUDA is ready: choose it with `--device cuda`.' : obstacle);
  return obstacle === '' ? 0 : 1;
}

process.exitCode = main();
