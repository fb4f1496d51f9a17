/** Fingerprints of many pictures at once are those of one by one. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { randomBits } from '../../../../models/tensor/random';
import { greyLooks } from './grey-looks';
import { hashGrid, perceptualHash } from './perceptual-hash';

test('looks and means are those of the plain way, whatever the size and the place in memory (property)', () => {
  const size = fc.oneof(fc.constantFrom(8, 28, 32), fc.integer({ min: 1, max: 40 }));
  fc.assert(
    fc.property(size, size, fc.constantFrom(0, 1, 4), fc.nat(), (height, width, shift, seed) => {
      const all = Uint8Array.from({ length: shift + 3 * height * width }, (_, at) => randomBits({ seed, stream: 1 }, at)[0] & 255); // prettier-ignore
      // The brightest there is, so that sums are as large as they get.
      if (seed % 3 === 0) all.fill(255);
      const levels = all.subarray(shift);
      const look = greyLooks(levels, height, width);
      const hashes = new Uint8Array(24);
      for (let k = 0; k < 3; k++) {
        const one = levels.subarray(k * height * width, (k + 1) * height * width);
        const mean = Math.round(one.reduce((sum, level) => sum + level, 0) / one.length);
        expect(look(k * height * width, hashes, 8 * k)).toBe(mean);
        expect(hashes.slice(8 * k, 8 * k + 8)).toEqual(perceptualHash(one, hashGrid(height, width)));
      }
    }),
  );
});

test('strips as high as two sums of a word allow', () => {
  const levels = new Uint8Array(2048 * 4).fill(255);
  const hash = new Uint8Array(8);
  expect(greyLooks(levels, 2048, 4)(0, hash, 0)).toBe(255);
  expect(hash).toEqual(perceptualHash(levels, hashGrid(2048, 4)));
});
