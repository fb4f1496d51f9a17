/** Losses against PyTorch: values and gradients (recipe: testing/golden/training.py), and what extreme logits do. */
import { afterAll, expect, test } from 'vitest';
import { gradients } from '../autodiff/gradients';
import type { Builder } from '../graph/builder-type';
import type { Value } from '../graph/ir';
import { squaredGradientNorm } from '../optim/gradient-transforms';
import { liveSessions } from '../runtime/session';
import { hostTensor, numbersOf } from '../tensor/host-tensor';
import { evaluate } from '../testing/evaluate';
import { goldenCases, goldenError } from '../testing/golden';
import * as losses from './losses';

afterAll(() => expect(liveSessions()).toBe(0));

type Inputs = Readonly<Record<string, Value>>;
const labels = (g: Builder): Value => g.ints([2, 0, 4, 4]);

const builds: Record<string, (g: Builder, inputs: Inputs) => Value> = {
  crossEntropy: (g, { logits }) => losses.crossEntropy(g, logits!, labels(g)),
  'crossEntropy, sum': (g, { logits }) => losses.crossEntropy(g, logits!, labels(g), { reduction: 'sum' }),
  'crossEntropy, smoothed': (g, { logits }) => losses.crossEntropy(g, logits!, labels(g), { labelSmoothing: 0.1 }),
  'crossEntropy, logits of 100': (g, { logits }) => losses.crossEntropy(g, g.Mul(logits!, 100), labels(g)),
  binaryCrossEntropy: (g, { a, b }) => losses.binaryCrossEntropy(g, a!, g.Mul(b!, b!)),
  'binaryCrossEntropy, logits of 100': (g, { a, b }) => {
    const targets = g.Add(g.Cast(g.Greater(b!, g.scalarLike(b!, 0)), { to: 1 }), g.Mul(b!, 0));
    return losses.binaryCrossEntropy(g, g.Mul(a!, 100), targets);
  },
  'binaryCrossEntropy, sum': (g, { a, b }) => losses.binaryCrossEntropy(g, a!, g.Mul(b!, b!), 'sum'),
  meanSquaredError: (g, { a, b }) => losses.meanSquaredError(g, a!, b!),
  meanAbsoluteError: (g, { a, b }) => losses.meanAbsoluteError(g, a!, b!),
  huber: (g, { a, b }) => losses.huber(g, a!, b!, 0.7),
  gaussianKl: (g, { a, b }) => losses.gaussianKl(g, a!, b!),
  categoricalKl: (g, { logits, other }) => losses.categoricalKl(g, logits!, g.Softmax(other!)),
  'hinge, real': (g, { a }) => losses.hinge(g, g.Mul(a!, 2), 1),
  'hinge, generated': (g, { a }) => losses.hinge(g, g.Mul(a!, 2), -1),
  squaredGradientNorm: (g, { x, w }) => squaredGradientNorm(g, g.Tanh(g.MatMul(x!, w!)), x!),
};

test.each(goldenCases('losses'))('$name as PyTorch', async (golden) => {
  expect(await goldenError(golden, builds[golden.name]!)).toBeLessThan(1e-5);
});

test('every loss has its case', () => {
  expect(goldenCases('losses').map(({ name }) => name)).toEqual(Object.keys(builds));
  const tested = Object.keys(builds).join();
  for (const name of Object.keys(losses)) expect(tested).toContain(name);
});

test('logits of +-100 and targets at the ends: exact values, finite gradients', async () => {
  const x = hostTensor('float32', [4], Float32Array.of(100, 100, -100, -100));
  const t = hostTensor('float32', [4], Float32Array.of(1, 0, 1, 0));
  const { loss, dx } = await evaluate({ x, t }, (g, { x, t }) => {
    const loss = losses.binaryCrossEntropy(g, x!, t!, 'sum');
    return { loss, dx: gradients(g, loss, [x!])[0]! };
  });
  expect(numbersOf(loss!)).toEqual([200]); // 0 + 100 + 100 + 0
  expect(numbersOf(dx!).map((d) => Math.round(d * 1e6) / 1e6 + 0)).toEqual([0, 1, -1, 0]);
});

test('a target of 0 in a divergence counts nothing', async () => {
  const logits = hostTensor('float32', [1, 3], Float32Array.of(0, 0, 0));
  const target = hostTensor('float32', [1, 3], Float32Array.of(0.5, 0.5, 0));
  const { kl } = await evaluate({ logits, target }, (g, { logits, target }) => ({
    kl: losses.categoricalKl(g, logits!, target!),
  }));
  expect(numbersOf(kl!)[0]).toBeCloseTo(Math.log(3 / 2), 6);
});
