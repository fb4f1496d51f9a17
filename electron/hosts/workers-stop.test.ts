/** Decoders that are told to stop: nobody else gets one before it has, and one that never does loses its process. */
import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { AppError } from '../contract/errors';
import { serve } from '../contract/server';
import { defaultSplitPlan } from '../contract/samples';
import { intakeContract } from '../contract/workers';
import { importJob } from '../engine/datasets/import/import-job';
import { intakeHandlers } from '../engine/intake/service';
import { listFiles } from '../engine/intake/list-files';
import { JobQueue } from '../engine/jobs/queue';
import { Workspace } from '../engine/storage/workspace';
import { Workers } from '../engine/studio/workers';
import { createInlineHost } from './inline-host';

/** What the decoders are at, by process in the order of their starts. */
let at: { process: number; signal: AbortSignal; answer: (error: AppError) => void }[] = [];
let started = 0;
let workers: Workers;
let folder = '';
let onCall: () => void = () => undefined;

beforeEach(() => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'duet-stop-'));
  [at, started, onCall] = [[], 0, () => undefined];
  const host = createInlineHost({
    compute: () => () => undefined,
    intake: (transport) => {
      const process = ++started;
      const handlers = intakeHandlers({ found: () => undefined, chunk: () => undefined });
      const hang: (typeof handlers)['dataset.files'] = (_request, { signal }) =>
        new Promise((_, answer) => {
          at.push({ process, signal, answer });
          onCall();
        });
      const server = serve(intakeContract, transport, { ...handlers, 'dataset.files': hang });
      return () => server.dispose();
    },
  });
  workers = new Workers({ host, decoders: 1, device: 'cpu', exchange: '', now: () => 0, onNetwork: () => undefined });
});
afterEach(() => {
  workers.dispose();
  rmSync(folder, { recursive: true, force: true });
});

const request = { files: [{ path: 'a.png', name: 'a.png', label: null, split: null }], options: {}, chunk: 'a' };
/** Settles when so many calls have reached a decoder. */
const reached = (count: number) =>
  new Promise<void>((resolve) => {
    onCall = () => at.length >= count && resolve();
    onCall();
  });
/** What a promise has come to after all that is due has been done. */
async function state(promise: Promise<unknown>): Promise<unknown> {
  let now: unknown = 'open';
  promise.then(
    () => (now = 'done'),
    (error: unknown) => (now = error instanceof AppError ? error.code : error),
  );
  for (let turn = 0; turn < 20; turn++) await new Promise((resolve) => setImmediate(resolve));
  return now;
}

test('a cancelled call ends when the decoder has stopped; only then the next one has it', async () => {
  const stop = new AbortController();
  const first = workers.decodeFiles(request, stop.signal);
  const second = workers.decodeFiles(request, new AbortController().signal);
  second.catch(() => undefined);
  await reached(1);
  stop.abort();
  expect(await state(first)).toBe('open');
  expect(at[0]!.signal.aborted).toBe(true);
  expect(at).toHaveLength(1);
  at[0]!.answer(new AppError('call/cancelled', 'Stopped.'));
  expect(await state(first)).toBe('call/cancelled');
  await reached(2);
  expect(at[1]!.process).toBe(1);
});

test('one that does not stop is ended: the call was cancelled, no file is blamed, and the next one has a new process', async () => {
  const stop = new AbortController();
  const first = workers.decodeFiles(request, stop.signal);
  await reached(1);
  workers.killStopping();
  // Nobody had told it to stop.
  expect(await state(first)).toBe('open');
  stop.abort();
  workers.killStopping();
  expect(await state(first)).toBe('call/cancelled');
  workers.decodeFiles(request, new AbortController().signal).catch(() => undefined);
  await reached(2);
  expect(at[1]!.process).toBe(2);
});

test('also when it was replaced meanwhile: then the new one is spared', async () => {
  const stop = new AbortController();
  const first = workers.decodeFiles(request, stop.signal);
  await reached(1);
  workers.intakes[0]!.renew();
  await workers.intakes[0]!.start();
  stop.abort();
  workers.killStopping();
  expect(await state(first)).toBe('call/cancelled');
  expect([started, workers.intakes[0]!.current().restarts]).toEqual([2, 0]);
});

test('an import that is cancelled while a decoder hangs is over after five seconds of the queue', async () => {
  const workspace = await Workspace.open(path.join(folder, 'workspace'));
  const timers: { ms: number; run: () => void }[] = [];
  const queue = await JobQueue.open({
    journal: { append: () => Promise.resolve() },
    records: [],
    folder: path.join(workspace.root, 'jobs'),
    isWritable: true,
    isThere: () => Promise.resolve(true),
    now: () => 0,
    clock: () => 0,
    startTimer: (run, ms) => {
      timers.push({ ms, run });
      return () => timers.splice(0, timers.length, ...timers.filter((one) => one.run !== run));
    },
  });
  // Whatever it is, it is called a picture.
  const readers = Object.assign(Object.create(workers) as Workers, {
    list: (roots: string[], signal: AbortSignal, found: Parameters<Workers['list']>[2]) =>
      listFiles({ roots, maxFiles: 10, signal, found }),
  });
  queue.register(importJob({ workspace, readers, decoders: 1, clock: () => 0, onPublished: () => undefined }));
  queue.start();
  const parameters = {
    ...{ id: 'things', title: 'Things', isAddition: false, kind: 'image', origin: 'real', reader: 'files' },
    ...{ paths: [import.meta.filename], isArchive: false, unpacked: null, packBytes: 1, provenance: '', licence: '' },
    ...{ options: { image: { height: 4, width: 4, fit: 'crop', channels: 1 } }, plan: defaultSplitPlan },
  };
  const { id } = await queue.add({ kind: 'dataset.import', title: 'Things', parameters, inputs: [], seed: 0 });
  await reached(1);
  await queue.cancel(id);
  expect(at[0]!.signal.aborted).toBe(true);
  const stateOf = () => queue.list().jobs[0]!.state;
  expect(stateOf()).toBe('pausing');
  timers.find(({ ms }) => ms === 5_000)!.run();
  while (stateOf() !== 'cancelled') await new Promise((resolve) => setImmediate(resolve));
  expect(workers.intakes[0]!.current().restarts).toBe(1);
  await queue.close('keep');
  await workspace.close();
});
