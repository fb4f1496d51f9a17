/** How often something may be started again by itself before a person is asked. */

const maxRestarts = 3;
const windowMs = 5 * 60_000;

export class RestartBudget {
  private readonly times: number[] = [];

  constructor(private readonly now: () => number) {}

  /** Restarts within the last five minutes, as of the last death. */
  get used(): number {
    return this.times.length;
  }

  /** Deaths that end in giving up. */
  static readonly deaths = maxRestarts + 1;

  /** Takes one restart; false when there is none left. */
  take(): boolean {
    const now = this.now();
    while (this.times[0] !== undefined && now - this.times[0] > windowMs) this.times.shift();
    if (this.times.length >= maxRestarts) return false;
    this.times.push(now);
    return true;
  }

  refill(): void {
    this.times.length = 0;
  }
}
