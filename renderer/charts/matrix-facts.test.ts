/** The facts of a small matrix, counted by hand. */
import { describe, expect, it } from 'vitest';
import { allRight, cellAfterKey, mistakesOf, rowRight, rowTotal } from './matrix-facts';

/** Three classes and an unsure column. */
const counts = [
  [8, 2, 0, 0],
  [0, 0, 0, 0],
  [3, 1, 5, 1],
];

describe('a matrix of counts', () => {
  it('tells how right a row is, and nothing of an empty one', () => {
    expect([0, 1, 2].map((row) => rowTotal(counts, row))).toEqual([10, 0, 10]);
    expect([0, 1, 2].map((row) => rowRight(counts, row))).toEqual([0.8, null, 0.5]);
    expect(allRight(counts)).toBe(13 / 20);
    expect(allRight([])).toBeNull();
  });
  it('lists mistakes by how often they are made, unsure ones too', () => {
    expect(mistakesOf(counts, 3)).toEqual([
      { row: 2, column: 0, count: 3, share: 0.3 },
      { row: 0, column: 1, count: 2, share: 0.2 },
      { row: 2, column: 1, count: 1, share: 0.1 },
    ]);
    expect(mistakesOf(counts, 9)).toHaveLength(4);
  });
  it('is walked by keys and never left', () => {
    const size = { rows: 3, columns: 4 };
    expect(cellAfterKey({ row: 0, column: 0 }, 'ArrowUp', size)).toEqual({ row: 0, column: 0 });
    expect(cellAfterKey({ row: 2, column: 3 }, 'ArrowRight', size)).toEqual({ row: 2, column: 3 });
    expect(cellAfterKey({ row: 1, column: 1 }, 'ArrowDown', size)).toEqual({ row: 2, column: 1 });
    expect(cellAfterKey({ row: 1, column: 1 }, 'End', size)).toEqual({ row: 1, column: 3 });
    expect(cellAfterKey({ row: 1, column: 1 }, 'a', size)).toBeUndefined();
  });
});
