/** `duet dataset` of the built command line: import, show, interrupt and go on, rename, remove, refusals. */
import { createCanvas } from '@napi-rs/canvas';
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';

const root = path.resolve(import.meta.dirname, '..', '..');
const base = mkdtempSync(path.join(os.tmpdir(), 'duet-cli-dataset-'));
afterAll(() => rmSync(base, { recursive: true, force: true }));

beforeAll(() => {
  // Builds what is missing, as `npm run duet` does.
  execFileSync(process.execPath, [path.join(root, 'scripts', 'duet.mjs'), '--version'], { stdio: 'pipe' });
  pictures('shapes', 12);
  pictures('many', 3000);
}, 300_000);

/** Two classes, and files of which one is damaged. */
function pictures(name: string, count: number): void {
  const canvas = createCanvas(16, 16);
  const context = canvas.getContext('2d');
  for (let number = 0; number < count; number++) {
    const folder = path.join(base, name, number % 3 === 0 ? 'bars' : 'dots');
    mkdirSync(folder, { recursive: true });
    context.fillStyle = '#fff';
    context.fillRect(0, 0, 16, 16);
    context.fillStyle = `rgb(${number % 256}, ${(number >> 4) % 256}, 0)`;
    context.fillRect(2, 2, number % 3 === 0 ? 12 : 3, 3);
    writeFileSync(path.join(folder, `${number}.png`), canvas.toBuffer('image/png'));
  }
  writeFileSync(path.join(base, name, 'dots', 'broken.png'), 'no picture');
}

interface Ended {
  code: number | null;
  out: string;
  err: string;
}

function start(words: readonly string[], workspace: string): ChildProcess {
  const all = [path.join(root, 'dist', 'duet.cjs'), ...words, '--workspace', path.join(base, workspace)];
  return spawn(process.execPath, all, { cwd: base, stdio: ['ignore', 'pipe', 'pipe'] });
}

function end(child: ChildProcess): Promise<Ended> {
  const text = { out: '', err: '' };
  child.stdout?.on('data', (chunk: Buffer) => (text.out += chunk.toString('utf8')));
  child.stderr?.on('data', (chunk: Buffer) => (text.err += chunk.toString('utf8')));
  return new Promise((resolve) => child.once('close', (code) => resolve({ code, ...text })));
}

const duet = (words: readonly string[], workspace = 'one'): Promise<Ended> => end(start(words, workspace));
const json = (text: string): Record<string, unknown> => JSON.parse(text) as Record<string, unknown>;

test('a folder is imported, shown, renamed and removed', async () => {
  const words = ['dataset', 'import', 'shapes', '--name', 'Bars and dots', '--split', '50/25/25', '--grey', '--json'];
  const imported = await duet(words);
  expect(imported).toMatchObject({ code: 0, err: '' });
  expect(json(imported.out)).toMatchObject({
    id: 'bars-and-dots',
    title: 'Bars and dots',
    kind: 'image',
    samples: 12,
    classes: [
      { name: 'bars', train: 2, validation: 1, test: 1, excluded: 0 },
      { name: 'dots', train: 4, validation: 2, test: 2, excluded: 0 },
    ],
    leftOut: [{ name: 'dots/broken.png', failure: { code: 'image/unsupported' } }],
    leftOutCount: 1,
  });
  const shown = await duet(['dataset', 'show', 'bars and dots']);
  expect(shown).toMatchObject({ code: 0, err: '' });
  expect(shown.out).toContain('16 x 16, grey');
  expect(shown.out).toMatch(/dots +4 +2 +2 +0/);
  expect(await duet(['dataset', 'rename', 'bars-and-dots', 'Shapes'])).toMatchObject({ code: 0 });
  expect(json((await duet(['dataset', 'list', '--json'])).out)).toMatchObject({ id: 'bars-and-dots', title: 'Shapes' });
  expect(await duet(['dataset', 'remove', 'Shapes'])).toMatchObject({ code: 0, out: 'Removed Shapes.\n' });
  expect(await duet(['dataset', 'show', 'Shapes'])).toMatchObject({ code: 1, out: '' });
});

test('Ctrl+C keeps what was read; the queue goes on with it to the same data set', async () => {
  const words = ['dataset', 'import', 'many', '--json', '--progress'];
  const child = start(words, 'two');
  let isFirst = true;
  child.stderr?.on('data', (chunk: Buffer) => {
    if (!isFirst || !/"doing":"reading \d+ /.test(chunk.toString('utf8'))) return;
    isFirst = false;
    child.kill('SIGINT');
  });
  const stopped = await end(child);
  expect(stopped).toMatchObject({ code: 130, out: '' });
  const jobs = await duet(['jobs', 'list', '--json'], 'two');
  expect(json(jobs.out)).toMatchObject({ state: 'waiting', kind: 'dataset.import' });
  expect(await duet(['jobs', 'run'], 'two')).toMatchObject({ code: 0 });
  const resumed = json((await duet(['dataset', 'show', 'many', '--json'], 'two')).out);
  const whole = json((await duet(words.slice(0, 4), 'three')).out);
  expect(whole).toMatchObject({ samples: 3000, leftOutCount: 1 });
  expect(resumed['revision']).toBe(whole['revision']);
});

test('what cannot be done is said, with the exit code that belongs to it', async () => {
  expect(await duet(['dataset', 'import', 'gone'])).toMatchObject({ code: 1, err: 'duet: There is no gone.\n' });
  expect(await duet(['dataset', 'show', 'nobody'])).toMatchObject({ code: 1, out: '' });
  expect(await duet(['dataset', 'import'])).toMatchObject({ code: 2 });
  expect((await duet(['dataset', 'import', '--help'])).out).toContain('A folder in a folder is a class');
});
