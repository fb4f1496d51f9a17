/** Every built-in data set is added through the whole engine: its counts are those of the gallery, its data are pinned by their hash. */
import { readFileSync, mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { bundledSets } from '../engine/datasets/builtin/catalog';
import { type InlineEngine, startInlineEngine } from './testing/inline-engine';

let folder = '';
let engine: InlineEngine;
beforeAll(async () => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'duet-builtin-'));
  engine = await startInlineEngine(folder);
});
afterAll(async () => {
  await engine.stop();
  rmSync(folder, { recursive: true, force: true });
});

/** sha256 of the pack, 16 digits of it: the same on every machine. */
const packs: Record<string, string> = {
  emoji: '269e12a6e717d75b',
  gutenberg: '0c314e75af01f06d',
  names: '72aa9b7d1818c683',
  molecules: 'e42a653277f65e4b',
  diabetes: 'a4dccd2ebab86f91',
  wine: '155b2510956c390d',
  iris: 'fd8995e485354b6b',
  'ring-8': 'cb05e8e1e604edde',
  'grid-25': '7960f16a29a713d9',
  shapes: 'b5354aa6817f7970',
  digits: 'a2578ddedae71f57',
  mnist: '195a6fb1a765aa31',
  'fashion-mnist': '52828c6265b69551',
};

function packOf(id: string): string {
  const file = path.join(folder, 'workspace', 'datasets', id, 'dataset.json');
  const { parts } = JSON.parse(readFileSync(file, 'utf8')) as { parts: { pack: string }[] };
  return parts.map(({ pack }) => pack.slice(0, 16)).join();
}

/** Checks follow imports by themselves; here they would only take time. */
async function cancelChecks(): Promise<void> {
  const { jobs } = await engine.page.call('jobs.list', {});
  const open = jobs.filter(
    ({ kind, state }) => kind === 'dataset.check' && (state === 'waiting' || state === 'running'),
  );
  for (const { id } of open) await engine.page.call('jobs.cancel', { id });
}

test.each([...bundledSets.map(({ name }) => name), 'ring-8', 'grid-25', 'shapes'])(
  '%s',
  async (name) => {
    const { page } = engine;
    const entry = (await page.call('datasets.gallery', {})).entries.find((one) => one.name === name)!;
    // Set-up on this machine could not reach its source: the gallery says so, and adding it says the same.
    if (entry.missing !== '') {
      await expect(page.call('datasets.add', { name })).rejects.toMatchObject({ code: 'file/missing' });
      return;
    }
    const { id, job } = await page.call('datasets.add', { name });
    expect(await engine.ended(job)).toMatchObject({ state: 'done', failure: null });
    await cancelChecks();
    const detail = await page.call('datasets.detail', { id });
    expect(detail.entry).toMatchObject({
      id: name,
      title: entry.title,
      kind: entry.kind,
      origin: entry.isSynthetic ? 'generated' : 'real',
      samples: entry.samples,
      classes: entry.classes,
    });
    expect(detail.leftOutCount).toBe(0);
    expect(detail.licence).toBe(entry.licence);
    expect(detail.entry.bytes).toBeLessThan(entry.bytes * 1.6);
    expect(detail.entry.bytes).toBeGreaterThan(entry.bytes * 0.6);
    expect(packOf(id)).toBe(packs[name]);
  },
  120_000,
);

test('MNIST and Fashion-MNIST have the split and the class names of their authors', async () => {
  const { page } = engine;
  const { datasets } = await page.call('datasets.list', {});
  for (const { id } of datasets.filter(({ samples }) => samples === 70_000)) {
    const { classes } = await page.call('datasets.detail', { id });
    const sum = (split: 'train' | 'validation' | 'test'): number => classes.reduce((all, row) => all + row[split], 0);
    expect([sum('train') + sum('validation'), sum('test')]).toEqual([60_000, 10_000]);
    expect(classes.map(({ name }) => name)).toContain(id === 'mnist' ? '7' : 'Ankle boot');
  }
});

test('a seed and a number of samples can be chosen for what is drawn, and only for that', async () => {
  const { page } = engine;
  const { id, job } = await page.call('datasets.add', { name: 'ring-8', title: 'My ring', samples: 50, seed: 9 });
  expect(id).toBe('my-ring');
  expect(await engine.ended(job)).toMatchObject({
    state: 'done',
    result: { summary: '50 samples in 8 classes, seed 9' },
  });
  await expect(page.call('datasets.add', { name: 'iris', samples: 50 })).rejects.toMatchObject({
    code: 'usage/bad-argument',
  });
  await expect(page.call('datasets.add', { name: 'cifar' })).rejects.toMatchObject({ code: 'data/unknown' });
});
