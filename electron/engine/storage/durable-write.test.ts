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

/** A small disk of its own: mounted in a private namespace, so that nothing is left behind. */
function inSmallDisk(script: string): string {
  const mount = `mount -t tmpfs -o size=64k tmpfs ${folder} && exec "$0" --input-type=module -e "$1"`;
  return execFileSync(
    'unshare',
    ['--mount', '--map-root-user', '--user', 'sh', '-c', mount, process.execPath, script],
    {
      encoding: 'utf8',
      cwd: path.join(import.meta.dirname, '..', '..', '..'),
    },
  );
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

test('a full disk: clear error, old file whole, no rest', () => {
  const module = path.join(base, 'durable-write.mjs');
  execFileSync(process.execPath, [
    path.join('node_modules', 'esbuild', 'bin', 'esbuild'),
    path.join(import.meta.dirname, 'durable-write.ts'),
    '--bundle',
    '--platform=node',
    '--format=esm',
    `--outfile=${module}`,
    '--log-level=warning',
  ]);
  const script = `
    import { durableWrite } from ${JSON.stringify(module)};
    import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
    const file = ${JSON.stringify(target())};
    writeFileSync(file, 'old'.repeat(1000));
    const code = await durableWrite(file, Buffer.alloc(200000)).then(() => 'written', (error) => error.code);
    console.log(JSON.stringify({ code, kept: readFileSync(file, 'utf8').length, names: readdirSync(${JSON.stringify(folder)}) }));
  `;
  expect(JSON.parse(inSmallDisk(script))).toEqual({ code: 'file/disk-full', kept: 3000, names: ['table.csv'] });
});
