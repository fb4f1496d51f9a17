/** Curves over steps as lines: smoothed, scaled, with round ticks; pure. */
import type { Curve } from '../../electron/contract/training';

type Points = Curve['points'];

/** Bias-corrected moving average; `weight` of what came before, larger for longer curves. */
export function smoothed(points: Points, weight = smoothingFor(points.length)): [number, number][] {
  let mean = 0;
  let mass = 0;
  return points.map(([step, value]) => {
    mean = weight * mean + (1 - weight) * value;
    mass = weight * mass + (1 - weight);
    return [step, mean / mass];
  });
}

/** Few points are looks and stand for themselves; of many, about a fortieth is averaged. */
export function smoothingFor(count: number): number {
  return count < 40 ? 0 : 1 - 40 / Math.max(80, count);
}

/** Round values from below `least` to above `most`, about `count` of them. */
export function ticksOf(least: number, most: number, count = 4): number[] {
  const span = most - least;
  if (!(span > 0)) return [least];
  const rough = span / Math.max(1, count - 1);
  const power = 10 ** Math.floor(Math.log10(rough));
  const unit = [1, 2, 2.5, 5, 10].map((times) => times * power).find((one) => one >= rough * 0.999) ?? 10 * power;
  const first = Math.floor(least / unit + 1e-9);
  const last = Math.ceil(most / unit - 1e-9);
  return Array.from({ length: last - first + 1 }, (_, place) => Number(((first + place) * unit).toPrecision(12)));
}

function quantile(sorted: readonly number[], share: number): number {
  return sorted[Math.round(share * (sorted.length - 1))] ?? 0;
}

/** From where to where the values go; single spikes may leave the picture, the smooth line never does. */
export function rangeOf(curves: readonly Pick<Curve, 'points'>[]): { least: number; most: number } {
  const values = curves.flatMap(({ points }) => points.map(([, value]) => value)).filter(Number.isFinite);
  if (values.length === 0) return { least: 0, most: 1 };
  const sorted = values.sort((a, b) => a - b);
  const lines = curves.flatMap(({ points }) => smoothed(points).map(([, value]) => value)).filter(Number.isFinite);
  const least = Math.min(quantile(sorted, 0.01), ...extremes(lines));
  const most = Math.max(quantile(sorted, 0.99), ...extremes(lines));
  // Losses and shares stand on zero unless that would flatten them.
  const isNearZero = least >= 0 && least < 0.7 * most;
  if (least === most) return { least: Math.min(0, least), most: most === 0 ? 1 : Math.max(0, most) };
  return { least: isNearZero ? 0 : least, most };
}

function extremes(values: readonly number[]): [number, number] {
  let [least, most] = [Infinity, -Infinity];
  for (const value of values) {
    if (value < least) least = value;
    if (value > most) most = value;
  }
  return [least, most];
}

/** The point nearest to a step; undefined of an empty curve. */
export function nearestPoint(points: Points, step: number): Points[number] | undefined {
  let [low, high] = [0, points.length - 1];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((points[middle]?.[0] ?? 0) < step) low = middle + 1;
    else high = middle;
  }
  const here = points[low];
  const before = points[low - 1];
  if (here === undefined || before === undefined) return here;
  return step - before[0] <= here[0] - step ? before : here;
}
