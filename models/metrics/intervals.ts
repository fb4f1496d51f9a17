/** How far a measured number may lie from the true one: 95 % intervals. */

/** Standard deviations on either side that hold 95 % of a normal distribution. */
const reach = 1.959963984540054;

/** Lower and upper end. */
export type Interval = [number, number];

/**
 * Interval of a share, `hits` of `total`, in 0..1: Wilson's score interval (Wilson 1927; Brown, Cai and DasGupta 2001, section 3.1.1), which holds
 * near 0 and 1 too. `hits` may lie between whole numbers. [0, 1] where nothing was counted.
 */
export function wilson(hits: number, total: number): Interval {
  if (total <= 0) return [0, 1];
  const share = hits / total;
  const squared = reach * reach;
  const centre = (share + squared / (2 * total)) / (1 + squared / total);
  const half =
    (reach / (1 + squared / total)) * Math.sqrt((share * (1 - share)) / total + squared / (4 * total * total));
  return [Math.max(0, centre - half), Math.min(1, centre + half)];
}

/** Interval of an estimate whose error is about normal, with this standard error. */
export function aroundMean(value: number, standardError: number): Interval {
  return [value - reach * standardError, value + reach * standardError];
}
