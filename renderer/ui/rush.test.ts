import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Rush } from './rush';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** Scrolls `steps` times by `by` pixels, a frame of 16 ms each, from `from`. */
function scroll(rush: Rush, by: number, steps: number, from = 0): void {
  for (let index = 1; index <= steps; index++) rush.step(from + index * by, 1000 + index * 16);
}

describe('rush', () => {
  it('begins with the third fast step and ends when the grid comes to rest', () => {
    const rush = new Rush();
    const heard: boolean[] = [];
    rush.subscribe(() => heard.push(rush.isRushing()));
    scroll(rush, 100, 2);
    expect(rush.isRushing()).toBe(false);
    scroll(rush, 100, 4);
    expect(rush.isRushing()).toBe(true);
    vi.advanceTimersByTime(79);
    expect(rush.isRushing()).toBe(true);
    vi.advanceTimersByTime(1);
    expect(heard).toEqual([true, false]);
  });

  it('ends with the first slow step', () => {
    const rush = new Rush();
    scroll(rush, 100, 5);
    rush.step(510, 1000 + 6 * 16);
    expect(rush.isRushing()).toBe(false);
  });

  it('is not begun by a jump, nor by the wheel', () => {
    const rush = new Rush();
    rush.step(100_000, 1000);
    expect(rush.isRushing()).toBe(false);
    scroll(rush, 45, 20, 100_000);
    expect(rush.isRushing()).toBe(false);
  });
});
