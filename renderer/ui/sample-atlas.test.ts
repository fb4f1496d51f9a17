/** Samples find their places in the bitmap. */
import { expect, test } from 'vitest';
import { rgbaOf } from './sample-atlas';

test('three grey pictures of 1 x 2 in rows of two', () => {
  const grey = { kind: 'image', height: 1, width: 2, channels: 1 } as const;
  const rgba = rgbaOf(Uint8Array.of(1, 2, 3, 4, 5, 6), grey, 2);
  expect([...rgba].filter((_, at) => at % 4 === 0)).toEqual([1, 2, 3, 4, 5, 6, 0, 0]);
  expect([...rgba.subarray(0, 4)]).toEqual([1, 1, 1, 255]);
});

test('two colour pictures of 2 x 1 side by side', () => {
  const colour = { kind: 'image', height: 2, width: 1, channels: 3 } as const;
  const rgba = rgbaOf(Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12), colour, 2);
  expect([...rgba]).toEqual([1, 2, 3, 255, 7, 8, 9, 255, 4, 5, 6, 255, 10, 11, 12, 255]);
});
