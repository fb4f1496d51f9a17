/** Names, labels and splits of samples: loaded by pages around what is seen, forgotten when anything changed. */
import type { Sample, SampleFilter } from '../../electron/contract/datasets';
import { framed } from '../engine/frame-batch';
import type { Studio } from './studio';

const pageSize = 200;
const mostPages = 40;

type Fetch = (
  request: { id: string; filter: SampleFilter; offset: number; limit: number },
  signal: AbortSignal,
) => Promise<{ samples: readonly Sample[] }>;

/** What the pages belong to; another key forgets them all. */
interface BookOf {
  id: string;
  filter: SampleFilter;
  version: number;
}

export class SampleBook {
  private of: BookOf | null = null;
  private pages = new Map<number, readonly Sample[]>();
  private old = new Map<number, readonly Sample[]>();
  private readonly flying = new Map<number, AbortController>();
  private readonly failed = new Set<number>();
  private readonly listeners = new Set<() => void>();
  private wanted: ReadonlySet<number> = new Set();
  private arrivals = 0;
  private readonly flush: () => void;

  constructor(
    private readonly fetch: Fetch,
    schedule: (work: () => void) => () => void,
  ) {
    this.flush = schedule(() => this.send());
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  /** Changes whenever samples arrived. */
  readonly version = (): number => this.arrivals;

  /** The sample at a place of the order; until the new one is here, what was there before. */
  at(place: number): Sample | undefined {
    const page = Math.floor(place / pageSize);
    return (this.pages.get(page) ?? this.old.get(page))?.[place % pageSize];
  }

  /** Asks for the samples at these places; the newest wish counts. */
  want(of: BookOf, first: number, last: number): void {
    if (this.of?.id !== of.id || this.of.version !== of.version || this.of.filter !== of.filter) this.open(of);
    const pages = new Set<number>();
    for (let page = Math.floor(first / pageSize); page * pageSize <= last; page += 1) pages.add(page);
    this.wanted = pages;
    this.flush();
  }

  private open(of: BookOf): void {
    const isSame = this.of?.id === of.id && this.of.filter === of.filter;
    const before = isSame ? [...this.old, ...this.pages] : [];
    this.old = new Map<number, readonly Sample[]>(before);
    this.of = of;
    this.pages = new Map();
    this.failed.clear();
    for (const abort of this.flying.values()) abort.abort();
    this.flying.clear();
  }

  private send(): void {
    const { of } = this;
    if (of === null) return;
    for (const [page, abort] of this.flying) {
      if (this.wanted.has(page)) continue;
      abort.abort();
      this.flying.delete(page);
    }
    for (const page of this.wanted) {
      if (!this.pages.has(page) && !this.flying.has(page) && !this.failed.has(page)) void this.load(of, page);
    }
  }

  private async load(of: BookOf, page: number): Promise<void> {
    const abort = new AbortController();
    this.flying.set(page, abort);
    try {
      const request = { id: of.id, filter: of.filter, offset: page * pageSize, limit: pageSize };
      const { samples } = await this.fetch(request, abort.signal);
      if (abort.signal.aborted) return;
      this.pages.set(page, samples);
      this.old.delete(page);
      this.shrink();
    } catch {
      if (abort.signal.aborted) return;
      // Names are an addition to the pictures: without them the grid goes on.
      this.failed.add(page);
    }
    this.flying.delete(page);
    this.arrivals += 1;
    for (const listener of [...this.listeners]) listener();
  }

  private shrink(): void {
    for (const page of this.pages.keys()) {
      if (this.pages.size <= mostPages) return;
      if (!this.wanted.has(page)) this.pages.delete(page);
    }
  }
}

const books = new WeakMap<Studio, SampleBook>();

export function bookOf(studio: Studio): SampleBook {
  const known = books.get(studio);
  if (known !== undefined) return known;
  const book = new SampleBook((request, signal) => studio.engine.call('datasets.samples', request, { signal }), framed);
  books.set(studio, book);
  return book;
}
