/** Spectral normalisation: after enough steps the weight's largest singular value is 1, and the gradient is that of W / sigma(W). */
import { expect, test } from 'vitest';
import { hostTensor, type HostTensor, numbersOf } from '../tensor/host-tensor';
import { normals } from '../tensor/random';
import { encodeProgram, stepProgram } from '../optim/step-program';
import { createTrainer } from '../runtime/trainer';
import { gradients } from '../autodiff/gradients';
import { Network } from './network';
import { spectralNorm } from './spectral';

const rows = 3;
const columns = 4;
const values = normals({ seed: 6, stream: 1 }, rows * columns);
const weight = (): HostTensor => hostTensor('float32', [rows, columns], values.slice());

/** By the power iteration in double precision. */
function largestSingularValue(matrix: ArrayLike<number>): number {
  let v = Array.from({ length: columns }, (_, j) => 1 + j / 10);
  let sigma = 0;
  for (let k = 0; k < 2000; k++) {
    const u = Array.from({ length: rows }, (_, i) =>
      v.reduce((sum, x, j) => sum + x * (matrix[i * columns + j] ?? 0), 0),
    );
    sigma = Math.hypot(...u);
    const back = v.map((_, j) => u.reduce((sum, x, i) => sum + x * (matrix[i * columns + j] ?? 0), 0));
    const length = Math.hypot(...back);
    v = back.map((x) => x / length);
  }
  return sigma;
}

test('the norm becomes 1, and gradients agree with central differences', async () => {
  const net = new Network();
  const { g } = net;
  const w = net.weight('w', [rows, columns], weight);
  const normed = spectralNorm(net, 'w', w);
  const score = g.ReduceSum(
    g.Mul(normed, g.constant(hostTensor('float32', [rows, columns], normals({ seed: 6, stream: 2 }, 12)))),
    { keepdims: 0 },
  );
  const [slope = w] = gradients(g, score, [w]);
  const program = stepProgram(net, 'spectral', { normed, slope });
  const trainer = await createTrainer({ model: encodeProgram(program), slots: program.slots }, { threads: 1 });
  let results: Record<string, HostTensor> = {};
  for (let k = 0; k < 200; k++) results = await trainer.step({});
  await trainer.dispose();
  expect(largestSingularValue(numbersOf(results['normed']!))).toBeCloseTo(1, 4);
  const weights = normals({ seed: 6, stream: 2 }, 12);
  const value = (matrix: Float64Array): number =>
    matrix.reduce((sum, x, i) => sum + x * (weights[i] ?? 0), 0) / largestSingularValue(matrix);
  const h = 1e-4;
  numbersOf(results['slope']!).forEach((got, i) => {
    const moved = (by: number): Float64Array => Float64Array.from(values, (x, k) => (k === i ? x + by : x));
    expect(got).toBeCloseTo((value(moved(h)) - value(moved(-h))) / (2 * h), 3);
  });
});
