/** A fingerprint of how a picture looks, for finding copies that were scaled, recompressed or brightened. */
import type { Pixels } from '../pixels';

const columns = 9;
const rows = 8;

/** Luma of ITU-R BT.601 (section 2.5.1) of a packed pixel, 0..255. */
export function lumaOf(word: number): number {
  return 0.299 * (word & 255) + 0.587 * ((word >>> 8) & 255) + 0.114 * ((word >>> 16) & 255);
}

/** Where each of 9 x 8 places begins and ends, in pixels; every place has at least one. */
export interface HashGrid {
  readonly width: number;
  readonly columns: readonly (readonly [from: number, to: number])[];
  readonly rows: readonly (readonly [from: number, to: number])[];
}

/** Places for pictures of one size. */
export function hashGrid(height: number, width: number): HashGrid {
  const parts = (length: number, count: number): [number, number][] =>
    Array.from({ length: count }, (_, i) => {
      const from = Math.floor((i * length) / count);
      return [from, Math.max(from + 1, Math.floor(((i + 1) * length) / count))];
    });
  return { width, columns: parts(width, columns), rows: parts(height, rows) };
}

/**
 * 64 bits, row by row: whether each of 8 x 8 places is darker than its right neighbour, as means of grey over 9 x 8 places (the
 * "difference hash" of Neal Krawetz, Kind of Like That, 2013). Near copies differ in few bits. `grey` are levels, `width` apart.
 */
export function perceptualHash(grey: ArrayLike<number>, { width, columns: across, rows: down }: HashGrid): Uint8Array {
  const hash = new Uint8Array(rows);
  for (const [y, [top, bottom]] of down.entries()) {
    let bits = 0;
    let before = Infinity;
    for (const [left, right] of across) {
      let sum = 0;
      for (let row = top * width; row < bottom * width; row += width) {
        for (let at = row + left; at < row + right; at++) sum += grey[at] ?? 0;
      }
      const mean = sum / ((bottom - top) * (right - left));
      if (before !== Infinity) bits = (bits << 1) | (before < mean ? 1 : 0);
      before = mean;
    }
    hash[y] = bits;
  }
  return hash;
}

/** The same of a picture in colour. */
export function lookOf({ data, height, width }: Pixels): Uint8Array {
  const grey = new Float32Array(data.length);
  for (let i = 0; i < data.length; i++) grey[i] = lumaOf(data[i] ?? 0);
  return perceptualHash(grey, hashGrid(height, width));
}
