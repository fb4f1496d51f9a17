/** The point under the pointer stays; the picture never leaves the frame. */
import { describe, expect, it } from 'vitest';
import { fitView, keepInside, largestScale, wheelFactor, zoomAt } from './zoom-maths';

const picture = { width: 800, height: 600 };
const frame = { width: 448, height: 448 };

describe('zoom', () => {
  it('fits with a margin, centred', () => {
    expect(fitView(picture, frame, 24)).toEqual({ scale: 0.5, x: 24, y: 74 });
  });
  it('does not blow small pictures up beyond their double', () => {
    expect(fitView({ width: 10, height: 10 }, frame, 24).scale).toBe(2);
  });
  it('keeps the point under the pointer', () => {
    const before = fitView(picture, frame, 24);
    const point = { x: 100, y: 200 };
    const after = zoomAt(before, 3, point, 0.5);
    const under = (view: typeof before): number[] => [(point.x - view.x) / view.scale, (point.y - view.y) / view.scale];
    expect(after.scale).toBe(1.5);
    under(after).forEach((value, axis) => expect(value).toBeCloseTo(under(before)[axis]!, 9));
  });
  it('stops at the fitted size and at 1600 %', () => {
    const fitted = fitView(picture, frame, 24);
    expect(zoomAt(fitted, 0.1, { x: 0, y: 0 }, fitted.scale).scale).toBe(fitted.scale);
    expect(zoomAt(fitted, 1e6, { x: 0, y: 0 }, fitted.scale).scale).toBe(largestScale);
  });
  it('leaves no empty edge when larger, centres when smaller', () => {
    expect(keepInside({ scale: 1, x: 50, y: -900 }, picture, frame)).toEqual({ scale: 1, x: 0, y: -152 });
    expect(keepInside({ scale: 0.5, x: -999, y: 5 }, picture, frame)).toEqual({ scale: 0.5, x: 24, y: 74 });
  });
  it('a wheel notch in and out cancel', () => {
    expect(wheelFactor(100, false) * wheelFactor(-100, false)).toBeCloseTo(1, 12);
    expect(wheelFactor(-100, false)).toBeGreaterThan(1);
    expect(wheelFactor(3, true)).toBe(wheelFactor(120, false));
  });
});
