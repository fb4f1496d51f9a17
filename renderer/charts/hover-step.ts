/** The step under the pointer, shared by all charts of a run, so that all tell their values there. */

export class HoverStep {
  private readonly listeners = new Set<() => void>();
  private step: number | null = null;

  set(step: number | null): void {
    if (step === this.step) return;
    this.step = step;
    for (const listener of this.listeners) listener();
  }

  readonly get = (): number | null => this.step;

  readonly subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };
}
