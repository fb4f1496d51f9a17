/** Probing: small networks of every kind, and the hostile ones that must fail in words (those that would not return are the supervisor's). */
import { afterAll, expect, test } from 'vitest';
import { quarantineContract } from '../../contract/workers';
import { createBuilder } from '../../../models/graph/builder';
import type { Builder } from '../../../models/graph/builder-type';
import { encodeModel } from '../../../models/graph/encode';
import { encodeGraph } from '../../../models/graph/encode-graph';
import type { Value } from '../../../models/graph/ir';
import { withMetadata } from '../../../models/graph/metadata';
import { createSession, liveSessions } from '../../../models/runtime/session';
import type { HostTensor } from '../../../models/tensor/host-tensor';
import * as hostile from '../intake/gate/hostile-models';
import { probeModel } from './probe';

afterAll(() => expect(liveSessions()).toBe(0));

/** Input x, a body that ends in a value declared as y [N, C], whatever it is. */
function network(
  axes: (string | number)[],
  build: (g: Builder, x: Value) => Value,
  classes: string | number = 3,
): Uint8Array {
  const g = createBuilder();
  const types = [{ dtype: 'float32', shape: [axes[0] ?? 'N', classes] }] as const;
  g.output('y', g.node({ op: 'Identity', inputs: [build(g, g.input('x', 'float32', axes))], types })[0]!);
  return encodeModel(withMetadata(encodeGraph(g.build('net')), 'names', "{0: 'cat', 1: 'dog', 2: 'owl'}"));
}

const means = (axes: number[]) => (g: Builder, x: Value) => g.ReduceMean(x, axes, { keepdims: 0 });

/** A node that only a run finds fault with: what it makes has no type. */
const unchecked = (g: Builder, op: string, inputs: readonly (Value | readonly number[])[], attributes = {}): Value =>
  g.node({ op, inputs, attributes, types: [undefined] })[0]!;

const clock = (() => {
  let time = 0;
  return () => (time += 5);
})();

test('a plain network: ends, classes, names, logits, any batch', async () => {
  const report = await probeModel(network(['N', 3, 8, 6], means([2, 3])), clock);
  expect(report).toEqual({
    inputs: [{ name: 'x', dtype: 'float32', dims: ['N', '3', '8', '6'] }],
    outputs: [{ name: 'y', dtype: 'float32', dims: ['N', '3'] }],
    image: { layout: 'nchw', channels: 3, height: 8, width: 6, maxBatch: 0 },
    classes: 3,
    givesProbabilities: false,
    labels: ['cat', 'dog', 'owl'],
    dryRunMs: 5,
  });
  expect(quarantineContract.calls.probe.reply.parse(report)).toEqual(report);
});

test('a softmax and a sigmoid at the end are noticed, numbers that only look small are not', async () => {
  const softmax = network(['N', 3, 8, 6], (g, x) => g.Softmax(means([2, 3])(g, x)));
  expect((await probeModel(softmax)).givesProbabilities).toBe(true);
  const sigmoid = network(['N', 3, 8, 6], (g, x) => g.Flatten(g.Sigmoid(means([2, 3])(g, x))));
  expect((await probeModel(sigmoid)).givesProbabilities).toBe(true);
  const small = network(['N', 3, 8, 6], (g, x) => g.Mul(means([2, 3])(g, x), 2 / 3));
  expect((await probeModel(small)).givesProbabilities).toBe(false);
});

test('a network that says any batch and means one is found out', async () => {
  const fixed = network(['N', 3, 8, 6], (g, x) => unchecked(g, 'Reshape', [means([2, 3])(g, x), [1, 3]]));
  expect((await probeModel(fixed)).image.maxBatch).toBe(1);
});

test('where the file leaves everything open, the layout that runs is found, and classes are counted', async () => {
  const open = (perm: number[]) =>
    network(
      ['N', 'a', 'b', 'c'],
      (g, x) => {
        const pooled = means([2, 3])(g, g.Clip(g.Transpose(x, { perm })));
        return g.MatMul(pooled, g.floats([1, 2, 3, 4, 5, 6], [3, 2]));
      },
      'C',
    );
  const last = await probeModel(open([0, 3, 1, 2]));
  expect(last.image).toEqual({ layout: 'nhwc', channels: 3, height: 224, width: 224, maxBatch: 0 });
  expect(last.classes).toBe(2);
  expect(last.labels).toEqual([]); // three names for two classes are no names
  expect((await probeModel(open([0, 1, 2, 3]))).image.layout).toBe('nchw');
});

test('damaged weights and single numbers are refused', async () => {
  const nan = network(['N', 3, 8, 6], (g, x) => g.Mul(means([2, 3])(g, x), NaN));
  await expect(probeModel(nan)).rejects.toMatchObject({ code: 'model/run-failed' });
  const single = network(['N', 3, 8, 6], (g, x) => unchecked(g, 'ReduceMean', [x, [1, 2, 3]], { keepdims: 0 }), 'C');
  await expect(probeModel(single)).rejects.toMatchObject({ code: 'model/not-a-classifier' });
  const wrong = network([1, 3, 8, 6], (g, x) => g.Selu(unchecked(g, 'MatMul', [x, g.floats([1, 2, 3], [3, 1])])));
  await expect(probeModel(wrong)).rejects.toMatchObject({
    code: expect.stringMatching(/^model\/(load|run)-failed$/) as string,
  });
});

test('M3: a file that asks for 256 MB at load gets none in quarantine', async () => {
  const file = hostile.hugeConstant(2 ** 26);
  const before = process.memoryUsage().rss;
  const session = await createSession(file, { untrusted: true });
  const grown = process.memoryUsage().rss - before;
  await session.dispose();
  expect(grown).toBeLessThan(64 * 2 ** 20);
});

test('M3: weights that double thirty times are not folded in quarantine', async () => {
  const before = process.memoryUsage().rss;
  const session = await createSession(hostile.doublingModel(30, 'constant'), { untrusted: true });
  const grown = process.memoryUsage().rss - before;
  await session.dispose();
  expect(grown).toBeLessThan(64 * 2 ** 20);
});

test('M2: the crafted attention is an error in quarantine, should it ever pass the gate', async () => {
  const session = await createSession(hostile.attentionModel(), { untrusted: true });
  const picture: HostTensor = { dtype: 'float32', dims: [1, 4, 8], data: new Float32Array(32) };
  await expect(session.run({ x: picture })).rejects.toMatchObject({ code: 'model/run-failed' });
  await session.dispose();
});
