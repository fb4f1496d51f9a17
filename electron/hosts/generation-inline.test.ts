/** Drawing through the whole engine: numbered samples, between two, on a plane, with a judge, with every control, and cancelled. */
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Drawn } from '../contract/drawing';
import { encodePng } from '../engine/generation/png/encode-png';
import { untrainedModel } from '../engine/models/testing/pair';
import { type InlineEngine, startInlineEngine } from './testing/inline-engine';

let folder = '';
let engine: InlineEngine;

beforeAll(async () => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'duet-generation-'));
  const models = path.join(folder, 'workspace', 'models');
  mkdirSync(models, { recursive: true });
  for (const family of ['gan', 'vae', 'flow'] as const)
    writeFileSync(path.join(models, `${family}.onnx`), untrainedModel(family, family));
  writeFileSync(path.join(models, 'judge.onnx'), untrainedModel('classifier', 'judge'));
  engine = await startInlineEngine(folder);
});
afterAll(async () => {
  await engine.stop();
  rmSync(folder, { recursive: true, force: true });
});

const asked = { model: 'gan', seed: 5, class: null, controls: {}, judge: null };
const range = (count: number, from = 0): number[] => Array.from({ length: count }, (_, k) => from + k);
const sample = ({ samples }: Drawn, k: number): Uint8Array => samples.subarray(k * 64, (k + 1) * 64);

test('says what can be asked of a generator, and which judge knows its classes', async () => {
  const about = await engine.page.call('generation.about', { model: 'gan' });
  expect(about).toMatchObject({
    shape: { kind: 'image', height: 8, width: 8, channels: 1 },
    classes: ['0', '1', '2', '3', '4', '5', '6', '7', '8', '9'],
    judge: 'judge',
  });
  expect(about.controls.map(({ name }) => name)).toContain('temperature');
  await expect(engine.page.call('generation.about', { model: 'judge' })).rejects.toMatchObject({
    code: 'model/not-a-generator',
  });
});

test('a drawing of several slices is that of its samples one by one, and its speed is remembered', async () => {
  const { page } = engine;
  const shares: number[] = [];
  const all = await page.call('generation.draw', { ...asked, from: 3, count: 70 }, { onProgress: (p) => void shares.push(p) }); // prettier-ignore
  expect(all.items.map(({ index }) => index)).toEqual(range(70, 3));
  expect(all.items.map((one) => one.class)).toEqual(range(70, 3).map((index) => index % 10));
  expect(all.samples).toHaveLength(70 * 64);
  expect(shares.length).toBeGreaterThan(1);
  expect(shares).toEqual([...shares].sort((a, b) => a - b));
  const some = await page.call('generation.these', { ...asked, indices: [72, 3, 40] });
  [69, 0, 37].forEach((place, k) => expect(sample(some, k)).toEqual(sample(all, place)));
  expect((await page.call('generation.about', { model: 'gan' })).msEach).toBeGreaterThan(0);
});

test('a class that is asked for is drawn throughout; one that does not exist is refused', async () => {
  const { page } = engine;
  const fours = await page.call('generation.draw', { ...asked, class: 4, from: 0, count: 6 });
  const any = await page.call('generation.draw', { ...asked, from: 0, count: 6 });
  expect(fours.items.map((one) => one.class)).toEqual([4, 4, 4, 4, 4, 4]);
  expect(sample(fours, 4)).toEqual(sample(any, 4));
  expect(sample(fours, 3)).not.toEqual(sample(any, 3));
  await expect(page.call('generation.draw', { ...asked, class: 10, from: 0, count: 1 })).rejects.toThrow(/no class 10/);
  await expect(page.call('generation.these', { ...asked, indices: [2 ** 32] })).rejects.toThrow(/numbered from 0/);
});

describe.each(['gan', 'vae', 'flow'])('the controls of a %s', (model) => {
  test('change what is drawn, within their limits', async () => {
    const { page } = engine;
    const draw = async (controls: Record<string, number>): Promise<Uint8Array> =>
      (await page.call('generation.draw', { ...asked, model, controls, from: 0, count: 8 })).samples;
    const { controls } = await page.call('generation.about', { model });
    expect(controls.length).toBeGreaterThan(0);
    const plain = await draw({});
    for (const { name, least, most, value } of controls) {
      expect(await draw({ [name]: value }), name).toEqual(plain);
      expect(await draw({ [name]: name === 'steps' ? 2 : most }), name).not.toEqual(plain);
      for (const wrong of [least - 1, most + 1])
        await expect(draw({ [name]: wrong }), name).rejects.toMatchObject({ code: 'usage/bad-argument' });
    }
    if (model === 'gan') await expect(draw({ guidance: 1 })).rejects.toThrow(/has no control/);
  });
});

test('between two samples both ends are the samples themselves, and what lies between has no number', async () => {
  const { page } = engine;
  const [start, end] = [{ seed: 5, index: 2, class: null }, { seed: 9, index: 7, class: 7 }]; // prettier-ignore
  const way = await page.call('generation.between', { ...asked, start, end, count: 9 });
  expect(way.items.map(({ index }) => index)).toEqual([2, ...range(7).map(() => null), 7]);
  expect(way.items.map((one) => one.class)).toEqual([2, 2, 2, 2, 7, 7, 7, 7, 7]);
  expect(sample(way, 0)).toEqual(sample(await page.call('generation.these', { ...asked, indices: [2] }), 0));
  expect(sample(way, 8)).toEqual(sample(await page.call('generation.these', { ...asked, seed: 9, indices: [7] }), 0));
  expect(new Set(range(9).map((k) => sample(way, k).join())).size).toBe(9);
});

test('a plane goes through the samples 0, 1 and 2 of the seed', async () => {
  const { page } = engine;
  const quarter = Math.PI / 2;
  const points: [number, number][] = [[0, 0], [0.3, -0.4], [0, quarter]]; // prettier-ignore
  const plane = await page.call('generation.plane', { ...asked, class: 6, points });
  const corners = await page.call('generation.these', { ...asked, class: 6, indices: [0, 2] });
  expect(sample(plane, 0)).toEqual(sample(corners, 0));
  const off = sample(plane, 2).map((level, k) => Math.abs(level - (sample(corners, 1)[k] ?? 0)));
  expect(Math.max(...off)).toBeLessThanOrEqual(1);
  expect(sample(plane, 1)).not.toEqual(sample(plane, 0));
});

test('a judge says two classes of each, and reads the same pixels the same way', async () => {
  const { page } = engine;
  const drawn = await page.call('generation.draw', { ...asked, judge: 'judge', from: 0, count: 80 });
  const again = await page.call('generation.these', { ...asked, judge: 'judge', indices: [79] });
  expect(again.items[0]?.judged).toEqual(drawn.items[79]?.judged);
  for (const { judged } of drawn.items) {
    const [first, second] = judged!.best;
    expect(first!.score).toBeGreaterThanOrEqual(second!.score);
    expect(first!.label).toBe(String(first!.classIndex));
  }
  await expect(
    page.call('generation.draw', { ...asked, judge: 'gan', from: 0, count: 1 }),
  ).rejects.toMatchObject({ code: 'model/not-a-classifier' }); // prettier-ignore
});

test('a drawing that is cancelled ends between two slices', async () => {
  const stop = new AbortController();
  const cancelled = engine.page.call(
    'generation.draw',
    { ...asked, model: 'flow', seed: 77, from: 0, count: 1000 },
    { signal: stop.signal, onProgress: () => stop.abort() },
  );
  await expect(cancelled).rejects.toMatchObject({ code: 'call/cancelled' });
});

describe('recipes in files', () => {
  const target = async (name: string): Promise<string> =>
    (await engine.host.call('handles.target', { path: path.join(folder, name) })).handle;
  const recipeOf = async (file: string) => {
    const [handle] = await engine.handlesOf(file);
    return engine.page.call('generation.recipe', { handle: handle! });
  };

  test('saved samples carry their recipe, are drawn again bit for bit, and nothing is replaced', async () => {
    const { page } = engine;
    const controls = { temperature: 0.8 };
    const request = { model: 'gan', seed: 5, class: null, controls, indices: [3, 14], target: await target('saved') };
    const { files } = await page.call('generation.save', request);
    expect(files).toEqual(['gan-5-3.png', 'gan-5-14.png']);
    const again = await page.call('generation.save', { ...request, indices: [3] });
    expect(again.files).toEqual(['gan-5-3 2.png']);
    expect(readdirSync(path.join(folder, 'saved')).sort()).toEqual(['gan-5-14.png', 'gan-5-3 2.png', 'gan-5-3.png']);
    const bytes = (name: string): Buffer => readFileSync(path.join(folder, 'saved', name));
    expect(bytes('gan-5-3 2.png')).toEqual(bytes('gan-5-3.png'));
    const found = await recipeOf(path.join(folder, 'saved', 'gan-5-14.png'));
    expect(found).toMatchObject({
      name: 'gan-5-14.png',
      recipe: { seed: 5, index: 14, class: 4, label: '4', controls: { temperature: 0.8 } },
      model: 'gan',
      isSame: true,
    });
    const drawn = await page.call('generation.these', { ...asked, controls, indices: [14] });
    expect(found.redrawn?.samples).toEqual(drawn.samples);
    expect(found.picture?.samples.filter((_, k) => k % 3 === 1)).toEqual(drawn.samples);
  });

  test('a changed pixel is seen; a recipe of a model that is not here, or asks for what it has not, is only shown', async () => {
    const { recipe, redrawn } = await recipeOf(path.join(folder, 'saved', 'gan-5-3.png'));
    const write = (name: string, pixels: Uint8Array, change: object): string => {
      const text = JSON.stringify({ ...recipe, ...change });
      const file = path.join(folder, name);
      writeFileSync(file, encodePng({ height: 8, width: 8, channels: 1, pixels }, [{ keyword: 'duet:recipe', text }]));
      return file;
    };
    const pixels = redrawn!.samples;
    expect(await recipeOf(write('same.png', pixels, {}))).toMatchObject({ isSame: true });
    const touched = pixels.map((level, k) => (k === 40 ? level ^ 1 : level));
    expect(await recipeOf(write('touched.png', touched, {}))).toMatchObject({ isSame: false, model: 'gan' });
    expect(await recipeOf(write('other.png', pixels, { index: 4 }))).toMatchObject({ isSame: false });
    const stranger = { model: { ...recipe!.model, hash: 'f'.repeat(64) } };
    expect(await recipeOf(write('stranger.png', pixels, stranger))).toMatchObject({ recipe: stranger, model: null, redrawn: null, isSame: null }); // prettier-ignore
    expect(await recipeOf(write('odd.png', pixels, { class: 99 }))).toMatchObject({ model: 'gan', redrawn: null, isSame: null }); // prettier-ignore
    writeFileSync(path.join(folder, 'plain.png'), encodePng({ height: 8, width: 8, channels: 1, pixels }, []));
    expect(await recipeOf(path.join(folder, 'plain.png'))).toMatchObject({ recipe: null, picture: null, isSame: null });
  });
});
