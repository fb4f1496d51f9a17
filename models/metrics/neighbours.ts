/** Fidelity and diversity by nearest neighbours: precision, recall, density, coverage; and copies of training samples. */
import { type Features, squaredDistances } from './features';

export interface Fidelity {
  /** Share of generated samples within the reach of some real one. */
  readonly precision: number;
  /** Share of real samples within the reach of some generated one. */
  readonly recall: number;
  /** Mean number of real reaches that a generated sample lies in, divided by k; may exceed 1. */
  readonly density: number;
  /** Share of real samples with a generated one within their reach. */
  readonly coverage: number;
}

/**
 * A sample's reach is the distance to its k-th nearest neighbour in its own set. Precision and recall: Kynkaanniemi et al. 2019, equations 1 and
 * 2; density and coverage: Naeem et al. 2020, equations 3 and 5, which outliers mislead less.
 */
export function fidelity(real: Features, generated: Features, k: number): Fidelity {
  const reachReal = reaches(real, k);
  const reachGenerated = reaches(generated, k);
  const distances = squaredDistances(generated, real);
  let precise = 0;
  let within = 0;
  const isRecalled = new Uint8Array(real.count);
  const isCovered = new Uint8Array(real.count);
  for (let i = 0; i < generated.count; i++) {
    let hits = 0;
    for (let j = 0; j < real.count; j++) {
      const distance = distances[i * real.count + j] ?? Infinity;
      if (distance <= (reachGenerated[i] ?? 0)) isRecalled[j] = 1;
      if (distance > (reachReal[j] ?? 0)) continue;
      hits++;
      isCovered[j] = 1;
    }
    if (hits > 0) precise++;
    within += hits;
  }
  const share = (flags: Uint8Array): number => flags.reduce((sum, flag) => sum + flag, 0) / flags.length;
  return {
    precision: precise / generated.count,
    recall: share(isRecalled),
    density: within / (k * generated.count),
    coverage: share(isCovered),
  };
}

/** Squared distance of every row to its k-th nearest other row. */
function reaches(all: Features, k: number): Float64Array {
  const distances = squaredDistances(all, all);
  return Float64Array.from({ length: all.count }, (_, i) => {
    const row = distances.slice(i * all.count, (i + 1) * all.count);
    row[i] = Infinity;
    return row.sort()[Math.min(k, all.count - 1) - 1] ?? Infinity;
  });
}

/** A sample's nearest one in another set. */
export interface Nearest {
  readonly place: number;
  /** Euclidean. */
  readonly distance: number;
}

/** For each row of `from` its nearest in `among`. Streams: memory does not grow with the product of the sets. */
export function nearest(from: Features, among: Features): Nearest[] {
  return Array.from({ length: from.count }, (_, i): Nearest => {
    const one = { count: 1, width: from.width, data: from.data.subarray(i * from.width, (i + 1) * from.width) };
    const distances = squaredDistances(one, among);
    let place = 0;
    distances.forEach((distance, j) => {
      if (distance < (distances[place] ?? Infinity)) place = j;
    });
    return { place, distance: Math.sqrt(distances[place] ?? Infinity) };
  });
}

/**
 * Which generated samples are nearer to a training sample than real ones ever are: nearer than the `share` quantile of the distances from held-out
 * real samples to their nearest training sample. By construction about `share` of held-out real samples would be called copies too.
 */
export function copies(generated: readonly Nearest[], heldOut: readonly Nearest[], share = 0.01): boolean[] {
  const sorted = heldOut.map(({ distance }) => distance).sort((a, b) => a - b);
  const limit = sorted[Math.floor(share * sorted.length)] ?? 0;
  return generated.map(({ distance }) => distance < limit);
}
