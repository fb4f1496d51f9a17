/** Whether rows are a mixture of Gaussians of one spread whose modes are their classes, as a generator of points is judged by. */
import type { Mixture } from '../../../../models/metrics/modes';
import { sampleSize } from '../../../../models/zoo/data-shape';
import type { TrainingData } from './data';

/** Share of the points within 3 deviations of their own class's middle from which this is believed; true mixtures have .989. */
const believedFrom = 0.97;
const mostPoints = 20_000;

/** In the units of the model; undefined where the classes are no such modes. */
export function mixtureOf(data: TrainingData): Mixture | undefined {
  const { train, shape } = data;
  const width = sampleSize(shape);
  if (shape.classes < 2 || width > 3) return undefined;
  const count = Math.min(mostPoints, train.indices.length);
  const points = data.take(train.indices.subarray(0, count));
  const labels = train.labels.subarray(0, count);
  const centres = centresOf(points, labels, shape.classes, width);
  if (centres === undefined) return undefined;
  const squares = Float64Array.from({ length: count }, (_, k) => squaredTo(centres[labels[k] ?? 0], points, k * width));
  const deviation = Math.sqrt(squares.reduce((sum, square) => sum + square, 0) / (count * width));
  const isInside = (square: number): boolean => square <= (3 * deviation) ** 2;
  return squares.filter(isInside).length >= believedFrom * count ? { centres, deviation } : undefined;
}

function centresOf(
  points: ArrayLike<number>,
  labels: Int32Array,
  classes: number,
  width: number,
): number[][] | undefined {
  const sums = Array.from({ length: classes }, () => new Array<number>(width).fill(0));
  const counts = new Array<number>(classes).fill(0);
  for (let k = 0; k < labels.length; k++) {
    const label = labels[k] ?? -1;
    const sum = sums[label];
    if (sum === undefined) return undefined;
    counts[label] = (counts[label] ?? 0) + 1;
    for (let c = 0; c < width; c++) sum[c] = (sum[c] ?? 0) + (points[k * width + c] ?? 0);
  }
  if (counts.some((count) => count === 0)) return undefined;
  return sums.map((sum, label) => sum.map((value) => value / (counts[label] ?? 1)));
}

function squaredTo(centre: readonly number[] | undefined, points: ArrayLike<number>, from: number): number {
  return (centre ?? []).reduce((sum, value, c) => sum + (value - (points[from + c] ?? 0)) ** 2, 0);
}
