/** Standing, final label and the one rounding rule. */
import { expect, test } from 'vitest';
import { finalLabel, formatConfidence, type Photo, standingOf } from './photo';
import { shownLabel } from './model-card';

function photo(score: number | undefined, extra: Partial<Photo> = {}): Photo {
  const predictions = score === undefined ? [] : [{ label: 'kite', classIndex: 21, score }];
  return {
    id: 'p1',
    name: 'a.jpg',
    state: 'judged',
    bytes: 1,
    width: 1,
    height: 1,
    hasThumb: true,
    isSample: false,
    verdicts: { judge: { predictions, ms: 1 } },
    ...extra,
  };
}

test.each([
  [0.5, 0.5, 'sure', 'kite'],
  [0.499, 0.5, 'unsure', 'unsure'],
  [undefined, 0, 'unsure', 'unsure'],
])('score %s under threshold %s is %s and labelled %s', (score, threshold, standing, label) => {
  expect(standingOf(photo(score), 'judge', threshold)).toBe(standing);
  expect(finalLabel(photo(score), 'judge', threshold)).toBe(label);
});

test("a person's label wins over any threshold, a failure over everything", () => {
  expect(finalLabel(photo(0.1, { correction: 'eagle' }), 'judge', 0.9)).toBe('eagle');
  expect(standingOf(photo(0.1, { state: 'failed', correction: 'eagle' }), 'judge', 0)).toBe('failed');
  expect(standingOf(photo(0.9), 'another', 0)).toBe('waiting');
});

test.each([
  [1, '100.0\u202f%'],
  [0.99999, '99.9\u202f%'],
  [0.9994, '99.9\u202f%'],
  [0.0004, '0.0\u202f%'],
  [0.55, '55.0\u202f%'],
])('%s reads %s', (score, text) => {
  expect(formatConfidence(score)).toBe(text);
});

test('the first synonym is shown', () => {
  expect(shownLabel('kite, black kite')).toBe('kite');
  expect(shownLabel('kite')).toBe('kite');
});
