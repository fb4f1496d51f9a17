/** Lines: averages without bias, ranges that spikes do not stretch, ticks that are round. */
import { describe, expect, it } from 'vitest';
import { nearestPoint, rangeOf, smoothed, smoothingFor, ticksOf } from './line-maths';

describe('smoothing', () => {
  it('keeps a constant exactly, from the first point on', () => {
    const flat = Array.from({ length: 100 }, (_, step): [number, number] => [step, 3]);
    for (const [, value] of smoothed(flat)) expect(value).toBeCloseTo(3, 12);
  });
  it('lies between what it averages', () => {
    const zigzag = Array.from({ length: 400 }, (_, step): [number, number] => [step, step % 2]);
    for (const [, value] of smoothed(zigzag).slice(60)) expect(Math.abs(value - 0.5)).toBeLessThan(0.06);
  });
  it('leaves few points alone', () => {
    expect(smoothingFor(12)).toBe(0);
    expect(smoothed([[0, 1], [5, 9]])).toEqual([[0, 1], [5, 9]]); // prettier-ignore
  });
});

describe('ticks', () => {
  it.each([
    [0, 3, [0, 1, 2, 3]],
    [0, 0.31, [0, 0.2, 0.4]],
    [40, 100, [40, 60, 80, 100]],
    [0.9, 0.987, [0.9, 0.95, 1]],
    [2, 2, [2]],
  ])('from %f to %f', (least, most, expected) => {
    expect(ticksOf(least, most)).toEqual(expected);
  });
});

describe('the range', () => {
  it('is not stretched by one spike, and stands on zero', () => {
    const points = Array.from({ length: 1000 }, (_, step): [number, number] => [step, step === 500 ? 1e6 : 1 + (step % 7) / 7]); // prettier-ignore
    const { least, most } = rangeOf([{ points: points.filter(([step]) => step !== 500) }]);
    expect([least, most]).toEqual([0, 1 + 6 / 7]);
  });
  it('keeps high accuracies apart', () => {
    expect(rangeOf([{ points: [[0, 0.91], [1, 0.99]] }]).least).toBe(0.91); // prettier-ignore
  });
  it('is something for nothing', () => {
    expect(rangeOf([])).toEqual({ least: 0, most: 1 });
    expect(rangeOf([{ points: [[0, 5]] }])).toEqual({ least: 0, most: 5 });
  });
});

describe('the nearest point', () => {
  const points: [number, number][] = [[0, 1], [10, 2], [20, 3]]; // prettier-ignore
  it.each([
    [-5, 0],
    [4, 0],
    [6, 10],
    [15, 10],
    [99, 20],
  ])('to step %i is that of step %i', (step, expected) => {
    expect(nearestPoint(points, step)?.[0]).toBe(expected);
  });
  it('of nothing is none', () => expect(nearestPoint([], 3)).toBeUndefined());
});
