/** The whole engine inside this process, real intake and real models: from folder to verdicts, corrections, undo, export. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, beforeEach, expect, test } from 'vitest';
import { type Client, connect } from '../contract/client';
import { type HostContract, hostContract } from '../contract/host';
import { serve } from '../contract/server';
import { type StudioContract, studioContract } from '../contract/studio';
import { memoryPair } from '../contract/transport';
import { computeContract, intakeContract, quarantineContract } from '../contract/workers';
import { quarantineHandlers } from '../engine/compute/quarantine';
import { computeHandlers } from '../engine/compute/service';
import { createEngine, type Engine } from '../engine/engine';
import { intakeHandlers } from '../engine/intake/service';
import { liveSessions } from '../../models/runtime/session';
import { createInlineHost } from './inline-host';

const root = path.join(import.meta.dirname, '..', '..');
const samples = path.join(root, 'assets', 'samples');
const options = { threads: 2, now: () => performance.now() };
let folder = '';
let engine: Engine;
let studio: Client<StudioContract>;
let host: Client<HostContract>;
const closing: Promise<void>[] = [];

function inlineHost() {
  return createInlineHost({
    intake: (transport) => {
      const server = serve(
        intakeContract,
        transport,
        intakeHandlers({
          found: (event) => server.emit('found', event),
          chunk: (event) => server.emit('chunk', event),
        }),
      );
      return () => server.dispose();
    },
    compute: (transport) => {
      const handlers = computeHandlers(options);
      const server = serve(computeContract, transport, handlers);
      return () => {
        server.dispose();
        closing.push(handlers.dispose());
      };
    },
    quarantine: (transport) => {
      const server = serve(quarantineContract, transport, quarantineHandlers(options));
      return () => server.dispose();
    },
  });
}

beforeEach(async () => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'duet-inline-'));
  engine = await createEngine({
    start: {
      workspace: path.join(folder, 'workspace'),
      assets: path.join(root, 'assets'),
      temporary: path.join(folder, 'temporary'),
      version: 'test',
      runtime: 'test',
      isTestRuntime: false,
      device: 'auto',
      showSamples: false,
      decoders: 2,
    },
    host: inlineHost(),
    onnxruntimeVersion: 'test',
    now: () => performance.now(),
    log: (message) => expect.unreachable(message),
  });
  const [ours, theirs] = memoryPair();
  engine.attachStudio(theirs);
  studio = connect(studioContract, ours);
  const [hostOurs, hostTheirs] = memoryPair();
  engine.attachHost(hostTheirs);
  host = connect(hostContract, hostOurs);
});

afterEach(async () => {
  await engine.stop();
  await Promise.all(closing.splice(0));
  rmSync(folder, { recursive: true, force: true });
});
afterAll(() => expect(liveSessions()).toBe(0));

/** Adds paths and waits until the run is idle. */
async function add(paths: string[]) {
  const idle = new Promise<void>((resolve) => {
    studio.on('run.progress', ({ state }) => state === 'idle' && resolve());
  });
  const handles = await host.call('handles.add', { paths });
  const result = await studio.call('photos.add', { handles: handles.map(({ handle }) => handle) });
  await idle;
  return { ...result, photos: (await studio.call('photos.page', { offset: 0, limit: 100 })).photos };
}

test('a folder is judged; the file that is none is named; numbers in the export are those of the list', async () => {
  const bad = path.join(folder, 'bad.jpg');
  writeFileSync(bad, 'no picture');
  const { added, photos } = await add([samples, bad]);
  expect(added).toBe(15);
  expect(photos.filter(({ state }) => state === 'judged')).toHaveLength(14);
  expect(photos.find(({ name }) => name === 'bad.jpg')).toMatchObject({
    state: 'failed',
    failure: { code: 'image/unsupported' },
  });
  const tops = Object.fromEntries(
    photos.map(({ name, verdicts }) => [path.basename(name), verdicts['everyday-1000']?.predictions[0]?.label]),
  );
  expect(tops).toMatchObject({
    'espresso.jpg': 'espresso',
    'photographer-with-tripod.jpg': 'tripod',
    'dog-bicycle-truck.jpg': 'German shepherd',
    'giraffe-and-zebra.jpg': 'zebra',
  });
  const target = path.join(folder, 'out.jsonl');
  const { handle } = await host.call('handles.target', { path: target });
  await studio.call('export.table', {
    format: 'jsonl',
    target: handle,
    model: 'everyday-1000',
    threshold: 0.5,
    replace: false,
  });
  const lines = readFileSync(target, 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as { file: string; predictions?: { score: number }[] });
  for (const line of lines) {
    const photo = photos.find(({ name }) => name === line.file);
    expect(line.predictions?.map(({ score }) => score)).toEqual(
      photo?.verdicts['everyday-1000']?.predictions.map(({ score }) => score),
    );
  }
});

test('corrections and removals are undone in order, and pages hear of each', async () => {
  const { photos } = await add([path.join(samples, 'espresso.jpg'), path.join(samples, 'tabby-cat.jpg')]);
  const [first, second] = photos;
  await studio.call('photos.correct', { ids: [first!.id], label: 'ristretto' });
  await studio.call('photos.remove', { ids: [second!.id] });
  expect((await studio.call('photos.page', { offset: 0, limit: 10 })).photos).toMatchObject([
    { correction: 'ristretto' },
  ]);
  expect(await studio.call('history.undo', {})).toEqual({ what: '1 picture removed' });
  expect((await studio.call('history.undo', {})).what).toContain('ristretto');
  const after = await studio.call('photos.page', { offset: 0, limit: 10 });
  expect(after.photos.map(({ id, correction }) => [id, correction])).toEqual([
    [first!.id, undefined],
    [second!.id, undefined],
  ]);
  expect(await studio.call('history.undo', {})).toEqual({ what: null });
});

test('a second model judges what is already here, with boxes inside the picture', async () => {
  await add([path.join(samples, 'dog-bicycle-truck.jpg')]);
  const idle = new Promise<void>((resolve) => studio.on('run.progress', ({ state }) => state === 'idle' && resolve()));
  await studio.call('models.select', { ids: ['everyday-1000', 'photo-objects'] });
  await idle;
  const [photo] = (await studio.call('photos.page', { offset: 0, limit: 1 })).photos;
  const objects = photo!.verdicts['photo-objects']!.predictions;
  expect(objects.map(({ label }) => label)).toEqual(expect.arrayContaining(['dog', 'bicycle']));
  for (const { box } of objects) expect(box!.every((side) => side >= 0 && side <= 1)).toBe(true);
});

test('handles and ids that were never given are refused, paths are no handles', async () => {
  await expect(studio.call('photos.add', { handles: ['h99'] })).rejects.toMatchObject({ code: 'file/unknown-handle' });
  await expect(studio.call('photos.add', { handles: ['/etc/passwd'] })).rejects.toMatchObject({
    code: 'call/bad-request',
  });
  await expect(studio.call('photos.preview', { id: 'p99' })).rejects.toMatchObject({ code: 'call/bad-request' });
  await expect(studio.call('models.select', { ids: ['nobody'] })).rejects.toMatchObject({ code: 'model/unknown' });
  await expect(studio.call('models.remove', { id: 'everyday-1000' })).rejects.toMatchObject({
    code: 'usage/bad-argument',
  });
});
