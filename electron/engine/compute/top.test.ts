/** Picking the highest: order, ties, more asked than there is. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { classPredictions, objectPredictions, topIndices } from './top';

test('the highest come first, ties by lower index', () => {
  expect(topIndices([0.1, 0.5, 0.5, 0.2], 3)).toEqual([1, 2, 3]);
  expect(topIndices([0.3], 5)).toEqual([0]);
  expect(topIndices([], 5)).toEqual([]);
});

test('the same as sorting everything', () => {
  fc.assert(
    fc.property(
      fc.array(fc.float({ noNaN: true }), { maxLength: 50 }),
      fc.integer({ min: 1, max: 10 }),
      (values, count) => {
        const sorted = values
          .map((value, index) => ({ value, index }))
          .sort((a, b) => b.value - a.value || a.index - b.index);
        expect(topIndices(values, count)).toEqual(sorted.slice(0, count).map(({ index }) => index));
      },
    ),
    { seed: 7, numRuns: 500 },
  );
});

test('classes are named by their first synonym, or by number where labels are missing', () => {
  expect(classPredictions([0.2, 0.8], ['kite, black kite'], 2)).toEqual([
    { label: 'class 1', classIndex: 1, score: 0.8 },
    { label: 'kite', classIndex: 0, score: 0.2 },
  ]);
});

test('boxes stay inside the picture', () => {
  const found = objectPredictions([-0.1, 0, 1.2, 0.5], [0.9], [0n], ['dog']);
  expect(found).toEqual([{ label: 'dog', classIndex: 0, score: 0.9, box: [0, 0, 1, 0.5] }]);
});
