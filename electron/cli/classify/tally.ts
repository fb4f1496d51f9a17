/** What a run came to: counts by standing and by label, and the model's median time. */
import { finalLabel, type Photo, standingOf, topPrediction } from '../../contract/photo';

export interface Tally {
  total: number;
  judged: number;
  sure: number;
  unsure: number;
  failed: number;
  /** Things typed that are not there. */
  missing: number;
  /** Pictures by final label, most frequent first; without `unsure`. */
  labels: readonly (readonly [string, number])[];
  /** Judged pictures by confidence: `binCount` equal steps from 0 to 1. */
  bins: readonly number[];
  /** Median time of the model alone, milliseconds; 0 when nothing was judged. */
  medianMs: number;
}

export const binCount = 50;

/** Times are counted in steps of a tenth of a millisecond, so that a million pictures take no more memory than a thousand. */
const stepsPerMs = 10;

export class Tallying {
  private readonly counts = { total: 0, judged: 0, sure: 0, unsure: 0, failed: 0, missing: 0 };
  private readonly labels = new Map<string, number>();
  private readonly times = new Map<number, number>();
  private readonly bins = Array.from({ length: binCount }, () => 0);

  constructor(
    private readonly modelId: string,
    private readonly threshold: number,
  ) {}

  add(photo: Photo): void {
    const { counts } = this;
    counts.total += 1;
    const standing = standingOf(photo, this.modelId, this.threshold);
    if (standing === 'failed') counts.failed += 1;
    if (photo.failure?.code === 'file/missing') counts.missing += 1;
    const verdict = photo.verdicts[this.modelId];
    if (verdict === undefined) return;
    counts.judged += 1;
    const step = Math.round(verdict.ms * stepsPerMs);
    this.times.set(step, (this.times.get(step) ?? 0) + 1);
    if (standing === 'unsure') counts.unsure += 1;
    const top = topPrediction(photo, this.modelId);
    const bin = Math.min(binCount - 1, Math.floor((top?.score ?? 0) * binCount));
    this.bins[bin] = (this.bins[bin] ?? 0) + 1;
    if (standing !== 'sure') return;
    counts.sure += 1;
    const label = finalLabel(photo, this.modelId, this.threshold);
    this.labels.set(label, (this.labels.get(label) ?? 0) + 1);
  }

  result(): Tally {
    const labels = [...this.labels].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1));
    return { ...this.counts, labels, bins: [...this.bins], medianMs: this.median() };
  }

  private median(): number {
    let seen = 0;
    for (const [step, count] of [...this.times].sort((a, b) => a[0] - b[0])) {
      seen += count;
      if (seen * 2 >= this.counts.judged) return step / stepsPerMs;
    }
    return 0;
  }
}
