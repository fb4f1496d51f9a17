/** A fingerprint of how a picture looks, for finding copies that were scaled, recompressed or brightened. */
import { type Pixels, resize } from '../pixels';

const columns = 9;
const rows = 8;

/** Luma of ITU-R BT.601 (section 2.5.1) of a packed pixel, 0..255. */
export function lumaOf(word: number): number {
  return 0.299 * (word & 255) + 0.587 * ((word >>> 8) & 255) + 0.114 * ((word >>> 16) & 255);
}

/**
 * 64 bits, row by row: whether each of 8 x 8 places is darker than its right neighbour, in the picture reduced to 9 x 8 grey
 * places (the "difference hash" of Neal Krawetz, Kind of Like That, 2013). Near copies differ in few bits.
 */
export function perceptualHash(pixels: Pixels): Uint8Array {
  const { data } = resize(pixels, columns, rows);
  return hashOfGrid((x, y) => lumaOf(data[y * columns + x] ?? 0));
}

/** The same for a grid of 9 x 8 numbers that is at hand. */
export function hashOfGrid(at: (x: number, y: number) => number): Uint8Array {
  const hash = new Uint8Array(rows);
  for (let y = 0; y < rows; y++) {
    let bits = 0;
    for (let x = 0; x < columns - 1; x++) bits = (bits << 1) | (at(x, y) < at(x + 1, y) ? 1 : 0);
    hash[y] = bits;
  }
  return hash;
}
