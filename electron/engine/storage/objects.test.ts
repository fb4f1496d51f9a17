/** Objects: named by what is in them, whole or absent, healed by writing them again, checked when read. */
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeEach, expect, test } from 'vitest';
import { Objects } from './objects';

const base = mkdtempSync(path.join(os.tmpdir(), 'duet-objects-'));
let folder = '';
let objects: Objects;
let number = 0;
beforeEach(() => {
  folder = path.join(base, String(++number));
  mkdirSync(path.join(folder, 'objects'), { recursive: true });
  objects = new Objects(path.join(folder, 'objects'), path.join(folder, 'staging'), true);
});
afterAll(() => rmSync(base, { recursive: true, force: true }));

const text = Buffer.from('sample');
const hash = createHash('sha256').update(text).digest('hex');
const place = () => path.join(folder, 'objects', hash.slice(0, 2), `${hash}.txt`);

test('bytes and a finished file become the same object', async () => {
  expect(await objects.has(hash)).toBe(false);
  expect(await objects.put(text, 'txt')).toBe(hash);
  const file = path.join(folder, 'finished');
  writeFileSync(file, text);
  expect(await objects.adopt(file, 'txt')).toEqual({ hash, bytes: 6 });
  expect(existsSync(file)).toBe(false);
  expect(await objects.path(hash)).toBe(place());
  expect(Buffer.from(await objects.read(hash))).toEqual(text);
  expect(readdirSync(path.dirname(place()))).toEqual([`${hash}.txt`]);
  expect(readdirSync(path.join(folder, 'staging'))).toEqual([]);
});

test('a damaged object is told when it is read, and healed when it is put again', async () => {
  await objects.put(text, 'txt');
  writeFileSync(place(), 'sAmple');
  await expect(objects.read(hash)).rejects.toMatchObject({ code: 'workspace/damaged', details: { hash } });
  await objects.put(text, 'txt');
  expect(readFileSync(place(), 'utf8')).toBe('sample');
});

test('an object deleted by hand is missing from then on', async () => {
  await objects.put(text, 'txt');
  rmSync(place());
  expect(await objects.has(hash)).toBe(false);
  await expect(objects.path(hash)).rejects.toMatchObject({ code: 'workspace/missing' });
});

test('many writers of the same and of other bytes at once', async () => {
  const all = Array.from({ length: 40 }, (_, i) => objects.put(Buffer.from(String(i % 8)), 'txt'));
  const hashes = new Set(await Promise.all(all));
  expect(hashes.size).toBe(8);
  for (const one of hashes) expect((await objects.read(one)).length).toBe(1);
});

test('a cancelled adoption leaves the file where it was', async () => {
  const file = path.join(folder, 'finished');
  writeFileSync(file, text);
  const adopting = objects.adopt(file, 'txt', AbortSignal.abort());
  await expect(adopting).rejects.toMatchObject({ code: 'call/cancelled' });
  expect(existsSync(file)).toBe(true);
  expect(await objects.has(hash)).toBe(false);
});

test('read-only, and names that are none, are refused', async () => {
  await expect(objects.put(text, '../x')).rejects.toMatchObject({ code: 'file/bad-name' });
  const readOnly = new Objects(path.join(folder, 'objects'), path.join(folder, 'staging'), false);
  await expect(readOnly.put(text, 'txt')).rejects.toMatchObject({ code: 'workspace/read-only' });
});
