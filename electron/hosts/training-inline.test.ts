/** Training through the whole engine: a judge and a generator of digits, watched, kept, judged, found again after a restart. */
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { TrainingProgress } from '../contract/training';
import { type InlineEngine, startInlineEngine } from './testing/inline-engine';

let folder = '';
let engine: InlineEngine;
beforeAll(async () => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'duet-training-'));
  engine = await startInlineEngine(folder);
  for (const name of ['digits', 'ring-8']) {
    const { job } = await engine.page.call('datasets.add', { name });
    expect(await engine.ended(job)).toMatchObject({ state: 'done' });
  }
}, 60_000);
afterAll(async () => {
  await engine.stop();
  rmSync(folder, { recursive: true, force: true });
});

const start = (dataset: string, recipe: string, steps: number, more: object = {}) =>
  engine.page.call('training.start', {
    dataset, recipe, settings: {}, budget: { unit: 'steps', amount: steps }, seed: 1, name: null, judge: null, ...more,
  }); // prettier-ignore

test('recipes say what fits, how large it is and what can be set', async () => {
  const { recipes } = await engine.page.call('training.recipes', { dataset: 'digits' });
  const suggested = recipes.filter(({ isSuggested }) => isSuggested).map(({ name }) => name);
  expect(suggested).toEqual(['classifier-small', 'gan-digits']);
  const points = recipes.find(({ name }) => name === 'flow-points');
  expect(points).toMatchObject({ unsuited: 'It is for rows of numbers; these are pictures.', parameters: null });
  const small = recipes[0]!;
  expect(small.settings.find((setting) => setting.path === 'learningRate')).toMatchObject({
    title: 'Learning rate', group: 'learning', kind: 'number', value: 0.003, least: 0, most: 1,
  }); // prettier-ignore
  expect(small.settings.map((setting) => setting.path)).toContain('augmentation.shift');
  const { recipes: forRing } = await engine.page.call('training.recipes', { dataset: 'ring-8' });
  expect(forRing.find(({ isSuggested }) => isSuggested)?.name).toBe('flow-points');
});

let judge = '';
test('a judge is trained, watched and kept', async () => {
  const told: TrainingProgress[] = [];
  const undo = engine.page.on('training.progress', (progress) => told.push(progress));
  const { job, model } = await start('digits', 'classifier-small', 120);
  expect(model).toBe('digits-judge-2'); // one of that name comes with Duet
  const end = await engine.ended(job);
  undo();
  expect(end).toMatchObject({ state: 'done', failure: null, result: { model } });
  judge = model;
  const run = await engine.page.call('training.run', { job });
  expect(run).toMatchObject({ phase: 'kept', step: 120, steps: 120, model, purpose: 'judge' });
  expect(run.curves.map(({ name }) => name)).toEqual(expect.arrayContaining(['loss', 'accuracy', 'validation.accuracy', 'test.accuracy'])); // prettier-ignore
  expect(run.curves.find(({ name }) => name === 'loss')?.points).toHaveLength(120);
  const last = run.checks.at(-1)!;
  expect(last.metrics['test.accuracy']).toBeGreaterThan(0.9);
  expect(last.confusion?.flat().reduce((sum, count) => sum + count, 0)).toBeGreaterThan(100);
  expect(told.some(({ phase }) => phase === 'training')).toBe(true);
  expect(told.at(-1)).toMatchObject({ phase: 'kept' });
  const { card, entry } = await engine.page.call('models.detail', { id: model });
  expect(entry).toMatchObject({ task: 'classify', classes: 10 });
  expect(card.training).toMatchObject({ recipe: 'classifier-small', steps: 120, measuredOn: 'test', seed: 1 });
}, 60_000);

test('a generator is judged by it while it trains, and its sheets stay', async () => {
  const { job, model } = await start('digits', 'gan-digits', 24);
  const end = await engine.ended(job);
  expect(end).toMatchObject({ state: 'done', failure: null });
  const run = await engine.page.call('training.run', { job });
  expect(run.judge).toBe(judge);
  expect(run.checks[0]).toMatchObject({ step: 0, hasSheet: true, verdict: { state: expect.any(String) as string } });
  const { verdict } = run.checks.at(-1)!;
  expect(verdict?.shares).toHaveLength(10);
  const first = await engine.page.call('training.sheet', { job, step: 0 });
  expect(first).toMatchObject({ columns: 10, count: 80, shape: { kind: 'image', height: 8, width: 8, channels: 1 } });
  expect(first.samples).toHaveLength(80 * 64);
  const newest = await engine.page.call('training.sheet', { job, step: null });
  expect(newest.step).toBe(24);
  expect(Buffer.compare(newest.samples, first.samples)).not.toBe(0);
  const { card } = await engine.page.call('models.detail', { id: model });
  expect(card).toMatchObject({ task: 'generate', training: { judge, family: 'gan' } });
}, 60_000);

test('points are drawn in the units of the data', async () => {
  const { job } = await start('ring-8', 'flow-points', 40);
  expect(await engine.ended(job)).toMatchObject({ state: 'done', failure: null });
  const sheet = await engine.page.call('training.sheet', { job, step: null });
  const real = new Float32Array(sheet.real.slice().buffer);
  const furthest = Math.max(...real);
  expect(furthest).toBeGreaterThan(1.9);
  expect(furthest).toBeLessThan(2.3);
  const { checks } = await engine.page.call('training.run', { job });
  expect(checks.at(-1)?.metrics['modesExpected']).toBe(8);
}, 60_000);

test('what does not fit is refused with the reason', async () => {
  await expect(start('ring-8', 'classifier-small', 10)).rejects.toMatchObject({ code: 'training/unsuited' });
  await expect(start('digits', 'no-such', 10)).rejects.toMatchObject({ code: 'usage/bad-argument' });
  await expect(start('digits', 'gan-digits', 10, { settings: { latent: -1 } })).rejects.toMatchObject({ code: 'usage/bad-argument' }); // prettier-ignore
  await expect(start('digits', 'gan-digits', 10, { judge: 'everyday-1000' })).rejects.toMatchObject({ code: 'training/unsuited' }); // prettier-ignore
});

test('a loss that is no number fails and says what to try', async () => {
  const { job } = await start('digits', 'vae-digits', 200, { settings: { learningRate: 1, warmUp: 0, hidden: 64 } });
  expect(await engine.ended(job)).toMatchObject({ state: 'failed', failure: { code: 'training/diverged' } });
  const { phase, failure } = await engine.page.call('training.run', { job });
  expect(phase).toBe('failed');
  expect(failure?.message).toContain('Try a lower learning rate');
}, 60_000);

test('runs and sheets are there after a restart', async () => {
  const before = (await engine.page.call('training.runs', {})).runs;
  await engine.stop();
  engine = await startInlineEngine(folder);
  const { runs } = await engine.page.call('training.runs', {});
  expect(runs).toEqual(before);
  const gan = runs.find(({ recipe }) => recipe === 'gan-digits')!;
  expect((await engine.page.call('training.sheet', { job: gan.job, step: 0 })).count).toBe(80);
  expect(existsSync(path.join(folder, 'workspace', 'models', `${gan.model}.onnx`))).toBe(true);
  expect(readFileSync(path.join(folder, 'workspace', 'cache', 'tuning.json')).length).toBeGreaterThan(100);
}, 60_000);
