/** Fingerprints of colour pictures: those of their grey levels, with their exact means. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { randomBits } from '../../../../models/tensor/random';
import { hashGrid, lookAtColours, lumaOf, perceptualHash } from './perceptual-hash';

const picture = (seed: number, height: number, width: number): Int32Array<ArrayBuffer> =>
  Int32Array.from(
    { length: height * width },
    (_, at) => 0xff000000 | (randomBits({ seed, stream: 1 }, at)[0] & 0xffffff),
  );

test('the look is that of the grey levels, the mean that of each colour (property)', () => {
  const side = fc.oneof(fc.integer({ min: 1, max: 30 }), fc.constantFrom(300, 3000));
  fc.assert(
    fc.property(side, fc.integer({ min: 1, max: 40 }), fc.nat(), fc.boolean(), (width, height, seed, isWhite) => {
      const data = isWhite ? new Int32Array(height * width).fill(-1) : picture(seed, height, width);
      const { look, mean } = lookAtColours({ data, height, width });
      const channel = (shift: number): number =>
        Math.round(data.reduce((sum, word) => sum + ((word >>> shift) & 255), 0) / data.length);
      expect(mean).toEqual([channel(0), channel(8), channel(16)]);
      if (isWhite) expect(look).toEqual(new Uint8Array(8));
      else expect(look).toEqual(perceptualHash(Float32Array.from(data, lumaOf), hashGrid(height, width)));
    }),
    { numRuns: 60 },
  );
});
