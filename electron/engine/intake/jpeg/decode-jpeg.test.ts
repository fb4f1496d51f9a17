/** Our JPEG reader against libjpeg-turbo (inside Skia), at every size and for every way of storing. */
import { createCanvas, Image } from '@napi-rs/canvas';
import { describe, expect, test } from 'vitest';
import { flatten, type Pixels, toRgbBytes } from '../pixels';
import { draw, scene, testImage } from '../testing/pictures';
import { toPixels } from './colour';
import { decodeJpeg } from './decode-jpeg';
import type { DctSize } from './idct';

const ours = (bytes: Uint8Array, size: DctSize): Pixels => toPixels(decodeJpeg(bytes, () => size));

async function theirs(bytes: Uint8Array): Promise<Pixels> {
  const image = new Image();
  image.src = bytes;
  await image.decode();
  const context = createCanvas(image.width, image.height).getContext('2d');
  context.drawImage(image, 0, 0);
  const { data } = context.getImageData(0, 0, image.width, image.height);
  return flatten(data, image.width, image.height).pixels;
}

function difference(a: Pixels, b: Pixels): { mean: number; max: number } {
  expect([a.width, a.height]).toEqual([b.width, b.height]);
  let sum = 0;
  let max = 0;
  const other = toRgbBytes(b);
  toRgbBytes(a).forEach((value, i) => {
    const gap = Math.abs(value - other[i]!);
    sum += gap;
    max = Math.max(max, gap);
  });
  return { mean: sum / other.length, max };
}

/** Mean difference between a reduced picture and the means of the squares it stands for, as far as those are whole. */
function distanceFromMeans(full: Pixels, reduced: Pixels, square: number): number {
  const [fullBytes, reducedBytes] = [toRgbBytes(full), toRgbBytes(reduced)];
  let sum = 0;
  let count = 0;
  for (let y = 0; (y + 1) * square <= full.height; y++) {
    for (let x = 0; (x + 1) * square <= full.width; x++) {
      for (let channel = 0; channel < 3; channel++) {
        let mean = 0;
        for (let i = 0; i < square * square; i++) {
          const row = y * square + Math.floor(i / square);
          mean += fullBytes[(row * full.width + x * square + (i % square)) * 3 + channel]! / square ** 2;
        }
        sum += Math.abs(mean - reducedBytes[(y * reduced.width + x) * 3 + channel]!);
        count++;
      }
    }
  }
  return sum / count;
}

const stored = [
  'plain.jpg',
  'progressive.jpg',
  'restarts.jpg',
  'half-chroma-across.jpg',
  'stored-rgb.jpg',
  'grey.jpg',
  'ink-red.jpg',
];

describe('decodeJpeg', () => {
  test.each(stored)('%s has the pixels that libjpeg-turbo finds', async (name) => {
    const { mean, max } = difference(ours(testImage(name), 8), await theirs(testImage(name)));
    // Both round differently in the transform and in the colours; an error of one in each is all that may add up.
    expect(mean).toBeLessThan(0.5);
    expect(max).toBeLessThanOrEqual(4);
  });

  test.each(stored.flatMap((name) => ([4, 2, 1] as const).map((size) => [name, size] as const)))(
    '%s at %i eighths is the picture averaged over squares',
    (name, size) => {
      const full = ours(testImage(name), 8);
      const reduced = ours(testImage(name), size);
      expect([reduced.width, reduced.height]).toEqual([
        Math.ceil((full.width * size) / 8),
        Math.ceil((full.height * size) / 8),
      ]);
      // At one eighth a pixel is its block's mean, up to rounding. Chroma that was stored coarser is interpolated, and two
      // or four points of a block keep a little more contrast than plain means do.
      const isExact = size === 1 && ['grey.jpg', 'stored-rgb.jpg', 'ink-red.jpg'].includes(name);
      expect(distanceFromMeans(full, reduced, 8 / size)).toBeLessThan(isExact ? 1 : size === 1 ? 7 : 3);
    },
  );

  test('progressive, restarts and plain are the same picture', () => {
    expect(difference(ours(testImage('restarts.jpg'), 8), ours(testImage('plain.jpg'), 8)).max).toBe(0);
  });

  test('sizes around a block and an MCU', async () => {
    for (const [width, height] of [
      [1, 1],
      [7, 9],
      [8, 8],
      [16, 17],
      [33, 15],
    ] as const) {
      const file = await draw(width, height, 'jpeg', scene);
      expect(difference(ours(file, 8), await theirs(file)).mean).toBeLessThan(0.7);
      for (const size of [1, 2, 4] as const) expect(ours(file, size).width).toBe(Math.ceil((width * size) / 8));
    }
  });

  test('arithmetic coding is refused, not called damaged', () => {
    expect(() => ours(testImage('arithmetic.jpg'), 8)).toThrow(expect.objectContaining({ code: 'image/unsupported' }));
  });

  test.each(stored)('%s cut anywhere is an error, or nothing was missing', (name) => {
    const file = testImage(name);
    const whole = ours(file, 8);
    let complete = 0;
    for (let length = 2; length < file.length; length++) {
      let pixels: Pixels | undefined;
      try {
        pixels = ours(file.subarray(0, length), 8);
      } catch (error) {
        expect(error).toMatchObject({ code: 'image/damaged' });
        continue;
      }
      complete++;
      expect(difference(pixels, whole).max).toBe(0);
    }
    // Only the end marker and the padding of the last byte may go; a progressive file needs even those.
    expect(complete).toBeLessThanOrEqual(name === 'progressive.jpg' ? 0 : 3);
  });

  test('a huge size with little data costs nothing', () => {
    const file = Uint8Array.from(testImage('plain.jpg'));
    const frame = file.findIndex((byte, i) => byte === 0xff && file[i + 1] === 0xc0);
    file.set([0x27, 0x10, 0x27, 0x10], frame + 5); // 10,000 x 10,000
    const before = process.memoryUsage().arrayBuffers;
    expect(() => ours(file, 8)).toThrow('too little data');
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(1e6);
  });
});
