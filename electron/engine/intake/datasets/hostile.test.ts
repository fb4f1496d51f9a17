/** The hostile corpus from drop to chunk: what each source ends as, and that nothing outside is read, written or left. */
import { lstatSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { AppError } from '../../../contract/errors';
import { readChunk, writeChunk } from '../../datasets/chunk';
import { hostileCases } from './hostile/corpus';
import { readerFor } from './readers';
import { readHead, sourceHeads } from './source-head';
import { unpack } from './unpack';

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'hostile-'));
  for (const name of ['dropped', 'out']) mkdirSync(join(root, name));
});
afterEach(() => rmSync(root, { recursive: true }));

const { signal } = new AbortController();

async function imported(dropped: string) {
  const sources = await sourcesOf(dropped);
  const reader = readerFor(sources);
  const { options, classes } = await reader.inspect(sources, signal);
  const found = { samples: 0, leftOut: [] as string[], classes: classes.map(({ name }) => name) };
  for await (const { content, leftOut } of reader.open({
    sources,
    options,
    position: 0,
    samplesPerChunk: 1000,
    signal,
  })) {
    found.samples += readChunk(writeChunk(content)).samples;
    found.leftOut.push(...leftOut.map(({ failure }) => failure.code));
  }
  return found;
}

async function sourcesOf(dropped: string) {
  const isArchive = lstatSync(dropped).isFile();
  if (!isArchive) return sourceHeads({ paths: [dropped] }, signal);
  const folder = join(root, 'out');
  const limits = { maxBytes: 1e9, maxFiles: 500 };
  const { listing } = await unpack({ path: dropped, folder, ...limits }, signal, () => undefined);
  return sourceHeads({ paths: [folder], listing }, signal);
}

/** Every name below a folder, with the size of files. */
function tree(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true, encoding: 'buffer' }).flatMap((one) => {
    const name = one.name.toString('latin1');
    const below = join(folder, name);
    return one.isDirectory()
      ? [below, ...tree(below)]
      : [one.isFile() && !name.includes('\xff') ? `${below} ${lstatSync(below).size}` : below];
  });
}

test.each(hostileCases)('$what', async ({ make, expected }) => {
  const dropped = await make(join(root, 'dropped'));
  const before = tree(join(root, 'dropped'));
  const result = await imported(dropped).catch((error: unknown) => {
    if (error instanceof AppError) return error;
    throw error;
  });
  if (typeof expected === 'string') expect(result).toMatchObject({ code: expected });
  else expect(result).toMatchObject({ leftOut: [], ...expected });
  expect(tree(join(root, 'dropped'))).toEqual(before);
  expect(readdirSync(root).sort()).toEqual(['dropped', 'out']);
  const out = readdirSync(join(root, 'out'), { withFileTypes: true });
  expect(out.filter((one) => !one.isFile() || !/^(\d{8}|listing\.jsonl)$/.test(one.name))).toEqual([]);
});

test('the first bytes of a pipe or a folder are never waited for', async () => {
  expect((await readHead(join(root, 'dropped'))).head).toHaveLength(0);
});
