/** The built command line on real pictures: what it prints, writes, refuses, and how it ends. */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { parse } from 'csv-parse/sync';
import { parquetReadObjects } from 'hyparquet';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createBuilder } from '../../models/graph/builder';
import { encodeModel } from '../../models/graph/encode';
import { encodeGraph } from '../../models/graph/encode-graph';
import { formatConfidence, type Photo } from '../contract/photo';
import { takeLock } from '../engine/storage/lock';
import { startNodeEngine } from '../hosts/node-engine';
import { readInputs } from './classify/inputs';
import { judgeInputs } from './classify/judge-inputs';

const root = path.resolve(import.meta.dirname, '..', '..');
const samples = path.join(root, 'assets', 'samples');
const base = mkdtempSync(path.join(os.tmpdir(), 'duet-cli-'));
const workspace = path.join(base, 'workspace');
/** Where the engine puts what need not survive it. */
const temporary = path.join(base, 'temporary');
mkdirSync(temporary);
afterAll(() => rmSync(base, { recursive: true, force: true }));

beforeAll(() => {
  // Builds what is missing, as `npm run duet` does.
  execFileSync(process.execPath, [path.join(root, 'scripts', 'duet.mjs'), '--version'], { stdio: 'pipe' });
}, 300_000);

function start(words: readonly string[]): ChildProcess {
  return spawn(process.execPath, [path.join(root, 'dist', 'duet.cjs'), ...words, '--workspace', workspace], {
    cwd: base,
    env: { ...process.env, TMPDIR: temporary, TMP: temporary, TEMP: temporary },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
}

interface Ended {
  code: number | null;
  out: string;
  err: string;
}

function end(child: ChildProcess): Promise<Ended> {
  const text = { out: '', err: '' };
  child.stdout?.on('data', (chunk: Buffer) => (text.out += chunk.toString('utf8')));
  child.stderr?.on('data', (chunk: Buffer) => (text.err += chunk.toString('utf8')));
  return new Promise((resolve) => child.once('close', (code) => resolve({ code, ...text })));
}

const duet = (...words: string[]): Promise<Ended> => end(start(words));

interface Line {
  file: string;
  predictions?: { label: string; score: number; box?: number[] }[];
  ms?: number;
  error?: { code: string; message: string };
  label?: string;
  standing?: string;
}
const linesOf = (text: string): Line[] =>
  text
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Line);

/** The folders that engines have below the temporary folder at this moment. */
function sessionFolders(): string[] {
  // No file of anybody else: the native runtime, for one, would leave the traces of its telemetry.
  const users = readdirSync(temporary);
  expect(users).toEqual([expect.stringMatching(/^duet(-\d+)?$/)]);
  return users.flatMap((user) =>
    readdirSync(path.join(temporary, user)).map((name) => path.join(temporary, user, name)),
  );
}

/** The engine's temporary folder is empty again. */
function expectCleanedUp(): void {
  expect(sessionFolders()).toEqual([]);
}

const names = readdirSync(samples).sort();

test('one JSON object a picture, in order, and nothing else on either stream', async () => {
  const { code, out, err } = await duet('classify', samples, '--json');
  expect({ code, err }).toEqual({ code: 0, err: '' });
  const lines = linesOf(out);
  expect(lines.map(({ file }) => file)).toEqual(names.map((name) => path.join(samples, name)));
  for (const line of lines) {
    expect(Object.keys(line)).toEqual(['file', 'predictions', 'ms']);
    expect(line.predictions).toHaveLength(5);
    const scores = line.predictions!.map(({ score }) => score);
    expect([...scores].sort((a, b) => b - a)).toEqual(scores);
    expect(line.ms).toBeGreaterThan(0);
  }
  const espresso = lines.find(({ file }) => file.endsWith('espresso.jpg'));
  expect(espresso?.predictions?.[0]?.label).toBe('espresso');
  expectCleanedUp();
});

test('tables, label folders and the report say the same as the screen', async () => {
  const out = path.join(base, 'outputs');
  mkdirSync(out);
  const at = (name: string) => path.join(out, name);
  const words = ['classify', samples, 'gone.jpg', '--json', '--threshold', '0.5'];
  const files = [
    '--csv',
    at('t.csv'),
    '--jsonl',
    at('t.jsonl'),
    '--parquet',
    at('t.parquet'),
    '--report',
    at('r.html'),
  ];
  const { code, out: text, err } = await duet(...words, ...files, '--folders', at('sorted'));
  expect(code).toBe(1);
  expect(err).toMatch(/Wrote 15 rows .*t\.csv\n.*\n.*\nWrote the report .*\nCopied 14 pictures/);
  const lines = linesOf(text);
  expect(lines.at(-1)).toEqual({
    file: 'gone.jpg',
    error: { code: 'file/missing', message: 'There is no such file or folder.' },
  });
  const csv = parse<Record<string, string>>(readFileSync(at('t.csv')), { columns: true });
  const jsonl = linesOf(readFileSync(at('t.jsonl'), 'utf8'));
  const parquet = readFileSync(at('t.parquet'));
  const file = parquet.buffer.slice(parquet.byteOffset, parquet.byteOffset + parquet.length);
  const rows = await parquetReadObjects({ file });
  const report = readFileSync(at('r.html'), 'utf8');
  expect([csv.length, jsonl.length, rows.length]).toEqual([15, 15, 15]);
  lines.slice(0, 14).forEach((line, index) => {
    const top = line.predictions![0]!;
    expect(line.standing).toBe(top.score >= 0.5 ? 'sure' : 'unsure');
    expect(line.label).toBe(top.score >= 0.5 ? top.label : 'unsure');
    expect(csv[index]).toMatchObject({ file: line.file, label: line.label, standing: line.standing });
    expect(Number(csv[index]!['score 2'])).toBe(line.predictions![1]!.score);
    expect(jsonl[index]).toMatchObject({ ...line });
    expect(rows[index]).toMatchObject({ file: line.file, label: line.label, score: top.score });
    expect(report).toContain(formatConfidence(top.score));
    expect(existsSync(at(path.join('sorted', line.label!, path.basename(line.file))))).toBe(true);
  });
  expect(csv[14]).toMatchObject({ file: 'gone.jpg', standing: 'failed', 'error code': 'file/missing' });

  const before = readFileSync(at('t.csv'));
  const again = await duet('classify', samples, '--csv', at('t.csv'));
  expect(again).toMatchObject({ code: 1, out: '' });
  expect(again.err).toContain('--force');
  expect(readFileSync(at('t.csv'))).toEqual(before);
  const one = path.join(samples, names[0]!);
  expect((await duet('classify', one, '--csv', at('t.csv'), '--force')).code).toBe(0);
  expect(parse(readFileSync(at('t.csv')))).toHaveLength(2);
});

test('damaged and foreign files are listed with the reason in their place, and the rest goes on', async () => {
  const folder = path.join(base, 'mixed');
  mkdirSync(path.join(folder, 'inner'), { recursive: true });
  writeFileSync(path.join(folder, '1 text.jpg'), 'not a picture at all');
  cpSync(path.join(samples, 'espresso.jpg'), path.join(folder, '2.jpg'));
  writeFileSync(path.join(folder, '3 cut.jpg'), readFileSync(path.join(samples, 'espresso.jpg')).subarray(0, 400));
  cpSync(path.join(samples, 'tabby-cat.jpg'), path.join(folder, 'inner', '4.jpg'));
  const { code, out } = await duet('classify', 'mixed/', '--json', '--top', '1');
  expect(code).toBe(0);
  expect(linesOf(out).map(({ file, error, predictions }) => [file, error?.code ?? predictions?.length])).toEqual([
    [path.join('mixed', '1 text.jpg'), 'image/unsupported'],
    [path.join('mixed', '2.jpg'), 1],
    [path.join('mixed', '3 cut.jpg'), 'image/damaged'],
    [path.join('mixed', 'inner', '4.jpg'), 1],
  ]);
  const table = await duet('classify', path.join('mixed', '1 text.jpg'));
  expect(table.code).toBe(1);
  expect(table.out).toMatch(/^label +confidence +standing +file\n- +failed +mixed.1 text\.jpg: /);
  mkdirSync(path.join(base, 'empty'));
  expect(await duet('classify', 'empty')).toMatchObject({ code: 1, out: '\nNo pictures found.\n' });
});

test('a model that finds objects gives boxes; the window keeps the model it had chosen', async () => {
  const { code, out } = await duet(
    'classify',
    path.join(samples, 'giraffe-and-zebra.jpg'),
    '--model',
    'photo-objects',
    '--json',
  );
  expect(code).toBe(0);
  const found = linesOf(out)[0]!.predictions!;
  expect(found.slice(0, 2).map(({ label }) => label)).toEqual(['giraffe', 'zebra']);
  for (const { box } of found) {
    const [left, top, right, bottom] = box as [number, number, number, number];
    expect(0 <= left && left < right && right <= 1 && 0 <= top && top < bottom && bottom <= 1).toBe(true);
  }
  const models = linesOf((await duet('model', 'list', '--json')).out);
  expect(models).toMatchObject([
    { id: 'everyday-1000', isSelected: true },
    { id: 'photo-objects', isSelected: false },
    { id: 'digits-gan', task: 'generate', isBuiltIn: true },
    { id: 'digits-judge', task: 'classify', isBuiltIn: true },
  ]);
  const wrong = await duet('classify', samples, '--model', 'nope');
  expect(wrong).toMatchObject({ code: 1, out: '' });
  expect(wrong.err).toContain('There are: everyday-1000, photo-objects, digits-gan, digits-judge.');
  expect((await duet('classify', samples, '--top', '6')).code).toBe(2);
});

test('a model is exported as it is, and replaces nothing unasked', async () => {
  const copy = path.join(base, 'everyday.onnx');
  const written = await duet('export', 'everyday-1000', copy, '--json');
  expect(linesOf(written.out)).toMatchObject([{ model: 'everyday-1000', file: copy }]);
  expect(readFileSync(copy).equals(readFileSync(path.join(root, 'assets/models/everyday-1000.onnx')))).toBe(true);
  expect(await duet('export', 'everyday-1000', copy)).toMatchObject({
    code: 1,
  });
});

test('a model shows its card and its graph', async () => {
  const text = await duet('model', 'show', 'everyday-1000');
  expect(text.code).toBe(0);
  expect(text.out).toMatch(/classes +1,000: tench/);
  expect(text.out).toMatch(/licence +Apache-2\.0/);
  expect(text.out).toMatch(/golden +10 values of 2 pictures/);
  expect(text.out).toMatch(/MBConv x6/);
  const { out } = await duet('model', 'show', 'everyday-1000', '--json');
  expect(JSON.parse(out)).toMatchObject({ entry: { id: 'everyday-1000' }, card: { task: 'classify' } });
  expect(await duet('model', 'show', 'nope')).toMatchObject({
    code: 1,
    out: '',
    err: 'duet: There is no model called nope.\n',
  });
});

/** Answers with the colour that prevails: the mean of each channel is its class's value. */
function colourModel(): Uint8Array {
  const g = createBuilder();
  const scaled = g.Mul(g.input('x', 'float32', ['N', 3, 16, 16]), 20);
  g.output('y', g.ReduceMean(scaled, [2, 3], { keepdims: 0 }));
  return encodeModel(encodeGraph(g.build('colours')));
}

test('a foreign classifier is imported with its labels and judges at once', async () => {
  writeFileSync(path.join(base, 'colours.onnx'), colourModel());
  writeFileSync(path.join(base, 'labels.txt'), 'red\ngreen\nblue\n');
  const words = ['import', 'colours.onnx', '--labels', 'labels.txt', '--preset', 'zero-one', '--fit', 'stretch'];
  const { code, out } = await duet(...words, '--name', 'which-colour');
  expect(code).toBe(0);
  expect(out).toMatch(/^Imported colours\.onnx as which-colour\n/);
  expect(out).toMatch(/classes +3, names from the labels file/);
  const coffee = path.join(samples, 'espresso.jpg');
  const sky = path.join(samples, 'rocket-at-dusk.jpg');
  const judged = linesOf((await duet('classify', sky, coffee, '--model', 'which-colour', '--json')).out);
  expect(judged.map(({ predictions }) => predictions![0]!.label)).toEqual(['blue', 'red']);
  expect(judged[0]!.predictions).toHaveLength(3);
  const twice = await duet(...words, '--name', 'which-colour', '--json');
  expect(twice).toMatchObject({ code: 1, out: '' });
  expect(twice.err).toContain('already a model called which-colour');
  writeFileSync(path.join(base, 'two.txt'), 'red\ngreen\n');
  expect((await duet('import', 'colours.onnx', '--labels', 'two.txt')).code).toBe(1);
  expect(await duet('import', 'labels.txt')).toMatchObject({ code: 1, out: '' });
});

test('while the window writes to the workspace, pictures are classified, and an import is refused with its reason', async () => {
  const lock = await takeLock(workspace, 'The window of Duet');
  if (!('release' in lock)) throw new Error('somebody holds the lock');
  const espresso = path.join(samples, 'espresso.jpg');
  const [classified, imported] = await Promise.all([
    duet('classify', espresso, '--model', 'which-colour', '--json'),
    duet('import', 'colours.onnx', '--labels', 'labels.txt', '--name', 'another'),
  ]);
  expect(classified).toMatchObject({ code: 0, err: '' });
  expect(imported).toMatchObject({ code: 1, out: '' });
  expect(imported.err).toContain(`The window of Duet (process ${process.pid}`);
  await lock.release();
  const again = await duet('import', 'colours.onnx', '--labels', 'labels.txt', '--name', 'another');
  expect(again.code).toBe(0);
  expect(readdirSync(workspace)).not.toContain('lock');
  rmSync(path.join(workspace, 'models', 'another.onnx'));
});

function manyPictures(): string {
  const folder = path.join(base, 'many');
  if (existsSync(folder)) return folder;
  mkdirSync(folder);
  const bytes = readFileSync(path.join(samples, 'tabby-cat.jpg'));
  for (let number = 0; number < 400; number++) writeFileSync(path.join(folder, `${number}.jpg`), bytes);
  return folder;
}

/** Calls `act` when the first line has come. */
async function afterFirstLine(child: ChildProcess, act: () => void): Promise<Ended> {
  child.stdout?.once('data', act);
  return end(child);
}

/** Files below a folder, or none when it has just been removed. */
function filesBelow(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

test('a long run keeps no thumbnails and a fixed number of slots', async () => {
  const child = start(['classify', manyPictures(), '--json']);
  const most = { thumbs: 0, slots: 0, looks: 0 };
  child.stdout?.on('data', () => {
    for (const folder of sessionFolders()) {
      most.looks += 1;
      most.thumbs = Math.max(most.thumbs, filesBelow(path.join(folder, 'thumbs')).length);
      most.slots = Math.max(most.slots, filesBelow(path.join(folder, 'exchange')).length);
    }
  });
  expect(linesOf((await end(child)).out)).toHaveLength(400);
  expect(most.looks).toBeGreaterThan(3);
  expect(most.slots).toBeGreaterThan(0);
  expect(most.slots).toBeLessThanOrEqual(18); // 14 ahead of the judge, and one for each of at most four decoders
  expect(most.thumbs).toBe(0);
  expectCleanedUp();
});

test('the engine forgets every picture that was told', async () => {
  const engine = await startNodeEngine({
    dist: path.join(root, 'dist'),
    assets: path.join(root, 'assets'),
    version: 'test',
    workspace: path.join(base, 'workspace-of-one'),
    device: 'auto',
    showSamples: false,
    models: ['everyday-1000'],
    makesThumbs: false,
  });
  const told: Photo[] = [];
  const listeners = { onPhoto: (photo: Photo) => told.push(photo), onProgress: () => undefined };
  const inputs = await readInputs([samples, path.join(base, 'gone.jpg')]);
  await judgeInputs(engine, inputs, { listeners, keepsPhotos: false }, new AbortController().signal);
  expect(told.map(({ state, hasThumb }) => [state, hasThumb])).toEqual([
    ...names.map(() => ['judged', false]),
    ['failed', false],
  ]);
  expect(await engine.studio.call('photos.page', { offset: 0, limit: 100 })).toEqual({ photos: [], total: 0 });
  await engine.stop();
});

test('Ctrl+C ends the run in order: 130, whole lines, nothing left behind', async () => {
  const child = start(['classify', manyPictures(), '--json']);
  const { code, out, err } = await afterFirstLine(child, () => child.kill('SIGINT'));
  expect({ code, err }).toEqual({ code: 130, err: 'Cancelled.\n' });
  expect(linesOf(out).length).toBeLessThan(400);
  expectCleanedUp();
});

test('a reader that goes away ends the run silently', async () => {
  const child = start(['classify', manyPictures(), '--json']);
  const { code, err } = await afterFirstLine(child, () => child.stdout?.destroy());
  expect({ code, err }).toEqual({ code: 141, err: '' });
  expectCleanedUp();
});

test('the model of a run is its own: the saved choice stays, also when the run is killed', async () => {
  const settings = path.join(workspace, 'settings.json');
  const saved = JSON.stringify({ format: 1, haveSamplesBeenShown: true, selectedModels: ['photo-objects'] });
  writeFileSync(settings, saved);
  const one = await duet('classify', path.join(samples, 'espresso.jpg'), '--json');
  expect(linesOf(one.out)[0]!.predictions![0]!.label).toBe('espresso');
  expect(readFileSync(settings, 'utf8')).toBe(saved);
  const killed = start(['classify', manyPictures(), '--model', 'everyday-1000', '--json']);
  expect((await afterFirstLine(killed, () => killed.kill('SIGKILL'))).code).toBeNull();
  expect(readFileSync(settings, 'utf8')).toBe(saved);
  const models = (await duet('model', 'list', '--json')).out.trimEnd().split('\n');
  expect(models.map((line) => JSON.parse(line) as unknown)).toMatchObject([
    { id: 'everyday-1000', isSelected: false },
    { id: 'photo-objects', isSelected: true },
    { id: 'digits-gan', isSelected: false },
    { id: 'digits-judge', isSelected: false },
    { id: 'which-colour', isSelected: false },
  ]);
  rmSync(settings);
});
