/** Lowering changes how a step is computed, not what: every formulation against the plain one, whole nets, several steps in a call. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createBuilder } from '../graph/builder';
import type { Builder } from '../graph/builder-type';
import { encodeModel } from '../graph/encode';
import { encodeGraph } from '../graph/encode-graph';
import type { Value } from '../graph/ir';
import { gradients } from '../autodiff/gradients';
import { crossEntropy } from '../nn/losses';
import { Network } from '../nn/network';
import { filledTensor } from '../tensor/filled-tensor';
import { encodeProgram, type StepProgram } from '../optim/step-program';
import { cnnLogits, cnnStep } from '../reference/cnn';
import { dcganStep } from '../reference/dcgan';
import { vaeStep } from '../reference/vae';
import { probeBlockSize } from '../runtime/block-size';
import { createSession, liveSessions } from '../runtime/session';
import { createTrainer, type Trainer } from '../runtime/trainer';
import { elementCount, type HostTensor, hostTensor, numbersOf } from '../tensor/host-tensor';
import { normals, randomBits, uniforms } from '../tensor/random';
import { compileProgram, type TuningCache } from './compile';
import { type Choice, formulations, lower, prepare } from './lower';

let block = 0;
beforeAll(async () => {
  block = await probeBlockSize();
});
afterAll(() => expect(liveSessions()).toBe(0));

const random = (dims: readonly number[], stream: number): HostTensor =>
  hostTensor('float32', dims, normals({ seed: 9, stream }, elementCount(dims)));

interface Case {
  readonly op: 'Conv' | 'ConvTranspose' | 'ConvWeightGradient' | 'ReduceSum';
  readonly inputs: readonly (readonly number[])[];
  readonly build: (g: Builder, inputs: readonly Value[]) => Value;
}

const conv = (x: number[], w: number[], attributes: object, bias?: number[]): Case => ({
  op: 'Conv',
  inputs: bias ? [x, w, bias] : [x, w],
  build: (g, [a, b, c]) => (c ? g.Conv(a!, b!, c, attributes) : g.Conv(a!, b!, attributes)),
});
const transposed = (x: number[], w: number[], attributes: object): Case => ({
  op: 'ConvTranspose',
  inputs: [x, w],
  build: (g, [a, b]) => g.ConvTranspose(a!, b!, attributes),
});
const weight = (x: number[], dy: number[], kernel: number, attributes: object): Case => ({
  op: 'ConvWeightGradient',
  inputs: [x, dy],
  build: (g, [a, b]) => g.ConvWeightGradient(a!, b!, { kernel_shape: [kernel, kernel], ...attributes }),
});
const same = { pads: [1, 1, 1, 1] };
const half = { pads: [1, 1, 1, 1], strides: [2, 2] };
const cases: Case[] = [
  conv([2, 32, 7, 9], [48, 32, 3, 3], same, [48]),
  conv([2, 3, 7, 9], [16, 3, 3, 3], { pads: [0, 1, 2, 1], strides: [2, 1] }),
  conv([1, 16, 9, 9], [16, 16, 3, 3], { dilations: [2, 2] }),
  transposed([2, 32, 5, 6], [32, 16, 3, 3], same),
  transposed([2, 16, 5, 6], [16, 32, 4, 4], half),
  transposed([1, 16, 4, 4], [16, 16, 2, 2], { strides: [2, 2] }),
  weight([16, 32, 6, 7], [16, 16, 6, 7], 3, same),
  weight([32, 16, 8, 8], [32, 32, 4, 4], 4, half),
  weight([16, 16, 9, 8], [16, 16, 4, 4], 3, { strides: [2, 2], pads: [0, 0, 0, 1] }),
  weight([16, 16, 10, 8], [16, 16, 4, 4], 3, { strides: [2, 2], pads: [0, 0, 0, 1] }), // a row is left over
  weight([5, 2, 6, 6], [5, 16, 3, 3], 4, half),
  { op: 'ReduceSum', inputs: [[16, 8, 200]], build: (g, [x]) => g.ReduceSum(x!, [0, 1], { keepdims: 0 }) },
];

async function run(which: Case, choice: string | undefined): Promise<number[]> {
  const g = createBuilder();
  const inputs = which.inputs.map((dims, index) => g.input(`x${index}`, 'float32', dims));
  g.output('y', which.build(g, inputs));
  const choose = (node: { op: string }): string | undefined => (node.op === which.op ? choice : undefined);
  const session = await createSession(encodeModel(encodeGraph(lower(g.build('case'), { block, choose }))), {
    threads: 1,
  });
  try {
    const feeds = Object.fromEntries(which.inputs.map((dims, index) => [`x${index}`, random(dims, index)]));
    return numbersOf((await session.run(feeds))['y']!);
  } finally {
    await session.dispose();
  }
}

describe.each(cases)('$op of $inputs', (which) => {
  test.each(formulations[which.op]!.map(({ name }) => name))('%s agrees with plain', async (name) => {
    const [plain, other] = [await run(which, undefined), await run(which, name)];
    const size = Math.max(...plain.map(Math.abs));
    expect(Math.max(...other.map((value, k) => Math.abs(value - plain[k]!))) / size).toBeLessThan(1e-5);
  });
});

function feedsOf(program: StepProgram, step: number, lead: readonly number[] = []): Record<string, HostTensor> {
  const carried = new Set(['step', ...program.slots.map((slot) => slot.name)]);
  const batch = program.graph.inputs.filter((input) => !carried.has(input.name));
  const feeds = batch.map((input, stream) => {
    const dims = [...lead, ...input.dims];
    const key = { seed: 4, stream };
    const data = uniforms(key, elementCount(dims));
    const classes = BigInt64Array.from(data, (_, k) => BigInt(randomBits(key, k)[0] % 10));
    return [
      input.name,
      input.dtype === 'int64' ? hostTensor('int64', dims, classes) : hostTensor('float32', dims, data),
    ];
  });
  return {
    ...(Object.fromEntries(feeds) as Record<string, HostTensor>),
    step: hostTensor('int64', [], BigInt64Array.of(BigInt(step))),
  };
}

async function withTrainer<T>(
  model: Uint8Array,
  program: StepProgram,
  body: (trainer: Trainer) => Promise<T>,
): Promise<T> {
  const trainer = await createTrainer({ model, slots: program.slots }, { threads: 1 });
  try {
    return await body(trainer);
  } finally {
    await trainer.dispose();
  }
}

async function losses(model: Uint8Array, program: StepProgram, steps: number): Promise<number[][]> {
  return withTrainer(model, program, async (trainer) => {
    const rows: number[][] = [];
    for (let step = 1; step <= steps; step++) {
      rows.push(Object.values(await trainer.step(feedsOf(program, step))).map((loss) => numbersOf(loss)[0]!));
    }
    return rows;
  });
}

const everyFast = (node: { op: string }): string | undefined => formulations[node.op]?.at(-1)?.name;

test.each([
  ['cnn', () => cnnStep(32)],
  ['cnn in parts', () => cnnStep(32, 1e-3, 2)],
  ['dcgan', () => dcganStep(16, 1e-5)],
])('%s: the step with every formulation has the losses of the plain one', async (_, make) => {
  const program = make();
  for (const choose of [everyFast, (node: { op: string }) => formulations[node.op]?.[0]?.name]) {
    const graph = lower(prepare(program.graph), { block, choose });
    const plain = await losses(encodeProgram(program), program, 5);
    const fast = await losses(encodeModel(encodeGraph(graph)), program, 5);
    fast.forEach((row, step) =>
      row.forEach((loss, k) => expect(Math.abs(loss / plain[step]![k]! - 1)).toBeLessThan(2e-5)),
    );
  }
});

test('flat pictures: equal elements of a pooling window share one gradient, so weights get what they get in the plain form', async () => {
  const net = new Network();
  const { g } = net;
  const x = g.constant(filledTensor('float32', [16, 1, 28, 28], 0.25), 'flat');
  const loss = crossEntropy(g, cnnLogits(net, x), g.ints(Array.from({ length: 16 }, (_, k) => k % 10)));
  const names = ['conv1.bias', 'conv1.weight', 'conv2.weight'];
  const slots = net.allSlots.filter((slot) => names.includes(slot.name));
  gradients(g, loss, slots.map(({ input }) => input)).forEach((gradient, k) => g.output(`d.${slots[k]!.name}`, gradient)); // prettier-ignore
  const weights = Object.fromEntries(net.allSlots.map(({ name, initial }) => [name, initial]));
  const feeds = { ...weights, 'conv1.bias': filledTensor('float32', [32], 0.5) }; // all windows tie above 0
  const prepared = prepare(net.build('flat'));
  const run = async (choose: Choice): Promise<Record<string, HostTensor>> => {
    const session = await createSession(encodeModel(encodeGraph(lower(prepared, { block, choose }))), { threads: 1 });
    return session.run(feeds).finally(() => session.dispose());
  };
  const [plain, fast] = [await run(() => undefined), await run(everyFast)];
  for (const name of names) {
    const [a, b] = [numbersOf(plain[`d.${name}`]!), numbersOf(fast[`d.${name}`]!)];
    const size = Math.max(...a.map(Math.abs));
    expect(size, name).toBeGreaterThan(0);
    expect(Math.max(...a.map((value, k) => Math.abs(value - b[k]!))) / size, name).toBeLessThan(1e-4);
  }
});

test('a cnn is computed in blocks from end to end: reorders are left at the borders', () => {
  if (block === 0) return;
  const choose = (node: { op: string }): string | undefined => (node.op === 'ReduceSum' ? 'ones' : 'blocked');
  const graph = lower(prepare(cnnStep(32).graph), { block, choose });
  const count = (op: string): number => graph.nodes.filter((node) => node.op === op).length;
  expect(count('ReorderOutput')).toBeLessThanOrEqual(4); // to the dense layer, weights, and the batch-as-channels image
  expect(graph.nodes.filter((node) => node.op === 'MaxPool' && node.domain === '')).toEqual([]);
  expect(graph.nodes.filter((node) => node.op === 'Relu' && node.outputs[0]!.rank > 2)).toEqual([]); // fused into the convolutions
});

test('trials are remembered, and what was chosen is told', async () => {
  const cache: TuningCache = {};
  const program = cnnStep(16);
  const first = await compileProgram(program, { cache, threads: 1 });
  const [machine] = Object.keys(cache);
  expect(machine).toMatch(/^ONNX Runtime .*, 1 threads, blocks of \d+$/);
  const trials = Object.values(cache[machine!]!);
  expect(trials.length).toBeGreaterThan(3);
  for (const trial of trials) expect(trial.ms['plain']).toBeGreaterThan(0);
  const copy = structuredClone(cache);
  const again = await compileProgram(cnnStep(16), { cache, threads: 1 });
  expect(cache).toEqual(copy);
  expect(again.choices).toEqual(first.choices);
  expect(Buffer.compare(again.model, first.model)).toBe(0);
  const plain = await compileProgram(program, { isTuned: false });
  expect(plain.choices).toEqual({});
  expect(Buffer.from(plain.model).includes('com.microsoft')).toBe(false);
});

test('several steps in one call leave the weights of single calls, bit for bit', async () => {
  const program = vaeStep(8);
  const single = await compileProgram(program, { isTuned: false });
  const looped = await compileProgram(program, { isTuned: false, stepsPerCall: 4 });
  const stacked = feedsOf(program, 1, [4]);
  const one = (name: string, tensor: HostTensor, k: number): HostTensor => {
    const dims = tensor.dims.slice(1);
    const length = elementCount(dims);
    return name === 'step' ? hostTensor('int64', [], BigInt64Array.of(BigInt(k + 1))) : hostTensor('float32', dims, (tensor.data as Float32Array).subarray(k * length, (k + 1) * length)); // prettier-ignore
  };
  const [expected, expectedLosses] = await withTrainer(single.model, program, async (trainer) => {
    const all: number[] = [];
    for (let k = 0; k < 4; k++) {
      const feeds = Object.fromEntries(Object.entries(stacked).map(([name, tensor]) => [name, one(name, tensor, k)]));
      all.push(...numbersOf((await trainer.step(feeds))['loss']!));
    }
    return [trainer.read(), all];
  });
  const [got, gotLosses] = await withTrainer(looped.model, program, async (trainer) => {
    const { loss } = await trainer.step(stacked);
    return [trainer.read(), numbersOf(loss!)];
  });
  expect(gotLosses).toEqual(expectedLosses);
  expect(got).toEqual(expected);
});
