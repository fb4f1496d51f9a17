/**
 * Draws splits: stratified, seeded, exact, and fixed from then on. Which samples of a class go where depends on the seed and on their
 * indices alone; what was drawn is kept as a column, so that nothing done to labels later moves a sample.
 */
import { type Split, splitNames, type SplitPlan } from '../../contract/samples';
import { type RandomKey, randomBits, streamOf } from '../../../models/tensor/random';

export interface SplitDraw {
  /** Class of each sample, -1 without one: those are drawn as if they were a class too. */
  readonly label: Int32Array;
  /** 0 open, else 1 + index in `splitNames`. */
  readonly given: Uint8Array;
  /** Samples that are not used are drawn apart, so that the shares hold among those that are. */
  readonly isExcluded?: (index: number) => boolean;
  /** Index of the first sample: a part that is added later draws other numbers. */
  readonly start?: number;
}

/** u8 for each sample: index in `splitNames`. */
export function drawSplits(
  { label, given, isExcluded = () => false, start = 0 }: SplitDraw,
  plan: SplitPlan,
): Uint8Array {
  const drawn = new Uint8Array(label.length);
  const strata = new Map<number, number[]>();
  label.forEach((one, index) => {
    const from = given[index] ?? 0;
    if (plan.method === 'given' && from > 0) {
      drawn[index] = from - 1;
      return;
    }
    const stratum = 2 * one + (isExcluded(index) ? 1 : 0);
    const members = strata.get(stratum);
    if (members === undefined) strata.set(stratum, [index]);
    else members.push(index);
  });
  const key: RandomKey = { seed: plan.seed, stream: streamOf('splits') };
  for (const members of strata.values()) {
    const counts = splitCounts(members.length, plan);
    if (counts.validation === 0 && counts.test === 0) continue;
    const order = shuffled(members, key, start);
    order.forEach((index, place) => {
      const split: Split =
        place < counts.test ? 'test' : place < counts.test + counts.validation ? 'validation' : 'train';
      drawn[index] = splitNames.indexOf(split);
    });
  }
  return drawn;
}

/** How many of `count` samples each split gets: largest remainder, ties in the order train, validation, test. */
export function splitCounts(count: number, { validation, test }: SplitPlan): Record<Split, number> {
  // More than the whole cannot be given away.
  const scale = Math.max(1, validation + test);
  const shares = { train: 0, validation: validation / scale, test: test / scale };
  // Rounded, for 1 - 0.1 - 0.2 is not quite 0.7.
  shares.train = Math.max(0, Math.round((1 - shares.validation - shares.test) * 1e9) / 1e9);
  const exact = splitNames.map((name) => Math.round(shares[name] * count * 1e6) / 1e6);
  const counts = exact.map(Math.floor);
  let rest = count - counts.reduce((sum, one) => sum + one, 0);
  const byRemainder = [0, 1, 2].sort((a, b) => remainder(exact, b) - remainder(exact, a) || a - b);
  for (const place of byRemainder) {
    if (rest <= 0) break;
    counts[place] = (counts[place] ?? 0) + 1;
    rest--;
  }
  return { train: counts[0] ?? 0, validation: counts[1] ?? 0, test: counts[2] ?? 0 };
}

function remainder(exact: readonly number[], place: number): number {
  const value = exact[place] ?? 0;
  return Math.round((value - Math.floor(value)) * 1e6);
}

/** By a random number that belongs to the sample; the second word settles the few that are alike. */
function shuffled(members: readonly number[], key: RandomKey, start: number): number[] {
  const drawn = members.map((index) => {
    const [high, low] = randomBits(key, start + index);
    return { index, high, low };
  });
  drawn.sort((a, b) => a.high - b.high || a.low - b.low || a.index - b.index);
  return drawn.map(({ index }) => index);
}
