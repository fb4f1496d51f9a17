/** Layers against PyTorch: results and the gradients of input and weights (recipe: testing/golden/training.py). */
import { afterAll, expect, test } from 'vitest';
import * as z from 'zod';
import { gradients } from '../autodiff/gradients';
import { encodeModel } from '../graph/encode';
import { encodeGraph } from '../graph/encode-graph';
import type { Value } from '../graph/ir';
import { lowerComposites } from '../graph/lower-composites';
import { encodeProgram, stepProgram } from '../optim/step-program';
import { liveSessions } from '../runtime/session';
import { createTrainer } from '../runtime/trainer';
import { hostTensor, numbersOf } from '../tensor/host-tensor';
import { type GoldenCase, goldenCases, largestError, wave } from '../testing/golden';
import { runOutputs } from '../testing/run-outputs';
import { readGolden } from '../testing/stored-tensors';
import { causalSelfAttention, crossAttention, selfAttention } from './attention';
import { residualBlock } from './blocks';
import { downsample2d, upsample2d } from './functions';
import { batchNorm, conv1d, conv2d, convTranspose2d, dense, embedding, groupNorm, layerNorm, rmsNorm } from './layers';
import { Network } from './network';
import { gru, gruCell, lstm, lstmCell } from './recurrent';

afterAll(() => expect(liveSessions()).toBe(0));

type Inputs = Readonly<Record<string, Value>>;

const layers: Record<string, (net: Network, inputs: Inputs) => Value> = {
  dense: (net, { x }) => dense(net, 'l', x!, 2),
  'dense, rank 3': (net, { x }) => dense(net, 'l', x!, 2),
  'dense without bias': (net, { x }) => dense(net, 'l', x!, 2, { bias: false }),
  conv2d: (net, { x }) => conv2d(net, 'l', x!, 6, { kernel: 3, stride: 2, padding: 1, groups: 2 }),
  conv1d: (net, { x }) => conv1d(net, 'l', x!, 4, { kernel: 3, stride: 2, padding: 2, dilation: 2 }),
  convTranspose2d: (net, { x }) => convTranspose2d(net, 'l', x!, 3, { kernel: 4, stride: 2, padding: 1 }),
  embedding: (net) => {
    const indices = hostTensor('int64', [2, 3], BigInt64Array.of(0n, 4n, 2n, 2n, 2n, 1n));
    return embedding(net, 'l', net.g.constant(indices), 5, 3);
  },
  layerNorm: (net, { x }) => layerNorm(net, 'l', x!),
  rmsNorm: (net, { x }) => rmsNorm(net, 'l', x!),
  groupNorm: (net, { x }) => groupNorm(net, 'l', x!, 2),
  batchNorm: (net, { x }) => batchNorm(net, 'l', x!),
  'batchNorm, not training': (net, { x }) => batchNorm(net, 'l', x!),
  selfAttention: (net, { x }) => selfAttention(net, 'l', x!, 2),
  causalSelfAttention: (net, { x }) => causalSelfAttention(net, 'l', x!, 2),
  crossAttention: (net, { x, context }) => crossAttention(net, 'l', x!, context!, 2),
  lstm: (net, { x }) => lstm(net, 'l', x!, 4),
  gru: (net, { x }) => gru(net, 'l', x!, 4),
  lstmCell: (net, { x, h, c }) => net.g.Concat(...lstmCell(net, 'l', x!, [h!, c!]), { axis: 0 }),
  gruCell: (net, { x, h }) => gruCell(net, 'l', x!, h!),
  residualBlock: (net, { x }) => residualBlock(net, 'l', x!, 2, 2),
  upsample2d: (net, { x }) => upsample2d(net.g, x!, 3),
  downsample2d: (net, { x }) => downsample2d(net.g, x!, 2),
};

/** Inputs and weights are waves, in the order of the golden case. */
async function layerError({ name, inputs, y, gradients: wanted }: GoldenCase): Promise<number> {
  const net = new Network({ isTraining: !name.includes('not training') });
  const { g } = net;
  const names = Object.keys(inputs);
  const given = names.filter((key) => !key.startsWith('l.'));
  const values = Object.fromEntries(given.map((key) => [key, g.input(key, 'float32', inputs[key]!)]));
  const result = layers[name]!(net, values);
  const slots = Object.fromEntries(net.allSlots.map((slot) => [slot.name, slot]));
  const weights = net.allSlots.filter(({ kind }) => kind === 'weight').map((slot) => slot.name);
  expect(weights.sort()).toEqual(names.filter((key) => key.startsWith('l.')).sort());
  const loss = g.ReduceSum(g.Mul(result, g.constant(wave(result.dims, 9))), { keepdims: 0 });
  const grads = gradients(g, loss, names.map((key) => values[key] ?? slots[key]!.input)); // prettier-ignore
  g.output('y', result);
  names.forEach((key, k) => g.output(`d.${key}`, grads[k]!));
  const feeds = Object.fromEntries(names.map((key, k) => [key, wave(inputs[key]!, k)]));
  for (const slot of net.allSlots) feeds[slot.name] ??= slot.initial;
  const graph = lowerComposites(net.build(name));
  const results = await runOutputs(encodeModel(encodeGraph(graph)), feeds);
  return Math.max(
    largestError(results['y'], y),
    ...names.map((key) => largestError(results[`d.${key}`], wanted[key]!)),
  );
}

test.each(goldenCases('layers'))('$name as PyTorch', async (golden) => {
  expect(await layerError(golden)).toBeLessThan(golden.name === 'batchNorm' ? 5e-5 : 1e-5);
});

test('every layer has its case', () => {
  expect(goldenCases('layers').map(({ name }) => name)).toEqual(Object.keys(layers));
});

test('running statistics after two batches: as PyTorch, but for the variance of the whole batch', async () => {
  const net = new Network();
  const y = batchNorm(net, 'l', net.g.input('x', 'float32', [2, 4, 5, 4]));
  const program = stepProgram(net, 'norm', { y });
  const trainer = await createTrainer({ model: encodeProgram(program), slots: program.slots }, { threads: 1 });
  try {
    for (const phase of [0, 1]) await trainer.step({ x: wave([2, 4, 5, 4], phase) });
    const { mean, variance } = readGolden('training', z.object({ running: z.record(z.string(), z.array(z.number())) })).running; // prettier-ignore
    const state = trainer.read();
    expect(largestError(state['l.running_mean'], mean!)).toBeLessThan(1e-6);
    // After two batches the first value 1 weighs 0.9^2; the rest are batch variances, PyTorch's n / (n - 1) times ours, n = 40.
    const ours = variance!.map((x) => ((x - 0.81) * 39) / 40 + 0.81);
    expect(largestError(state['l.running_var'], ours)).toBeLessThan(1e-6);
  } finally {
    await trainer.dispose();
  }
});

test('cells one after the other give what the layer gives', async () => {
  for (const kind of ['lstm', 'gru']) {
    const net = new Network({ seed: 3 });
    const { g } = net;
    const x = g.input('x', 'float32', [3, 2, 3]);
    const zero = g.constant(hostTensor('float32', [2, 4], new Float32Array(8)));
    let [state, memory] = [zero, zero];
    for (const step of g.Split(x, { axis: 0, num_outputs: 3 })) {
      const input = g.Squeeze(step, [0]);
      if (kind === 'lstm') [state, memory] = lstmCell(net, 'l', input, [state, memory]);
      else state = gruCell(net, 'l', input, state);
    }
    const all = kind === 'lstm' ? lstm(net, 'l', x, 4) : gru(net, 'l', x, 4); // the same weights by name
    g.output('last', g.Squeeze(g.Slice(all, [2], [3], [0]), [0]));
    g.output('state', state);
    const feeds = Object.fromEntries(net.allSlots.map((slot) => [slot.name, slot.initial]));
    const results = await runOutputs(encodeModel(encodeGraph(lowerComposites(net.build(kind)))), {
      ...feeds,
      x: wave([3, 2, 3], 0),
    });
    expect(largestError(results['state'], numbersOf(results['last']!))).toBeLessThan(1e-6);
  }
});
