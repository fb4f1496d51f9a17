/** From one workspace to another and back: each shows its own data sets and jobs, and nobody holds the one that was left. */
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { defaultSplitPlan } from '../contract/samples';
import { Workspace } from '../engine/storage/workspace';
import { type InlineEngine, startInlineEngine } from './testing/inline-engine';

let base = '';
let engine: InlineEngine | undefined;

beforeEach(() => {
  base = mkdtempSync(path.join(os.tmpdir(), 'duet-switch-'));
});
afterEach(async () => {
  await engine?.stop();
  engine = undefined;
  rmSync(base, { recursive: true, force: true });
});

const workspaceOf = (name: string) => path.join(base, name, 'workspace');
const lockOf = (name: string) => path.join(workspaceOf(name), 'lock');

/** Stops the engine that there is, and starts one on another workspace. */
async function switchTo(name: string): Promise<InlineEngine> {
  await engine?.stop();
  engine = undefined;
  mkdirSync(path.join(base, name), { recursive: true });
  return (engine = await startInlineEngine(path.join(base, name)));
}

async function importTexts(to: InlineEngine, title: string): Promise<void> {
  const { page } = to;
  const source = path.join(base, `${title}.txt`);
  writeFileSync(source, `${title} one\n${title} two\n`);
  const { proposal, inspection } = await page.call('datasets.inspect', { handles: await to.handlesOf(source) });
  const { id, job } = await page.call('datasets.import', {
    proposal,
    title,
    options: inspection.options,
    splits: defaultSplitPlan,
  });
  expect(await to.ended(job)).toMatchObject({ state: 'done' });
  await to.ended((await page.call('datasets.check', { id })).job);
}

async function shown({ page }: InlineEngine): Promise<{ datasets: string[]; jobs: string[] }> {
  const { datasets } = await page.call('datasets.list', {});
  const { jobs } = await page.call('jobs.list', {});
  return { datasets: datasets.map(({ title }) => title), jobs: jobs.map(({ title }) => title).sort() };
}

test('another workspace shows its own data sets; the one that was left is free for others, and whole', async () => {
  const first = await switchTo('first');
  await importTexts(first, 'Apples');
  const { id } = await first.page.call('workspace.info', {});
  const apples = { datasets: ['Apples'], jobs: ['Check Apples', 'Import Apples'] };
  expect(await shown(first)).toEqual(apples);
  expect(existsSync(lockOf('first'))).toBe(true);

  const second = await switchTo('second');
  expect(await shown(second)).toEqual({ datasets: [], jobs: [] });
  await importTexts(second, 'Pears');
  expect(await shown(second)).toEqual({ datasets: ['Pears'], jobs: ['Check Pears', 'Import Pears'] });
  const info = await second.page.call('workspace.info', {});
  expect(info).toMatchObject({ path: workspaceOf('second'), mode: 'writable', findings: [] });
  expect(info.id).not.toBe(id);
  await expect(second.page.call('datasets.detail', { id: 'apples' })).rejects.toMatchObject({ code: 'data/unknown' });

  expect(existsSync(lockOf('first'))).toBe(false);
  const other = await Workspace.open(workspaceOf('first'));
  expect(other.info()).toMatchObject({ id, mode: 'writable', findings: [] });
  await other.close();
  const beside = await Workspace.open(workspaceOf('second'));
  expect(beside.info()).toMatchObject({ mode: 'read-only', reason: expect.stringContaining('duet command') as string });
  await beside.close();
  expect(readFileSync(lockOf('second'), 'utf8')).toContain(`${process.pid}`);

  const again = await switchTo('first');
  expect(await shown(again)).toEqual(apples);
  expect(existsSync(lockOf('second'))).toBe(false);
  const { samples } = await again.page.call('datasets.samples', { id: 'apples', filter: {}, offset: 0, limit: 9 });
  expect(samples).toHaveLength(2);
});
