/** What the gallery does with files that are missing or not those that came with Duet. */
import { copyFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { JobMaker } from '../../jobs/job-kind';
import { BuiltIn } from './built-in';

const assets = path.resolve('assets', 'datasets');
let folder = '';
let queued: Parameters<JobMaker['add']>[0][] = [];
let builtIn: BuiltIn;

beforeEach(() => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'duet-gallery-'));
  queued = [];
  builtIn = new BuiltIn({
    folder,
    datasets: { isTaken: (id) => id === 'iris', mark: () => undefined },
    jobs: {
      add: (job) => {
        queued.push(job);
        return Promise.resolve({ id: 'j1' });
      },
    },
    clock: () => 5,
  });
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

test('a file as it came is queued under its hash, and under a name that is free', async () => {
  copyFileSync(path.join(assets, 'iris.csv'), path.join(folder, 'iris.csv'));
  expect(await builtIn.add({ name: 'iris' })).toEqual({ id: 'iris-2', job: 'j1' });
  expect(queued).toMatchObject([{ kind: 'dataset.import', title: 'Add Iris' }]);
  expect(queued[0]?.inputs).toEqual(['f7fac79ad999fd2d001fd012dd70c0f42c738a7e7cfb7069e71371b55c29341e']);
});

test('a changed file is refused, and nothing is queued', async () => {
  writeFileSync(path.join(folder, 'iris.csv'), 'a,b\n1,2\n');
  await expect(builtIn.add({ name: 'iris' })).rejects.toMatchObject({ code: 'data/changed' });
  expect(queued).toEqual([]);
});

test('a missing file is told by the gallery and by adding it', async () => {
  const entries = await builtIn.gallery();
  expect(entries.filter(({ missing }) => missing === '').map(({ name }) => name)).toEqual([
    'ring-8',
    'grid-25',
    'shapes',
  ]);
  await expect(builtIn.add({ name: 'fashion-mnist' })).rejects.toMatchObject({ code: 'file/missing' });
});
