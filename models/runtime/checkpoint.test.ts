/** Same seed, same provider, one thread: the same bits; also when training stops, is saved, and goes on in another trainer. */
import { afterAll, expect, test } from 'vitest';
import { encodeProgram } from '../optim/step-program';
import { vaeStep } from '../reference/vae';
import { hostTensor, type HostTensor } from '../tensor/host-tensor';
import { normals, uniforms } from '../tensor/random';
import { readSafetensors, writeSafetensors } from '../tensor/safetensors';
import { liveSessions } from './session';
import { createTrainer, type Trainer } from './trainer';

afterAll(() => expect(liveSessions()).toBe(0));

const batch = 8;
const program = vaeStep(batch);
const source = { model: encodeProgram(program), slots: program.slots };

/** Steps from `first` to `last`, whose batches depend on the step only. */
async function train(trainer: Trainer, first: number, last: number): Promise<void> {
  for (let step = first; step <= last; step++) {
    const feeds: Record<string, HostTensor> = {
      x: hostTensor('float32', [batch, 784], uniforms({ seed: 1, stream: 1, step }, batch * 784)),
      noise: hostTensor('float32', [batch, 20], normals({ seed: 1, stream: 2, step }, batch * 20)),
      step: hostTensor('int64', [], BigInt64Array.of(BigInt(step))),
    };
    await trainer.step(feeds);
  }
}

/** The file of weights and state after the steps, from a checkpoint where one is given. */
async function trained(first: number, last: number, checkpoint?: Uint8Array): Promise<Uint8Array> {
  const trainer = await createTrainer(source, { threads: 1 });
  try {
    if (checkpoint) trainer.write(readSafetensors(checkpoint).tensors);
    await train(trainer, first, last);
    return writeSafetensors(trainer.read(), { step: String(last) });
  } finally {
    await trainer.dispose();
  }
}

const isEqual = (a: Uint8Array, b: Uint8Array): boolean => Buffer.from(a).equals(b);

test('100 steps twice, and 50 + 50 through a checkpoint, give the same weights and state bit for bit', async () => {
  const whole = await trained(1, 100);
  expect(isEqual(await trained(1, 100), whole)).toBe(true);
  const half = await trained(1, 50);
  expect(readSafetensors(half).metadata).toEqual({ step: '50' });
  expect(isEqual(await trained(51, 100, half), whole)).toBe(true);
  const weightsOnly = Object.entries(readSafetensors(half).tensors).filter(([name]) => !name.startsWith('optimizer'));
  expect(isEqual(await trained(51, 100, writeSafetensors(Object.fromEntries(weightsOnly))), whole)).toBe(false); // the state counts
});
