/** Bytes of drawings become RGBA, grey ones threefold. */
import { expect, it } from 'vitest';
import { drawnPictures } from './drawn-pictures';

const shape = { kind: 'image', height: 1, width: 2, channels: 1 } as const;

it('spreads grey over three channels, opaque', () => {
  const { pixels } = drawnPictures({ shape, samples: Uint8Array.of(7, 250) });
  expect([...pixels]).toEqual([7, 7, 7, 255, 250, 250, 250, 255]);
});

it('keeps colours in their order', () => {
  const { pixels, height, width } = drawnPictures({
    shape: { ...shape, channels: 3 },
    samples: Uint8Array.of(1, 2, 3, 4, 5, 6),
  });
  expect([...pixels]).toEqual([1, 2, 3, 255, 4, 5, 6, 255]);
  expect([height, width]).toEqual([1, 2]);
});

it('refuses rows of numbers', () => {
  expect(() => drawnPictures({ shape: { kind: 'row', width: 2 }, samples: new Uint8Array(8) })).toThrow(/rows/);
});
