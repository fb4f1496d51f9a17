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

/** Sums of red and blue, of a row of pixels at most this long, share a word of 32 bits. */
const pair = 0x00ff00ff;
const longestRow = 257;

/**
 * The same of a picture in colour, with its mean red, green and blue (0..255, rounded). Sums are whole numbers, so that no rounding
 * tells equal places apart; luma is taken of the sums, as it is linear in them.
 */
export function lookAtColours({ data, height, width }: Pixels): { look: Uint8Array; mean: [number, number, number] } {
  const { columns: across, rows: down } = hashGrid(height, width);
  const look = new Uint8Array(rows);
  const total: [number, number, number] = [0, 0, 0];
  for (let y = 0; y < rows; y++) {
    const [top = 0, bottom = 0] = [down[2 * y], down[2 * y + 1]];
    let bits = 0;
    let before = { luma: 0, pixels: 0 };
    for (let x = 0; x < columns; x++) {
      const [left = 0, right = 0] = [across[2 * x], across[2 * x + 1]];
      const [red, green, blue] = sumsOf(data, width, { top, bottom, left, right });
      const pixels = (bottom - top) * (right - left);
      const luma = 299 * red + 587 * green + 114 * blue;
      // Of means, without dividing.
      bits = (bits << 1) | (before.luma * pixels < luma * before.pixels ? 1 : 0);
      before = { luma, pixels };
      total[0] += red;
      total[1] += green;
      total[2] += blue;
    }
    look[y] = bits;
  }
  // Of pictures with fewer pixels than places, some pixels are in several.
  const isCountedOnce = height >= rows && width >= columns;
  const sums = isCountedOnce ? total : sumsOf(data, width, { top: 0, bottom: height, left: 0, right: width });
  const mean = (sum: number): number => Math.round(sum / data.length);
  return { look, mean: [mean(sums[0]), mean(sums[1]), mean(sums[2])] };
}

interface Place {
  readonly top: number;
  readonly bottom: number;
  readonly left: number;
  readonly right: number;
}

function sumsOf(data: Int32Array, width: number, { top, bottom, left, right }: Place): [number, number, number] {
  let red = 0;
  let green = 0;
  let blue = 0;
  for (let row = top; row < bottom; row++) {
    for (let from = row * width + left, end = row * width + right; from < end; from += longestRow) {
      let even = 0;
      let odd = 0;
      for (let at = from; at < Math.min(end, from + longestRow); at++) {
        const word = data[at] ?? 0;
        even += word & pair;
        odd += (word >>> 8) & 255;
      }
      red += even & 0xffff;
      blue += even >>> 16;
      green += odd;
    }
  }
  return [red, green, blue];
}
