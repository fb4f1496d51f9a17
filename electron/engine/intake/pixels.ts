/** Decoded pixels and what is done to them: flattening on white, turning upright, reducing without aliasing. */

/** u8 RGB, height x width x 3, tightly packed. */
export interface Pixels {
  data: Uint8Array;
  width: number;
  height: number;
}

/** RGBA to RGB: transparent parts show white, as on a page. Also tells whether anything was not opaque. */
export function flatten(rgba: Uint8ClampedArray, width: number, height: number): { pixels: Pixels; opaque: boolean } {
  const data = new Uint8Array(width * height * 3);
  let lowest = 255;
  for (let from = 0, to = 0; to < data.length; from += 4, to += 3) {
    const alpha = rgba[from + 3] ?? 0;
    const red = rgba[from] ?? 0;
    const green = rgba[from + 1] ?? 0;
    const blue = rgba[from + 2] ?? 0;
    if (alpha === 255) {
      data[to] = red;
      data[to + 1] = green;
      data[to + 2] = blue;
    } else {
      if (alpha < lowest) lowest = alpha;
      const white = 255 * (255 - alpha) + 127;
      data[to] = Math.floor((red * alpha + white) / 255);
      data[to + 1] = Math.floor((green * alpha + white) / 255);
      data[to + 2] = Math.floor((blue * alpha + white) / 255);
    }
  }
  return { pixels: { data, width, height }, opaque: lowest === 255 };
}

export function toRgba({ data, width, height }: Pixels): Uint8ClampedArray<ArrayBuffer> {
  const rgba = new Uint8ClampedArray(width * height * 4);
  for (let from = 0, to = 0; from < data.length; from += 3, to += 4) {
    rgba[to] = data[from] ?? 0;
    rgba[to + 1] = data[from + 1] ?? 0;
    rgba[to + 2] = data[from + 2] ?? 0;
    rgba[to + 3] = 255;
  }
  return rgba;
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
  const data = new Uint8Array(from.length);
  let to = 0;
  for (let y = 0; y < height; y++) {
    let at = (start + y * down) * 3;
    for (let x = 0; x < width; x++, at += right * 3, to += 3) {
      data[to] = from[at] ?? 0;
      data[to + 1] = from[at + 1] ?? 0;
      data[to + 2] = from[at + 2] ?? 0;
    }
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

/** For each output place: the first input place, how many follow, and their weights, which sum to 2^14. */
interface Taps {
  first: Uint32Array;
  count: number;
  weights: Int32Array;
}

const one = 1 << 14;

/** A triangle as wide as two output pixels: bilinear when nothing is reduced, free of aliasing when much is. */
function triangleTaps(from: number, to: number): Taps {
  const ratio = from / to;
  const reach = Math.max(1, ratio);
  const count = Math.min(from, Math.ceil(2 * reach));
  const first = new Uint32Array(to);
  const weights = new Int32Array(to * count);
  for (let i = 0; i < to; i++) {
    const centre = (i + 0.5) * ratio - 0.5;
    const start = Math.min(from - count, Math.max(0, Math.ceil(centre - reach)));
    const raw = Array.from({ length: count }, (_, k) => Math.max(0, 1 - Math.abs(start + k - centre) / reach));
    const sum = raw.reduce((a, b) => a + b, 0);
    let left = one;
    raw.forEach((weight, k) => {
      const whole = Math.round((weight / sum) * one);
      weights[i * count + k] = whole;
      left -= whole;
    });
    // What rounding left over goes to the middle tap, so that an even area keeps its value exactly.
    const middle = i * count + Math.min(count - 1, Math.max(0, Math.round(centre) - start));
    weights[middle] = (weights[middle] ?? 0) + left;
    first[i] = start;
  }
  return { first, count, weights };
}

/** Reduces (or copies, when the size is the same) with a separable antialiasing filter in fixed point. */
export function resize(source: Pixels, width: number, height: number): Pixels {
  if (source.width === width && source.height === height) return source;
  const low = source.height === height ? source : resizeDown(source, height);
  return low.width === width ? low : resizeAcross(low, width);
}

function resizeAcross(source: Pixels, width: number): Pixels {
  const { first, count, weights } = triangleTaps(source.width, width);
  const { data: from, height } = source;
  const data = new Uint8Array(width * height * 3);
  let to = 0;
  for (let y = 0; y < height; y++) {
    const rowStart = y * source.width;
    for (let x = 0; x < width; x++, to += 3) {
      let at = (rowStart + (first[x] ?? 0)) * 3;
      let red = one >> 1;
      let green = red;
      let blue = red;
      for (let k = x * count; k < (x + 1) * count; k++, at += 3) {
        const weight = weights[k] ?? 0;
        red = (red + Math.imul(weight, from[at] ?? 0)) | 0;
        green = (green + Math.imul(weight, from[at + 1] ?? 0)) | 0;
        blue = (blue + Math.imul(weight, from[at + 2] ?? 0)) | 0;
      }
      data[to] = red >> 14;
      data[to + 1] = green >> 14;
      data[to + 2] = blue >> 14;
    }
  }
  return { data, width, height };
}

function resizeDown(source: Pixels, height: number): Pixels {
  const { first, count, weights } = triangleTaps(source.height, height);
  const { data: from, width } = source;
  const stride = width * 3;
  const data = new Uint8Array(stride * height);
  for (let y = 0; y < height; y++) {
    const start = (first[y] ?? 0) * stride;
    const tap = y * count;
    const to = y * stride;
    for (let x = 0; x < stride; x++) {
      let sum = one >> 1;
      for (let k = 0, at = start + x; k < count; k++, at += stride) {
        sum = (sum + Math.imul(weights[tap + k] ?? 0, from[at] ?? 0)) | 0;
      }
      data[to + x] = sum >> 14;
    }
  }
  return { data, width, height };
}
