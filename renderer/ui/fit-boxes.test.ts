/** Boxes follow the crop of the tile; captions stay inside and off each other. */
import { describe, expect, it } from 'vitest';
import { type Box, captionWidth, placeBox, placeCaptions, placePicture } from './fit-boxes';

const frame = { width: 300, height: 200 };
const bounds: Box = [0, 0, 300, 200];

describe('place', () => {
  it('cover crops the longer side evenly', () => {
    expect(placePicture({ width: 400, height: 400 }, frame, 'cover')).toEqual([0, -50, 300, 250]);
    expect(placePicture({ width: 600, height: 200 }, frame, 'cover')).toEqual([-150, 0, 450, 200]);
  });
  it('contain leaves room', () => {
    expect(placePicture({ width: 400, height: 400 }, frame, 'contain')).toEqual([50, 0, 250, 200]);
  });
  it('an unknown size fills the frame', () => {
    expect(placePicture({ width: 0, height: 0 }, frame, 'cover')).toEqual([0, 0, 300, 200]);
  });
  it('cuts boxes at the frame and drops those outside', () => {
    const place = placePicture({ width: 400, height: 400 }, frame, 'cover');
    expect(placeBox([0.1, 0, 0.5, 0.5], place, bounds)).toEqual([30, 0, 150, 100]);
    expect(placeBox([0, 0, 1, 0.1], place, bounds)).toBeUndefined();
  });
});

describe('captions', () => {
  it('above, inside when there is no room, never over one another', () => {
    const boxes = [
      { box: [10, 50, 200, 150] as const, text: 'dog' },
      { box: [10, 0, 200, 150] as const, text: 'cat' },
      { box: [10, 50, 200, 150] as const, text: 'dog' },
    ];
    const captions = placeCaptions(boxes, bounds);
    expect(captions).toEqual([
      { left: 10, top: 32 },
      { left: 10, top: 0 },
      { left: 10, top: 50 },
    ]);
  });
  it('leaves a guess unsaid rather than covering another caption', () => {
    const low: Box = [0, 0, 300, 20];
    const boxes = [
      { box: [0, 0, 50, 20] as const, text: 'dog' },
      { box: [4, 0, 60, 20] as const, text: 'cat?', isGuess: true },
      { box: [4, 0, 60, 20] as const, text: 'ox' },
    ];
    expect(placeCaptions(boxes, low).map((place) => place !== null)).toEqual([true, false, true]);
  });
  it('moves in from the right edge', () => {
    const [caption] = placeCaptions([{ box: [290, 50, 299, 90], text: 'bicycle 96.7 %' }], bounds);
    expect(caption!.left).toBe(300 - captionWidth('bicycle 96.7 %'));
  });
});
