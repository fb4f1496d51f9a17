/** How well points cover a mixture of Gaussians of one spread: modes reached, sharpness, width. */

export interface Mixture {
  /** Centres, [modes][dimensions]. */
  readonly centres: readonly (readonly number[])[];
  readonly deviation: number;
}

export interface ModeReport {
  /** Modes with at least `least` points within 3 deviations. */
  readonly reached: number;
  /** Share of all points within 3 deviations of their nearest mode; true points of a plane: 1 - exp(-4.5) = .989. */
  readonly within: number;
  /** Spread of those around their mode, in deviations; true points of a plane: .97. Under 1: modes drawn too narrow. */
  readonly spread: number;
  /** Points within 3 deviations of each mode. */
  readonly counts: readonly number[];
  /** All points, and how many make a mode count as reached. */
  readonly total: number;
  readonly least: number;
}

/** `points` row by row, [count, dimensions]. */
export function modeReport(points: ArrayLike<number>, { centres, deviation }: Mixture, least = 20): ModeReport {
  const width = centres[0]?.length ?? 1;
  const counts = centres.map(() => 0);
  const total = Math.floor(points.length / width);
  let squares = 0;
  for (let k = 0; k < total; k++) {
    const distances = centres.map((centre) =>
      centre.reduce((sum, value, i) => sum + (value - (points[k * width + i] ?? 0)) ** 2, 0),
    );
    const smallest = Math.min(...distances);
    if (smallest > (3 * deviation) ** 2) continue;
    const mode = distances.indexOf(smallest);
    counts[mode] = (counts[mode] ?? 0) + 1;
    squares += smallest / width;
  }
  const inside = counts.reduce((sum, count) => sum + count, 0);
  return {
    reached: counts.filter((count) => count >= least).length,
    within: total === 0 ? 0 : inside / total,
    spread: inside === 0 ? 0 : Math.sqrt(squares / inside) / deviation,
    counts,
    total,
    least,
  };
}
