/** Speed and remaining time from the last completions, so that a pause or a slow start is soon forgotten. */
const maxSamples = 60;
const maxAgeMs = 10_000;

export class Rate {
  private times: number[] = [];

  constructor(private readonly now: () => number) {}

  /** One more picture is done. */
  tick(): void {
    this.times.push(this.now());
    if (this.times.length > maxSamples) this.times.shift();
  }

  reset(): void {
    this.times = [];
  }

  /** Pictures a second over the last seconds; null until there are enough. */
  perSecond(): number | null {
    const oldest = this.now() - maxAgeMs;
    this.times = this.times.filter((time) => time >= oldest);
    const first = this.times[0];
    const last = this.times.at(-1);
    if (first === undefined || last === undefined || this.times.length < 4 || last <= first) return null;
    return ((this.times.length - 1) * 1000) / (last - first);
  }

  remainingMs(count: number): number | null {
    const rate = this.perSecond();
    return rate === null ? null : (count * 1000) / rate;
  }
}
