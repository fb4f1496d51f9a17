/** An exported net computes what the trained one computes in use, from standard operators only, for any batch. */
import { afterAll, expect, test } from 'vitest';
import { encodeModel } from '../graph/encode';
import { encodeGraph } from '../graph/encode-graph';
import type { Value } from '../graph/ir';
import { lowerComposites } from '../graph/lower-composites';
import { adam } from '../optim/adam';
import { minimize } from '../optim/optimizer';
import { encodeProgram, stepProgram } from '../optim/step-program';
import { createSession, liveSessions } from '../runtime/session';
import { createTrainer } from '../runtime/trainer';
import { elementCount, hostTensor, type HostTensor, numbersOf } from '../tensor/host-tensor';
import { normals } from '../tensor/random';
import { largestGap } from '../testing/run-model';
import { runOutputs } from '../testing/run-outputs';
import { causalSelfAttention } from './attention';
import { inferenceGraph } from './inference';
import { batchNorm, conv2d, dense, groupNorm } from './layers';
import { meanSquaredError } from './losses';
import { Network } from './network';
import { dropout } from './random';

afterAll(() => expect(liveSessions()).toBe(0));

const noise = (stream: number, ...dims: number[]): HostTensor =>
  hostTensor('float32', dims, normals({ seed: 4, stream }, elementCount(dims)));
const whole = (value: number): HostTensor => hostTensor('int64', [], BigInt64Array.of(BigInt(value)));

/** Pictures [N, 2, 4, 4] to [N, 3]: every layer that behaves differently in training, and one that is a composite. */
function body(net: Network, x: Value): Value {
  const { g } = net;
  const first = g.Relu(batchNorm(net, 'norm', conv2d(net, 'conv', x, 4, { kernel: 3, padding: 1 })));
  const second = groupNorm(net, 'group', dropout(net, 'drop', first, 0.5), 2);
  return dense(net, 'head', g.Flatten(second), 3);
}

/** Weights and state after three steps on batches of 5. */
async function trained(): Promise<Record<string, HostTensor>> {
  const net = new Network();
  const loss = meanSquaredError(net.g, body(net, net.g.input('x', 'float32', [5, 2, 4, 4])), net.g.floats([1, 2, 3]));
  minimize(net, loss, adam({ learningRate: 0.1 }));
  const program = stepProgram(net, 'step', { loss });
  const trainer = await createTrainer({ model: encodeProgram(program), slots: program.slots }, { threads: 1 });
  try {
    for (let step = 1; step <= 3; step++)
      await trainer.step({ x: noise(step, 5, 2, 4, 4), step: whole(step), seed: whole(9) });
    return trainer.read();
  } finally {
    await trainer.dispose();
  }
}

test('the exported file gives what the net gives outside training', async () => {
  const weights = await trained();
  const graph = inferenceGraph(
    'net',
    (net) => ({ y: body(net, net.g.input('x', 'float32', ['N', 2, 4, 4])) }),
    weights,
  );
  expect(graph.inputs.map(({ name }) => name)).toEqual(['x']); // neither weights nor seeds
  const model = encodeGraph(graph);
  expect(model.opsetImport.map(({ domain }) => domain)).toEqual(['']);
  expect(new Set(model.graph!.node.map(({ domain }) => domain))).toEqual(new Set(['']));
  expect(model.graph!.initializer.some(({ name }) => name.startsWith('optimizer'))).toBe(false);

  const net = new Network({ isTraining: false });
  net.g.output('y', body(net, net.g.input('x', 'float32', [2, 2, 4, 4])));
  const fed = Object.fromEntries(net.allSlots.map(({ name }) => [name, weights[name]!]));
  const plain = encodeModel(encodeGraph(lowerComposites(net.build('plain'))));
  const x = noise(20, 2, 2, 4, 4);
  const session = await createSession(encodeModel(model), { threads: 1 });
  try {
    const { y } = await session.run({ x });
    const { y: expected } = await runOutputs(plain, { ...fed, x });
    expect(largestGap(numbersOf(y!), numbersOf(expected!))).toBeLessThan(1e-6);
    const { y: one } = await session.run({
      x: hostTensor('float32', [1, 2, 4, 4], normals({ seed: 4, stream: 20 }, 32)),
    });
    expect(largestGap(numbersOf(one!), numbersOf(expected!).slice(0, 3))).toBeLessThan(1e-5);
  } finally {
    await session.dispose();
  }
});

test('sequences of any number keep their length', async () => {
  const define = (batch: number | string) => (net: Network) => ({
    y: dense(net, 'head', net.g.input('x', 'float32', [batch, 3, 4]), 2),
  });
  const net = new Network();
  define(2)(net);
  const weights = Object.fromEntries(net.allSlots.map(({ name, initial }) => [name, initial]));
  const x = noise(1, 2, 3, 4);
  const results = ['N', 2].map(async (batch) => {
    const { y } = await runOutputs(encodeModel(encodeGraph(inferenceGraph('net', define(batch), weights))), { x });
    return { dims: y!.dims, numbers: numbersOf(y!) };
  });
  expect(await results[0]).toEqual(await results[1]);
  expect((await results[0])!.dims).toEqual([2, 3, 2]);
});

test('what is missing or does not fit is named', () => {
  const define = (net: Network) => ({ y: dense(net, 'head', net.g.input('x', 'float32', ['N', 4]), 2) });
  const weight = noise(1, 2, 4);
  expect(() => inferenceGraph('net', define, { 'head.weight': weight })).toThrow(
    'The float32 [2] "head.bias" is not among the 1 weights given.',
  );
  expect(() => inferenceGraph('net', define, { 'head.weight': noise(1, 4, 2), 'head.bias': noise(2, 2) })).toThrow(
    '"head.weight" is float32 [2, 4] in this net, the weight given is float32 [4, 2].',
  );
  const attend = (net: Network) => ({ y: causalSelfAttention(net, 'a', net.g.input('x', 'float32', ['N', 3, 4]), 2) });
  expect(() => inferenceGraph('net', attend, {})).toThrow('Bind its symbols to numbers first');
});
