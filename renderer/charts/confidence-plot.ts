/** The distribution of confidences under the threshold slider: dots while pictures can be told apart, bars beyond that; pure. */

export const bins = 40;
/** From this many pictures on, bars replace dots. */
export const barsFrom = 200;

export interface Scored {
  id: string;
  score: number;
}

export interface Dot {
  id: string;
  score: number;
  bin: number;
  /** How many dots lie below it in the same bin. */
  level: number;
}

export interface Bar {
  bin: number;
  from: number;
  to: number;
  count: number;
}

export type Plot = { type: 'dots'; dots: Dot[]; highest: number } | { type: 'bars'; bars: Bar[]; highest: number };

export function binOf(score: number): number {
  return Math.min(bins - 1, Math.max(0, Math.floor(score * bins)));
}

export function plotConfidences(scores: readonly Scored[]): Plot {
  const counts = new Array<number>(bins).fill(0);
  if (scores.length >= barsFrom) {
    for (const { score } of scores) counts[binOf(score)] = (counts[binOf(score)] ?? 0) + 1;
    const bars = counts.map((count, bin) => ({ bin, from: bin / bins, to: (bin + 1) / bins, count }));
    return { type: 'bars', bars, highest: Math.max(1, ...counts) };
  }
  const dots = [...scores]
    .sort((a, b) => a.score - b.score)
    .map(({ id, score }) => {
      const bin = binOf(score);
      const level = counts[bin] ?? 0;
      counts[bin] = level + 1;
      return { id, score, bin, level };
    });
  return { type: 'dots', dots, highest: Math.max(1, ...counts) };
}

/** Distance between stacked dots and their radius, so that the highest stack fits into `height` pixels. */
export function dotGeometry(highest: number, height: number): { pitch: number; radius: number } {
  const pitch = highest <= 1 ? 10 : Math.min(10, (height - 8) / (highest - 1));
  return { pitch, radius: Math.min(4, Math.max(1.5, pitch * 0.45)) };
}

/** Slider keys: arrows half a percent, pages five, ends the ends; undefined for other keys. */
export function thresholdAfterKey(threshold: number, key: string): number | undefined {
  const steps: Record<string, number> = {
    ArrowLeft: -0.005,
    ArrowDown: -0.005,
    ArrowRight: 0.005,
    ArrowUp: 0.005,
    PageDown: -0.05,
    PageUp: 0.05,
    Home: -1,
    End: 1,
  };
  const step = steps[key];
  return step === undefined ? undefined : tidyThreshold(threshold + step);
}

/** Half a percent is the grain of the slider; the number beside it never shows more than it is. */
export function tidyThreshold(threshold: number): number {
  return Math.round(Math.min(1, Math.max(0, threshold)) * 200) / 200;
}
