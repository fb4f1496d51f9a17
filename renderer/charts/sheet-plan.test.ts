/** Sheets fill their room with whole pixels, and every drawing is found where it stands. */
import { describe, expect, it } from 'vitest';
import { blockAt, placeAt, planSheet, sampleAt, type SheetAsked } from './sheet-plan';

const digits: SheetAsked = {
  count: 120,
  columns: 10,
  picture: { width: 28, height: 28 },
  room: { width: 912, height: 300 },
  density: 1,
  isByClass: true,
};

describe('a sheet', () => {
  it('shows digits of 28 x 28 twice as large, ten classes side by side', () => {
    const plan = planSheet(digits);
    expect(plan).toMatchObject({ blocks: 10, bands: 1, across: 1, each: 5, tile: { width: 56, height: 56 } });
    expect(plan.size.width).toBeLessThanOrEqual(912);
    expect(plan.size.height).toBeLessThanOrEqual(300);
  });
  it('enlarges small pictures by whole numbers, of device pixels too', () => {
    const small = planSheet({ ...digits, picture: { width: 8, height: 8 } });
    expect(small.tile.width % 8).toBe(0);
    expect(small).toMatchObject({ across: 2, each: 12 });
    const dense = planSheet({ ...digits, density: 1.5 });
    expect((dense.tile.width * 1.5) % 28).toBeCloseTo(0);
  });
  it('wraps classes into bands when they do not stand side by side', () => {
    const plan = planSheet({ ...digits, count: 188, columns: 47, picture: { width: 64, height: 64 } });
    expect(plan.bands).toBeGreaterThan(1);
    expect(plan.blocks * plan.bands).toBeGreaterThanOrEqual(47);
    expect(plan.size.width).toBeLessThanOrEqual(912);
    expect(blockAt(plan, plan.blocks)).toMatchObject({ x: 0 });
  });
  it('finds each drawing again where it stands, and nothing between them', () => {
    const asked = { ...digits, count: 40 };
    const plan = planSheet(asked);
    for (let index = 0; index < 40; index += 1) {
      const place = placeAt(plan, 10, index)!;
      const middle = { x: place.x + plan.tile.width / 2, y: place.y + plan.tile.height / 2 };
      expect(sampleAt(plan, asked, middle)).toBe(index);
      expect(sampleAt(plan, asked, { x: place.x + plan.tile.width + 1, y: middle.y })).toBeUndefined();
    }
  });
  it('does not leave a room that is too small empty', () => {
    const plan = planSheet({ ...digits, room: { width: 20, height: 10 } });
    expect(plan.each).toBeGreaterThan(0);
  });
});
