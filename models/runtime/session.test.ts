/** Sessions: element types there and back, providers and their fallback, errors in words, the count of live handles. */
import { afterEach, expect, test } from 'vitest';
import { ModelError } from '../errors';
import { createBuilder } from '../graph/builder';
import { encodeModel } from '../graph/encode';
import { encodeGraph } from '../graph/encode-graph';
import { type DType, numericTypes } from '../tensor/dtype';
import { elementsOf, type HostTensor } from '../tensor/host-tensor';
import { createSession, isProvider, liveSessions } from './session';

afterEach(() => expect(liveSessions()).toBe(0));

function identity(dtype: DType): Uint8Array {
  const g = createBuilder();
  g.output('y', g.Identity(g.input('x', dtype, ['N', 2])));
  return encodeModel(encodeGraph(g.build('same')));
}

const runnable = (Object.keys(numericTypes) as (keyof typeof numericTypes)[]).filter((name) => name !== 'bfloat16');

test.each(runnable)('%s goes in and comes out', async (dtype) => {
  const bytes = Uint8Array.from({ length: 4 * numericTypes[dtype].bytes }, (_, k) =>
    k % numericTypes[dtype].bytes === 0 ? 1 : 0,
  );
  const tensor = { dtype, dims: [2, 2], data: elementsOf(dtype, bytes, 4) } as HostTensor;
  const session = await createSession(identity(dtype), { threads: 1 });
  expect(session.inputs).toEqual([{ name: 'x', dtype, dims: ['N', 2] }]);
  expect(session.outputs[0]).toMatchObject({ name: 'y', dtype });
  expect((await session.run({ x: tensor }))['y']).toEqual(tensor);
  expect(liveSessions()).toBe(1);
  await session.dispose();
});

test('texts go in and come out; bfloat16 is refused before the runtime sees it', async () => {
  const session = await createSession(identity('string'));
  const words: HostTensor = { dtype: 'string', dims: [1, 2], data: ['ja', 'nein'] };
  expect((await session.run({ x: words }))['y']).toEqual(words);
  const brain: HostTensor = { dtype: 'bfloat16', dims: [1, 2], data: new Uint16Array(2) };
  await expect(session.run({ x: brain })).rejects.toThrow(/no bfloat16/);
  await session.dispose();
});

test('an unavailable provider falls back to the CPU and says why', async () => {
  const session = await createSession(identity('float32'), {
    provider: process.platform === 'win32' ? 'coreml' : 'dml',
  });
  expect(session.provider).toBe('cpu');
  expect(session.note).toMatch(/^(dml|coreml) is not used: ./);
  await session.dispose();
  const plain = await createSession(identity('float32'));
  expect(plain.note).toBe('');
  await plain.dispose();
  expect(isProvider('cuda')).toBe(true);
  expect(isProvider('tpu')).toBe(false);
});

test.runIf(process.platform === 'linux')(
  'providers are tried in the order given, the CPU last, each refusal with its reason',
  async () => {
    const session = await createSession(identity('float32'), { provider: ['dml', 'coreml'] });
    expect(session.provider).toBe('cpu');
    expect(session.note).toMatch(
      /^dml is not used: .+ coreml is not used: ONNX Runtime for .+ has no coreml; it has cpu/,
    );
    await session.dispose();
    await expect(createSession(Uint8Array.of(1), { provider: 'coreml' })).rejects.toMatchObject({
      message: expect.stringMatching(/coreml is not used: .+ cpu is not used: /) as string,
      details: { tried: ['coreml', 'cpu'] },
    });
  },
);

test('failures carry a code and leave no handle', async () => {
  await expect(createSession(Uint8Array.of(1, 2, 3))).rejects.toMatchObject({ code: 'model/load-failed' });
  const session = await createSession(identity('float32'));
  const wrong: HostTensor = { dtype: 'float32', dims: [3], data: new Float32Array(3) };
  await expect(session.run({ x: wrong })).rejects.toThrow(ModelError);
  await expect(session.run({})).rejects.toMatchObject({ code: 'model/run-failed' });
  await session.dispose();
  await session.dispose(); // twice is once
  await expect(session.run({ x: wrong })).rejects.toThrow(/already closed/);
});
