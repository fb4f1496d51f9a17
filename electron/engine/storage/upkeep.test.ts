/** Verify, rebuild and backup: what foreign hands did is told, and a backup is a workspace of its own. */
import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeEach, expect, test } from 'vitest';
import { backup } from './backup';
import { fill } from './testing/made-workspace';
import { verify } from './verify';
import { Workspace } from './workspace';

const base = mkdtempSync(path.join(os.tmpdir(), 'duet-upkeep-'));
let root = '';
let hashes: string[] = [];
let number = 0;
beforeEach(async () => {
  root = path.join(base, String(++number), 'Duet');
  const workspace = await Workspace.open(root);
  hashes = await fill(workspace, 3);
  await workspace.close();
});
afterAll(() => rmSync(base, { recursive: true, force: true }));

/** Without what SQLite takes away when a closed connection is collected. */
const namesIn = (folder: string) => readdirSync(folder).filter((name) => !/-(wal|shm)$/.test(name));
const progress: number[] = [];
const watch = () => ({ signal: new AbortController().signal, progress: (fraction: number) => progress.push(fraction) });
const object = (hash: string) => `objects/${hash.slice(0, 2)}/${hash}.safetensors`;
const at = (name: string) => path.join(root, name);
const kinds = (findings: readonly { kind: string; file: string }[]) => findings.map(({ kind, file }) => [kind, file]);

test('an untouched workspace has nothing to tell', async () => {
  const { objects, bytes, findings } = await verify(root, watch());
  expect(findings).toEqual([]);
  expect(objects).toBe(9);
  expect(bytes).toBeGreaterThan(1000);
  expect(progress.at(-1)).toBe(1);
});

test('damaged, missing, unknown and doubled files are told by name', async () => {
  const [damaged = '', missing = ''] = hashes;
  writeFileSync(at(object(damaged)), 'something else');
  rmSync(at(object(missing)));
  const conflicts = [
    'duet.sync-conflict-20261125-010101-ABCDEFG.json',
    `datasets/tissue-slides-1/dataset (Anna's conflicted copy 2026-11-25).json`,
    'datasets/tissue-slides-1/dataset-LAPTOP.json',
    'jobs/journal (1).jsonl',
  ];
  for (const name of conflicts) cpSync(at('duet.json'), at(name));
  writeFileSync(at('notes.txt'), 'of the person');
  writeFileSync(at('.DS_Store'), '');
  writeFileSync(at('datasets/tissue-slides-2/dataset.json'), '{"format":1');
  const { findings } = await verify(root, watch());
  expect(kinds(findings).sort()).toEqual(
    [
      ['damaged', object(damaged)],
      ['missing', object(missing).replace('.safetensors', '')],
      ['unknown', 'notes.txt'],
      ['damaged', 'datasets/tissue-slides-2/dataset.json'],
      ...conflicts.map((name) => ['conflict', name]),
    ].sort(),
  );
  expect(existsSync(at('notes.txt'))).toBe(true);
});

test('what is missing is told when the workspace is opened, and the rest is usable', async () => {
  rmSync(at(object(hashes[0]!)));
  writeFileSync(at('datasets/tissue-slides-2/dataset.json'), 'rubbish');
  const workspace = await Workspace.open(root);
  expect(kinds(workspace.findings)).toEqual([
    ['damaged', 'datasets/tissue-slides-2/dataset.json'],
    ['missing', object(hashes[0]!).replace('.safetensors', '')],
  ]);
  expect(workspace.index.counts()).toMatchObject({ datasets: 2, objects: 8 });
  expect(workspace.index.search('SLIDES 1').datasets).toEqual(['tissue-slides-1']);
  expect(Buffer.from(await workspace.objects.read(hashes[3]!)).toString()).toContain('pack 1');
  await workspace.close();
});

test('an old copy put back is taken as it is', async () => {
  const copy = path.join(path.dirname(root), 'copy');
  cpSync(root, copy, { recursive: true });
  const workspace = await Workspace.open(root);
  await fill(workspace, 5);
  await workspace.close();
  rmSync(root, { recursive: true });
  renameSync(copy, root);
  const again = await Workspace.open(root);
  expect(again.findings).toEqual([]);
  expect(again.index.counts()).toMatchObject({ datasets: 3, objects: 9 });
  await again.close();
});

test('the folder deleted while open: nothing more is called saved', async () => {
  const workspace = await Workspace.open(root);
  rmSync(root, { recursive: true });
  await expect(workspace.objects.put(Buffer.from('new'), 'txt')).rejects.toMatchObject({ code: 'file/missing' });
  expect(existsSync(root)).toBe(false);
  await workspace.close();
});

test('a backup is whole, opens by itself, and takes no place that is taken', async () => {
  const target = path.join(path.dirname(root), 'backup');
  const workspace = await Workspace.open(root);
  const { files, findings } = await backup(root, target, watch());
  await workspace.close();
  expect(findings).toEqual([]);
  expect(files).toBe(14);
  expect(readdirSync(target).sort()).toEqual(['datasets', 'duet.json', 'models', 'objects']);
  const copy = await Workspace.open(target);
  expect(copy.info()).toMatchObject({ mode: 'writable', findings: [], id: workspace.info().id });
  expect(copy.index.counts()).toMatchObject({ datasets: 3, objects: 9 });
  await copy.close();
  expect((await verify(target, watch())).findings).toEqual([]);
  await expect(backup(root, target, watch())).rejects.toMatchObject({ code: 'file/exists' });
  await expect(backup(root, at('cache/inside'), watch())).rejects.toMatchObject({ code: 'file/bad-name' });
});

test('a backup tells what was damaged before; a cancelled one leaves nothing', async () => {
  writeFileSync(at(object(hashes[0]!)), 'something else');
  const target = path.join(path.dirname(root), 'backup');
  expect(kinds((await backup(root, target, watch())).findings)).toEqual([['damaged', object(hashes[0]!)]]);
  const stop = new AbortController();
  const cancelled = backup(root, `${target}-2`, { signal: stop.signal, progress: () => stop.abort() });
  await expect(cancelled).rejects.toMatchObject({ code: 'call/cancelled' });
  expect(readdirSync(path.dirname(root)).sort()).toEqual(['Duet', 'backup']);
});

test('a newer workspace is read, never written', async () => {
  writeFileSync(at('duet.json'), JSON.stringify({ format: 2, id: 'from-tomorrow', more: true }));
  rmSync(at('index.sqlite'));
  const before = namesIn(root);
  const workspace = await Workspace.open(root);
  expect(workspace.info()).toMatchObject({ mode: 'read-only', format: 2, id: 'from-tomorrow' });
  expect(() => workspace.assertWritable()).toThrow(expect.objectContaining({ code: 'workspace/newer' }) as Error);
  await expect(workspace.objects.put(Buffer.from('x'), 'txt')).rejects.toMatchObject({ code: 'workspace/read-only' });
  expect(workspace.index.counts()).toMatchObject({ datasets: 3 });
  await workspace.close();
  expect(namesIn(root)).toEqual(before);
});

test('a lost or damaged duet.json is made anew, and told', async () => {
  rmSync(at('duet.json'));
  const lost = await Workspace.open(root);
  expect(kinds(lost.findings)).toEqual([['version', 'duet.json']]);
  await lost.close();
  writeFileSync(at('duet.json'), '{"format"');
  const damaged = await Workspace.open(root);
  expect(kinds(damaged.findings)).toEqual([['version', 'duet.json']]);
  expect(damaged.index.counts()).toMatchObject({ datasets: 3 });
  await damaged.close();
  const [aside = ''] = readdirSync(root).filter((name) => name.startsWith('duet.json.damaged-'));
  expect(readFileSync(at(aside), 'utf8')).toBe('{"format"');
  expect((await verify(root, watch())).findings).toEqual([]);
});

test('opened to look, nothing is made or changed', async () => {
  const nowhere = path.join(base, 'nowhere');
  const empty = await Workspace.open(nowhere, { access: 'read' });
  expect(empty.info()).toMatchObject({ mode: 'read-only', format: 0, id: '', findings: [] });
  await empty.close();
  expect(existsSync(nowhere)).toBe(false);
  const before = namesIn(root);
  const workspace = await Workspace.open(root, { access: 'read' });
  expect(workspace.index.counts()).toMatchObject({ datasets: 3 });
  await workspace.close();
  expect(namesIn(root)).toEqual(before);
});
