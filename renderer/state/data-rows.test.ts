/** Where samples lie in the grid, and where the keys lead, with and without headings. */
import { describe, expect, it } from 'vitest';
import { SampleRows, tileShape } from './data-rows';

const runs = [
  { label: 'cat', count: 7 },
  { label: 'dog', count: 3 },
  { label: null, count: 1 },
];

describe('rows of samples', () => {
  const rows = new SampleRows(runs, 3);
  it('begin with a heading for each class', () => {
    const all = Array.from({ length: rows.count }, (_, index) => rows.rowAt(index));
    expect(all.map((row) => (row?.type === 'header' ? row.run.label : [row?.first, row?.end]))).toEqual([
      'cat',
      [0, 3],
      [3, 6],
      [6, 7],
      'dog',
      [7, 10],
      null,
      [10, 11],
    ]);
    expect(rows.rowAt(rows.count)).toBeUndefined();
    expect(rows.rowAt(-1)).toBeUndefined();
  });
  it('know the last row of a class', () => {
    expect(rows.rowAt(2)).toMatchObject({ isLast: false });
    expect(rows.rowAt(3)).toMatchObject({ isLast: true });
  });
  it.each([
    [0, 1],
    [5, 2],
    [6, 3],
    [7, 5],
    [10, 7],
  ])('place %i lies in row %i', (place, row) => {
    expect(rows.rowOf(place)).toBe(row);
  });
  it.each([
    ['right', 2, 3],
    ['left', 0, 0],
    ['down', 1, 4],
    ['down', 5, 6],
    ['down', 6, 7],
    ['down', 9, 10],
    ['down', 10, 10],
    ['up', 10, 7],
    ['up', 8, 6],
    ['up', 1, 1],
    ['home', 6, 0],
    ['end', 1, 10],
  ] as const)('%s from %i leads to %i', (step, from, to) => {
    expect(rows.step(from, step)).toBe(to);
  });
  it('begins at the first, and has nowhere to go when there is nothing', () => {
    expect(rows.step(-1, 'down')).toBe(0);
    expect(new SampleRows([], 3).step(-1, 'down')).toBe(-1);
  });
  it('without headings has only samples', () => {
    const plain = new SampleRows([{ label: null, count: 5 }], 2, false);
    expect(plain.count).toBe(3);
    expect(plain.rowAt(2)).toEqual({ type: 'samples', first: 4, end: 5, isLast: true });
    expect(plain.rowOf(4)).toBe(2);
  });
});

describe('the shape of tiles', () => {
  it('fills the width and keeps the proportions of the pictures', () => {
    const { columns, width, height } = tileShape(912, 'medium', { width: 96, height: 72 });
    expect(columns).toBe(8);
    expect(columns * width + (columns - 1) * 8).toBeLessThanOrEqual(912);
    expect(columns * width + (columns - 1) * 8).toBeGreaterThan(912 - columns);
    expect(height).toBe(Math.round(width * 0.75));
  });
  it('gives drawings less room than photos, and never less than one column', () => {
    expect(tileShape(912, 'small', { width: 28, height: 28 }).columns).toBeGreaterThan(15);
    expect(tileShape(0, 'large', null).columns).toBe(1);
  });
});
