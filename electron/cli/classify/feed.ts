/** What one side tells bit by bit, for another side to go through at its own pace. */
export class Feed<Item> implements AsyncIterable<Item> {
  private items: Item[] = [];
  private ending: { error: unknown } | 'finished' | undefined;
  private isLeft = false;
  private wake = (): void => undefined;

  push(item: Item): void {
    if (!this.isLeft) this.items.push(item);
    this.wake();
  }

  finish(): void {
    this.ending ??= 'finished';
    this.wake();
  }

  /** The reader gets `error` in place of an end. */
  fail(error: unknown): void {
    this.ending ??= { error };
    this.wake();
  }

  /** For one reader. When it leaves early, what is still told is dropped. */
  async *[Symbol.asyncIterator](): AsyncGenerator<Item> {
    try {
      for (;;) {
        const items = this.items;
        this.items = [];
        yield* items;
        if (this.items.length > 0) continue;
        if (this.ending === 'finished') return;
        if (this.ending !== undefined) throw this.ending.error;
        await new Promise<void>((resolve) => (this.wake = resolve));
      }
    } finally {
      this.isLeft = true;
      this.items = [];
    }
  }
}
