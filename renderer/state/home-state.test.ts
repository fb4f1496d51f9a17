/** What Home says of its drawings. */
import { describe, expect, test } from 'vitest';
import { type HomePicture, readingOf, readingSentence, tallyOf, tellingPlaces } from './home-state';

const drawing = (asked: number, read: number, score: number): HomePicture => ({
  index: 0,
  class: asked,
  judged: { best: [{ classIndex: read, label: String(read), score }] },
});
const right = drawing(3, 3, 0.99);
const wrong = drawing(4, 9, 0.9);
const unsure = drawing(8, 8, 0.5);
const unread: HomePicture = { index: 1, class: 2, judged: null };

test('a drawing is as asked, wrong, or unsure whatever it was taken for', () => {
  expect([right, wrong, unsure, drawing(1, 7, 0.59), unread].map((one) => readingOf(one))).toEqual([
    'asked',
    'wrong',
    'unsure',
    'unsure',
    'unread',
  ]);
});

describe('the sentence', () => {
  test('counts what was read', () => {
    const tally = tallyOf([right, right, wrong, unsure, unsure, unread]);
    expect(readingSentence('judge', tally)).toBe('judge read 2 of 5 as asked. One is wrong, two are unsure.');
    expect(readingSentence('judge', tallyOf([right]))).toBe('judge read 1 of 1 as asked.');
    expect(readingSentence('judge', tallyOf([unread]))).toBe('judge has read nothing yet.');
  });
});

test('a mistake and a doubt stand among drawings that were read as asked', () => {
  const items = [right, right, unsure, right, wrong, wrong, right, right];
  expect(tellingPlaces(items, 5)).toEqual([0, 1, 2, 3, 4]);
  expect(tellingPlaces([unread, wrong, wrong, wrong], 2)).toEqual([1, 2]);
});
