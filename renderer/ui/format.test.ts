/** One rounding rule for each quantity. */
import { describe, expect, it } from 'vitest';
import {
  countOf,
  formatBytes,
  formatMany,
  formatMs,
  formatPercent,
  formatRate,
  formatRemaining,
  formatShare,
} from './format';

const thin = '\u202f';

describe('format', () => {
  it.each([
    [countOf(1, 'picture'), '1 picture'],
    [countOf(1204, 'picture'), '1,204 pictures'],
    [formatBytes(512), `512${thin}B`],
    [formatBytes(9_400_867), `9.4${thin}MB`],
    [formatBytes(999_600), `1.0${thin}MB`],
    [formatBytes(123_400_000), `123${thin}MB`],
    [formatMs(6.24), `6.2${thin}ms`],
    [formatMs(0.01), `< 0.1${thin}ms`],
    [formatMs(1234), `1,234${thin}ms`],
    [formatRate(3.21), `3.2${thin}images/s`],
    [formatRate(118.6), `119${thin}images/s`],
    [formatRemaining(3000), 'a few seconds left'],
    [formatRemaining(42_000), `45${thin}s left`],
    [formatRemaining(130_000), `2${thin}min left`],
    [formatRemaining(3_900_000), `1${thin}h 5${thin}min left`],
    [formatPercent(0.999), `99${thin}%`],
    [formatShare(0.9996), `99.9${thin}%`],
    [formatShare(1), `100${thin}%`],
    [formatShare(0.00001), `0.1${thin}%`],
    [formatShare(0.0449), `4.5${thin}%`],
    [formatMany(4_649_000), '4.6 million'],
  ])('%s', (given, expected) => {
    expect(given).toBe(expected);
  });
});
