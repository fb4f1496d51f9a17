/** Reads a stream of pieces by exact lengths. */

export class ByteReader {
  private waiting: Buffer = Buffer.alloc(0);

  constructor(private readonly source: AsyncIterator<Buffer>) {}

  /** Exactly so many bytes, or fewer at the end. They are the caller's; one read at a time. */
  async read(length: number): Promise<Buffer> {
    if (this.waiting.length < length) await this.gather(length);
    const bytes = this.waiting.subarray(0, length);
    this.waiting = this.waiting.subarray(length);
    return bytes;
  }

  /** Passes over so many bytes. */
  async skip(length: number): Promise<void> {
    const step = 1 << 20;
    for (let left = length; left > 0; left -= step) await this.read(Math.min(step, left));
  }

  async close(): Promise<void> {
    await this.source.return?.();
  }

  private async gather(length: number): Promise<void> {
    const pieces = [this.waiting];
    let total = this.waiting.length;
    while (total < length) {
      const next = await this.source.next();
      if (next.done === true) break;
      pieces.push(next.value);
      total += next.value.length;
    }
    this.waiting = Buffer.concat(pieces, total);
  }
}
