/** Decoded pixels and what is done to them: flattening on white, turning upright, reducing without aliasing. */

/**
 * One opaque colour a word, height x width: red in the lowest byte, then green, blue and 255, which in memory is RGBA on
 * every machine that we run on (all are little-endian). Whole words move three times faster than single bytes.
 */
export interface Pixels {
  data: Int32Array<ArrayBuffer>;
  width: number;
  height: number;
}

/** RGBA to opaque pixels: transparent parts show white, as on a page. Also tells whether anything was not opaque. */
export function flatten(rgba: Uint8ClampedArray, width: number, height: number): { pixels: Pixels; opaque: boolean } {
  const data = new Int32Array(width * height);
  new Uint8Array(data.buffer).set(rgba);
  let opaque = true;
  for (let i = 0; i < data.length; i++) {
    const word = data[i] ?? 0;
    if (word >>> 24 === 255) continue;
    opaque = false;
    const alpha = word >>> 24;
    const white = 255 * (255 - alpha) + 127;
    const red = Math.floor(((word & 255) * alpha + white) / 255);
    const green = Math.floor((((word >>> 8) & 255) * alpha + white) / 255);
    const blue = Math.floor((((word >>> 16) & 255) * alpha + white) / 255);
    data[i] = 0xff000000 | (blue << 16) | (green << 8) | red;
  }
  return { pixels: { data, width, height }, opaque };
}

/** The same memory as bytes, as a canvas takes it. */
export const asRgba = ({ data }: Pixels): Uint8ClampedArray<ArrayBuffer> => new Uint8ClampedArray(data.buffer);

/** u8 RGB, height x width x 3, tightly packed, as it lies in a slot. */
export function toRgbBytes({ data }: Pixels): Uint8Array {
  const count = data.length;
  const words = new Uint32Array(Math.ceil(count / 4) * 3);
  // Four pixels fill three words.
  for (let from = 0, to = 0; from < count; from += 4, to += 3) {
    const a = data[from] ?? 0;
    const b = data[from + 1] ?? 0;
    const c = data[from + 2] ?? 0;
    const d = data[from + 3] ?? 0;
    words[to] = (a & 0xffffff) | (b << 24);
    words[to + 1] = ((b >>> 8) & 0xffff) | (c << 16);
    words[to + 2] = ((c >>> 16) & 0xff) | (d << 8);
  }
  return new Uint8Array(words.buffer, 0, count * 3);
}

/** EXIF orientation 1..8; 5 to 8 swap width and height. */
export const swapsSides = (orientation: number): boolean => orientation >= 5 && orientation <= 8;

/** Where the upright picture's left-top pixel lies in the stored one, and the steps right and down from there. */
function steps(orientation: number, width: number, height: number): { start: number; right: number; down: number } {
  const lastColumn = width - 1;
  const lastRow = (height - 1) * width;
  switch (orientation) {
    case 2:
      return { start: lastColumn, right: -1, down: width };
    case 3:
      return { start: lastRow + lastColumn, right: -1, down: -width };
    case 4:
      return { start: lastRow, right: 1, down: -width };
    case 5:
      return { start: 0, right: width, down: 1 };
    case 6:
      return { start: lastRow, right: -width, down: 1 };
    case 7:
      return { start: lastRow + lastColumn, right: -width, down: -1 };
    case 8:
      return { start: lastColumn, right: width, down: -1 };
    default:
      return { start: 0, right: 1, down: width };
  }
}

/** Turns a stored picture upright as its EXIF orientation asks. */
export function turnUpright(stored: Pixels, orientation: number): Pixels {
  if (orientation < 2 || orientation > 8) return stored;
  const swaps = swapsSides(orientation);
  const width = swaps ? stored.height : stored.width;
  const height = swaps ? stored.width : stored.height;
  const { start, right, down } = steps(orientation, stored.width, stored.height);
  const { data: from } = stored;
  const data = new Int32Array(from.length);
  let to = 0;
  for (let y = 0; y < height; y++) {
    for (let x = 0, at = start + y * down; x < width; x++, at += right) data[to++] = from[at] ?? 0;
  }
  return { data, width, height };
}

/** The size with the given short side, never larger than the original. */
export function sizeForShortSide(width: number, height: number, shortSide: number): { width: number; height: number } {
  return scaled(width, height, shortSide / Math.min(width, height));
}

export function sizeForLongSide(width: number, height: number, longSide: number): { width: number; height: number } {
  return scaled(width, height, longSide / Math.max(width, height));
}

function scaled(width: number, height: number, factor: number): { width: number; height: number } {
  if (factor >= 1) return { width, height };
  return { width: Math.max(1, Math.round(width * factor)), height: Math.max(1, Math.round(height * factor)) };
}

/** For each output place: the first input place and the weights from there on, which sum to 256; always a multiple of four. */
interface Taps {
  first: Uint32Array;
  count: number;
  weights: Uint16Array;
}

/** Taps used last: pictures of one size follow each other, and these take long beside reducing a small one. */
const keptTaps = new Map<string, Taps>();
const mostTaps = 16;

function tapsFor(from: number, to: number): Taps {
  const key = `${from} ${to}`;
  const taps = keptTaps.get(key) ?? triangleTaps(from, to);
  keptTaps.delete(key);
  keptTaps.set(key, taps);
  const oldest = keptTaps.keys().next();
  if (keptTaps.size > mostTaps && oldest.done !== true) keptTaps.delete(oldest.value);
  return taps;
}

/** A triangle as wide as two output pixels: bilinear when nothing is reduced, free of aliasing when much is. */
function triangleTaps(from: number, to: number): Taps {
  const ratio = from / to;
  const reach = Math.max(1, ratio);
  const used = Math.min(from, Math.ceil(2 * reach));
  // Rounded up with weights of zero, so that the passes can take four at a time.
  const count = Math.ceil(used / 4) * 4;
  const first = new Uint32Array(to);
  const weights = new Uint16Array(to * count);
  for (let i = 0; i < to; i++) {
    const centre = (i + 0.5) * ratio - 0.5;
    const start = Math.min(from - used, Math.max(0, Math.ceil(centre - reach)));
    let sum = 0;
    for (let k = 0; k < used; k++) sum += triangle(start + k - centre, reach);
    // Rounding the running sum, not each weight, makes them add up to exactly 256.
    let running = 0;
    let given = 0;
    for (let k = 0; k < used; k++) {
      running += triangle(start + k - centre, reach);
      const upTo = Math.round((running / sum) * 256);
      weights[i * count + k] = upTo - given;
      given = upTo;
    }
    first[i] = start;
  }
  return { first, count, weights };
}

const triangle = (distance: number, reach: number): number => Math.max(0, 1 - Math.abs(distance) / reach);

/** Reduces (or returns, when the size is the same) with a separable antialiasing filter in whole numbers. */
export function resize(source: Pixels, width: number, height: number): Pixels {
  if (source.width === width && source.height === height) return source;
  const low = source.height === height ? source : resizeDown(source, height);
  return low.width === width ? low : resizeAcross(low, width);
}

// Both passes weigh two colours in one multiplication: red and blue lie 16 bits apart, as do green and the opacity,
// and 255 times a weight of at most 256 stays within its 16 bits.
const pair = 0x00ff00ff;
const half = 0x00800080;

function resizeDown({ data: from, width, height: fromHeight }: Pixels, height: number): Pixels {
  const { first, count, weights } = tapsFor(fromHeight, height);
  const data = new Int32Array(width * height);
  const even = new Int32Array(width);
  const odd = new Int32Array(width);
  for (let y = 0; y < height; y++) {
    even.fill(half);
    odd.fill(half);
    for (let k = 0; k < count; k += 4) {
      const row = (first[y] ?? 0) + k;
      // A row below the last has weight zero: any row does in its place.
      const place = (i: number): number => Math.min(fromHeight - 1, row + i) * width;
      const weight = (i: number): number => weights[y * count + k + i] ?? 0;
      addRows(from, even, odd, [place(0), place(1), place(2), place(3)], [weight(0), weight(1), weight(2), weight(3)]);
    }
    const to = y * width;
    for (let x = 0; x < width; x++) data[to + x] = (((even[x] ?? 0) >>> 8) & pair) | ((odd[x] ?? 0) & ~pair);
  }
  return { data, width, height };
}

type Four = readonly [number, number, number, number];

/** Adds four weighted rows of words to the sums. */
function addRows(from: Int32Array, even: Int32Array, odd: Int32Array, rows: Four, weights: Four): void {
  const [a, b, c, d] = rows;
  const [wa, wb, wc, wd] = weights;
  for (let x = 0; x < even.length; x++) {
    const p = from[a + x] ?? 0;
    const q = from[b + x] ?? 0;
    const r = from[c + x] ?? 0;
    const s = from[d + x] ?? 0;
    const low =
      (Math.imul(p & pair, wa) + Math.imul(q & pair, wb) + Math.imul(r & pair, wc) + Math.imul(s & pair, wd)) | 0;
    const high =
      (Math.imul((p >>> 8) & pair, wa) +
        Math.imul((q >>> 8) & pair, wb) +
        Math.imul((r >>> 8) & pair, wc) +
        Math.imul((s >>> 8) & pair, wd)) |
      0;
    even[x] = ((even[x] ?? 0) + low) | 0;
    odd[x] = ((odd[x] ?? 0) + high) | 0;
  }
}

function resizeAcross({ data: from, width: fromWidth, height }: Pixels, width: number): Pixels {
  const { first, count, weights } = tapsFor(fromWidth, width);
  const data = new Int32Array(width * height);
  // Room after the last pixel for the words of weight zero.
  const line = new Int32Array(fromWidth + 4);
  for (let y = 0, to = 0; y < height; y++) {
    line.set(from.subarray(y * fromWidth, (y + 1) * fromWidth));
    for (let x = 0; x < width; x++) {
      let even = half;
      let odd = half;
      for (let k = x * count, at = first[x] ?? 0; k < (x + 1) * count; k += 4, at += 4) {
        const p = line[at] ?? 0;
        const q = line[at + 1] ?? 0;
        const r = line[at + 2] ?? 0;
        const s = line[at + 3] ?? 0;
        const wa = weights[k] ?? 0;
        const wb = weights[k + 1] ?? 0;
        const wc = weights[k + 2] ?? 0;
        const wd = weights[k + 3] ?? 0;
        even =
          (even +
            Math.imul(p & pair, wa) +
            Math.imul(q & pair, wb) +
            Math.imul(r & pair, wc) +
            Math.imul(s & pair, wd)) |
          0;
        odd =
          (odd +
            Math.imul((p >>> 8) & pair, wa) +
            Math.imul((q >>> 8) & pair, wb) +
            Math.imul((r >>> 8) & pair, wc) +
            Math.imul((s >>> 8) & pair, wd)) |
          0;
      }
      data[to++] = ((even >>> 8) & pair) | (odd & ~pair);
    }
  }
  return { data, width, height };
}
