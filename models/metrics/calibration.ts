/** How far a judge's confidence can be trusted: accuracy by confidence, and the expected calibration error. */

/** Predictions whose confidence lies in (from, to]. */
export interface ConfidenceBin {
  readonly from: number;
  readonly to: number;
  readonly count: number;
  /** Mean confidence and share right; NaN when empty. */
  readonly confidence: number;
  readonly accuracy: number;
}

export interface Calibration {
  readonly bins: readonly ConfidenceBin[];
  /** Mean of |accuracy - confidence| over bins, weighted by count (Guo et al. 2017, equation 3). */
  readonly expectedError: number;
  readonly accuracy: number;
}

/** `confidence` in 0..1 of every answer, and whether it was right. */
export function calibration(confidence: ArrayLike<number>, isRight: readonly boolean[], binCount = 15): Calibration {
  const members = Array.from({ length: binCount }, (): number[] => []);
  isRight.forEach((_, i) => {
    const place = Math.ceil((confidence[i] ?? 0) * binCount) - 1;
    members[Math.min(binCount - 1, Math.max(0, place))]?.push(i);
  });
  const total = Math.max(1, isRight.length);
  const bins = members.map((places, k): ConfidenceBin => {
    const mean = (value: (i: number) => number): number => places.reduce((sum, i) => sum + value(i), 0) / places.length;
    return {
      from: k / binCount,
      to: (k + 1) / binCount,
      count: places.length,
      confidence: mean((i) => confidence[i] ?? 0),
      accuracy: mean((i) => (isRight[i] === true ? 1 : 0)),
    };
  });
  const filled = bins.filter(({ count }) => count > 0);
  return {
    bins,
    expectedError: filled.reduce((sum, bin) => sum + (bin.count / total) * Math.abs(bin.accuracy - bin.confidence), 0),
    accuracy: isRight.filter(Boolean).length / total,
  };
}
