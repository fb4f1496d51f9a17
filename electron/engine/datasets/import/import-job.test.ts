/** The import job: whatever interrupts it, run again it gives what an uninterrupted run gives; what goes wrong with files is told. */
import {
  appendFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { SourceFile } from '../../../contract/dataset-intake';
import { AppError } from '../../../contract/errors';
import { defaultSplitPlan } from '../../../contract/samples';
import { listFiles } from '../../intake/list-files';
import { Workspace } from '../../storage/workspace';
import { writeChunk } from '../chunk';
import { readManifest } from '../manifest';
import { imageChunk } from '../testing/chunks';
import { importJob } from './import-job';
import type { ImportParameters } from './parameters';
import type { ImportReaders } from './readers';

let folder = '';
let source = '';
let workspace: Workspace;

beforeEach(async () => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'duet-import-'));
  source = path.join(folder, 'source');
  // 100 files make four chunks.
  for (let number = 0; number < 100; number++) {
    const label = path.join(source, number % 3 === 0 ? 'a' : 'b');
    mkdirSync(label, { recursive: true });
    writeFileSync(path.join(label, `${number}.png`), `picture ${number}`);
  }
  workspace = await Workspace.open(path.join(folder, 'workspace'));
});
afterEach(async () => {
  await workspace.close();
  rmSync(folder, { recursive: true, force: true });
});

const isThere = (file: SourceFile): boolean => existsSync(file.path);

/** Reads "picture 12" as the picture with the value 12. */
class TextReaders implements ImportReaders {
  decoded = 0;
  /** Called before every chunk; may throw. */
  onDecode: (files: readonly SourceFile[]) => void = () => undefined;
  onWritten: () => void = () => undefined;
  killStopping: () => void = () => undefined;

  list: ImportReaders['list'] = (roots, signal, found) => listFiles({ roots, maxFiles: 1e6, signal, found });
  unpack: ImportReaders['unpack'] = () => Promise.reject(new Error('no archive here'));
  readDataset: ImportReaders['readDataset'] = () => Promise.reject(new Error('no stream here'));
  decodeFiles: ImportReaders['decodeFiles'] = ({ files, chunk }) => {
    this.onDecode(files);
    this.decoded += files.length;
    const there = files.filter(isThere);
    const samples = there.map(({ path: file, name, label }) => ({
      name,
      label,
      value: Number(readFileSync(file, 'utf8').replace('picture ', '')),
    }));
    writeFileSync(chunk, writeChunk(imageChunk(samples)));
    this.onWritten();
    const gone = new AppError('file/missing', 'It is not there any more.').toFailure();
    const leftOut = files.filter((file) => !there.includes(file)).map(({ name }) => ({ name, failure: gone }));
    return Promise.resolve({ samples: samples.length, leftOut, position: files.length });
  };
}

const parameters = (change: Partial<ImportParameters> = {}): ImportParameters => ({
  id: 'things',
  title: 'Things',
  isAddition: false,
  kind: 'image',
  origin: 'real',
  reader: 'files',
  paths: [source],
  isArchive: false,
  unpacked: null,
  options: { image: { height: 4, width: 3, fit: 'crop', channels: 1 } },
  plan: { ...defaultSplitPlan, test: 0.2 },
  packBytes: 1200,
  provenance: '',
  licence: '',
  ...change,
});

interface RunOptions {
  readers?: TextReaders;
  at?: Workspace;
  signal?: AbortSignal;
  onProgress?: (doing: string) => void;
  given?: ImportParameters;
}

/** One attempt. */
function run({
  readers = new TextReaders(),
  at = workspace,
  signal,
  onProgress,
  given = parameters(),
}: RunOptions = {}) {
  const job = importJob({ workspace: at, readers, decoders: 2, clock: () => 1000, onPublished: () => undefined });
  const own = path.join(folder, 'job');
  mkdirSync(own, { recursive: true });
  return job.run({
    id: 'j1',
    parameters: given,
    attempt: 1,
    folder: own,
    signal: signal ?? new AbortController().signal,
    progress: (_done, _total, _unit, doing) => onProgress?.(doing),
    slice: () => Promise.resolve(),
    log: () => undefined,
  });
}

const killed = new Error('killed');

/** A workspace whose objects cannot be written from the `nth` writing on, as when the process is killed there. */
function dyingAt(nth: number): Workspace {
  let count = 0;
  const die = <Result>(work: () => Promise<Result>): Promise<Result> =>
    ++count >= nth ? Promise.reject(killed) : work();
  const { objects } = workspace;
  const dying = {
    ...objects,
    read: (hash: string) => objects.read(hash),
    has: (hash: string) => objects.has(hash),
    path: (hash: string) => objects.path(hash),
    put: (bytes: Uint8Array, extension: string) => die(() => objects.put(bytes, extension)),
    adopt: (file: string, extension: string) => die(() => objects.adopt(file, extension)),
    adoptHashed: (file: { file: string; hash: string }, extension: string) =>
      die(() => objects.adoptHashed(file, extension)),
  };
  return new Proxy(workspace, {
    get: (target, name) => (name === 'objects' ? dying : Reflect.get(target, name)) as unknown,
  });
}

const told = async () => readManifest(workspace.datasetsFolder, 'things');

test('samples stand in the order of the files, with counts and splits', async () => {
  const result = await run();
  expect(result.summary).toBe('100 images in 2 classes');
  const manifest = await told();
  expect(result.files).toEqual([
    ...[manifest.parts[0]!.pack, manifest.parts[0]!.samples, manifest.parts[0]!.splits],
    path.join('datasets', 'things', 'dataset.json'),
  ]);
  const splits = Buffer.from(await workspace.objects.read(manifest.parts[0]!.splits));
  expect([0, 1, 2].map((split) => splits.filter((one) => one === split).length)).toEqual([70, 10, 20]);
});

test('killed anywhere and run again, it gives the same manifest, and decodes no finished chunk twice', async () => {
  await run();
  const whole = await told();
  const forget = (): void => {
    for (const name of ['job', 'workspace/datasets/things'])
      rmSync(path.join(folder, name), { recursive: true, force: true });
  };
  // Before each of the four chunks, and between the writing of a chunk and the note that it is there.
  for (let nth = 1; nth <= 4; nth++) {
    for (const when of ['onDecode', 'onWritten'] as const) {
      forget();
      const dying = new TextReaders();
      let calls = 0;
      dying[when] = () => {
        if (++calls >= nth) throw killed;
      };
      await expect(run({ readers: dying })).rejects.toBe(killed);
      const again = new TextReaders();
      await run({ readers: again });
      expect(await told()).toEqual(whole);
      // One more chunk may have been under way in the other decoder.
      expect(again.decoded).toBeLessThanOrEqual(100 - 32 * Math.max(0, nth - 2));
    }
  }
  // While the part is put together, and at each object.
  for (let nth = 1; nth <= 3; nth++) {
    forget();
    await expect(run({ at: dyingAt(nth) })).rejects.toBe(killed);
    const again = new TextReaders();
    await run({ readers: again });
    expect(again.decoded).toBe(0);
    expect(await told()).toEqual(whole);
  }
  // After the manifest: nothing is done again.
  const after = new TextReaders();
  await run({ readers: after });
  expect(after.decoded).toBe(0);
  expect(await told()).toEqual(whole);
});

test('killed by the queue, it has the decoders ended that have not stopped', () => {
  const readers = new TextReaders();
  let kills = 0;
  readers.killStopping = () => (kills += 1);
  importJob({ workspace, readers, decoders: 2, clock: () => 1000, onPublished: () => undefined }).kill?.();
  expect(kills).toBe(1);
});

test('cancelled while packing, nothing of the data set is there; chunks are kept for the next attempt', async () => {
  const abort = new AbortController();
  const stop = (doing: string): void => {
    if (doing.startsWith('packing')) abort.abort();
  };
  await expect(run({ signal: abort.signal, onProgress: stop })).rejects.toMatchObject({ code: 'call/cancelled' });
  expect(readdirSync(workspace.datasetsFolder)).toEqual([]);
  const again = new TextReaders();
  await run({ readers: again });
  expect(again.decoded).toBe(0);
});

test('a folder that goes while it is imported stops the job; brought back, the data set is whole', async () => {
  await run();
  const whole = await told();
  for (const name of ['job', 'workspace/datasets/things'])
    rmSync(path.join(folder, name), { recursive: true, force: true });
  const readers = new TextReaders();
  let calls = 0;
  readers.onDecode = () => {
    if (++calls === 2) renameSync(source, `${source} elsewhere`);
  };
  await expect(run({ readers })).rejects.toMatchObject({ code: 'file/missing' });
  renameSync(`${source} elsewhere`, source);
  await run();
  expect(await told()).toEqual(whole);
});

test('a file that changes or disappears while it is imported is left out and told', async () => {
  const readers = new TextReaders();
  let calls = 0;
  readers.onWritten = () => {
    if (++calls > 1) return;
    appendFileSync(path.join(source, 'a', '0.png'), '0');
    rmSync(path.join(source, 'b', '98.png'));
  };
  // Already other than when it was listed.
  readers.list = async (roots, signal, found) => {
    const listed = await listFiles({ roots, maxFiles: 1e6, signal, found });
    writeFileSync(path.join(source, 'a', '3.png'), 'picture 3333');
    return listed;
  };
  const { summary } = await run({ readers });
  expect(summary).toBe('97 images in 2 classes, 3 files left out');
  const { leftOut } = (await told()).parts[0]!;
  const lines = Buffer.from(await workspace.objects.read(leftOut!))
    .toString('utf8')
    .trim()
    .split('\n');
  const codes = lines.map((line) => JSON.parse(line) as { name: string; failure: { code: string } });
  expect(codes.map(({ name, failure }) => `${name} ${failure.code}`).sort()).toEqual([
    'a/0.png data/changed',
    'a/3.png data/changed',
    'b/98.png file/missing',
  ]);
});

test('a picture that ends its decoder loses only itself', async () => {
  const readers = new TextReaders();
  let deaths = 0;
  readers.onDecode = (files) => {
    if (!files.some(({ name }) => name === 'b/50.png')) return;
    deaths++;
    throw new AppError('data/reader-died', 'It ended the process.');
  };
  expect((await run({ readers })).summary).toBe('99 images in 2 classes, 1 file left out');
  expect(deaths).toBe(2);
});

test('without space it does not begin', async () => {
  const image = { height: 512, width: 512, fit: 'crop' as const, channels: 3 as const };
  const listed = new TextReaders();
  // Many enough that no disk has room for them.
  const many = Array.from({ length: 50 }, () => source);
  const huge = { ...parameters({ options: { image } }), reader: 'idx' as const, packBytes: 1e18, paths: many };
  await expect(run({ readers: listed, given: huge })).rejects.toMatchObject({ code: 'data/no-space' });
  expect(listed.decoded).toBe(0);
});

test('a chunk that a power cut took is made again, and no other', async () => {
  await run();
  const whole = await told();
  for (const lose of [
    (bytes: Buffer) => bytes.fill(0, bytes.length - 200),
    (bytes: Buffer) => bytes.subarray(0, 300),
  ]) {
    for (const name of ['job', 'workspace/datasets/things'])
      rmSync(path.join(folder, name), { recursive: true, force: true });
    await expect(run({ at: dyingAt(1) })).rejects.toBe(killed);
    // Chunks are not synced: the note of it is on the disk, and of the chunk its name and length at best.
    const file = path.join(folder, 'job', 'chunks', '1.safetensors');
    writeFileSync(file, lose(readFileSync(file)));
    const again = new TextReaders();
    await run({ readers: again });
    expect(again.decoded).toBe(32);
    expect(await told()).toEqual(whole);
  }
});

test('a chunk file that was touched after it was accepted is found out, and made again the next time', async () => {
  const readers = new TextReaders();
  let calls = 0;
  const spoil = (doing: string): void => {
    if (!doing.startsWith('reading 100') || calls++ > 0) return;
    const file = path.join(folder, 'job', 'chunks', '2.safetensors');
    const bytes = readFileSync(file);
    bytes[bytes.length - 200] = (bytes.at(-200) ?? 0) ^ 255;
    writeFileSync(file, bytes);
  };
  await expect(run({ readers, onProgress: spoil })).rejects.toMatchObject({ code: 'data/damaged' });
  await run();
  expect((await told()).parts[0]!.count).toBe(100);
});
