/** Import when the checker misbehaves: it dies, it never answers, the labels do not fit; nothing is left behind. */
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { AppError } from '../../contract/errors';
import { type Handlers, serve } from '../../contract/server';
import { Listeners, memoryPair } from '../../contract/transport';
import { type QuarantineContract, quarantineContract } from '../../contract/workers';
import type { ProcessHost } from '../processes/process-host';
import { Importer, type ImporterOptions } from './importer';
import { chooseLabels, suggestName } from './proposal';
import { ModelRegistry } from './registry';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'duet-importer-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const found = {
  inputs: [],
  outputs: [],
  image: { layout: 'nchw' as const, channels: 3, height: 8, width: 8, maxBatch: 1 },
  classes: 3,
  givesProbabilities: true,
  labels: [],
  dryRunMs: 1,
};
const signal = new AbortController().signal;

/** A quarantine that answers as told, and can be killed like a process. */
function start(probe: Handlers<QuarantineContract>['probe'], overrides: Partial<ImporterOptions> = {}) {
  const kills: number[] = [];
  const host: ProcessHost = {
    spawn: () => {
      const [ours, theirs] = memoryPair();
      const exits = new Listeners<string>();
      serve(quarantineContract, theirs, { probe } as Handlers<QuarantineContract>);
      const kill = (): void => {
        kills.push(1);
        exits.tell('killed');
        ours.close();
      };
      return Promise.resolve({ transport: ours, pid: undefined, onExit: (listener) => exits.add(listener), kill });
    },
  };
  const registry = new ModelRegistry({
    builtIn: folder,
    imported: path.join(folder, 'models'),
    assertWritable: () => undefined,
    describe: () => Promise.reject(new Error('unused')),
  });
  const importer = new Importer({
    host,
    registry,
    temporary: folder,
    exchange: folder,
    gate: () => Promise.resolve({ bytes: 1 }),
    readLabels: () => Promise.resolve(['a', 'b']),
    eachSample: () => Promise.resolve(),
    ...overrides,
  });
  return { importer, kills };
}

test('what passes is proposed with number labels and a free name', async () => {
  const { importer } = start(() => found);
  expect(await importer.inspect('/x/My Model (v2).onnx', undefined, signal)).toMatchObject({
    suggestedName: 'my-model-v2',
    labels: { source: 'numbers', names: ['class 0', 'class 1', 'class 2'] },
  });
});

test('a checker that dies is reported as such, and the model is not kept', async () => {
  const { importer } = start(() => new Promise(() => undefined), {
    startTimer: () => () => undefined,
    host: {
      spawn: () => {
        const [ours] = memoryPair();
        const exits = new Listeners<string>();
        queueMicrotask(() => queueMicrotask(() => queueMicrotask(() => exits.tell('SIGSEGV'))));
        return Promise.resolve({
          transport: ours,
          pid: undefined,
          onExit: (one) => exits.add(one),
          kill: () => undefined,
        });
      },
    },
  });
  await expect(importer.inspect('/x/evil.onnx', undefined, signal)).rejects.toMatchObject({
    code: 'model/checker-died',
    message: expect.stringContaining('evil.onnx') as string,
  });
  expect(readdirSync(folder)).toEqual([]);
});

test('a checker that never answers is ended after its limit', async () => {
  const { importer, kills } = start(() => new Promise(() => undefined), {
    startTimer: (late, ms) => {
      expect(ms).toBe(30_000);
      queueMicrotask(late);
      return () => undefined;
    },
  });
  await expect(importer.inspect('/x/loop.onnx', undefined, signal)).rejects.toMatchObject({
    code: 'model/checker-timeout',
  });
  expect(kills.length).toBeGreaterThan(0);
});

test('labels that do not fit are refused with both counts', async () => {
  const { importer, kills } = start(() => found);
  await expect(importer.inspect('/x/a.onnx', '/x/labels.txt', signal)).rejects.toMatchObject({
    code: 'model/labels-mismatch',
    details: { labels: 2, classes: 3 },
  });
  expect(kills).toHaveLength(1);
});

test('the gate refuses before any process is started', async () => {
  const { importer } = start(() => expect.unreachable(), {
    gate: () => Promise.reject(new AppError('model/not-onnx', 'It looks like a zip archive.')),
    host: { spawn: () => expect.unreachable() },
  });
  await expect(importer.inspect('/x/a.onnx', undefined, signal)).rejects.toMatchObject({ code: 'model/not-onnx' });
});

test('after discard the proposal is unknown and its process ended', async () => {
  const { importer, kills } = start(() => found);
  const { id, suggested } = await importer.inspect('/x/a.onnx', undefined, signal);
  importer.discard(id);
  expect(kills).toHaveLength(1);
  await expect(importer.trial(id, suggested, signal)).rejects.toMatchObject({ code: 'call/bad-request' });
});

test('names: taken ones get a number, odd ones become plain', async () => {
  const taken = new Set(['net', 'net-2']);
  const isTaken = (name: string) => Promise.resolve(taken.has(name));
  expect(await suggestName('net.onnx', isTaken)).toBe('net-3');
  expect(await suggestName('---.onnx', isTaken)).toBe('model');
  expect(await suggestName(`${'x'.repeat(200)}.onnx`, isTaken)).toHaveLength(48);
  expect(chooseLabels(undefined, ['x', 'y'], 2).source).toBe('metadata');
});
