/** Random tensors in a graph are the numbers of tensor/random; dropout keeps the mean and repeats its mask. */
import { afterAll, expect, test } from 'vitest';
import { encodeModel } from '../graph/encode';
import { encodeGraph } from '../graph/encode-graph';
import { createSession, liveSessions } from '../runtime/session';
import { hostTensor, type HostTensor, numbersOf } from '../tensor/host-tensor';
import { normals, randomShort, streamOf, uniforms } from '../tensor/random';
import type { Value } from '../graph/ir';
import { dropout, randomNormalTensor, randomShortsTensor, randomUniformTensor } from './random';
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

test('short uniform numbers are equal bit for bit, fill 0..1 and hang together neither in pairs nor in fours', async () => {
  const key = { seed: 77, stream: streamOf('coins'), step: 5 };
  const shorts = (count: number): number[] => Array.from({ length: count }, (_, k) => randomShort(key, k));
  expect(await run((net) => randomShortsTensor(net, 'coins', [3, 5]), 77, 5)).toEqual(shorts(15));
  const many = await run((net) => randomShortsTensor(net, 'coins', [200, 100]), 77, 5);
  expect(many).toEqual(shorts(20_000));
  expect(Math.abs(many.reduce((a, b) => a + b) / 20_000 - 0.5)).toBeLessThan(0.01); // five standard errors
  for (const lag of [1, 2, 3, 4]) {
    const together = many.reduce((sum, x, k) => sum + (x - 0.5) * ((many[k + lag] ?? 0.5) - 0.5), 0) / 20_000;
    expect(Math.abs(together * 12), `lag ${lag}`).toBeLessThan(0.035);
  }
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
