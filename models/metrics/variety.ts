/** How varied draws are: what coverage real ones would have, and how far samples of a class lie apart. */
import { type Features, rowsAt, squaredDistances } from './features';

/**
 * Coverage that draws from the very distribution of the real samples have on average, whatever it is: 1 - C(n-1, k) / C(n-1+m, k) with n real and m
 * drawn samples, as all n - 1 + m others are alike candidates for a real sample's k nearest (Naeem et al. 2020, lemma 2).
 */
export function expectedCoverage(real: number, drawn: number, k: number): number {
  let none = 1;
  for (let i = 1; i <= k; i++) none *= Math.max(0, real - i) / Math.max(1, real + drawn - i);
  return 1 - none;
}

/** Members of a class that are compared; more change the mean little. */
const most = 100;

/** Mean distance between samples with the same label, the mean over labels with two or more. NaN where there is none. */
export function inClassSpread(all: Features, labels: ArrayLike<number>): number {
  const members = new Map<number, number[]>();
  for (let k = 0; k < all.count; k++) {
    const label = labels[k] ?? 0;
    members.set(label, [...(members.get(label) ?? []), k]);
  }
  const means = [...members.values()].filter(({ length }) => length > 1).map((places) => meanDistance(rowsAt(all, places.slice(0, most)))); // prettier-ignore
  return means.reduce((sum, mean) => sum + mean, 0) / means.length;
}

/** Mean distance over all pairs of different rows. */
function meanDistance(rows: Features): number {
  const distances = squaredDistances(rows, rows);
  const sum = distances.reduce((total, square) => total + Math.sqrt(square), 0);
  return sum / (rows.count * (rows.count - 1));
}
