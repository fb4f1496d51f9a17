/** Calls and events over a memory pair: replies, failures, cancel, progress, refusals, and the other side's death. */
import fc from 'fast-check';
import { expect, test, vi } from 'vitest';
import * as z from 'zod';
import { connect } from './client';
import { AppError } from './errors';
import { bridgeChannels } from './bridge';
import { hostContract } from './host';
import { assertMessageFits } from './measure';
import type { Contract } from './rpc';
import { type Handlers, serve } from './server';
import { studioContract } from './studio';
import { memoryPair } from './transport';
import { computeContract, intakeContract, quarantineContract } from './workers';

const contract = {
  calls: {
    double: { request: z.strictObject({ value: z.number() }), reply: z.number() },
    wait: { request: z.strictObject({}), reply: z.string() },
    fail: { request: z.strictObject({}), reply: z.null() },
    lie: { request: z.strictObject({}), reply: z.number() },
  },
  events: { ticked: z.strictObject({ count: z.int() }) },
} satisfies Contract;

function start(overrides: Partial<Handlers<typeof contract>> = {}) {
  const [left, right] = memoryPair();
  const aborted = vi.fn();
  const server = serve(contract, right, {
    double: ({ value }) => value * 2,
    wait: (_request, { signal, progress }) =>
      new Promise((resolve) => {
        progress(0.25);
        progress(7);
        signal.addEventListener('abort', () => {
          aborted();
          resolve('stopped');
        });
      }),
    fail: () => {
      throw new AppError('file/missing', 'There is no such file.', { name: 'a.png' });
    },
    lie: () => 'not a number' as unknown as number,
    ...overrides,
  });
  return { left, right, client: connect(contract, left), server, aborted };
}

test('a call returns its reply, an event reaches its listener until the undo', async () => {
  const { client, server } = start();
  expect(await client.call('double', { value: 21 })).toBe(42);
  const heard: number[] = [];
  const undo = client.on('ticked', ({ count }) => heard.push(count));
  server.emit('ticked', { count: 1 });
  await client.call('double', { value: 1 });
  undo();
  server.emit('ticked', { count: 2 });
  await client.call('double', { value: 1 });
  expect(heard).toEqual([1]);
});

test('a failure arrives with its code, sentence and details', async () => {
  const { client } = start();
  await expect(client.call('fail', {})).rejects.toMatchObject({
    code: 'file/missing',
    message: 'There is no such file.',
    details: { name: 'a.png' },
  });
});

test('anything else thrown is called our mistake, with its cause', async () => {
  const { client } = start({
    fail: () => {
      throw new TypeError('x is not a function');
    },
  });
  const error: unknown = await client.call('fail', {}).catch((caught: unknown) => caught);
  expect(error).toMatchObject({ code: 'engine/internal' });
  expect((error as Error).message).toContain('x is not a function');
});

test('cancelling rejects at once and aborts the handler', async () => {
  const { client, aborted } = start();
  const abort = new AbortController();
  const progress: number[] = [];
  const waiting = client.call('wait', {}, { signal: abort.signal, onProgress: (fraction) => progress.push(fraction) });
  await client.call('double', { value: 1 });
  abort.abort();
  await expect(waiting).rejects.toMatchObject({ code: 'call/cancelled' });
  await client.call('double', { value: 1 });
  expect(aborted).toHaveBeenCalledOnce();
  expect(progress).toEqual([0.25, 1]);
});

test('a wrong request never reaches its handler, a wrong reply never reaches its caller', async () => {
  const double = vi.fn(({ value }: { value: number }) => value);
  const { client } = start({ double });
  await expect(client.call('double', { value: 'x' } as never)).rejects.toMatchObject({ code: 'call/bad-request' });
  await expect(client.call('double', { value: 1, more: 2 } as never)).rejects.toMatchObject({
    code: 'call/bad-request',
  });
  await expect(client.call('double', { value: NaN })).rejects.toMatchObject({ code: 'call/bad-request' });
  expect(double).not.toHaveBeenCalled();
  await expect(client.call('lie', {})).rejects.toMatchObject({ code: 'call/bad-reply' });
});

test('names from Object.prototype are not calls', async () => {
  const { client } = start();
  for (const name of ['constructor', 'toString', '__proto__', 'hasOwnProperty']) {
    await expect(client.call(name as never, {} as never)).rejects.toMatchObject({ code: 'call/unknown' });
  }
});

test('when the other side closes, what is pending is rejected and new calls too', async () => {
  const { client, right } = start();
  const waiting = client.call('wait', {});
  right.close();
  await expect(waiting).rejects.toMatchObject({ code: 'engine/closed' });
  await expect(client.call('double', { value: 1 })).rejects.toMatchObject({ code: 'engine/closed' });
});

test('messages that are too large, too deep or endless are refused before they are parsed', async () => {
  const { client } = start();
  const deep: Record<string, unknown> = {};
  let inner = deep;
  for (let depth = 0; depth < 10_000; depth++) inner = inner['next'] = {} as Record<string, unknown>;
  expect(() => assertMessageFits(deep)).toThrow(/too deeply/);
  const cycle: unknown[] = [];
  cycle.push(cycle);
  expect(() => assertMessageFits(cycle)).toThrow(AppError);
  expect(() => assertMessageFits('x'.repeat(17 * 1024 * 1024))).toThrow(/bytes/);
  const huge = { value: new Uint8Array(33 * 1024 * 1024) } as never;
  await expect(client.call('double', huge)).rejects.toMatchObject({ code: 'call/too-large' });
});

const contracts: Record<string, Contract> = {
  studioContract,
  hostContract,
  intakeContract,
  computeContract,
  quarantineContract,
  bridge: { calls: bridgeChannels, events: {} },
};
const hostile = fc.oneof(
  fc.anything({ withBigInt: true, withMap: true, withTypedArray: true }),
  fc.constantFrom<unknown>(
    NaN,
    2 ** 53,
    '\ud800',
    { __proto__: null },
    JSON.parse('{"__proto__":{"a":1}}'),
    '../../etc/passwd',
  ),
);

for (const [name, one] of Object.entries(contracts)) {
  for (const [call, shape] of Object.entries(one.calls)) {
    test(`${name} ${call}: junk is refused with a typed failure, the handler never runs on what its schema refuses`, async () => {
      const [left, right] = memoryPair();
      const handler = vi.fn(() => null);
      const single: Contract = { calls: { [call]: shape }, events: {} };
      serve(single, right, { [call]: handler });
      const client = connect(single, left);
      await fc.assert(
        fc.asyncProperty(hostile, async (junk) => {
          handler.mockClear();
          const isValid = shape.request.safeParse(junk).success;
          const error: unknown = await client.call(call, junk).catch((caught: unknown) => caught);
          if (isValid) return;
          expect(handler).not.toHaveBeenCalled();
          expect(error).toMatchObject({ code: 'call/bad-request' });
        }),
        { numRuns: 200, seed: 20261123 },
      );
    });
  }
}

test('junk on the wire is answered where it has an id and ignored where not', async () => {
  const { left, client } = start();
  for (const junk of [null, 1, 'x', [], { t: 'call' }, { t: 'other', id: 3 }, { t: 'call', id: -1, name: 'double' }]) {
    left.send(junk);
  }
  expect(await client.call('double', { value: 4 })).toBe(8);
});
