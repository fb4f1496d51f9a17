/** The journal: what was appended is read again; torn and damaged lines are found, and the rest survives them. */
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeEach, expect, test } from 'vitest';
import * as z from 'zod';
import { Journal } from './journal';

const base = mkdtempSync(path.join(os.tmpdir(), 'duet-journal-'));
let folder = '';
let number = 0;
beforeEach(() => {
  folder = path.join(base, String(++number));
  mkdirSync(folder);
});
afterAll(() => rmSync(base, { recursive: true, force: true }));

const schema = z.strictObject({ n: z.int(), text: z.string().optional() });
const file = () => path.join(folder, 'journal.jsonl');
const open = (isWritable = true) => Journal.open(file(), schema, isWritable);
const lines = () => readFileSync(file(), 'utf8').split('\n').slice(0, -1);

async function filled(count: number): Promise<void> {
  const { journal } = await open();
  await Promise.all(Array.from({ length: count }, (_, n) => journal.append({ n })));
  await journal.close();
}

test('records come back in order, whatever is in them', async () => {
  const { journal, replay } = await open();
  expect(replay).toEqual({ records: [], damagedLines: 0, wasTorn: false });
  const texts = ['plain', 'two\nlines', '\u2028 \ud83d\ude00 "quotes" \\', ''];
  for (const [n, text] of texts.entries()) await journal.append({ n, text });
  await journal.close();
  expect((await open()).replay.records).toEqual(texts.map((text, n) => ({ n, text })));
  for (const line of lines()) expect(JSON.parse(line)).toHaveLength(2);
});

test('a last line cut at any byte is cut off, and appending goes on from there', async () => {
  await filled(3);
  const whole = readFileSync(file());
  const two = whole.indexOf('\n', whole.indexOf('\n') + 1) + 1;
  for (let length = two; length < whole.length; length++) {
    writeFileSync(file(), whole.subarray(0, length));
    const { journal, replay } = await open();
    expect(replay).toEqual({ records: [{ n: 0 }, { n: 1 }], damagedLines: 0, wasTorn: length > two });
    await journal.append({ n: 7 });
    await journal.close();
    expect((await open()).replay.records).toEqual([{ n: 0 }, { n: 1 }, { n: 7 }]);
  }
  expect(readdirSync(folder)).toEqual(['journal.jsonl']);
});

test('a byte changed anywhere costs its line alone, which is kept aside once', async () => {
  await filled(3);
  const whole = readFileSync(file());
  const first = whole.indexOf('\n') + 1;
  const second = whole.indexOf('\n', first);
  for (let at = first; at < second; at++) {
    const bytes = Buffer.from(whole);
    bytes[at] = (bytes[at] ?? 0) ^ 1;
    writeFileSync(file(), bytes);
    const { replay } = await open();
    expect(replay.records).toEqual([{ n: 0 }, { n: 2 }]);
    expect(replay.damagedLines).toBeGreaterThan(0);
    const [aside] = readdirSync(folder).filter((name) => name.includes('damaged'));
    expect(readFileSync(path.join(folder, aside!)).equals(bytes)).toBe(true);
    rmSync(path.join(folder, aside!));
    expect((await open()).replay).toEqual({ records: [{ n: 0 }, { n: 2 }], damagedLines: 0, wasTorn: false });
  }
});

test('opened for reading only, a damaged journal stays as it is and takes nothing', async () => {
  await filled(2);
  const torn = Buffer.concat([readFileSync(file()), Buffer.from('["half')]);
  writeFileSync(file(), torn);
  const { journal, replay } = await open(false);
  expect(replay).toMatchObject({ records: [{ n: 0 }, { n: 1 }], wasTorn: true });
  await expect(journal.append({ n: 2 })).rejects.toMatchObject({ code: 'workspace/read-only' });
  expect(readFileSync(file()).equals(torn)).toBe(true);
});

test('compacting replaces the lines and keeps what is appended while it runs', async () => {
  await filled(50);
  const { journal } = await open();
  const before = journal.bytes;
  const compacting = journal.compact([{ n: 49, text: 'all' }]);
  const after = journal.append({ n: 50 });
  await Promise.all([compacting, after]);
  expect(journal.bytes).toBeLessThan(before);
  await journal.close();
  expect((await open()).replay.records).toEqual([{ n: 49, text: 'all' }, { n: 50 }]);
  await expect(journal.append({ n: 51 })).rejects.toMatchObject({ code: 'engine/closed' });
});

test('a journal that is moved, replaced or deleted while open is never called saved', async () => {
  await filled(1);
  const { journal } = await open();
  await journal.append({ n: 1 });
  renameSync(file(), `${file()}.moved`);
  await expect(journal.append({ n: 2 })).rejects.toMatchObject({ code: 'workspace/missing' });
  writeFileSync(file(), 'somebody else');
  await expect(journal.append({ n: 3 })).rejects.toMatchObject({ code: 'workspace/damaged' });
  expect(readFileSync(file(), 'utf8')).toBe('somebody else');
});
