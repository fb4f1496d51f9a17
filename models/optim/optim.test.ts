/** Optimisers, schedules, clipping and the rest of a training step against PyTorch (recipe: testing/golden/training.py) and by hand. */
import { afterAll, describe, expect, test } from 'vitest';
import * as z from 'zod';
import type { Value } from '../graph/ir';
import { constant } from '../nn/initializers';
import { dense } from '../nn/layers';
import { meanSquaredError } from '../nn/losses';
import { Network } from '../nn/network';
import { liveSessions } from '../runtime/session';
import { createTrainer, type Trainer } from '../runtime/trainer';
import { hostTensor, type HostTensor, numbersOf } from '../tensor/host-tensor';
import { evaluate } from '../testing/evaluate';
import { largestError, wave } from '../testing/golden';
import { readGolden } from '../testing/stored-tensors';
import { adam, adamW } from './adam';
import { averageWeights, clipByGlobalNorm, lossInParts } from './gradient-transforms';
import { minimize, type MinimizeOptions, type Optimizer } from './optimizer';
import { constantRate, constantThenCosine, cosine, oneCycle, type Schedule, stepDecay, warmUp } from './schedules';
import { rmsprop, sgd } from './sgd';
import { encodeProgram, type StepProgram, stepProgram } from './step-program';

afterAll(() => expect(liveSessions()).toBe(0));

const numbers = z.array(z.number());
const golden = readGolden(
  'training',
  z.object({
    optimizers: z.record(z.string(), z.object({ a: numbers, b: numbers })),
    schedules: z.record(z.string(), numbers),
    clipped: z.record(z.string(), z.array(numbers)),
  }),
);

async function withTrainer<T>(net: Network, outputs: Record<string, Value>, body: (trainer: Trainer) => Promise<T>) {
  const program = stepProgram(net, 'step', outputs);
  const trainer = await createTrainer({ model: encodeProgram(program), slots: program.slots }, { threads: 1 });
  try {
    return await body(trainer);
  } finally {
    await trainer.dispose();
  }
}

/** What every step is fed, as far as its program asks for it. */
const scalars = (net: Network, step: number, rate = 0): Record<string, HostTensor> => {
  const all = {
    step: hostTensor('int64', [], BigInt64Array.of(BigInt(step))),
    lr: hostTensor('float32', [], Float32Array.of(rate)),
  };
  const asked = new Set(net.g.build('probe').inputs.map(({ name }) => name));
  return Object.fromEntries(Object.entries(all).filter(([name]) => asked.has(name)));
};

const sizes = { a: [2, 3], b: [4] };

/** sum((a - wave 2)^2) + sum((b - wave 3)^4), over those weights that are named. */
function problem(names: readonly string[]): { net: Network; loss: Value } {
  const net = new Network();
  const { g } = net;
  const parts = names.map((name) => {
    const [index, power, dims] = name === 'a' ? [0, 2, sizes.a] : [1, 4, sizes.b];
    const error = g.Sub(
      net.weight(name, dims, (shape) => wave(shape, index)),
      g.constant(wave(dims, 2 + index)),
    );
    return g.ReduceSum(g.Pow(error, g.scalarLike(error, power)), { keepdims: 0 });
  });
  return { net, loss: parts.reduce((sum, part) => g.Add(sum, part)) };
}

async function trained(
  names: readonly string[],
  optimizer: Optimizer,
  { steps = 10, rate = 0, ...options }: MinimizeOptions & { steps?: number; rate?: number } = {},
): Promise<Record<string, HostTensor>> {
  const { net, loss } = problem(names);
  minimize(net, loss, optimizer, options);
  return withTrainer(net, { loss }, async (trainer) => {
    const feeds = scalars(net, 1, rate);
    for (let step = 1; step <= steps; step++) {
      const one = scalars(net, step, rate);
      await trainer.step({ ...feeds, ...one });
    }
    return trainer.read();
  });
}

const optimizers: Record<string, (learningRate?: number) => Optimizer> = {
  sgd: (learningRate = 0.05) => sgd({ learningRate }),
  'sgd, weight decay': () => sgd({ learningRate: 0.05, weightDecay: 0.1 }),
  'sgd, momentum': () => sgd({ learningRate: 0.02, momentum: 0.9, weightDecay: 0.1 }),
  'sgd, Nesterov': () => sgd({ learningRate: 0.02, momentum: 0.9, isNesterov: true }),
  adam: () => adam({ learningRate: 0.1 }),
  'adam, other constants': () => adam({ learningRate: 0.1, betas: [0.5, 0.9], epsilon: 0.1 }),
  adamW: () => adamW({ learningRate: 0.1 }),
  'adamW, weight decay': () => adamW({ learningRate: 0.1, weightDecay: 0.3 }),
  rmsprop: () => rmsprop({ learningRate: 0.05 }),
  'rmsprop, other constants': () => rmsprop({ learningRate: 0.05, alpha: 0.5, epsilon: 0.1 }),
};

describe.each(Object.entries(golden.optimizers))('ten steps of %s', (name, wanted) => {
  const make = optimizers[name]!;

  test('two weights, packed to one vector', async () => {
    const state = await trained(['a', 'b'], make());
    expect(
      Object.keys(state)
        .filter((key) => key.startsWith('optimizer'))
        .every((key) => key.endsWith('.packed')),
    ).toBe(true);
    for (const key of ['a', 'b'] as const) expect(largestError(state[key], wanted[key])).toBeLessThan(5e-6);
  });

  test.each(['a', 'b'] as const)('weight %s alone', async (key) => {
    expect(largestError((await trained([key], make()))[key], wanted[key])).toBeLessThan(5e-6);
  });
});

test.each([
  ['sgd', sgd(), 0.05],
  ['adam', adam(), 0.1],
  ['rmsprop', rmsprop(), 0.05],
] as const)('%s takes the rate from the caller of a step', async (name, optimizer, rate) => {
  const state = await trained(['a', 'b'], optimizer, { rate });
  expect(largestError(state['a'], golden.optimizers[name]!.a)).toBeLessThan(5e-6);
});

test('every optimiser has its numbers', () => {
  expect(Object.keys(golden.optimizers)).toEqual(Object.keys(optimizers));
});

const schedules: Record<string, Schedule> = {
  constantRate: constantRate(0.4),
  stepDecay: stepDecay(0.4, 5, 0.3),
  cosine: cosine(0.4, 24, 0.01),
  oneCycle: oneCycle(0.4, 25),
  'oneCycle, rise 0.5': oneCycle(0.4, 24, 0.5),
  warmUp: warmUp(5, cosine(0.4, 20)),
};

test.each(Object.entries(golden.schedules))('%s as PyTorch', (name, wanted) => {
  const gaps = wanted.map((rate, k) => Math.abs(schedules[name]!(k + 1) - rate));
  expect(Math.max(...gaps)).toBeLessThan(1e-9);
});

test('constant, then a cosine', () => {
  const schedule = constantThenCosine(0.4, 20, 0.5, 0.1);
  expect([1, 10, 11, 16, 21].map(schedule)).toEqual(
    [0.4, 0.4, 0.4, 0.25, 0.1].map((x) => expect.closeTo(x, 12) as number),
  );
});

test.each(Object.entries(golden.clipped))('gradients clipped to %s', async (limit, wanted) => {
  const results = await evaluate({ a: wave([2, 3], 0), b: wave([4], 1) }, (g, { a, b }) => {
    const [first, second] = clipByGlobalNorm(Number(limit))(g, [a!, b!]);
    return { first: first!, second: second! };
  });
  expect(largestError(results['first'], wanted[0]!)).toBeLessThan(1e-6);
  expect(largestError(results['second'], wanted[1]!)).toBeLessThan(1e-6);
});

test('averages follow the weights, quickly at first', async () => {
  const { net, loss } = problem(['a', 'b']);
  minimize(net, loss, sgd({ learningRate: 0.05 }));
  averageWeights(net, 0.5);
  await withTrainer(net, { loss }, async (trainer) => {
    let average = numbersOf(trainer.read()['a']!);
    for (let step = 1; step <= 12; step++) {
      await trainer.step(scalars(net, step));
      const state = trainer.read();
      const weights = numbersOf(state['a']!);
      const decay = Math.min(0.5, (1 + step) / (10 + step)); // 2/11, 3/12, ... reaches 0.5 at step 8
      average = average.map((old, k) => decay * old + (1 - decay) * weights[k]!);
      expect(largestError(state['ema.a'], average)).toBeLessThan(1e-5);
    }
  });
});

/** A dense net on a batch of 6, its loss made as told. */
function batchNet(
  loss: (net: Network, x: Value) => Value,
  options: MinimizeOptions = {},
  batch = 6,
): { net: Network; loss: Value } {
  const net = new Network({ seed: 2 });
  const total = loss(net, net.g.input('x', 'float32', [batch, 4]));
  minimize(net, total, adam({ learningRate: 0.1 }), options);
  return { net, loss: total };
}
const errorOf = (net: Network, x: Value): Value => {
  const { g } = net;
  const y = g.Tanh(dense(net, 'l', x, 3));
  return meanSquaredError(g, y, g.fullLike(y, 0.5));
};

test('a loss in parts is that of the whole batch, and so are its gradients', async () => {
  const inParts = (net: Network, x: Value): Value => lossInParts(net.g, 3, [x], ([part]) => errorOf(net, part!));
  const results = [errorOf, inParts].map(async (make) => {
    const { net, loss } = batchNet(make);
    return withTrainer(net, { loss }, async (trainer) => {
      const { loss } = await trainer.step({ x: wave([6, 4], 0), ...scalars(net, 1) });
      return [...numbersOf(loss!), ...numbersOf(trainer.read()['l.weight']!)];
    });
  });
  const [whole, parts] = await Promise.all(results);
  parts!.forEach((value, k) => expect(value).toBeCloseTo(whole![k]!, 5));
});

test('three calls with a third of the batch each make the step of the whole batch', async () => {
  const clip = { transform: clipByGlobalNorm(0.05) };
  const whole = batchNet(errorOf, clip);
  const small = batchNet(errorOf, { ...clip, accumulate: 3 }, 2);
  const rows = (from: number, to: number): HostTensor =>
    hostTensor(
      'float32',
      [to - from, 4],
      Float32Array.from(wave([6, 4], 0).data as Float32Array).slice(4 * from, 4 * to),
    );
  const wanted = await withTrainer(whole.net, { loss: whole.loss }, async (trainer) => {
    for (let step = 1; step <= 4; step++) await trainer.step({ x: rows(0, 6), ...scalars(whole.net, step) });
    return trainer.read();
  });
  await withTrainer(small.net, { loss: small.loss }, async (trainer) => {
    for (let call = 1; call <= 12; call++) {
      const before = trainer.read();
      const from = 2 * ((call - 1) % 3);
      await trainer.step({ x: rows(from, from + 2), ...scalars(small.net, call) });
      const after = trainer.read();
      const hasChanged = (name: string): boolean => numbersOf(before[name]!).join() !== numbersOf(after[name]!).join();
      for (const name of ['l.weight', 'optimizer.first.packed', 'optimizer.second.packed'])
        expect(hasChanged(name)).toBe(call % 3 === 0);
    }
    const state = trainer.read();
    for (const name of Object.keys(wanted))
      expect(largestError(state[name], numbersOf(wanted[name]!)), name).toBeLessThan(1e-5);
    expect(numbersOf(state['optimizer.accumulated.l.weight']!).every((x) => x === 0)).toBe(true);
  });
});

test('more small weights than one pack holds', async () => {
  const net = new Network({ seed: 3 });
  const x = net.g.input('x', 'float32', [2, 4]);
  const y = Array.from({ length: 40 }, (_, k) => k).reduce((h, k) => net.g.Tanh(dense(net, `l${k}`, h, 4)), x);
  const loss = meanSquaredError(net.g, y, net.g.fullLike(y, 0.5));
  minimize(net, loss, adam({ learningRate: 0.01 }));
  await withTrainer(net, { loss }, async (trainer) => {
    const before = trainer.read();
    await trainer.step({ x: wave([2, 4], 0), ...scalars(net, 1) });
    const after = trainer.read();
    for (const { name, kind } of net.allSlots) {
      if (kind === 'weight') expect(numbersOf(after[name]!), name).not.toEqual(numbersOf(before[name]!));
    }
    expect(Object.keys(after).filter((name) => name.startsWith('optimizer.first'))).toEqual([
      'optimizer.first.packed',
      'optimizer.first.packed.1',
    ]);
  });
});

test('weights that do not decay are kept apart, packed or not', async () => {
  const step = (decays?: (shape: readonly number[]) => boolean) => {
    const net = new Network();
    const [matrix, bias] = [net.weight('matrix', [2, 2], constant(1)), net.weight('bias', [2], constant(1))];
    // No gradient reaches either: only the decay moves them.
    const loss = net.g.ReduceSum(net.g.Mul(net.g.Concat(net.g.Reshape(matrix, [-1]), bias, { axis: 0 }), 0), {
      keepdims: 0,
    });
    minimize(net, loss, adamW({ learningRate: 0.5, weightDecay: 0.1, ...(decays && { decays }) }));
    return stepProgram(net, 'decay', { loss });
  };
  const after = async (program: StepProgram) => {
    const trainer = await createTrainer({ model: encodeProgram(program), slots: program.slots });
    await trainer.step({ step: hostTensor('int64', [], BigInt64Array.of(1n)) });
    const { matrix, bias } = trainer.read();
    await trainer.dispose();
    return [numbersOf(matrix!)[0], numbersOf(bias!)[0]].map((value) => Number(value?.toFixed(4)));
  };
  expect(await after(step())).toEqual([0.95, 0.95]);
  expect(await after(step((shape) => shape.length > 1))).toEqual([0.95, 1]);
});
