/** The line of a job's speed. */
import { expect, test } from 'vitest';
import { speedPath } from './speed-path';

test('goes from the oldest at the left to the newest at the right, higher when faster', () => {
  const seen = [
    { at: 100, perSecond: 0 },
    { at: 200, perSecond: 50 },
    { at: 300, perSecond: 100 },
  ];
  expect(speedPath(seen, 200, 24)).toBe('M0.0 22.0L100.0 12.0L200.0 2.0');
});

test('is no line with one speed alone, and flat when nothing moves', () => {
  expect(speedPath([{ at: 1, perSecond: 5 }], 200, 24)).toBe('');
  expect(
    speedPath(
      [
        { at: 0, perSecond: 0 },
        { at: 1, perSecond: 0 },
      ],
      10,
      24,
    ),
  ).toBe('M0.0 22.0L10.0 22.0');
});
