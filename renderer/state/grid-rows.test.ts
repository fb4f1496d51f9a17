/** Rows of the grid and the way of the arrow keys through sections of different length. */
import { describe, expect, it } from 'vitest';
import { columnsFor, gridRows, type Step, stepPlace } from './grid-rows';
import type { PhotoSection } from './photo-list';
import { judged } from './test-photos';

function section(kind: PhotoSection['kind'], from: number, count: number): PhotoSection {
  return { kind, photos: Array.from({ length: count }, (_, i) => judged(from + i, {})) };
}
// Places 0..6 in rows of three, then 7..8, then two lines of what could not be read.
const sections = [section('sure', 0, 7), section('unsure', 7, 2), section('failed', 9, 2)];

describe('rows', () => {
  const rows = gridRows(sections, 3);
  it('lists headers, tile rows and failed lines', () => {
    const seen = Array.from({ length: rows.count }, (_, i) => {
      const row = rows.rowAt(i);
      return row?.type === 'tiles' ? row.photos.map((photo) => photo.id).join('') + (row.isLast ? '.' : '') : row?.type;
    });
    expect(seen).toEqual(['header', 'p0p1p2', 'p3p4p5', 'p6.', 'header', 'p7p8.', 'header', 'failed', 'failed']);
    expect(rows.rowAt(rows.count)).toBeUndefined();
  });
  it('knows the row of every place', () => {
    expect([0, 2, 3, 6, 7, 8, 9, 10].map((place) => rows.rowOf(place))).toEqual([1, 1, 2, 3, 5, 5, 7, 8]);
  });
  it('is empty without sections', () => {
    expect(gridRows([], 3).count).toBe(0);
  });
});

describe('steps', () => {
  it.each<[number, Step, number]>([
    [0, 'right', 1],
    [0, 'left', 0],
    [2, 'down', 5],
    [5, 'down', 6],
    [6, 'down', 7],
    [8, 'down', 9],
    [9, 'down', 10],
    [10, 'down', 10],
    [9, 'up', 7],
    [8, 'up', 6],
    [7, 'up', 6],
    [4, 'up', 1],
    [1, 'up', 1],
    [0, 'pageDown', 9],
    [4, 'home', 0],
    [4, 'end', 10],
    [-1, 'down', 0],
  ])('from %i %s to %i', (from, step, expected) => {
    expect(stepPlace(sections, 3, from, step)).toBe(expected);
  });
  it('has nowhere to go in an empty list', () => {
    expect(stepPlace([], 3, -1, 'right')).toBe(-1);
  });
});

describe('columns', () => {
  it.each([
    [856, 6],
    [780, 6],
    [700, 5],
    [1400, 6],
    [2400, 10],
    [100, 1],
  ])('%i px: %i', (width, expected) => {
    expect(columnsFor(width, 12)).toBe(expected);
  });
});
