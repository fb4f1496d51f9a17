/** Dots and bars under the slider, and the slider's keys. */
import { describe, expect, it } from 'vitest';
import { barsFrom, binOf, dotGeometry, plotConfidences, thresholdAfterKey, tidyThreshold } from './confidence-plot';

describe('plot', () => {
  it('stacks dots of one bin', () => {
    const plot = plotConfidences([0.51, 0.515, 0.9].map((score, i) => ({ id: `p${i}`, score })));
    expect(plot).toMatchObject({ type: 'dots', highest: 2 });
    expect(plot.type === 'dots' && plot.dots.map(({ bin, level }) => [bin, level])).toEqual([
      [20, 0],
      [20, 1],
      [36, 0],
    ]);
  });
  it(`draws bars from ${barsFrom} pictures on and loses none`, () => {
    const plot = plotConfidences(
      Array.from({ length: barsFrom }, (_, i) => ({ id: `p${i}`, score: i / (barsFrom - 1) })),
    );
    expect(plot.type).toBe('bars');
    expect(plot.type === 'bars' && plot.bars.reduce((sum, bar) => sum + bar.count, 0)).toBe(barsFrom);
  });
  it('keeps 0 and 1 in the outer bins', () => {
    expect([0, 1, 0.999, 0.5].map(binOf)).toEqual([0, 39, 39, 20]);
  });
  it('fits the highest stack', () => {
    for (const highest of [1, 3, 12, 199]) {
      const { pitch, radius } = dotGeometry(highest, 36);
      expect((highest - 1) * pitch + 8).toBeLessThanOrEqual(36);
      expect(radius).toBeGreaterThanOrEqual(1.5);
    }
  });
});

describe('slider', () => {
  it.each([
    ['ArrowRight', 0.505],
    ['ArrowDown', 0.495],
    ['PageUp', 0.55],
    ['Home', 0],
    ['End', 1],
  ])('%s', (key, expected) => {
    expect(thresholdAfterKey(0.5, key)).toBe(expected);
  });
  it('leaves other keys alone and stays inside', () => {
    expect(thresholdAfterKey(0.5, 'a')).toBeUndefined();
    expect(tidyThreshold(1.2)).toBe(1);
    expect(tidyThreshold(0.5512)).toBe(0.55);
  });
});
