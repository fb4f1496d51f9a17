/** Fingerprints and means of many small grey pictures of one size: the same numbers as one by one, in a third of the time. */
import { type HashGrid, hashGrid, perceptualHash } from './perceptual-hash';

/** Two sums of 16 bits share a word: no more rows of bytes than this can be added. */
const mostRows = 257;

/** Writes the fingerprint of the picture whose levels begin at `from` into `hash` at `to`, and gives its mean level. */
export type LookAtGrey = (from: number, hash: Uint8Array, to: number) => number;

/** For pictures that lie one after the other in `levels`. */
export function greyLooks(levels: Uint8Array, height: number, width: number): LookAtGrey {
  const grid = hashGrid(height, width);
  const isInWords = width % 4 === 0 && levels.byteOffset % 4 === 0 && levels.length % 4 === 0;
  return isInWords && height >= 8 && height <= 8 * (mostRows - 1)
    ? lookByWords(new Uint32Array(levels.buffer, levels.byteOffset, levels.length / 4), height, grid)
    : lookOneByOne(levels, height, grid);
}

function lookOneByOne(levels: Uint8Array, height: number, grid: HashGrid): LookAtGrey {
  const size = height * grid.width;
  return (from, hash, to) => {
    const one = levels.subarray(from, from + size);
    hash.set(perceptualHash(one, grid), to);
    let sum = 0;
    for (let i = 0; i < size; i++) sum += one[i] ?? 0;
    return Math.round(sum / size);
  };
}

/** Four pixels at a time, as two pairs of sums, down the rows of each strip; every platform that Duet runs on is little-endian. */
function lookByWords(words: Uint32Array, height: number, { width, columns, rows }: HashGrid): LookAtGrey {
  const rowWords = width / 4;
  const sums = new Int32Array(width);
  const addStrip = (start: number, end: number): void => {
    for (let x = 0; x < rowWords; x++) {
      let even = 0;
      let odd = 0;
      for (let at = start + x; at < end; at += rowWords) {
        const word = words[at] ?? 0;
        even += word & 0xff00ff;
        odd += (word >>> 8) & 0xff00ff;
      }
      sums[4 * x] = even & 0xffff;
      sums[4 * x + 1] = odd & 0xffff;
      sums[4 * x + 2] = even >>> 16;
      sums[4 * x + 3] = odd >>> 16;
    }
  };
  return (from, hash, to) => {
    let total = 0;
    for (let y = 0; y < 8; y++) {
      addStrip(from / 4 + (rows[2 * y] ?? 0) * rowWords, from / 4 + (rows[2 * y + 1] ?? 0) * rowWords);
      for (let x = 0; x < width; x++) total += sums[x] ?? 0;
      hash[to + y] = brighterRight(sums, columns);
    }
    return Math.round(total / (height * width));
  };
}

/** A bit for each of eight places: whether its right neighbour is brighter. */
function brighterRight(sums: Int32Array, columns: Uint32Array): number {
  let bits = 0;
  let before = Infinity;
  for (let x = 0; x < 9; x++) {
    const left = columns[2 * x] ?? 0;
    const right = columns[2 * x + 1] ?? 0;
    let sum = 0;
    for (let at = left; at < right; at++) sum += sums[at] ?? 0;
    const mean = sum / (right - left);
    bits = (bits << 1) | (before < mean ? 1 : 0);
    before = mean;
  }
  return bits & 255;
}
