/** How many threads a model gets, and that its verdicts do not depend on them. */
import path from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { liveSessions } from '../../../models/runtime/session';
import { rampPicture } from '../models/golden';
import { judgePixels, loadModel } from './loaded-model';

const file = path.join(import.meta.dirname, '..', '..', '..', 'assets', 'models', 'everyday-1000.onnx');

/** A clock that goes on by so many milliseconds at each look. */
function clock(step: number): () => number {
  let time = 0;
  return () => (time += step);
}

afterAll(() => expect(liveSessions()).toBe(0));

const load = (threads: number, step: number, isUntrusted = false) =>
  loadModel(file, { device: 'auto', isUntrusted, threads, now: clock(step) });

test('a quick model leaves the cores to the decoders, a slow one gets them all', async () => {
  for (const [threads, step, expected] of [
    [2, 1, 1],
    [2, 100, 2],
    [8, 1, 4],
    [8, 100, 8],
    [1, 100, 1],
  ] as const) {
    const model = await load(threads, step);
    expect(model.threads).toBe(expected);
    await model.session.dispose();
  }
});

test('one thread and two give the same numbers to the last bit', async () => {
  const one = await load(2, 1);
  const two = await load(2, 100);
  const picture = { height: 256, width: 341, data: rampPicture(256, 341) };
  const judge = async (model: typeof one) => (await judgePixels(model, [picture], 1000, clock(1)))[0]!.predictions;
  expect(await judge(two)).toEqual(await judge(one));
  await Promise.all([one.session.dispose(), two.session.dispose()]);
});

test('a model that is not trusted is not tried out', async () => {
  const model = await load(2, 1, true);
  expect(model.threads).toBe(2);
  await model.session.dispose();
});
