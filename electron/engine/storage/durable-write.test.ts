/** Durable writes on a full disk, a read-only folder, an existing target, a failing producer: old or new, never neither. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeEach, expect, test } from 'vitest';
import { durableStream, durableWrite } from './durable-write';

const base = mkdtempSync(path.join(os.tmpdir(), 'duet-durable-'));
let folder = '';
let number = 0;
beforeEach(() => {
  folder = path.join(base, String(++number));
  mkdirSync(folder);
});
afterAll(() => rmSync(base, { recursive: true, force: true }));

const target = () => path.join(folder, 'table.csv');
const content = () => readFileSync(target(), 'utf8');

/** Runs `script` with a disk of its own kind at `folder`: mounted in a private namespace, so that nothing is left behind. */
function onDisk(mounts: string, script: string): unknown {
  const shell = `${mounts} && exec "$0" --input-type=module -e "$1"`;
  const words = ['--mount', '--map-root-user', '--user', 'sh', '-c', shell, process.execPath, script];
  const root = path.join(import.meta.dirname, '..', '..', '..');
  return JSON.parse(execFileSync('unshare', words, { encoding: 'utf8', cwd: root }));
}

/** The module as a file that a plain Node can load. */
function bundled(): string {
  const module = path.join(base, 'durable-write.mjs');
  const source = path.join(import.meta.dirname, 'durable-write.ts');
  const words = ['--bundle', '--platform=node', '--format=esm', `--outfile=${module}`, '--log-level=warning'];
  execFileSync(process.execPath, [path.join('node_modules', 'esbuild', 'bin', 'esbuild'), source, ...words]);
  return JSON.stringify(module);
}

test('replaces a file by the new bytes and leaves nothing beside it', async () => {
  writeFileSync(target(), 'old');
  await durableWrite(target(), Buffer.from('new'));
  expect(content()).toBe('new');
  expect(readdirSync(folder)).toEqual(['table.csv']);
});

test('without replace an existing file is kept, also when it appears while writing', async () => {
  writeFileSync(target(), 'old');
  await expect(durableStream(target(), {}, (sink) => sink.write('new'))).rejects.toMatchObject({ code: 'file/exists' });
  expect(content()).toBe('old');
  rmSync(target());
  const late = durableStream(target(), {}, async (sink) => {
    writeFileSync(target(), 'somebody else');
    await sink.write('new');
  });
  await expect(late).rejects.toMatchObject({ code: 'file/exists' });
  expect(content()).toBe('somebody else');
  expect(readdirSync(folder)).toEqual(['table.csv']);
});

test('a producer that fails half-way changes nothing', async () => {
  writeFileSync(target(), 'old');
  const failing = durableStream(target(), { replace: true }, async (sink) => {
    await sink.write('half');
    throw new Error('stop');
  });
  await expect(failing).rejects.toMatchObject({ message: expect.stringContaining('stop') as string });
  expect(content()).toBe('old');
  expect(readdirSync(folder)).toEqual(['table.csv']);
});

test('a folder that is gone is named with what to do', async () => {
  const lost = path.join(folder, 'gone', 'table.csv');
  await expect(durableWrite(lost, Buffer.from('x'))).rejects.toMatchObject({
    code: 'file/missing',
    message: expect.stringMatching(/table\.csv.*Choose another/) as string,
  });
});

test('a name as long as a name may be', async () => {
  const file = path.join(folder, `${'\u5b57'.repeat(80)}.csv`);
  await durableWrite(file, Buffer.from('x'));
  expect(readdirSync(folder)).toEqual([path.basename(file)]);
});

test('a full disk: clear error, old file whole, no rest', () => {
  const script = `
    import { durableWrite } from ${bundled()};
    import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
    const file = ${JSON.stringify(target())};
    writeFileSync(file, 'old'.repeat(1000));
    const code = await durableWrite(file, Buffer.alloc(200000)).then(() => 'written', (error) => error.code);
    console.log(JSON.stringify({ code, kept: readFileSync(file, 'utf8').length, names: readdirSync(${JSON.stringify(folder)}) }));
  `;
  const found = onDisk(`mount -t tmpfs -o size=64k tmpfs ${folder}`, script);
  expect(found).toEqual({ code: 'file/disk-full', kept: 3000, names: ['table.csv'] });
});

test('a read-only disk is named as one, for new and for old files', () => {
  writeFileSync(target(), 'old');
  const script = `
    import { durableStream, durableWrite } from ${bundled()};
    import { readdirSync } from 'node:fs';
    const code = (writing) => writing.then(() => 'written', (error) => error.code);
    const old = await code(durableWrite(${JSON.stringify(target())}, Buffer.from('new')));
    const fresh = await code(durableStream(${JSON.stringify(path.join(folder, 'fresh.csv'))}, {}, (sink) => sink.write('new')));
    console.log(JSON.stringify({ old, fresh, names: readdirSync(${JSON.stringify(folder)}) }));
  `;
  const mounts = `mount --bind ${folder} ${folder} && mount -o remount,bind,ro ${folder}`;
  const expected = { old: 'file/read-only', fresh: 'file/read-only', names: ['table.csv'] };
  expect(onDisk(mounts, script)).toEqual(expected);
  expect(content()).toBe('old');
});
