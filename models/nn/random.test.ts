/** Random tensors in a graph are the numbers of tensor/random; dropout keeps the mean and repeats its mask. */
import { afterAll, expect, test } from 'vitest';
import { encodeModel } from '../graph/encode';
import { encodeGraph } from '../graph/encode-graph';
import { createSession, liveSessions } from '../runtime/session';
import { hostTensor, type HostTensor, numbersOf } from '../tensor/host-tensor';
import { normals, streamOf, uniforms } from '../tensor/random';
import type { Value } from '../graph/ir';
import { dropout, randomNormalTensor, randomUniformTensor } from './random';
import { Network } from './network';

afterAll(() => expect(liveSessions()).toBe(0));

const scalar = (value: number): HostTensor => hostTensor('int64', [], BigInt64Array.of(BigInt(value)));

async function run(make: (net: Network) => Value, seed: number, step: number): Promise<number[]> {
  const net = new Network();
  net.g.output('y', make(net));
  const session = await createSession(encodeModel(encodeGraph(net.build('random'))), { threads: 1 });
  try {
    return numbersOf((await session.run({ seed: scalar(seed), step: scalar(step) }))['y']!);
  } finally {
    await session.dispose();
  }
}

test('uniform numbers are equal bit for bit, normal ones up to rounding', async () => {
  const key = { seed: 77, stream: streamOf('noise'), step: 5 };
  expect(await run((net) => randomUniformTensor(net, 'noise', [3, 5]), 77, 5)).toEqual([...uniforms(key, 15)]);
  const normal = await run((net) => randomNormalTensor(net, 'noise', [4, 100]), 77, 5);
  const expected = normals(key, 400);
  expect(Math.max(...normal.map((x, k) => Math.abs(x - expected[k]!)))).toBeLessThan(5e-6);
});

test('dropout: the mask depends on seed, step and name, the mean stays', async () => {
  const ones = (net: Network): Value => net.g.fullLike(net.g.floats(new Array<number>(10_000).fill(0)), 1);
  const make = (net: Network): Value => dropout(net, 'drop', ones(net), 0.3);
  const first = await run(make, 1, 1);
  expect(await run(make, 1, 1)).toEqual(first);
  expect(await run(make, 1, 2)).not.toEqual(first);
  expect(await run(make, 2, 1)).not.toEqual(first);
  expect(await run((net) => dropout(net, 'other', ones(net), 0.3), 1, 1)).not.toEqual(first);
  expect(new Set(first.map((x) => x.toFixed(4)))).toEqual(new Set(['0.0000', (1 / 0.7).toFixed(4)]));
  expect(Math.abs(first.reduce((a, b) => a + b) / 10_000 - 1)).toBeLessThan(0.03); // five standard errors are 0.033
});
