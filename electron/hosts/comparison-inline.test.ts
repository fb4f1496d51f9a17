/** A comparison through the whole engine: an untrained pair and real digits, from the first cell to the same numbers after a restart. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import type { Comparison } from '../contract/comparison';
import { untrainedModel } from '../engine/models/testing/pair';
import { type InlineEngine, startInlineEngine } from './testing/inline-engine';

let folder = '';
let engine: InlineEngine;
beforeAll(async () => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'duet-comparison-'));
  const models = path.join(folder, 'workspace', 'models');
  mkdirSync(models, { recursive: true });
  writeFileSync(path.join(models, 'draws.onnx'), untrainedModel('gan', 'draws'));
  writeFileSync(path.join(models, 'draws-too.onnx'), untrainedModel('vae', 'draws-too'));
  writeFileSync(path.join(models, 'reads.onnx'), untrainedModel('classifier', 'reads'));
  writeFileSync(path.join(models, 'reads-too.onnx'), untrainedModel('classifier', 'reads-too', { seed: 2 }));
  engine = await startInlineEngine(folder);
});
afterAll(async () => {
  await engine.stop();
  rmSync(folder, { recursive: true, force: true });
});

interface Asked {
  generators: string[];
  judges: string[];
  real: string | null;
  perClass: number;
  seed: number;
  unsureBelow: number;
  controls: Record<string, number>;
}

const asked: Asked = {
  generators: ['draws', 'draws-too'],
  judges: ['reads', 'reads-too'],
  real: null,
  perClass: 12,
  seed: 7,
  unsureBelow: 0.12,
  controls: {},
};

async function compared(change: Partial<Asked> = {}) {
  const { id, job } = await engine.page.call('comparisons.start', { ...asked, ...change });
  expect(await engine.ended(job)).toMatchObject({ state: 'done', failure: null, result: { comparison: id } });
  return engine.page.call('comparisons.get', { id });
}

const sum = (rows: number[][]): number => rows.flat().reduce((all, one) => all + one, 0);

test('without real data: matrices stream, and it says what to add', async () => {
  const heard: Comparison[] = [];
  const stop = engine.page.on('comparisons.changed', ({ comparison }) => void heard.push(comparison));
  const done = await compared();
  // What is told at most ten times a second may come after the answer.
  await vi.waitFor(() => expect(heard.at(-1)?.state).toBe('done'));
  stop();
  expect(done).toMatchObject({ state: 'done', progress: 1, real: null, judgeReports: [], classes: '0123456789'.split('') });
  expect(done.pairs.map(({ generator, judge }) => [generator, judge].join())).toEqual(['draws,reads', 'draws,reads-too', 'draws-too,reads', 'draws-too,reads-too']);
  for (const { matrix, done: read, total } of done.pairs) {
    expect([read, total, sum(matrix)]).toEqual([120, 120, 120]);
    expect(matrix.map((row) => sum([row]))).toEqual(new Array(10).fill(12));
    expect(matrix.every((row) => row.length === 11)).toBe(true);
  }
  expect(done.advice).toMatch(/^Choose real data to see how good/);
  expect(heard.at(0)!.pairs[0]!.done).toBeLessThanOrEqual(120);
}); // prettier-ignore

test('cells open their drawings, and these are the samples of that number, class and seed', async () => {
  const { id, pairs } = await compared();
  const { matrix } = pairs[0]!;
  const all = { generator: 'draws', judge: 'reads', asked: null, readAs: null, only: 'all' } as const;
  for (const [row, column] of [[0, 10], [3, matrix[3]!.findIndex((count) => count > 0)]] as const) {
    const filter = { ...all, asked: row, readAs: column === 10 ? ('unsure' as const) : column };
    const cell = await engine.page.call('comparisons.samples', { id, filter, sort: 'surest', offset: 0, limit: 100 });
    expect(cell.total).toBe(matrix[row]![column]);
    for (const { asked: own, index } of cell.samples) expect([own, index % 10]).toEqual([row, row]);
  }
  const ask = { id, sort: 'unsurest', offset: 0, limit: 120 } as const;
  const wrong = await engine.page.call('comparisons.samples', { ...ask, filter: { ...all, only: 'wrong' } });
  expect(wrong.total).toBe(120 - matrix.reduce((right, row, k) => right + row[k]!, 0));
  const split = await engine.page.call('comparisons.samples', { ...ask, filter: { ...all, only: 'disagree' } });
  expect(split.total).toBeGreaterThan(0);
  for (const { judged } of split.samples) expect(judged[0]!.best[0]!.classIndex).not.toBe(judged[1]!.best[0]!.classIndex);
  const scores = wrong.samples.map(({ judged }) => judged[0]!.best[0]!.score);
  expect(scores).toEqual([...scores].sort((a, b) => a - b));
  const drawn = await engine.page.call('comparisons.drawn', { id, generator: 'draws', indices: [7, 3] });
  expect(drawn).toMatchObject({ shape: { height: 8, width: 8 }, items: [{ index: 7, class: 7 }, { index: 3, class: 3 }] });
  const alone = await engine.page.call('comparisons.drawn', { id, generator: 'draws', indices: [3] });
  expect(alone.samples).toEqual(drawn.samples.slice(64));
  await expect(engine.page.call('comparisons.drawn', { id, generator: 'draws', indices: [120] })).rejects.toMatchObject({ code: 'call/bad-request' });
}); // prettier-ignore

test('asked for again it is there already; another seed is another comparison', async () => {
  const first = await compared();
  const again = await engine.page.call('comparisons.start', asked);
  expect(again).toEqual({ id: first.id, job: first.job });
  const other = await compared({ seed: 8, generators: ['draws'], judges: ['reads'] });
  expect(other.id).not.toBe(first.id);
  const { comparisons } = await engine.page.call('comparisons.list', {});
  expect(comparisons.map(({ id }) => id)).toEqual(expect.arrayContaining([first.id, other.id]));
});

test('what does not go together is refused by name', async () => {
  const refused = (change: Partial<Asked>) => engine.page.call('comparisons.start', { ...asked, ...change });
  await expect(refused({ judges: ['everyday-1000'] })).rejects.toMatchObject({
    code: 'comparison/unfit',
    message: expect.stringMatching(/does not know “0”, “1”.*and 5 more, which draws draws/) as string,
  });
  await expect(refused({ judges: ['photo-objects'] })).rejects.toMatchObject({ code: 'comparison/unfit' });
  await expect(refused({ judges: ['draws'] })).rejects.toMatchObject({ code: 'model/not-a-classifier' });
  await expect(refused({ perClass: 10_000, generators: ['draws', 'draws-too'], real: 'nothing' })).rejects.toMatchObject({ code: 'data/unknown' }); // prettier-ignore
});

test('with real digits the judge is tested first; after a restart the same numbers are there; removal can be undone', async () => {
  const { id: digits, job } = await engine.page.call('datasets.add', { name: 'digits' });
  await engine.ended(job);
  const done = await compared({ real: digits });
  const [report] = done.judgeReports;
  expect(report).toMatchObject({ judge: 'reads', samples: sum(report!.matrix) });
  expect(report!.samples).toBeGreaterThan(150);
  expect(report!.accuracyInterval[0]).toBeLessThan(report!.accuracy);
  expect(report!.bins.reduce((all, { count }) => all + count, 0)).toBe(report!.samples);
  expect(done.real).toMatchObject({ id: digits, samples: 1797 });
  const { indices } = await engine.page.call('comparisons.real', { id: done.id, asked: 4, limit: 5 });
  const { samples } = await engine.page.call('datasets.samples', { id: digits, filter: { label: '4', split: 'test' }, offset: 0, limit: 5 }); // prettier-ignore
  expect(indices).toEqual(samples.map(({ index }) => index));

  // What it wrote is known to be Duet's own.
  expect((await engine.page.call('workspace.verify', {})).findings).toEqual([]);

  const before = await everything(done.id);
  await engine.stop();
  engine = await startInlineEngine(folder);
  expect(await engine.page.call('comparisons.get', { id: done.id })).toEqual(done);
  expect(await everything(done.id)).toEqual(before);

  await engine.page.call('comparisons.remove', { id: done.id });
  await expect(engine.page.call('comparisons.get', { id: done.id })).rejects.toMatchObject({ code: 'comparison/unknown' }); // prettier-ignore
  await engine.page.call('history.undo', {});
  expect(await engine.page.call('comparisons.get', { id: done.id })).toEqual(done);
});

async function everything(id: string) {
  const filter = { generator: 'draws-too', judge: 'reads', asked: null, readAs: null, only: 'all' } as const;
  const indices = Array.from({ length: 120 }, (_, index) => index);
  return {
    samples: await engine.page.call('comparisons.samples', { id, filter, sort: 'surest', offset: 0, limit: 1000 }),
    drawn: await engine.page.call('comparisons.drawn', { id, generator: 'draws-too', indices }),
  };
}
