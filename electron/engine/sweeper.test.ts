/** The sweep in the background: when no job is at work, once, and never in silence when it must not. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { Listeners } from '../contract/transport';
import type { QueueView } from './jobs/queue';
import { fill } from './storage/testing/made-workspace';
import { Workspace } from './storage/workspace';
import { Sweeper } from './sweeper';

let root = '';
let workspace: Workspace;
let unnamed = '';
let running: { title: string }[] = [];
let told = 0;
const changed = new Listeners<QueueView>();
const queue: QueueView = { jobs: [], isPaused: false, isGentle: false };
const { signal } = new AbortController();

beforeEach(async () => {
  root = path.join(mkdtempSync(path.join(os.tmpdir(), 'duet-sweeper-')), 'Duet');
  workspace = await Workspace.open(root);
  await fill(workspace, 1);
  unnamed = await workspace.objects.put(Buffer.from('unnamed'), 'bin');
  await workspace.close();
  workspace = await Workspace.open(root);
  running = [];
  told = 0;
});
afterEach(async () => {
  await workspace.close();
  rmSync(path.dirname(root), { recursive: true, force: true });
});

function started(): Sweeper {
  const jobs = { named: () => [], running: () => running, changed };
  const sweeper = new Sweeper({ workspace, jobs, onFinding: () => (told += 1) });
  sweeper.start();
  return sweeper;
}

test('it waits until no job is at work, and then goes once', async () => {
  running = [{ title: 'Import' }];
  const sweeper = started();
  changed.tell(queue);
  await expect(sweeper.sweep(true, signal)).rejects.toMatchObject({ code: 'job/bad-state' });
  expect(await workspace.objects.has(unnamed)).toBe(true);
  running = [];
  changed.tell(queue);
  expect(await sweeper.sweep(true, signal)).toEqual({ objects: 0, bytes: 0 });
  expect(await workspace.objects.has(unnamed)).toBe(false);
  await sweeper.dispose();
  expect([told, workspace.findings]).toEqual([0, []]);
});

test('why nothing was swept is told with the workspace, once', async () => {
  writeFileSync(path.join(root, 'datasets', 'tissue-slides-0', 'dataset.json'), '{"format":1');
  const sweeper = started();
  await expect(sweeper.sweep(true, signal)).rejects.toMatchObject({ code: 'workspace/damaged' });
  await sweeper.dispose();
  expect(told).toBe(1);
  expect(workspace.findings).toMatchObject([{ kind: 'damaged', file: 'datasets/tissue-slides-0/dataset.json' }]);
  const again = started();
  await expect(again.sweep(false, signal)).rejects.toMatchObject({ code: 'workspace/damaged' });
  await again.dispose();
  expect(told).toBe(1);
  expect(await workspace.objects.has(unnamed)).toBe(true);
});

test('closing ends it, and waits for what is being deleted', async () => {
  const sweeper = started();
  await sweeper.dispose();
  expect(told).toBe(0);
  await expect(sweeper.sweep(false, signal)).rejects.toMatchObject({ code: 'call/cancelled' });
});
