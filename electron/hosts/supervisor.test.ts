/** The supervisor under crashes: pending calls are rejected, the process comes back, and at last it is left alone. */
import { expect, test } from 'vitest';
import * as z from 'zod';
import type { Contract } from '../contract/rpc';
import { serve } from '../contract/server';
import { createInlineHost } from './inline-host';
import { Supervisor } from '../engine/processes/supervisor';

const contract = {
  calls: {
    hang: { request: z.strictObject({}), reply: z.null() },
    count: { request: z.strictObject({}), reply: z.int() },
  },
  events: {},
} satisfies Contract;

function start(now = () => 0) {
  let started = 0;
  const host = createInlineHost({
    intake: (transport) => {
      const number = ++started;
      const server = serve(contract, transport, { hang: () => new Promise(() => undefined), count: () => number });
      return () => server.dispose();
    },
  });
  const supervisor = new Supervisor({ role: 'intake', contract, host, now });
  const states: string[] = [];
  supervisor.health.add(({ state }) => states.push(state));
  return { supervisor, states };
}

test('a crash rejects what was pending with engine/crashed, and the next call reaches a new process', async () => {
  const { supervisor, states } = start();
  expect(await supervisor.call('count', {})).toBe(1);
  const hanging = supervisor.call('hang', {});
  hanging.catch(() => undefined);
  await supervisor.call('count', {});
  supervisor.kill();
  await expect(hanging).rejects.toMatchObject({ code: 'engine/crashed' });
  expect(await supervisor.call('count', {})).toBe(2);
  expect(states).toEqual(['restarting', 'running']);
});

test('the fourth death within five minutes is the last, until a person retries', async () => {
  const { supervisor, states } = start();
  await supervisor.start();
  for (let death = 0; death < 3; death++) {
    supervisor.kill();
    expect(await supervisor.call('count', {})).toBe(death + 2);
  }
  supervisor.kill();
  await expect(supervisor.call('count', {})).rejects.toMatchObject({ code: 'engine/gave-up' });
  expect(states.at(-1)).toBe('gave-up');
  await supervisor.retry();
  expect(await supervisor.call('count', {})).toBe(5);
  expect(supervisor.current()).toMatchObject({ state: 'running', restarts: 0 });
});

test('deaths long ago do not count', async () => {
  let time = 0;
  const { supervisor } = start(() => time);
  await supervisor.start();
  for (let death = 0; death < 10; death++) {
    supervisor.kill();
    await supervisor.call('count', {});
    time += 2 * 60_000;
  }
  expect(supervisor.current().state).toBe('running');
});

test('a renewed process answers what it was asked before it ends, and that is no crash', async () => {
  const answers: (() => void)[] = [];
  let [started, stopped] = [0, 0];
  const host = createInlineHost({
    intake: (transport) => {
      const number = ++started;
      const server = serve(contract, transport, {
        hang: () => new Promise((resolve) => answers.push(() => resolve(null))),
        count: () => number,
      });
      return () => {
        stopped += 1;
        server.dispose();
      };
    },
  });
  const supervisor = new Supervisor({ role: 'intake', contract, host, now: () => 0 });
  const hanging = supervisor.call('hang', {});
  expect(await supervisor.call('count', {})).toBe(1);
  supervisor.renew();
  expect(await supervisor.call('count', {})).toBe(2);
  expect(stopped).toBe(0);
  answers[0]?.();
  expect(await hanging).toBeNull();
  expect(stopped).toBe(1);
  // Idle: it goes at once.
  supervisor.renew();
  expect(stopped).toBe(2);
  expect(await supervisor.call('count', {})).toBe(3);
  expect(supervisor.current()).toMatchObject({ state: 'running', restarts: 0 });
  supervisor.dispose();
});

test('after dispose nothing starts again', async () => {
  const { supervisor } = start();
  await supervisor.start();
  supervisor.dispose();
  await expect(supervisor.call('count', {})).rejects.toMatchObject({ code: 'engine/closed' });
});
