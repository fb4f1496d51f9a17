/** The reduced inverse transforms against their definition (T.81 A.3.3, with fewer points). */
import { expect, test } from 'vitest';
import { seeded } from '../testing/pictures';
import { blockOrder, type DctSize, inverses, lastUseful, scaledQuant, zigzag } from './idct';

/** N x N points of the lowest N x N of 64 coefficients, scaled so that a flat block keeps its value. */
function byDefinition(coefficients: number[], size: number): number[] {
  const c = (k: number): number => (k === 0 ? Math.SQRT1_2 : 1);
  const wave = (n: number, k: number): number => c(k) * Math.cos(((2 * n + 1) * k * Math.PI) / (2 * size));
  return Array.from({ length: size * size }, (_, i) => {
    const [y, x] = [Math.floor(i / size), i % size];
    let sum = 0;
    for (let v = 0; v < size; v++) {
      for (let u = 0; u < size; u++) sum += wave(y, v) * wave(x, u) * coefficients[v * 8 + u]!;
    }
    return sum / 4 + 128;
  });
}

test.each([1, 2, 4, 8] as const)('%i points', (size: DctSize) => {
  const random = seeded(size);
  for (let round = 0; round < 20; round++) {
    const quant = Uint16Array.from({ length: 64 }, () => 1 + Math.floor(random() * 20));
    const values = Array.from({ length: 64 }, (_, k) => Math.round(((random() - 0.5) * 40) / (1 + k)));
    const natural = new Array<number>(64).fill(0);
    const block = new Float64Array(65);
    const order = blockOrder(size);
    const scale = scaledQuant(quant, size);
    values.forEach((value, k) => {
      natural[zigzag[k]!] = value * quant[k]!;
      block[order[k]!] = value * scale[k]!;
      if (order[k] !== 64) expect(k).toBeLessThanOrEqual(lastUseful[size]);
    });
    const out = new Uint8ClampedArray(size * size);
    inverses[size](block, out, 0, size);
    byDefinition(natural, size).forEach((value, i) => {
      expect(Math.abs(out[i]! - Math.min(255, Math.max(0, value)))).toBeLessThanOrEqual(0.501);
    });
  }
});
