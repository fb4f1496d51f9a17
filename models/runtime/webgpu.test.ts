/**
 * The data-driven suites of the operators once more, on WebGPU: every graph that they evaluate must give what it gives on the CPU, and so
 * must the gradient of every case that central differences check elsewhere. Without a graphics card, SwiftShader computes: Electron brings
 * this Vulkan driver along, Debian's libvulkan1 loads it.
 */
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { InferenceSession } from 'onnxruntime-node';
import { afterAll, describe, expect, test, vi } from 'vitest';
import { gradients } from '../autodiff/gradients';
import { reasonOf } from '../errors';
import { createBuilder } from '../graph/builder';
import { encodeModel } from '../graph/encode';
import { encodeGraph } from '../graph/encode-graph';
import type { Builder } from '../graph/builder-type';
import type { Graph, Value } from '../graph/ir';
import { batchNorm, conv2d, dense } from '../nn/layers';
import { crossEntropy } from '../nn/losses';
import { Network } from '../nn/network';
import { dropout } from '../nn/random';
import { adam } from '../optim/adam';
import { minimize } from '../optim/optimizer';
import { encodeProgram, stepProgram } from '../optim/step-program';
import { elementCount, hostTensor, type HostTensor, numbersOf } from '../tensor/host-tensor';
import { normals } from '../tensor/random';
import { largestGap } from '../testing/run-model';
import { caseInputs, type GradientCase } from '../testing/check-gradient';
import { compareWith, evaluate } from '../testing/evaluate';
import { fromRuntime } from './convert';
import { toRuntime } from './native';
import { createSession, type Provider } from './session';
import { createTrainer } from './trainer';
import { nodesForCpu, webGpuGaps } from './webgpu-gaps';

const electron = dirname(createRequire(import.meta.url).resolve('electron/package.json'));
const driver = join(electron, 'dist', 'vk_swiftshader_icd.json');
if (process.platform === 'linux' && existsSync(driver)) process.env['VK_ICD_FILENAMES'] ??= driver; // read when the first session starts

const obstacle = await obstacleHere();
const folders = ['/usr/lib/x86_64-linux-gnu', '/usr/lib/aarch64-linux-gnu', '/usr/lib64', '/usr/lib', '/lib64'];
const hasLoader = folders.some((folder) => existsSync(join(folder, 'libvulkan.so.1')));

/** Why there is no WebGPU; '' where there is. */
async function obstacleHere(): Promise<string> {
  const session = await createSession(tiny(), { provider: 'webgpu' });
  await session.dispose();
  return session.note;
}

function tiny(): Uint8Array {
  const g = createBuilder();
  g.output('y', g.Neg(g.input('x', 'float32', [1])));
  return encodeModel(encodeGraph(g.build('tiny')));
}

vi.mock('../testing/check-gradient', async (original) => ({
  ...(await original<object>()),
  gradientError: gradientGap,
}));

/** Runs a case and its gradient in single precision on both providers; 0, or `evaluate` throws. */
async function gradientGap(check: GradientCase): Promise<number> {
  const feeds = Object.entries(caseInputs({ ...check, dtype: 'float32' })).map(
    ([name, tensor]): [string, HostTensor] => [
      name,
      tensor.dtype === 'float64' ? hostTensor('float32', tensor.dims, Float32Array.from(tensor.data)) : tensor,
    ],
  );
  await evaluate(Object.fromEntries(feeds), (g, values) => {
    const y = check.build(g, values);
    const real = Object.values(values).filter(({ dtype }) => dtype === 'float32');
    const grads = gradients(g, g.ReduceSum(y, { keepdims: 0 }), real);
    return { result: y, ...Object.fromEntries(grads.map((gradient, k) => [`d${k}`, gradient])) };
  });
  return 0;
}

/** All outputs' numbers, straight from the runtime: no node is kept from WebGPU. */
async function runNatively(graph: Graph, feeds: Record<string, HostTensor>, provider: Provider): Promise<number[]> {
  const session = await InferenceSession.create(encodeModel(encodeGraph(graph)), {
    executionProviders: [provider],
    logSeverityLevel: 4,
  });
  try {
    const inputs = Object.entries(feeds).map(([name, tensor]) => [name, toRuntime(tensor)] as const);
    const results = await session.run(Object.fromEntries(inputs));
    return Object.entries(results).flatMap(([name, value]) => numbersOf(fromRuntime(name, value)));
  } finally {
    await session.release();
  }
}

type Example = () => { graph: Graph; feeds: Record<string, HostTensor> };

/** A graph of normal inputs of the given sizes. */
const example =
  (
    sizes: Record<string, readonly number[]>,
    build: (g: Builder, v: Record<string, Value>) => readonly Value[],
  ): Example =>
  () => {
    const g = createBuilder();
    const feeds = Object.entries(sizes).map(([name, dims], stream): [string, HostTensor] => [
      name,
      hostTensor('float32', dims, normals({ seed: 5, stream }, elementCount(dims))),
    ]);
    const values = Object.fromEntries(feeds.map(([name, { dims }]) => [name, g.input(name, 'float32', dims)]));
    build(g, values).forEach((value, k) => g.output(`result${k}`, value));
    return { graph: g.build('gap'), feeds: Object.fromEntries(feeds) };
  };

const pictures = { x: [1, 2, 4, 4] };
/** What shows each gap, in the order of the table. */
const examples: readonly Example[] = [
  example(pictures, (g, { x }) => g.node({ op: 'MaxPool', inputs: [x], attributes: { kernel_shape: [2, 2] }, outputCount: 2 })), // prettier-ignore
  example(pictures, (g, { x }) => [g.MaxPool(x!, { kernel_shape: [2, 2], storage_order: 1 })]),
  example({ x: [1, 6, 4, 4], w: [4, 6, 3, 3] }, (g, { x, w }) => [g.Conv(x!, w!)]),
  example({ x: [1, 2, 3, 3, 3], w: [2, 2, 2, 2, 2] }, (g, { x, w }) => [g.ConvTranspose(x!, w!)]),
  example({ x: [1, 4, 4, 4], w: [4, 1, 2, 2] }, (g, { x, w }) => [g.ConvTranspose(x!, w!, { group: 2 })]),
  example({ x: [4, 7] }, (g, { x }) => [g.Slice(x!, [5], [0], [1], [-2])]),
  example({ x: [2, 3, 2, 4], s: [3], b: [3] }, (g, { x, s, b }) =>
    [0.1, 1e-5].map((epsilon) => g.InstanceNormalization(x!, s!, b!, { epsilon })),
  ),
  example({ x: [2, 3, 4], s: [4] }, (g, { x, s }) => [g.LayerNormalization(x!, s!, { axis: 1 })]),
  example({ a: [1, 3, 4], b: [6, 4, 5] }, (g, { a, b }) => [g.Einsum(a!, b!, { equation: '...ij,...jk' })]),
  example({ a: [1, 3, 4], b: [6, 4, 5] }, (g, { a, b }) => [g.Einsum(a!, b!, { equation: 'nij,njk->nik' })]),
];

/** Losses of five steps, then all weights: convolution (no bias, whose gradient before the norm is rounding only), batch normalisation, pooling, dropout, a dense layer, Adam. */
async function trained(provider: Provider): Promise<number[]> {
  const net = new Network();
  const { g } = net;
  const x = g.input('x', 'float32', [6, 1, 8, 8]);
  const first = g.Relu(batchNorm(net, 'norm', conv2d(net, 'conv', x, 4, { kernel: 3, padding: 1, bias: false })));
  const pooled = g.MaxPool(dropout(net, 'drop', first, 0.2), { kernel_shape: [2, 2], strides: [2, 2] }); // [6, 4, 4, 4]
  const loss = crossEntropy(g, dense(net, 'head', g.Flatten(pooled), 3), g.input('labels', 'int64', [6]));
  minimize(net, loss, adam({ learningRate: 0.01 }));
  const program = stepProgram(net, 'small', { loss });
  const trainer = await createTrainer(
    { model: encodeProgram(program), slots: program.slots },
    { provider, threads: 1 },
  );
  try {
    expect([trainer.provider, trainer.note]).toEqual([provider, '']);
    const losses: number[] = [];
    for (let step = 1; step <= 5; step++) {
      const whole = (value: number): HostTensor => hostTensor('int64', [], BigInt64Array.of(BigInt(value)));
      const results = await trainer.step({
        x: hostTensor('float32', [6, 1, 8, 8], normals({ seed: 2, stream: 0 }, 384)),
        labels: hostTensor('int64', [6], BigInt64Array.of(0n, 1n, 2n, 0n, 1n, 2n)),
        step: whole(step),
        seed: whole(7),
      });
      losses.push(...numbersOf(results['loss']!));
    }
    const weights = Object.entries(trainer.read()).filter(([name]) => !name.startsWith('optimizer.'));
    return [...losses, ...weights.flatMap(([, tensor]) => numbersOf(tensor))];
  } finally {
    await trainer.dispose();
  }
}

test('WebGPU starts here, or there is no Vulkan loader', () => {
  expect(hasLoader ? obstacle : '').toBe('');
});

describe.skipIf(obstacle !== '')(`on WebGPU${obstacle === '' ? '' : ` (${obstacle})`}`, async () => {
  if (obstacle !== '') return;
  compareWith('webgpu');
  // The device lives as long as any session: starting it takes 0.4 s, a session beside this one 5 ms.
  const keepsDevice = await InferenceSession.create(tiny(), { executionProviders: ['webgpu'] });
  afterAll(() => keepsDevice.release());
  test.each(webGpuGaps.map((gap, k) => ({ ...gap, gap, k })))('$op: $what', async ({ gap, k }) => {
    const { graph, feeds } = examples[k]!();
    const pinned = nodesForCpu(encodeModel(encodeGraph(graph)));
    const nodes = graph.nodes.filter((node) => gap.op === node.op && gap.when(node));
    expect(nodes.length).toBeGreaterThan(0);
    for (const { name } of nodes) expect(pinned).toContain(name);
    const right = await runNatively(graph, feeds, 'cpu');
    const outcome = await runNatively(graph, feeds, 'webgpu').catch((error: unknown) => reasonOf(error));
    if (typeof outcome === 'string') expect(gap.what.split('; ').some((what) => outcome.includes(what))).toBe(true);
    else expect(largestGap(outcome, right)).toBeGreaterThan(1e-3);
  });
  test('five steps of a small convolutional net equal those on the CPU', async () => {
    const [onCpu, onGpu] = [await trained('cpu'), await trained('webgpu')];
    expect(largestGap(onGpu, onCpu)).toBeLessThan(1e-4);
    expect(largestGap(onCpu.slice(0, 1), onCpu.slice(4, 5))).toBeGreaterThan(1e-2); // it has learned something
  });
  await import('../graph/ops/operators.test');
  await import('../graph/ops/indexing-golden.test');
  await import('../graph/ops/convolution.test');
  await import('../graph/ops/pooling.test');
  await import('../graph/ops/normalization.test');
  await import('../graph/ops/resampling.test');
  await import('../graph/ops/recurrent.test');
  await import('../graph/ops/gradients.test');
});
