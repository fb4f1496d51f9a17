/** Densities and squares of points that are known. */
import { describe, expect, it } from 'vitest';
import { densityOf, planeOf, squareAround, toFloat32 } from './density';

describe('points', () => {
  it('come out of bytes at any place, and of wider rows', () => {
    const bytes = new Uint8Array(new Float32Array([0, 1, 2, 3]).buffer);
    const odd = new Uint8Array(17);
    odd.set(bytes, 1);
    expect([...toFloat32(odd.subarray(1))]).toEqual([0, 1, 2, 3]);
    expect([...planeOf(Float32Array.of(1, 2, 3, 4, 5, 6), 3)]).toEqual([1, 2, 4, 5]);
  });
  it('lie in a square with some room', () => {
    const square = squareAround(Float32Array.of(-1, 0, 1, 0, 0, 0.5));
    expect(square.side).toBeCloseTo(2.24);
    expect(square.x).toBeCloseTo(-1.12);
    expect(square.y + square.side / 2).toBeCloseTo(0.25);
  });
});

describe('the density', () => {
  it('is largest where the points are, up is up', () => {
    const square = { x: 0, y: 0, side: 10 };
    const grid = densityOf(Float32Array.of(1.5, 8.5, 1.5, 8.5, 7.5, 2.5), square, 10);
    expect(grid[1 * 10 + 1]).toBe(1);
    expect(grid[7 * 10 + 7]).toBeCloseTo(0.5);
    expect(grid[5 * 10 + 2]).toBe(0);
  });
  it('of nothing is nothing, and what lies outside is not counted', () => {
    const square = { x: 0, y: 0, side: 1 };
    expect(Math.max(...densityOf(Float32Array.of(5, 5), square, 8))).toBe(0);
  });
});
