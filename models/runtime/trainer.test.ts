/** Trainers and profiles: buffers that change places, checkpoints, errors, and no handle left behind. */
import { readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { afterEach, expect, test } from 'vitest';
import { constant } from '../nn/initializers';
import { Network } from '../nn/network';
import { meanSquaredError } from '../nn/losses';
import { minimize } from '../optim/optimizer';
import { sgd } from '../optim/sgd';
import { encodeProgram, stepProgram, type StepProgram } from '../optim/step-program';
import { hostTensor, type HostTensor, numbersOf } from '../tensor/host-tensor';
import { profileRun } from './profile';
import { liveSessions } from './session';
import { createTrainer, type TrainerSource } from './trainer';

afterEach(() => expect(liveSessions()).toBe(0));

const vector = (...values: number[]): HostTensor => hostTensor('float32', [values.length], Float32Array.from(values));

/** loss = mean (w - x)^2 over two numbers, rate 1/2: w' = w - (w - x) / 2. */
function program(): StepProgram {
  const net = new Network();
  const loss = meanSquaredError(net.g, net.weight('w', [2], constant(8)), net.g.input('x', 'float32', [2]));
  minimize(net, loss, sgd({ learningRate: 0.5 }));
  return stepProgram(net, 'halves', { loss });
}

const source = (): TrainerSource => {
  const made = program();
  return { model: encodeProgram(made), slots: made.slots };
};

test('every step starts from the last one, and what was read stays as it was', async () => {
  const trainer = await createTrainer(source(), { threads: 1 });
  expect([trainer.provider, trainer.note]).toEqual(['cpu', '']);
  const first = trainer.read();
  const losses: number[] = [];
  for (let k = 0; k < 3; k++) losses.push(...numbersOf((await trainer.step({ x: vector(0, 0) }))['loss']!));
  expect(losses).toEqual([64, 16, 4]); // w = 8, 4, 2
  expect(numbersOf(first['w']!)).toEqual([8, 8]);
  expect(numbersOf(trainer.read()['w']!)).toEqual([1, 1]);
  const checkpoint = vector(4, 2);
  trainer.write({ w: checkpoint });
  await trainer.step({ x: vector(0, 0) });
  expect(numbersOf(trainer.read()['w']!)).toEqual([2, 1]);
  expect(numbersOf(checkpoint)).toEqual([4, 2]);
  await trainer.dispose();
  await trainer.dispose(); // twice is once
});

test('a variant of the step works on the same weights', async () => {
  const net = new Network();
  const w = net.weight('w', [2], constant(8));
  minimize(net, meanSquaredError(net.g, w, net.g.input('x', 'float32', [2])), sgd({ learningRate: 0.5 }));
  net.state('count', hostTensor('float32', [], Float32Array.of(0)));
  net.replace('count', net.g.Add(net.state('count', hostTensor('float32', [], Float32Array.of(0))), 1));
  const counting = stepProgram(net, 'counts', { norm: net.g.ReduceL2(w, { keepdims: 0 }) });
  const plain = source();
  const trainer = await createTrainer({
    ...plain,
    variants: { counts: encodeProgram(counting) },
    slots: counting.slots,
  });
  await trainer.step({ x: vector(0, 0) }); // 8 -> 4
  const { norm } = await trainer.step({ x: vector(0, 0) }, 'counts'); // 4 -> 2
  expect(numbersOf(norm!)[0]).toBeCloseTo(4 * Math.SQRT2, 5);
  await trainer.step({ x: vector(0, 0) }); // 2 -> 1
  expect(numbersOf(trainer.read()['w']!)).toEqual([1, 1]);
  expect(numbersOf(trainer.read()['count']!)).toEqual([1]);
  await expect(trainer.step({ x: vector(0, 0) }, 'none')).rejects.toMatchObject({ code: 'usage/bad-argument' });
  await trainer.dispose();
});

test('a value that does not fit is refused with both shapes', async () => {
  const trainer = await createTrainer(source());
  expect(() => trainer.write({ w: vector(1, 2, 3) })).toThrow('"w" is float32 [2], it was given float32 [3].');
  expect(() => trainer.write({ v: vector(1, 2) })).toThrow('There is no weight or state "v".');
  await expect(trainer.step({})).rejects.toMatchObject({ code: 'model/run-failed' });
  await trainer.dispose();
});

test.runIf(process.platform === 'linux')('a trainer falls back like a session, and says why', async () => {
  const trainer = await createTrainer(source(), { provider: ['dml', 'coreml'] });
  expect(trainer.provider).toBe('cpu');
  expect(trainer.note).toMatch(/dml is not used: .* coreml is not used: /);
  await trainer.dispose();
  await expect(createTrainer({ model: Uint8Array.of(1), slots: [] })).rejects.toMatchObject({
    code: 'model/load-failed',
    message: expect.stringMatching(/^The step program cannot be loaded: cpu is not used: /) as string,
  });
});

const profiles = (): string[] => readdirSync(tmpdir()).filter((name) => name.startsWith('duet-profile-'));

test('a profile names every operator that ran, and leaves neither files nor handles', async () => {
  const before = profiles();
  const { model } = source();
  const feeds = { x: vector(0, 0), w: vector(1, 2) };
  const times = await profileRun(model, feeds, { threads: 1, runs: 4, warmUp: 2 });
  const ops = times.map(({ op }) => op);
  expect(ops).toContain('ReduceMean');
  expect(ops.length).toBe(new Set(ops).size);
  for (const { count, ms } of times) expect(count > 0 && ms >= 0).toBe(true);
  expect(times.map(({ ms }) => ms)).toEqual(times.map(({ ms }) => ms).sort((a, b) => b - a));
  await expect(profileRun(model, { x: vector(0, 0) })).rejects.toMatchObject({ code: 'model/run-failed' });
  await expect(profileRun(Uint8Array.of(1), {})).rejects.toMatchObject({ code: 'model/load-failed' });
  expect(profiles()).toEqual(before);
});
