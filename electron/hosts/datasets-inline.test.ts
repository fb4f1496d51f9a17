/** Data sets through the whole engine with real intake: inspect, import, look, edit, undo, add to, remove, open again. */
import { createCanvas } from '@napi-rs/canvas';
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { defaultSplitPlan } from '../contract/samples';
import { type InlineEngine, startInlineEngine } from './testing/inline-engine';

let folder = '';
let engine: InlineEngine;

beforeEach(async () => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'duet-datasets-'));
  engine = await startInlineEngine(folder);
});
afterEach(async () => {
  await engine.stop();
  rmSync(folder, { recursive: true, force: true });
});

const colours: Record<string, string> = { red: '#c02010', green: '#10a030', blue: '#1020c0' };

/** A folder of PNG files, one folder for each class. */
function pictures(name: string, counts: Record<string, number>, size = 20): string {
  const source = path.join(folder, name);
  for (const [label, count] of Object.entries(counts)) {
    mkdirSync(path.join(source, label), { recursive: true });
    for (let number = 0; number < count; number++) {
      const canvas = createCanvas(size, size);
      const context = canvas.getContext('2d');
      context.fillStyle = colours[label] ?? '#808080';
      context.fillRect(0, 0, size, size);
      context.fillStyle = '#ffffff';
      context.fillRect(number % size, 0, 1, size);
      writeFileSync(path.join(source, label, `${number}.png`), canvas.toBuffer('image/png'));
    }
  }
  return source;
}

async function importFolder(source: string, title = 'Colours', into?: string) {
  const { page } = engine;
  const { proposal, inspection } = await page.call('datasets.inspect', { handles: await engine.handlesOf(source) });
  const { id, job } = await page.call('datasets.import', {
    proposal,
    title,
    options: inspection.options,
    splits: { ...defaultSplitPlan, test: 0.2 },
    ...(into === undefined ? {} : { into }),
  });
  return { id, job, ended: await engine.ended(job), inspection };
}

const all = { filter: {}, offset: 0, limit: 2000 };

test('a folder becomes a data set: counts, samples in order, pixels, what was left out', async () => {
  const source = pictures('colours', { red: 10, green: 5, blue: 1 });
  writeFileSync(path.join(source, 'red', 'broken.png'), 'no picture');
  const { id, ended, inspection } = await importFolder(source);
  expect(inspection).toMatchObject({ kind: 'image', reader: 'files', classes: [{ name: 'blue', count: 1 }, {}, {}] });
  expect(ended).toMatchObject({
    state: 'done',
    result: { dataset: 'colours', summary: '16 images in 3 classes, 1 file left out' },
  });
  const { page } = engine;
  const { datasets } = await page.call('datasets.list', {});
  expect(datasets).toMatchObject([{ id, title: 'Colours', state: 'ready', samples: 16, classes: 3 }]);
  const detail = await page.call('datasets.detail', { id });
  expect(detail.classes).toEqual([
    { name: 'blue', train: 1, validation: 0, test: 0, excluded: 0 },
    { name: 'green', train: 4, validation: 0, test: 1, excluded: 0 },
    { name: 'red', train: 7, validation: 1, test: 2, excluded: 0 },
  ]);
  expect(detail.leftOut).toMatchObject([{ name: 'red/broken.png', failure: { code: 'image/unsupported' } }]);
  const { total, samples } = await page.call('datasets.samples', { id, ...all });
  expect(total).toBe(16);
  expect(samples.map(({ label }) => label)).toEqual([
    'blue',
    ...Array<string>(5).fill('green'),
    ...Array<string>(10).fill('red'),
  ]);
  const one = samples.find(({ name }) => name === 'red/7.png')!;
  const shown = await page.call('datasets.pictures', { id, indices: [one.index], size: 'full' });
  if (shown.form !== 'pixels') throw new Error('pixels were expected');
  expect([shown.height, shown.width, shown.pixels.length]).toEqual([20, 20, 1600]);
  expect([...shown.pixels.subarray(4 * 6, 4 * 8)]).toEqual([192, 32, 16, 255, 255, 255, 255, 255]);
});

test('edits are undone and redone, and are there after the engine was started again', async () => {
  const { id } = await importFolder(pictures('colours', { red: 6, green: 3 }));
  const { page } = engine;
  const before = (await page.call('datasets.detail', { id })).revision;
  const { samples } = await page.call('datasets.samples', { id, filter: { label: 'red' }, offset: 0, limit: 2 });
  const indices = samples.map(({ index }) => index);
  const { what } = await page.call('datasets.edit', { id, change: { edit: 'label', indices, label: 'crimson' } });
  expect(what).toBe('Label “crimson” given to 2 samples');
  await page.call('datasets.edit', { id, change: { edit: 'exclude', indices, isExcluded: true } });
  const edited = await page.call('datasets.detail', { id });
  expect(edited.classes.map(({ name, excluded }) => [name, excluded])).toEqual([
    ['crimson', 2],
    ['green', 0],
    ['red', 0],
  ]);
  expect((await page.call('history.undo', {})).what).toBe('2 samples left out');
  expect((await page.call('history.undo', {})).what).toBe(what);
  expect((await page.call('datasets.detail', { id })).revision).toBe(before);
  await page.call('history.redo', {});
  await page.call('history.redo', {});
  const { revision } = await page.call('datasets.seal', { id, note: 'before training' });
  expect(revision).toBe(edited.revision);
  await engine.stop();
  engine = await startInlineEngine(folder);
  const again = await engine.page.call('datasets.detail', { id });
  expect(again).toMatchObject({
    revision: edited.revision,
    revisions: [{ hash: edited.revision, note: 'before training' }],
  });
  expect((await engine.page.call('datasets.list', {})).datasets[0]).toMatchObject({ classes: 3 });
});

test('more can be added to a data set; what does not fit is refused', async () => {
  const { id } = await importFolder(pictures('first', { red: 4, green: 4 }));
  const { page } = engine;
  await page.call('datasets.edit', { id, change: { edit: 'label', indices: [0], label: 'red' } });
  const { id: same, ended } = await importFolder(pictures('second', { blue: 3, red: 2 }), 'ignored', id);
  expect(same).toBe(id);
  expect(ended.state).toBe('done');
  const { total, samples } = await page.call('datasets.samples', { id, ...all });
  expect(total).toBe(13);
  expect(samples.filter(({ label }) => label === 'red').map(({ index }) => index)).toEqual([0, 4, 5, 6, 7, 11, 12]);
  const { entry } = await page.call('datasets.detail', { id });
  expect(entry).toMatchObject({ title: 'Colours', samples: 13, classes: 3 });
  const texts = path.join(folder, 'words.txt');
  writeFileSync(texts, 'one\ntwo\n');
  await expect(importFolder(texts, 'Words', id)).rejects.toMatchObject({ code: 'data/mismatch' });
});

test('a removed data set comes back by undo, and is swept when the workspace is opened again', async () => {
  const { id } = await importFolder(pictures('colours', { red: 3, green: 3 }));
  const { page } = engine;
  await page.call('datasets.remove', { id });
  expect((await page.call('datasets.list', {})).datasets).toEqual([]);
  await expect(page.call('datasets.detail', { id })).rejects.toMatchObject({ code: 'data/unknown' });
  await page.call('history.undo', {});
  expect((await page.call('datasets.list', {})).datasets).toHaveLength(1);
  await page.call('datasets.remove', { id });
  await engine.stop();
  engine = await startInlineEngine(folder);
  expect((await engine.page.call('datasets.list', {})).datasets).toEqual([]);
  expect((await engine.page.call('jobs.list', {})).jobs).toEqual([]);
});

test('what only a removed data set had leaves the disk after the next opening; the others are whole', async () => {
  const checked = async (id: string) => engine.ended((await engine.page.call('datasets.check', { id })).job);
  const kept = await importFolder(pictures('colours', { red: 3, green: 3 }));
  await engine.page.call('datasets.edit', {
    id: kept.id,
    change: { edit: 'resplit', plan: { ...defaultSplitPlan, seed: 5 } },
  });
  await engine.page.call('datasets.seal', { id: kept.id, note: '' });
  await checked(kept.id);
  const before = await engine.page.call('workspace.verify', {});
  // The same pictures: the pack is shared, the checks are not.
  const { id } = await importFolder(pictures('more', { red: 5 }), 'More');
  const { id: twin } = await importFolder(path.join(folder, 'colours'), 'Twin');
  for (const one of [id, twin]) await checked(one);
  expect((await engine.page.call('workspace.verify', {})).objects).toBeGreaterThan(before.objects + 3);
  await engine.page.call('datasets.remove', { id });
  await engine.page.call('datasets.remove', { id: twin });
  await engine.stop();
  engine = await startInlineEngine(folder);
  const { page } = engine;
  // In turn, so after the one that the opening began.
  expect(await page.call('workspace.sweep', { isDryRun: true })).toEqual({ objects: 0, bytes: 0 });
  const after = await page.call('workspace.verify', {});
  expect([after.findings, after.objects]).toEqual([[], before.objects]);
  const { samples } = await page.call('datasets.samples', { id: kept.id, ...all });
  expect(samples).toHaveLength(6);
  expect((await page.call('datasets.report', { id: kept.id })).isCurrent).toBe(true);
  expect((await page.call('workspace.info', {})).findings).toEqual([]);
});

test('an import is checked by itself; findings open their samples, and a report grows old by an edit', async () => {
  // Stripes of different widths, so that none is another one moved.
  const source = pictures('colours', { red: 0, green: 0 });
  for (const [k, label] of ['red', 'red', 'red', 'green', 'green', 'green'].entries()) {
    const canvas = createCanvas(20, 20);
    canvas.getContext('2d').fillStyle = colours[label]!;
    for (let at = 0; at < 20; at += k + 2) canvas.getContext('2d').fillRect(at, k, 1, 20);
    writeFileSync(path.join(source, label, `${k}.png`), canvas.toBuffer('image/png'));
  }
  copyFileSync(path.join(source, 'red', '0.png'), path.join(source, 'green', 'again.png'));
  const { id } = await importFolder(source);
  const { page } = engine;
  const { job } = await page.call('datasets.check', { id });
  expect(await engine.ended(job)).toMatchObject({ state: 'done', kind: 'dataset.check', result: { dataset: id } });
  const { report, isCurrent } = await page.call('datasets.report', { id });
  expect(isCurrent).toBe(true);
  const conflict = report!.findings.find((finding) => finding.id === 'label-conflicts');
  expect(conflict).toMatchObject({ tone: 'bad', samples: 2 });
  const opened = await page.call('datasets.samples', { id, ...all, filter: { finding: 'label-conflicts' } });
  expect(opened.samples.map(({ name }) => name)).toEqual(['green/again.png', 'red/0.png']);
  const [green, red] = opened.samples;
  expect((await page.call('datasets.sample', { id, index: green!.index })).alike).toEqual([red!.index]);
  expect((await page.call('datasets.list', {})).datasets[0]?.toLookAt).toBeGreaterThan(0);
  await page.call('datasets.edit', { id, change: { edit: 'exclude', indices: [green!.index], isExcluded: true } });
  expect((await page.call('datasets.report', { id })).isCurrent).toBe(false);
  const again = await page.call('datasets.check', { id });
  expect(again.job).not.toBe(job);
  await engine.ended(again.job);
  const newer = await page.call('datasets.report', { id });
  expect(newer.report!.findings.map((finding) => finding.id)).not.toContain('label-conflicts');
  const none = await page.call('datasets.samples', { id, ...all, filter: { finding: 'label-conflicts' } });
  expect(none.total).toBe(0);
});
