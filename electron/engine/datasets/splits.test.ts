/** Splits are exact in every class, the same for the same seed, and leave alone what the source decides. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type SplitPlan, splitNames } from '../../contract/samples';
import { drawSplits, splitCounts } from './splits';

const plan = (change: Partial<SplitPlan> = {}): SplitPlan => ({
  method: 'stratified',
  seed: 1,
  validation: 0.1,
  test: 0.2,
  ...change,
});
const share = fc.integer({ min: 0, max: 90 }).map((percent) => percent / 100);
const open = (length: number): Uint8Array => new Uint8Array(length);

test('counts by largest remainder', () => {
  expect(splitCounts(10, plan())).toEqual({ train: 7, validation: 1, test: 2 });
  expect(splitCounts(1, plan())).toEqual({ train: 1, validation: 0, test: 0 });
  expect(splitCounts(3, plan())).toEqual({ train: 2, validation: 0, test: 1 });
  expect(splitCounts(0, plan())).toEqual({ train: 0, validation: 0, test: 0 });
  expect(splitCounts(7, plan({ validation: 0, test: 0 }))).toEqual({ train: 7, validation: 0, test: 0 });
  expect(splitCounts(4, plan({ validation: 0.9, test: 0.9 }))).toEqual({ train: 0, validation: 2, test: 2 });
});

test('counts add up, and are never off by more than one (property)', () => {
  fc.assert(
    fc.property(fc.nat(5000), share, share, (count, validation, test) => {
      const counts = splitCounts(count, plan({ validation, test }));
      expect(counts.train + counts.validation + counts.test).toBe(count);
      const scale = Math.max(1, validation + test);
      expect(Math.abs(counts.validation - (count * validation) / scale)).toBeLessThanOrEqual(1);
      expect(Math.abs(counts.test - (count * test) / scale)).toBeLessThanOrEqual(1);
      if (validation === 0) expect(counts.validation).toBe(0);
      if (test === 0) expect(counts.test).toBe(0);
    }),
  );
});

test('each class gets its exact counts (property)', () => {
  const labels = fc.array(fc.integer({ min: -1, max: 4 }), { maxLength: 300 }).map((all) => Int32Array.from(all));
  fc.assert(
    fc.property(labels, share, share, fc.nat(1000), (label, validation, test, seed) => {
      const one = plan({ validation, test, seed });
      const drawn = drawSplits({ label, given: open(label.length) }, one);
      for (let wanted = -1; wanted <= 4; wanted++) {
        const mine = [...drawn].filter((_, index) => label[index] === wanted);
        const counts = splitCounts(mine.length, one);
        splitNames.forEach((name, split) => expect(mine.filter((is) => is === split)).toHaveLength(counts[name]));
      }
      expect(drawSplits({ label, given: open(label.length) }, one)).toEqual(drawn);
    }),
  );
});

test('what the source decides stays, and only the rest is drawn', () => {
  const label = new Int32Array(100);
  const given = Uint8Array.from({ length: 100 }, (_, index) => (index < 60 ? 1 + (index % 3) : 0));
  const drawn = drawSplits({ label, given }, plan({ method: 'given' }));
  for (let index = 0; index < 60; index++) expect(drawn[index]).toBe(index % 3);
  expect([...drawn.subarray(60)].filter((split) => split === 2)).toHaveLength(8);
  const anew = drawSplits({ label, given }, plan());
  expect([...anew].filter((split) => split === 2)).toHaveLength(20);
});

test('seeds differ, parts differ, excluded samples are drawn apart', () => {
  const label = new Int32Array(1000);
  const one = drawSplits({ label, given: open(1000) }, plan());
  expect(drawSplits({ label, given: open(1000) }, plan({ seed: 2 }))).not.toEqual(one);
  expect(drawSplits({ label, given: open(1000), start: 1000 }, plan())).not.toEqual(one);
  const isExcluded = (index: number): boolean => index % 2 === 0;
  const apart = drawSplits({ label, given: open(1000), isExcluded }, plan());
  expect([...apart].filter((split, index) => split === 2 && !isExcluded(index))).toHaveLength(100);
});
