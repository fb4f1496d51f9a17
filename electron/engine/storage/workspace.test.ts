/** The workspace: made, opened again, and what is in it told truly. */
import { appendFileSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeEach, expect, test } from 'vitest';
import * as z from 'zod';
import { Workspace } from './workspace';

const base = mkdtempSync(path.join(os.tmpdir(), 'duet-workspace-'));
let root = '';
let number = 0;
beforeEach(() => (root = path.join(base, String(++number), 'Duet')));
afterAll(() => rmSync(base, { recursive: true, force: true }));

const schema = z.strictObject({ n: z.int() });

test('a new workspace has an id, and keeps it, its objects and its journals', async () => {
  const first = await Workspace.open(root);
  expect(first.info()).toMatchObject({
    name: 'Duet',
    path: root,
    mode: 'writable',
    reason: '',
    findings: [],
    format: 1,
  });
  const hash = await first.objects.put(Buffer.from('x'), 'txt');
  const { journal } = await first.openJournal('jobs/journal.jsonl', schema);
  await journal.append({ n: 1 });
  await first.close();
  await expect(journal.append({ n: 2 })).rejects.toMatchObject({ code: 'engine/closed' });

  const again = await Workspace.open(root);
  expect(again.info().id).toBe(first.info().id);
  expect(await again.objects.has(hash)).toBe(true);
  expect((await again.openJournal('jobs/journal.jsonl', schema)).records).toEqual([{ n: 1 }]);
  await again.close();
});

test('damaged lines of a journal become a finding', async () => {
  mkdirSync(path.join(root, 'jobs'), { recursive: true });
  const file = path.join(root, 'jobs', 'journal.jsonl');
  const first = await Workspace.open(root);
  const { journal } = await first.openJournal('jobs/journal.jsonl', schema);
  await journal.append({ n: 1 });
  await first.close();
  appendFileSync(file, 'rubbish\n');
  const again = await Workspace.open(root);
  const { records } = await again.openJournal('jobs/journal.jsonl', schema);
  expect(records).toEqual([{ n: 1 }]);
  expect(again.findings).toMatchObject([{ kind: 'journal', file: 'jobs/journal.jsonl' }]);
  expect(readFileSync(`${file}.damaged-1`, 'utf8')).toContain('rubbish');
  await again.close();
});

test('what a kill left half-written is swept', async () => {
  await (await Workspace.open(root)).close();
  mkdirSync(path.join(root, 'staging'));
  writeFileSync(path.join(root, 'staging', 'abc.part'), 'half');
  await (await Workspace.open(root)).close();
  expect(existsSync(path.join(root, 'staging'))).toBe(false);
});
