/** Sheets of drawings of the runs that were looked at: asked for once, the newest ones kept. */
import type { Sheet } from '../../electron/contract/training';
import type { Studio } from './studio';

type Fetch = (job: string, step: number) => Promise<Sheet>;

/** A sheet of 80 colour pictures of 64 x 64 has one megabyte. */
const mostBytes = 64_000_000;

export class SheetBook {
  /** In the order of their last use, oldest first. */
  private readonly sheets = new Map<string, Sheet>();
  private readonly asked = new Set<string>();
  private readonly listeners = new Set<() => void>();
  private bytes = 0;

  constructor(
    private readonly fetch: Fetch,
    private readonly most = mostBytes,
  ) {}

  readonly subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  /** The sheet, when it is here. */
  get(job: string, step: number): Sheet | undefined {
    return this.sheets.get(keyOf(job, step));
  }

  /** Asks for a sheet unless it is here or on its way. */
  want(job: string, step: number): void {
    const key = keyOf(job, step);
    const known = this.sheets.get(key);
    if (known !== undefined) {
      this.sheets.delete(key);
      this.sheets.set(key, known);
      return;
    }
    if (this.asked.has(key)) return;
    this.asked.add(key);
    this.fetch(job, step)
      .then((sheet) => this.take(key, sheet))
      // A sheet that cannot be read is asked for again the next time somebody wants it.
      .catch(() => undefined)
      .finally(() => this.asked.delete(key));
  }

  private take(key: string, sheet: Sheet): void {
    this.sheets.set(key, sheet);
    this.bytes += sizeOf(sheet);
    for (const [old, one] of this.sheets) {
      if (this.bytes <= this.most || old === key) break;
      this.sheets.delete(old);
      this.bytes -= sizeOf(one);
    }
    for (const listener of this.listeners) listener();
  }
}

function keyOf(job: string, step: number): string {
  return `${job} ${step}`;
}

function sizeOf({ samples, real }: Sheet): number {
  return samples.byteLength + real.byteLength;
}

const books = new WeakMap<Studio, SheetBook>();

/** The one book of sheets of a page. */
export function sheetsOf(studio: Studio): SheetBook {
  const known = books.get(studio);
  if (known !== undefined) return known;
  const book = new SheetBook((job, step) => studio.engine.call('training.sheet', { job, step }));
  books.set(studio, book);
  return book;
}
