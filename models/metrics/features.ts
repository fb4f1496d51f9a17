/** Feature matrices: one row of numbers for each sample, as a judge's last hidden layer gives them. */
import { ModelError } from '../errors';

/** `count` rows of `width` float32 numbers, row after row. */
export interface Features {
  readonly count: number;
  readonly width: number;
  readonly data: Float32Array;
}

/** @throws ModelError `graph/shape-mismatch` where numbers and sizes do not agree. */
export function features(width: number, data: Float32Array): Features {
  if (width > 0 && data.length % width === 0) return { count: data.length / width, width, data };
  throw new ModelError('graph/shape-mismatch', `${data.length} numbers are not whole rows of ${width}.`);
}

/** Row k as a view. */
function rowOf({ width, data }: Features, k: number): Float32Array {
  return data.subarray(k * width, (k + 1) * width);
}

/** Chosen rows, copied. */
export function rowsAt(all: Features, places: ArrayLike<number>): Features {
  const data = new Float32Array(places.length * all.width);
  for (let k = 0; k < places.length; k++) data.set(rowOf(all, places[k] ?? 0), k * all.width);
  return { count: places.length, width: all.width, data };
}

/**
 * Squared Euclidean distances from every row of `a` to every row of `b`, [a.count, b.count], never negative.
 * @throws ModelError `graph/shape-mismatch` where the widths differ.
 */
export function squaredDistances(a: Features, b: Features): Float64Array {
  if (a.width !== b.width) throw new ModelError('graph/shape-mismatch', `Rows of ${a.width} numbers cannot be compared with rows of ${b.width}.`); // prettier-ignore
  const result = new Float64Array(a.count * b.count);
  for (let i = 0; i < a.count; i++) {
    const p = rowOf(a, i);
    for (let j = 0; j < b.count; j++) {
      const at = j * b.width;
      let sum = 0;
      for (let k = 0; k < p.length; k++) {
        const gap = (p[k] ?? 0) - (b.data[at + k] ?? 0);
        sum += gap * gap;
      }
      result[i * b.count + j] = sum;
    }
  }
  return result;
}

/** Means of the columns, [width]. */
export function meanOf({ count, width, data }: Features): Float64Array {
  const mean = new Float64Array(width);
  for (let i = 0; i < data.length; i++) mean[i % width] = (mean[i % width] ?? 0) + (data[i] ?? 0);
  return mean.map((sum) => sum / count);
}

/** Covariance of the columns, [width, width], divided by count - 1. */
export function covarianceOf(all: Features): Float64Array {
  const { count, width } = all;
  const mean = meanOf(all);
  const sums = new Float64Array(width * width);
  const centred = new Float64Array(width);
  for (let k = 0; k < count; k++) {
    rowOf(all, k).forEach((value, i) => (centred[i] = value - (mean[i] ?? 0)));
    for (let i = 0; i < width; i++) {
      const x = centred[i] ?? 0;
      for (let j = i; j < width; j++) sums[i * width + j] = (sums[i * width + j] ?? 0) + x * (centred[j] ?? 0);
    }
  }
  for (let i = 0; i < width; i++) {
    for (let j = i; j < width; j++) {
      const value = (sums[i * width + j] ?? 0) / Math.max(1, count - 1);
      sums[i * width + j] = value;
      sums[j * width + i] = value;
    }
  }
  return sums;
}
