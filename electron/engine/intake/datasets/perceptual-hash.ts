/** A fingerprint of how a picture looks, for finding copies that were scaled, recompressed or brightened. */
import type { Pixels } from '../pixels';

const columns = 9;
const rows = 8;

/** Luma of ITU-R BT.601 (section 2.5.1) of a packed pixel, 0..255. */
export function lumaOf(word: number): number {
  return 0.299 * (word & 255) + 0.587 * ((word >>> 8) & 255) + 0.114 * ((word >>> 16) & 255);
}

/** Where each of 9 x 8 places begins and ends, in pixels, one after the other; every place has at least one. */
export interface HashGrid {
  readonly width: number;
  readonly columns: Uint32Array;
  readonly rows: Uint32Array;
}

/** Places for pictures of one size. */
export function hashGrid(height: number, width: number): HashGrid {
  const parts = (length: number, count: number): Uint32Array => {
    const from = (i: number): number => Math.floor((i * length) / count);
    return Uint32Array.from({ length: 2 * count }, (_, k) =>
      k % 2 === 0 ? from(k / 2) : Math.max(from((k - 1) / 2) + 1, from((k + 1) / 2)),
    );
  };
  return { width, columns: parts(width, columns), rows: parts(height, rows) };
}

/**
 * 64 bits, row by row: whether each of 8 x 8 places is darker than its right neighbour, as means of grey over 9 x 8 places (the
 * "difference hash" of Neal Krawetz, Kind of Like That, 2013). Near copies differ in few bits. `grey` are levels, `width` apart.
 */
export function perceptualHash(
  grey: Uint8Array | Float32Array,
  { width, columns: across, rows: down }: HashGrid,
): Uint8Array {
  const hash = new Uint8Array(rows);
  // Indices, not iterators: this runs over every pixel of 70,000 pictures.
  for (let y = 0; y < rows; y++) {
    const start = (down[2 * y] ?? 0) * width;
    const end = (down[2 * y + 1] ?? 0) * width;
    let bits = 0;
    let before = Infinity;
    for (let x = 0; x < columns; x++) {
      const left = across[2 * x] ?? 0;
      const right = across[2 * x + 1] ?? 0;
      let sum = 0;
      for (let row = start; row < end; row += width) {
        for (let at = row + left; at < row + right; at++) sum += grey[at] ?? 0;
      }
      // Places of a row are equally high.
      const mean = sum / (right - left);
      bits = (bits << 1) | (before < mean ? 1 : 0);
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
