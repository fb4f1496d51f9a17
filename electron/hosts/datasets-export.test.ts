/** Exports through the whole engine: what is written can be imported again as the same data set; suggestions of a model. */
import { createCanvas, loadImage } from '@napi-rs/canvas';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { parse } from 'csv-parse/sync';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { defaultSplitPlan } from '../contract/samples';
import { type InlineEngine, startInlineEngine } from './testing/inline-engine';

let folder = '';
let engine: InlineEngine;

beforeEach(async () => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'duet-export-'));
  engine = await startInlineEngine(folder);
});
afterEach(async () => {
  await engine.stop();
  rmSync(folder, { recursive: true, force: true });
});

/** Pictures that differ, in two classes whose names are hard on file systems and spreadsheets. */
function source(): string {
  const root = path.join(folder, 'source');
  for (const [label, count] of [
    ['=1+1', 10],
    ['plain', 10],
  ] as const) {
    mkdirSync(path.join(root, label), { recursive: true });
    for (let number = 0; number < count; number++) {
      const canvas = createCanvas(12, 12);
      const context = canvas.getContext('2d');
      context.fillStyle = label === 'plain' ? '#204080' : '#c08040';
      context.fillRect(0, 0, 12, 12);
      context.fillStyle = '#fff';
      context.fillRect(number, number, 2, 2);
      writeFileSync(path.join(root, label, `${number}.png`), canvas.toBuffer('image/png'));
    }
  }
  return root;
}

async function importFrom(place: string, title: string, splits = { ...defaultSplitPlan, test: 0.2 }): Promise<string> {
  const { page } = engine;
  const { proposal, inspection } = await page.call('datasets.inspect', { handles: await engine.handlesOf(place) });
  const { options } = inspection;
  const { id, job } = await page.call('datasets.import', { proposal, title, options, splits });
  expect(await engine.ended(job)).toMatchObject({ state: 'done' });
  return id;
}

async function exportTo(id: string, format: 'folders' | 'zip' | 'csv' | 'parquet', name: string) {
  const target = path.join(folder, name);
  const { handle } = await engine.host.call('handles.target', { path: target });
  const { job } = await engine.page.call('datasets.export', {
    id,
    format,
    target: handle,
    filter: { isExcluded: false },
  });
  return { target, ended: await engine.ended(job) };
}

/** Label, split and hash of the pixels of each sample, sorted: what must survive the way out and in. */
async function contentsOf(id: string): Promise<string[]> {
  const { page } = engine;
  const { samples } = await page.call('datasets.samples', {
    id,
    filter: { isExcluded: false },
    offset: 0,
    limit: 2000,
  });
  const pictures = await page.call('datasets.pictures', {
    id,
    indices: samples.map(({ index }) => index),
    size: 'full',
  });
  if (pictures.form !== 'pixels') throw new Error('pixels were expected');
  const size = pictures.height * pictures.width * 4;
  return samples
    .map(({ label, split }, at) =>
      [label, split, Buffer.from(pictures.pixels.subarray(at * size, (at + 1) * size)).toString('hex')].join(' '),
    )
    .sort();
}

test('folders, zip and Parquet come back as the same samples, labels and splits', async () => {
  const id = await importFrom(source(), 'Odd names');
  await engine.page.call('datasets.edit', { id, change: { edit: 'exclude', indices: [3], isExcluded: true } });
  await engine.page.call('datasets.edit', { id, change: { edit: 'label', indices: [15], label: 'a/b: “c”' } });
  const before = await contentsOf(id);
  expect(before).toHaveLength(19);
  for (const [format, name] of [
    ['folders', 'out'],
    ['zip', 'out.zip'],
    ['parquet', 'out.parquet'],
  ] as const) {
    const { target, ended } = await exportTo(id, format, name);
    expect(ended).toMatchObject({ state: 'done', result: { summary: `Wrote 19 samples to ${name}` } });
    const again = await importFrom(target, `Again ${format}`);
    // Folders cannot be called everything; tables can.
    const safe = format === 'parquet' ? before : before.map((line) => line.replace('a/b: “c”', 'a_b_ “c”')).sort();
    expect(await contentsOf(again)).toEqual(safe);
  }
  expect(readdirSync(folder).filter((name) => name.startsWith('.'))).toEqual([]);
});

test('CSV has a row for each sample, guarded against formulas; nothing is replaced', async () => {
  const id = await importFrom(source(), 'Odd names');
  const { target } = await exportTo(id, 'csv', 'out.csv');
  const rows = parse<Record<string, string>>(readFileSync(target, 'utf8'), { columns: true });
  expect(rows).toHaveLength(20);
  expect(rows[0]).toMatchObject({ name: "'=1+1/0.png", label: "'=1+1", excluded: 'no' });
  const before = readFileSync(target);
  expect((await exportTo(id, 'csv', 'out.csv')).ended).toMatchObject({
    state: 'failed',
    failure: { code: 'file/exists' },
  });
  expect(readFileSync(target)).toEqual(before);
});

test('a table is exported as a table, and not as folders', async () => {
  const table = path.join(folder, 'people.csv');
  writeFileSync(table, 'age,town,label\n41,Bern,yes\n,"Ulm, old",no\n23.5,=cmd,yes\n');
  const id = await importFrom(table, 'People');
  expect((await exportTo(id, 'folders', 'rows')).ended).toMatchObject({
    state: 'failed',
    failure: { code: 'data/unusable' },
  });
  expect(existsSync(path.join(folder, 'rows'))).toBe(false);
  const { target } = await exportTo(id, 'csv', 'out.csv');
  const rows = parse<Record<string, string>>(readFileSync(target, 'utf8'), { columns: true });
  expect(rows.map(({ age, town, label }) => [age, town, label])).toEqual([
    ['41', 'Bern', 'yes'],
    ['', 'Ulm, old', 'no'],
    ['23.5', "'=cmd", 'yes'],
  ]);
  const { samples } = await engine.page.call('datasets.samples', { id, filter: {}, offset: 0, limit: 10 });
  expect(samples.map(({ excerpt }) => excerpt.length > 0)).toEqual([true, true, true]);
});

test('a model says what it takes samples for', async () => {
  const place = path.join(folder, 'photos');
  mkdirSync(place);
  const photo = await loadImage(path.join(import.meta.dirname, '..', '..', 'assets', 'samples', 'espresso.jpg'));
  const canvas = createCanvas(96, 96);
  const side = Math.min(photo.width, photo.height);
  const [left, top] = [(photo.width - side) / 2, (photo.height - side) / 2];
  canvas.getContext('2d').drawImage(photo, left, top, side, side, 0, 0, 96, 96);
  for (const name of ['a.png', 'b.png']) writeFileSync(path.join(place, name), canvas.toBuffer('image/png'));
  const id = await importFrom(place, 'Photos');
  const { suggestions } = await engine.page.call('datasets.suggest', { id, indices: [0, 1], model: 'everyday-1000' });
  expect(suggestions).toHaveLength(2);
  expect(suggestions[0]).toHaveLength(5);
  expect(suggestions[0]!.map(({ label }) => label)).toContain('espresso');
  expect(suggestions[1]).toEqual(suggestions[0]);
});
