/** Every family on every kind of data: it trains, its file draws or judges, and its size is the recipe's. */
import { afterAll, describe, expect, test } from 'vitest';
import { encodeModel } from '../graph/encode';
import { encodeGraph } from '../graph/encode-graph';
import type { Graph } from '../graph/ir';
import type { Slot } from '../nn/network';
import { liveSessions } from '../runtime/session';
import { hostTensor, type HostTensor, numbersOf } from '../tensor/host-tensor';
import { normals, uniforms } from '../tensor/random';
import { runOutputs } from '../testing/run-outputs';
import { classifierPresets, classifierSchema } from './classifier/config';
import { classifierPlan } from './classifier/objective';
import { classifierGraph, pictureClassifierGraph } from './classifier/sampler';
import type { DataShape, ImageShape } from './data-shape';
import { flowPresets, flowSchema } from './flow/config';
import { flowPlan } from './flow/objective';
import { flowSampler } from './flow/sampler';
import { ganPresets, ganSchema } from './gan/config';
import { ganPlan } from './gan/objective';
import { ganCritic, ganSampler } from './gan/sampler';
import { trainBriefly } from './testing/train-briefly';
import { type TrainingPlan, usableWeights } from './training-plan';
import { vaePresets, vaeSchema } from './vae/config';
import { vaePlan } from './vae/objective';
import { vaeBound, vaeEncoder, vaeNoise, vaeSampler } from './vae/sampler';

afterAll(() => expect(liveSessions()).toBe(0));

const digits: ImageShape = { kind: 'image', height: 28, width: 28, channels: 1, classes: 10 };
const tiny: ImageShape = { kind: 'image', height: 8, width: 8, channels: 1, classes: 10 };
const colour: ImageShape = { kind: 'image', height: 18, width: 22, channels: 3, classes: 3 };
const plain: ImageShape = { ...tiny, classes: 0 };
const points: DataShape = { kind: 'vector', width: 2, classes: 8 };

const size = (shape: DataShape): number =>
  shape.kind === 'image' ? shape.height * shape.width * shape.channels : shape.width;

/** Samples whose class shows: brightness, or the first number, rises with it. */
function batchOf(shape: DataShape, count: number): (step: number) => Record<string, HostTensor> {
  return (step) => {
    const noise = uniforms({ seed: 3, stream: 1, step }, count * size(shape));
    const label = (k: number): number => (shape.classes === 0 ? 0 : (k * 7 + step) % shape.classes);
    const level = (i: number): number => label(Math.floor(i / size(shape))) / Math.max(1, shape.classes);
    const labels = hostTensor('int64', [count], BigInt64Array.from({ length: count }, (_, k) => BigInt(label(k))));
    const x = shape.kind === 'image'
      ? hostTensor('uint8', [count, shape.height, shape.width, shape.channels], Uint8Array.from(noise, (u, i) => 255 * (0.2 * u + 0.8 * level(i))))
      : hostTensor('float32', [count, shape.width], Float32Array.from(noise, (u, i) => 0.1 * u + level(i)));
    return { x, labels };
  }; // prettier-ignore
}

const file = (graph: Graph): Uint8Array => encodeModel(encodeGraph(graph));
const scalar = (value: number): HostTensor => hostTensor('float32', [], Float32Array.of(value));
const whole = (value: number): HostTensor => hostTensor('int64', [], BigInt64Array.of(BigInt(value)));
const labelsOf = (...labels: number[]): HostTensor =>
  hostTensor('int64', [labels.length], BigInt64Array.from(labels, BigInt));
const noiseOf = (count: number, width: number): HostTensor =>
  hostTensor('float32', [count, width], normals({ seed: 5, stream: 2 }, count * width));

async function learns(plan: TrainingPlan, shape: DataShape, steps: number, loss = 'loss') {
  const { reports, weights } = await trainBriefly(plan, steps, batchOf(shape, plan.batch));
  const values = reports.map((report) => report[loss] ?? NaN);
  expect(values.every(Number.isFinite), values.join()).toBe(true);
  const mean = (part: number[]): number => part.reduce((sum, value) => sum + value, 0) / part.length;
  const third = Math.ceil(steps / 3);
  return {
    weights: usableWeights(weights),
    first: mean(values.slice(0, third)),
    last: mean(values.slice(-third)),
    reports,
  };
}

const sum = (slots: readonly Slot[], prefix = ''): number =>
  slots
    .filter(({ kind, name }) => kind === 'weight' && name.startsWith(prefix))
    .reduce((total, { initial }) => total + initial.data.length, 0);

describe('sizes are those of the recipes', () => {
  test.each([
    ['judge', classifierPlan(classifierSchema.parse(classifierPresets.digits), digits, 0), '', 421_642],
    ['clothes', classifierPlan(classifierSchema.parse(classifierPresets.clothes), digits, 0), '', 93_546],
    ['vae in nats', vaePlan(vaeSchema.parse(vaePresets.nats), digits, 0), '', 425_284],
    ['generator', ganPlan(ganSchema.parse(ganPresets.digits), digits, 0), 'G.', 438_657],
    ['discriminator', ganPlan(ganSchema.parse(ganPresets.digits), digits, 0), 'D.', 839_265],
    ['flow', flowPlan(flowSchema.parse(flowPresets.digits), digits, 0), '', 295_588],
  ] as const)('%s', (_name, plan, prefix, expected) => expect(sum(plan.main.slots, prefix)).toBe(expected));
});

describe('classifier', () => {
  const small = { batch: 16, width: 8, hidden: 16 };
  test.each([
    ['softmax', tiny, { learningRate: 0.02 }],
    ['mlp', points, { learningRate: 0.02 }],
    ['cnn', tiny, { learningRate: 0.01, dropout: 0.1 }],
    ['cnn', colour, { learningRate: 0.01 }],
    ['residual', tiny, { learningRate: 0.01, weightDecay: 0.05, average: 0.9 }],
    ['residual', colour, { learningRate: 0.01 }],
  ] as const)('%s learns', async (network, shape, more) => {
    const config = classifierSchema.parse({ ...small, network, warmUp: 0.1, ...more });
    const { weights, first, last } = await learns(classifierPlan(config, shape, 1), shape, 45);
    expect(last).toBeLessThan(0.95 * first);
    const { x } = batchOf(shape, 5)(1);
    const { probabilities, features } = await runOutputs(file(classifierGraph(config, shape, weights)), { x: x! });
    expect(probabilities!.dims).toEqual([5, shape.classes]);
    const total = numbersOf(probabilities!).reduce((a, b) => a + b, 0);
    expect(total).toBeCloseTo(5, 4);
    expect(features!.dims[0]).toBe(5);
  }); // prettier-ignore

  test('pictures of the trained size give what stored ones give; others are brought to it', async () => {
    const config = classifierSchema.parse({ ...small, network: 'cnn' });
    const { weights } = await learns(classifierPlan(config, tiny, 1), tiny, 3);
    const { x } = batchOf(tiny, 2)(1);
    const grey = numbersOf(x!);
    const rgb = hostTensor('uint8', [2, 8, 8, 3], Uint8Array.from({ length: 384 }, (_, i) => grey[Math.floor(i / 3)] ?? 0));
    const stored = await runOutputs(file(classifierGraph(config, tiny, weights)), { x: x! });
    const shown = await runOutputs(file(pictureClassifierGraph(config, tiny, weights)), { image: rgb });
    numbersOf(stored['probabilities']!).forEach((p, i) => expect(numbersOf(shown['probabilities']!)[i]).toBeCloseTo(p, 4));
    const large = hostTensor('uint8', [1, 30, 40, 3], new Uint8Array(3600).fill(9));
    expect((await runOutputs(file(pictureClassifierGraph(config, tiny, weights)), { image: large }))['probabilities']!.dims).toEqual([1, 10]);
  });

  test('one class is nothing to choose from, rows are nothing to convolve', () => {
    expect(() => classifierPlan(classifierSchema.parse({}), { ...tiny, classes: 1 }, 1)).toThrow('two classes');
    expect(() => classifierPlan(classifierSchema.parse({}), points, 1)).toThrow('is for pictures');
  });
}); // prettier-ignore

describe('vae', () => {
  test.each([
    ['dense', tiny, { binarize: true }],
    ['dense', plain, { conditional: false, activation: 'tanh' }],
    ['dense', points, { likelihood: 'gaussian', deviation: 0.2 }],
    ['conv', tiny, {}],
    ['conv', colour, { likelihood: 'gaussian', activation: 'silu', deviation: 0.3 }],
  ] as const)('%s learns, draws, encodes', async (network, shape, more) => {
    const config = vaeSchema.parse({ network, latent: 3, hidden: 16, width: 4, batch: 8, warmUp: 0, learningRate: 3e-3, ...more });
    const { weights, first, last } = await learns(vaePlan(config, shape, 1, shape.kind === 'image' ? new Float32Array(size(shape)).fill(0.4) : undefined), shape, 30);
    expect(last).toBeLessThan(first);
    const isTold = config.conditional && shape.classes > 0;
    const told = isTold ? { label: labelsOf(0, 1) } : {};
    const drawn = await runOutputs(file(vaeSampler(config, shape, weights)), { noise: noiseOf(2, vaeNoise(config, shape)), temperature: scalar(1), ...told });
    expect(Object.values(drawn).map(({ dtype, dims }) => [dtype, dims])).toEqual(
      shape.kind === 'image' ? [['uint8', [2, shape.height, shape.width, shape.channels]]] : [['float32', [2, 2]]],
    );
    const batch = batchOf(shape, 2)(1);
    const { mean } = await runOutputs(file(vaeEncoder(config, shape, weights)), { x: batch['x']!, ...(isTold ? { labels: batch['labels']! } : {}) });
    expect(mean!.dims).toEqual([2, 3]);
    const bound = await runOutputs(file(vaeBound(config, shape, 2, weights)), { x: batch['x']!, seed: whole(1), step: whole(0), ...(isTold ? { labels: batch['labels']! } : {}) });
    const value = (name: string): number => numbersOf(bound[name]!)[0] ?? NaN;
    expect(value('loss')).toBeCloseTo(value('reconstruction') + value('kl'), 3);
  });
}); // prettier-ignore

describe('gan', () => {
  test.each([
    ['conv', tiny, {}],
    ['conv', colour, { loss: 'hinge', spectral: true, penalty: 'none' }],
    ['conv', plain, { conditional: false, loss: 'wasserstein', penalty: 'gradient', penaltyWeight: 10, penaltyEvery: 1 }],
    ['dense', points, { penaltyEvery: 1, conditional: false }],
    ['dense', points, { spectral: true }],
  ] as const)('%s trains and draws', async (network, shape, more) => {
    const config = ganSchema.parse({ network, latent: 4, hidden: 16, width: 8, batch: 8, ...more });
    const { weights, reports } = await learns(ganPlan(config, shape, 1), shape, 9, 'loss.D');
    expect(reports.every(({ 'wins.D': wins = NaN }) => wins >= 0 && wins <= 1)).toBe(true);
    const isTold = config.conditional && shape.classes > 0;
    const told = isTold ? { label: labelsOf(0, 1) } : {};
    const drawn = await runOutputs(file(ganSampler(config, shape, weights)), { noise: noiseOf(2, 4), temperature: scalar(1), ...told });
    expect(Object.values(drawn).map(({ dtype, dims }) => [dtype, dims])).toEqual(
      shape.kind === 'image' ? [['uint8', [2, shape.height, shape.width, shape.channels]]] : [['float32', [2, 2]]],
    );
    const batch = batchOf(shape, 2)(1);
    const { score } = await runOutputs(file(ganCritic(config, shape, weights)), { x: batch['x']!, ...(isTold ? { labels: batch['labels']! } : {}) });
    expect(score!.dims).toEqual([2, 1]);
  });

  test('the penalty is a variant that comes at every fourth step and changes what follows', async () => {
    const config = ganSchema.parse({ latent: 4, hidden: 16, width: 8, batch: 8, penaltyWeight: 50 });
    const plan = ganPlan(config, tiny, 1);
    expect([1, 2, 3, 4, 5, 8].map((step) => plan.variantAt(step))).toEqual([undefined, undefined, undefined, 'penalty', undefined, 'penalty']);
    const run = async (one: TrainingPlan) => (await trainBriefly(one, 5, batchOf(tiny, 8))).reports.map((report) => report['loss.D']);
    const [with4, without] = [await run(plan), await run({ ...plan, variantAt: () => undefined })];
    expect(with4.slice(0, 4)).toEqual(without.slice(0, 4));
    expect(with4[4]).not.toBe(without[4]);
  });
}); // prettier-ignore

describe('flow', () => {
  const small = { width: 8, embedding: 16, batch: 8, warmUp: 0, learningRate: 3e-3, average: 0 };
  test.each([
    ['unet', tiny, { patch: 1 }, 'heun'],
    ['unet', colour, {}, 'midpoint'],
    ['unet', plain, { conditional: false }, 'euler'],
    ['mlp', points, { waves: true, conditional: false, times: 'uniform', batch: 256 }, 'heun'],
    ['mlp', points, { batch: 256 }, 'heun'],
  ] as const)('%s learns and draws', async (network, shape, more, method) => {
    const config = flowSchema.parse({ ...small, network, ...more });
    const { weights, first, last } = await learns(flowPlan(config, shape, 1), shape, 30);
    expect(last).toBeLessThan(first);
    const told = config.conditional && shape.classes > 0 ? { label: labelsOf(0, 1), guidance: scalar(0.5) } : {};
    const drawn = await runOutputs(file(flowSampler(config, shape, weights, method)), { noise: noiseOf(2, size(shape)), temperature: scalar(1), steps: whole(3), ...told });
    expect(Object.values(drawn).map(({ dtype, dims }) => [dtype, dims])).toEqual(
      shape.kind === 'image' ? [['uint8', [2, shape.height, shape.width, shape.channels]]] : [['float32', [2, 2]]],
    );
  });

  test('more steps of a cheap method and fewer of a better one end at the same place', async () => {
    const config = flowSchema.parse({ ...small, network: 'mlp', conditional: false });
    const { weights } = await learns(flowPlan(config, points, 1), points, 30);
    const draw = async (method: 'euler' | 'midpoint' | 'heun', steps: number) =>
      numbersOf((await runOutputs(file(flowSampler(config, points, weights, method)), { noise: noiseOf(4, 2), temperature: scalar(1), steps: whole(steps) }))['row']!);
    const exact = await draw('midpoint', 400);
    const gap = async (method: 'euler' | 'midpoint' | 'heun', steps: number) =>
      Math.max(...(await draw(method, steps)).map((value, i) => Math.abs(value - (exact[i] ?? 0))));
    const [euler, midpoint, heun] = [await gap('euler', 40), await gap('midpoint', 40), await gap('heun', 40)];
    expect(Math.max(midpoint, heun)).toBeLessThan(euler / 3);
    expect(await gap('euler', 80)).toBeLessThan(0.7 * euler);
  });
}); // prettier-ignore
