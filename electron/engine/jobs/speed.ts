/** Speed and working time of a running job, by a clock that may stand still or jump: neither falsifies what is told. */

/** Speed is that of the last seconds, so that a slow start is soon forgotten. */
const windowMs = 10_000;
const maxSamples = 64;
const leastMs = 250;

/** Longest time between two looks that counts as work: beyond it the machine slept, or the clock was set. */
const longestStepMs = 5_000;

interface Sample {
  at: number;
  done: number;
}

export class Speed {
  private samples: Sample[] = [];
  private first: Sample | undefined;
  private worked = 0;
  private lastLook: number;

  constructor(private readonly now: () => number) {
    this.lastLook = now();
  }

  /** Time at work so far. To be looked at every second or so: a gap counts as one short step. */
  workedMs(): number {
    const now = this.now();
    const step = now - this.lastLook;
    this.lastLook = now;
    if (step > 0) this.worked += Math.min(step, longestStepMs);
    return this.worked;
  }

  /** `done` units are done. Fewer than before: the count began anew. */
  tell(done: number): void {
    const sample = { at: this.workedMs(), done };
    const [before, last] = [this.samples.at(-2), this.samples.at(-1)];
    if (last === undefined || done < last.done) {
      this.samples = [sample];
      this.first = sample;
      return;
    }
    if (before !== undefined && last.at - before.at < windowMs / maxSamples) this.samples.pop();
    this.samples.push(sample);
    this.samples = this.samples.filter(({ at }) => at >= sample.at - windowMs);
  }

  /** Units a second over the last seconds; where units take longer than that, since the start; null when unknown. */
  perSecond(): number | null {
    const now = this.workedMs();
    const last = this.samples.at(-1);
    if (last === undefined || this.first === undefined) return null;
    const isFresh = last.at >= now - windowMs;
    const start = isFresh && this.samples.length > 1 ? this.samples[0] : this.first;
    const end = isFresh && start !== last ? last.at : now;
    if (start === undefined || end - start.at < leastMs || last.done <= start.done) return null;
    return ((last.done - start.done) * 1000) / (end - start.at);
  }
}

export function remainingMs(done: number, total: number | null, perSecond: number | null): number | null {
  if (total === null || perSecond === null || perSecond <= 0) return null;
  return (Math.max(0, total - done) * 1000) / perSecond;
}
