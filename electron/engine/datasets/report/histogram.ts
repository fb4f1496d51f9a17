/** Histograms of a figure that each sample has: bars of one width with round borders. */
import { type HistogramDraft, noBin } from './draft';

const mostBars = 20;

interface Kind {
  readonly id: string;
  readonly title: string;
  readonly unit: string;
  /** Borders that do not follow from the values: for shares, 0 to 100. */
  readonly range?: readonly [number, number];
}

/**
 * A histogram of `values` (one a sample; NaN and infinite ones have no bar) over at most 20 bars. None where there is nothing to
 * show, or all values are one.
 */
export function histogramOf(values: Float64Array, { id, title, unit, range }: Kind): HistogramDraft[] {
  let [least, most] = [Infinity, -Infinity];
  for (const value of values) {
    if (!Number.isFinite(value)) continue;
    least = Math.min(least, value);
    most = Math.max(most, value);
  }
  if (!(most > least)) return [];
  const [low, high] = range ?? [least, most];
  const width = roundWidth((high - low) / mostBars);
  const from = Math.floor(low / width) * width;
  const count = Math.max(1, Math.floor((high - from) / width + 1e-9) + (range === undefined ? 1 : 0));
  const counts = new Array<number>(count).fill(0);
  const bins = new Uint8Array(values.length).fill(noBin);
  values.forEach((value, sample) => {
    if (!Number.isFinite(value)) return;
    const bin = Math.min(count - 1, Math.max(0, Math.floor((value - from) / width + 1e-9)));
    bins[sample] = bin;
    counts[bin] = (counts[bin] ?? 0) + 1;
  });
  const edge = (bin: number): number => Number((from + bin * width).toPrecision(12));
  return [
    {
      histogram: {
        id,
        title,
        unit,
        bins: counts.map((n, bin) => ({ from: edge(bin), to: edge(bin + 1), count: n })),
      },
      bins,
    },
  ];
}

/** The next of 1, 2 or 5 times a power of ten. */
function roundWidth(width: number): number {
  const power = 10 ** Math.floor(Math.log10(width));
  const step = [1, 2, 5, 10].find((factor) => factor * power >= width * (1 - 1e-9)) ?? 10;
  return step * power;
}
