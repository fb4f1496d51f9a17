/** What judges read in the first so many samples, kept for measuring. */
import type { FeatureSets } from './data-file';
import type { Reading } from './reader';

export class Readings {
  private readonly numbers: Float32Array[];
  private readonly kept = new Map<number, { width: number; data: Float32Array }>();

  constructor(
    judges: number,
    readonly rows: number,
    private readonly classes: number,
  ) {
    this.numbers = Array.from({ length: judges }, () => new Float32Array(rows * classes));
  }

  /** Samples from number `from` on; what lies beyond the last row is passed over. */
  keep(judge: number, from: number, { probabilities, features, width }: Reading): void {
    const rows = Math.min(probabilities.length / this.classes, this.rows - from);
    if (rows <= 0) return;
    this.numbers[judge]?.set(probabilities.subarray(0, rows * this.classes), from * this.classes);
    if (width === 0) return;
    let kept = this.kept.get(judge);
    if (kept === undefined) this.kept.set(judge, (kept = { width, data: new Float32Array(this.rows * width) }));
    kept.data.set(features.subarray(0, rows * width), from * width);
  }

  /** f32 [rows, classes]. */
  probabilities(judge: number): Float32Array {
    return this.numbers[judge] ?? new Float32Array(0);
  }

  /** f32 [rows, width] of each judge that offers features. */
  features(): FeatureSets {
    return this.kept;
  }
}
