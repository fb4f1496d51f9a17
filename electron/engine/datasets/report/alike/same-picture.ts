/** Whether two pictures show the same: compared pixel by pixel, at the best of nine alignments, but for brightness and contrast. */
import { brightness, type Shape } from './outline';

/** Longest side at which pictures are compared; larger ones are averaged down. */
const longestSide = 64;

/** A picture made small for comparing. */
export interface Small extends Shape {
  /** [height, width, channels], 0..255. */
  readonly values: Float32Array;
}

/** The picture u8 [height, width, channels], averaged over whole blocks until no side is longer than 64. */
export function smallOf(pixels: Uint8Array, { height, width, channels }: Shape): Small {
  const [rows, columns] = [Math.min(height, longestSide), Math.min(width, longestSide)];
  if (rows === height && columns === width) return { height, width, channels, values: Float32Array.from(pixels) };
  const values = new Float32Array(rows * columns * channels);
  for (let row = 0; row < rows; row++) {
    const [top, bottom] = span(row, rows, height);
    for (let column = 0; column < columns; column++) {
      const [left, right] = span(column, columns, width);
      const at = (row * columns + column) * channels;
      const share = 1 / ((bottom - top) * (right - left));
      for (let y = top; y < bottom; y++) {
        for (let k = (y * width + left) * channels; k < (y * width + right) * channels; k++) {
          values[at + (k % channels)] = (values[at + (k % channels)] ?? 0) + share * (pixels[k] ?? 0);
        }
      }
    }
  }
  return { height: rows, width: columns, channels, values };
}

function span(cell: number, cells: number, length: number): [number, number] {
  return [Math.floor((cell * length) / cells), Math.floor(((cell + 1) * length) / cells)];
}

/** The brightness of a small picture. */
export function greyOf(small: Small): Small {
  const { height, width, channels, values } = small;
  if (channels === 1) return small;
  const grey = Float32Array.from({ length: height * width }, (_, k) => brightness(values, 3 * k));
  return { height, width, channels: 1, values: grey };
}

/** How two pictures differ once brightness and contrast are made equal. */
export interface Difference {
  /** Root mean square of what is left, in 0..255. */
  readonly level: number;
  /** The same squared, as a share of the picture's own variance: 1 minus the square of the correlation. */
  readonly share: number;
}

/** The least difference of two pictures of one shape over shifts by at most one pixel along each axis. */
export function differenceOf(a: Small, b: Small): Difference {
  let least: Difference = { level: 255, share: 1 };
  for (const down of [0, -1, 1]) {
    for (const right of [0, -1, 1]) {
      const difference = shiftedDifference(a, b, down, right);
      if (difference.share < least.share) least = difference;
    }
  }
  return least;
}

function shiftedDifference(a: Small, b: Small, down: number, right: number): Difference {
  const { height, width, channels } = a;
  const [top, bottom] = [Math.max(0, down), Math.min(height, height + down)];
  const [left, end] = [Math.max(0, right), Math.min(width, width + right)];
  const shift = (down * width + right) * channels;
  let [sumA, sumB, squaresA, squaresB, products] = [0, 0, 0, 0, 0];
  for (let row = top; row < bottom; row++) {
    for (let k = (row * width + left) * channels; k < (row * width + end) * channels; k++) {
      const x = a.values[k] ?? 0;
      const y = b.values[k - shift] ?? 0;
      sumA += x;
      sumB += y;
      squaresA += x * x;
      squaresB += y * y;
      products += x * y;
    }
  }
  const count = Math.max(1, (bottom - top) * (end - left) * channels);
  const varianceA = squaresA / count - (sumA / count) ** 2;
  const varianceB = squaresB / count - (sumB / count) ** 2;
  const covariance = products / count - (sumA / count) * (sumB / count);
  if (varianceA <= 0 || varianceB <= 0 || covariance <= 0) return { level: 255, share: 1 };
  const share = Math.max(0, 1 - covariance ** 2 / (varianceA * varianceB));
  return { level: Math.sqrt(share * Math.min(varianceA, varianceB)), share };
}
