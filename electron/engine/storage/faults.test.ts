/**
 * One save of each kind, killed or refused at every system call that writes: the old or the new is there, whole, and what was
 * called saved is the new. The child prints "saved" only once the promise has resolved.
 */
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import * as z from 'zod';
import { Journal } from './journal';
import { bundle, strikeEach } from './testing/child';
import { finish } from './transaction';

/** A process under strace for each call of each save. */
vi.setConfig({ testTimeout: 300_000 });

const base = mkdtempSync(path.join(os.tmpdir(), 'duet-faults-'));
let bundled: ReturnType<typeof bundle>;
let folder = '';
let number = 0;
beforeAll(() => {
  bundled = bundle('faults', 'durable-write.ts', 'journal.ts', 'objects.ts', 'transaction.ts');
});
afterAll(() => {
  bundled.remove();
  rmSync(base, { recursive: true, force: true });
});

function fresh(): void {
  folder = path.join(base, String(++number));
  mkdirSync(folder);
}
const at = (name: string) => path.join(folder, name);
const text = (name: string) => readFileSync(at(name), 'utf8');
const quoted = (name: string) => JSON.stringify(at(name));
const say = `const say = (name, work) => work.then(() => console.log('saved', name), (error) => console.log('refused', name, error.code));`;

/** Killed instead of making the call. What is on disk changes by these calls alone: that is also after each call before. */
const dying = 'error=EIO:signal=KILL';
const faults = [dying, 'error=EIO', 'error=ENOSPC'];
const writing = ['pwrite64', 'fsync', 'fdatasync', 'rename', 'link', 'ftruncate', 'mkdir', 'unlink'];
/** Refusing to make a folder or to delete a leftover proves nothing here. */
const refusable = ['pwrite64', 'fsync', 'fdatasync', 'rename', 'ftruncate'];

test.each(faults)('a file replaced durably, %s', (fault) => {
  const [before, after] = ['old '.repeat(3000), 'new '.repeat(5000)];
  const strikes = strikeEach(fault === dying ? writing : refusable, fault, {
    prepare: () => {
      fresh();
      writeFileSync(at('table.csv'), before);
    },
    script: () => `
      import { durableWrite } from ${bundled.module};
      ${say}
      await say('table', durableWrite(${quoted('table.csv')}, Buffer.from('new '.repeat(5000))));
    `,
    check: ({ inject, ended }) => {
      const found = text('table.csv');
      expect([before, after], inject).toContain(found);
      if (ended.lines.includes('saved table')) expect(found, inject).toBe(after);
      else expect(ended.signal === 'SIGKILL' || ended.lines[0]?.startsWith('refused') === true, ended.err).toBe(true);
      // A kill may leave a temporary file, which has a name of its own; a refusal leaves nothing.
      if (ended.signal === null) expect(readdirSync(folder), inject).toEqual(['table.csv']);
    },
  });
  // pwrite64, two of fsync, and rename.
  expect(strikes).toBeGreaterThanOrEqual(4);
});

const schema = z.strictObject({ n: z.int() });

async function replayed(): Promise<number[]> {
  const { journal, replay } = await Journal.open(at('journal.jsonl'), schema);
  expect(replay.damagedLines).toBe(0);
  await journal.close();
  return replay.records.map(({ n }) => n);
}

/** Three records in two writings, a compaction, one more; then all that was refused is tried again. */
const journalScript = () => `
  import * as z from 'zod';
  import { Journal } from ${bundled.module};
  const { journal } = await Journal.open(${quoted('journal.jsonl')}, z.strictObject({ n: z.int() }));
  const refused = [];
  const append = (n) => journal.append({ n }).then(() => console.log('saved', n), (error) => {
    console.log('refused', n, error.code);
    refused.push(n);
  });
  await Promise.all([append(1), append(2)]);
  await append(3);
  for (const n of refused.splice(0)) await append(n);
  await journal.close();
`;
const numbersSaid = (lines: readonly string[], word: string) =>
  lines.flatMap((line) => (line.startsWith(`${word} `) ? [Number(line.split(' ')[1])] : []));

test.each(faults)('a journal appended to, %s', async (fault) => {
  for (const start of ['', lineOf(0)]) {
    const checks: (() => Promise<void>)[] = [];
    const strikes = strikeEach(fault === dying ? writing : refusable, fault, {
      prepare: () => {
        fresh();
        if (start !== '') writeFileSync(at('journal.jsonl'), start);
      },
      script: journalScript,
      check: ({ inject, ended }) => {
        const here = folder;
        checks.push(async () => {
          folder = here;
          const found = await replayed();
          const first = start === '' ? [] : [0];
          const saved = [...first, ...numbersSaid(ended.lines, 'saved')];
          if (ended.signal === null) expect(found, inject).toEqual(saved);
          // Killed: what was saved is there, in order; what was on its way may be there too.
          else
            expect([saved, [...saved, 1], [...saved, 1, 2], [...saved, 3]].map(String), inject).toContain(
              String(found),
            );
        });
      },
    });
    expect(strikes).toBeGreaterThanOrEqual(4);
    for (const check of checks) await check();
  }
});

function lineOf(n: number): string {
  const record = JSON.stringify({ n });
  return `["${createHash('sha256').update(record).digest('hex').slice(0, 16)}",${record}]\n`;
}

test.each(faults)('objects put and adopted, %s', (fault) => {
  const [put, adopted] = ['put '.repeat(4000), 'adopted '.repeat(4000)];
  const hashOf = (content: string) => createHash('sha256').update(content).digest('hex');
  const place = (content: string) => path.join('objects', hashOf(content).slice(0, 2), `${hashOf(content)}.bin`);
  const strikes = strikeEach(fault === dying ? writing : refusable, fault, {
    prepare: () => {
      fresh();
      mkdirSync(at('objects'));
      writeFileSync(at('finished'), adopted);
    },
    script: () => `
      import { Objects } from ${bundled.module};
      ${say}
      const objects = new Objects(${quoted('objects')}, ${quoted('staging')}, true);
      await say('put', objects.put(Buffer.from('put '.repeat(4000)), 'bin'));
      await say('adopted', objects.adopt(${quoted('finished')}, 'bin'));
    `,
    check: ({ inject, ended }) => {
      for (const [name, content] of [
        ['put', put],
        ['adopted', adopted],
      ] as const) {
        if (existsSync(at(place(content)))) expect(text(place(content)), inject).toBe(content);
        else expect(ended.lines, inject).not.toContain(`saved ${name}`);
      }
      // After a failed fsync the bytes are not to be trusted, so the file is gone, which is told; a kill loses nothing.
      const isGone = !existsSync(at('finished')) && !existsSync(at(place(adopted)));
      if (ended.signal !== null) expect(isGone, inject).toBe(false);
      else if (isGone)
        expect(
          ended.lines.some((line) => line.startsWith('refused adopted')),
          inject,
        ).toBe(true);
    },
  });
  expect(strikes).toBeGreaterThanOrEqual(8);
});

test('a transaction over three files, killed', async () => {
  const checks: (() => Promise<void>)[] = [];
  const strikes = strikeEach(writing, dying, {
    prepare: () => {
      fresh();
      mkdirSync(at('datasets'));
      for (const name of ['a.json', 'datasets/b.json', 'c.json']) writeFileSync(at(name), 'old');
    },
    script: () => `
      import { commit } from ${bundled.module};
      ${say}
      const writes = ['a.json', 'datasets/b.json', 'new/d.json'].map((path) => ({ path, bytes: Buffer.from('new') }));
      await say('all', commit(${JSON.stringify(folder)}, { writes, removes: ['c.json'] }));
    `,
    check: ({ inject, ended }) => {
      const here = folder;
      checks.push(async () => {
        folder = here;
        await finish(folder);
        const found = ['a.json', 'datasets/b.json', 'c.json', 'new/d.json'].map((name) =>
          existsSync(at(name)) ? text(name) : '-',
        );
        const [old, fresh] = ['old old old -', 'new new - new'];
        expect([old, fresh], inject).toContain(found.join(' '));
        if (ended.lines.includes('saved all')) expect(found.join(' '), inject).toBe(fresh);
        expect(existsSync(at('transaction')), inject).toBe(false);
      });
    },
  });
  expect(strikes).toBeGreaterThanOrEqual(20);
  for (const check of checks) await check();
});
