/** A job's log: numbered lines, the newest 1,000, whole again after a kill in the middle of a line. */
import { appendFileSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeEach, expect, test } from 'vitest';
import { JobLog, readLog } from './job-log';

const base = mkdtempSync(path.join(os.tmpdir(), 'duet-log-'));
afterAll(() => rmSync(base, { recursive: true, force: true }));
let file = '';
let number = 0;
beforeEach(() => (file = path.join(base, `${++number}.log`)));

async function filled(texts: readonly string[]): Promise<void> {
  const log = new JobLog(file, () => 7);
  for (const text of texts) log.add(text);
  await log.flush();
}

test('lines are read from any number on, and the next number is told', async () => {
  expect(await readLog(file, 0)).toEqual({ lines: [], next: 0 });
  await filled(['a', 'b\nc', '\u2028']);
  expect(await readLog(file, 1)).toEqual({
    lines: [
      { at: 7, text: 'b\nc' },
      { at: 7, text: '\u2028' },
    ],
    next: 3,
  });
  await filled(['d']);
  expect(await readLog(file, 3)).toEqual({ lines: [{ at: 7, text: 'd' }], next: 4 });
});

test('the newest 1,000 lines are kept, and the file stays small', async () => {
  const log = new JobLog(file, () => 7);
  for (let line = 0; line < 10_000; line++) {
    log.add(`line ${line}`);
    if (line % 500 === 0) await log.flush();
  }
  await log.flush();
  const { lines, next } = await readLog(file, 0);
  expect(lines).toHaveLength(1_000);
  expect(lines.at(-1)?.text).toBe('line 9999');
  expect(lines[0]?.text).toBe('line 9000');
  expect((await readLog(file, next - 1)).lines).toHaveLength(1);
  expect(readFileSync(file, 'utf8').split('\n').length).toBeLessThan(4_000);
});

test('a burst keeps its newest lines, and no more in memory', async () => {
  await filled(Array.from({ length: 50_000 }, (_, line) => String(line)));
  const { lines } = await readLog(file, 0);
  expect(lines.at(-1)?.text).toBe('49999');
  expect(lines.length).toBeLessThanOrEqual(1_000);
});

test('a line that a kill cut off spoils no other', async () => {
  await filled(['a', 'b']);
  appendFileSync(file, '{"n":2,"at":7,"te');
  await filled(['c']);
  expect((await readLog(file, 0)).lines.map(({ text }) => text)).toEqual(['a', 'b', 'c']);
});

test('a log that cannot be written stops nobody', async () => {
  const log = new JobLog(path.join(base, 'no', 'such', 'folder.log'), () => 7);
  log.add('a');
  await log.flush();
});

test('very long lines are cut', async () => {
  await filled(['x'.repeat(5_000)]);
  expect((await readLog(file, 0)).lines[0]?.text).toHaveLength(1_000);
});
