/** Turning, reducing and flattening, against their definitions. */
import { describe, expect, test } from 'vitest';
import {
  asRgba,
  flatten,
  type Pixels,
  resize,
  sizeForLongSide,
  sizeForShortSide,
  toRgbBytes,
  turnUpright,
} from './pixels';
import { seeded } from './testing/pictures';

/** A picture whose pixel values are their own places, to see where each goes. */
const numbered = (width: number, height: number): Pixels => ({
  data: Int32Array.from({ length: width * height }, (_, i) => i),
  width,
  height,
});

const rows = ({ data, width }: Pixels): number[][] =>
  Array.from({ length: data.length / width }, (_, y) => [...data.subarray(y * width, (y + 1) * width)]);

const fromRgb = (bytes: ArrayLike<number>, width: number, height: number): Pixels => ({
  data: Int32Array.from(
    { length: width * height },
    (_, i) => 0xff000000 | (bytes[i * 3 + 2]! << 16) | (bytes[i * 3 + 1]! << 8) | bytes[i * 3]!,
  ),
  width,
  height,
});

describe('turnUpright', () => {
  // Stored rows [0 1 2] [3 4 5]; the EXIF value names the side of the picture that row 0 and column 0 show.
  test.each([
    [
      1,
      [
        [0, 1, 2],
        [3, 4, 5],
      ],
    ],
    [
      2,
      [
        [2, 1, 0],
        [5, 4, 3],
      ],
    ],
    [
      3,
      [
        [5, 4, 3],
        [2, 1, 0],
      ],
    ],
    [
      4,
      [
        [3, 4, 5],
        [0, 1, 2],
      ],
    ],
    [
      5,
      [
        [0, 3],
        [1, 4],
        [2, 5],
      ],
    ],
    [
      6,
      [
        [3, 0],
        [4, 1],
        [5, 2],
      ],
    ],
    [
      7,
      [
        [5, 2],
        [4, 1],
        [3, 0],
      ],
    ],
    [
      8,
      [
        [2, 5],
        [1, 4],
        [0, 3],
      ],
    ],
  ])('orientation %i', (orientation, upright) => {
    expect(rows(turnUpright(numbered(3, 2), orientation))).toEqual(upright);
  });
});

describe('sizes', () => {
  test('never enlarge, never reach zero', () => {
    expect(sizeForShortSide(4000, 3000, 384)).toEqual({ width: 512, height: 384 });
    expect(sizeForShortSide(3000, 4000, 384)).toEqual({ width: 384, height: 512 });
    expect(sizeForShortSide(100, 50, 384)).toEqual({ width: 100, height: 50 });
    expect(sizeForLongSide(10_000, 3, 320)).toEqual({ width: 320, height: 1 });
  });
});

describe('resize', () => {
  test('an even area keeps its value at every ratio', () => {
    for (const [width, height] of [
      [100, 75],
      [31, 7],
      [3, 200],
      [1, 1],
    ] as const) {
      for (const value of [0, 1, 77, 254, 255]) {
        const source = fromRgb(new Uint8Array(width * height * 3).fill(value), width, height);
        for (const [w, h] of [
          [1, 1],
          [Math.max(1, width - 1), height],
          [Math.ceil(width / 3), Math.ceil(height / 2)],
        ] as const) {
          expect(new Set(asRgba(resize(source, w, h)))).toEqual(new Set([value, 255]));
        }
      }
    }
  });

  test('equals the triangle filter computed in floating point', () => {
    const random = seeded(7);
    const [width, height, w, h] = [37, 23, 12, 9];
    const bytes = Uint8Array.from({ length: width * height * 3 }, () => random() * 256);
    const found = toRgbBytes(resize(fromRgb(bytes, width, height), w, h));
    const weight = (from: number, to: number, i: number, k: number): number => {
      const ratio = from / to;
      return Math.max(0, 1 - Math.abs(k - ((i + 0.5) * ratio - 0.5)) / ratio);
    };
    for (let y = 0; y < h; y++) {
      for (let x = 0; x < w * 3; x++) {
        let sum = 0;
        let total = 0;
        for (let j = 0; j < height; j++) {
          for (let i = 0; i < width; i++) {
            const both = weight(height, h, y, j) * weight(width, w, Math.floor(x / 3), i);
            sum += both * bytes[(j * width + i) * 3 + (x % 3)]!;
            total += both;
          }
        }
        expect(Math.abs(found[y * w * 3 + x]! - sum / total)).toBeLessThan(2);
      }
    }
  });
});

describe('flatten', () => {
  test('puts everything on white and tells whether it had to', () => {
    const rgba = Uint8ClampedArray.from([10, 20, 30, 255, 0, 0, 0, 0, 255, 0, 0, 128]);
    const { pixels, opaque } = flatten(rgba, 3, 1);
    expect([...toRgbBytes(pixels)]).toEqual([10, 20, 30, 255, 255, 255, 255, 127, 127]);
    expect(opaque).toBe(false);
    expect(flatten(asRgba(pixels), 3, 1)).toEqual({ pixels, opaque: true });
  });
});
