/** Small pictures of samples: asked for in batches, kept in sheets of many, the longest unseen let go first. */
import type { ReplyOf } from '../../electron/contract/rpc';
import type { PageContract } from '../../electron/contract/page';

export type Pictures = ReplyOf<PageContract, 'datasets.pictures'>;

/** A picture within a sheet. */
export interface TilePicture {
  sheet: CanvasImageSource;
  x: number;
  y: number;
  width: number;
  height: number;
}

/** Several pictures in one bitmap, closed when the last of them is let go. */
export interface Sheet {
  pictures: readonly (TilePicture | null)[];
  close: () => void;
}

export interface TileSource {
  fetch: (id: string, indices: readonly number[], signal: AbortSignal) => Promise<Pictures>;
  /** Turns an answer into something that can be drawn. */
  draw: (pictures: Pictures, count: number) => Promise<Sheet>;
  /** Runs its work once, at the next frame. */
  schedule: (work: () => void) => () => void;
}

interface Kept {
  picture: TilePicture | null;
  sheet: { open: number; close: () => void };
}

interface Flight {
  id: string;
  indices: readonly number[];
  abort: AbortController;
}

const perBatch = 96;
const mostFlights = 3;

/** Whoever shows tiles: what it wants now, and how it hears that some arrived. */
export interface TileViewer {
  want: (id: string, indices: Iterable<number>) => void;
  dispose: () => void;
}

export class TileStore {
  private readonly kept = new Map<string, Kept>();
  private readonly viewers = new Map<object, { id: string; indices: ReadonlySet<number>; onArrived: () => void }>();
  private readonly flights = new Set<Flight>();
  private readonly failed = new Set<string>();
  private readonly flush: () => void;

  constructor(
    private readonly source: TileSource,
    private readonly capacity = 6000,
  ) {
    this.flush = source.schedule(() => this.send());
  }

  /** The picture if it is here; `null` when it cannot be had. */
  get(id: string, index: number): TilePicture | null | undefined {
    const key = keyOf(id, index);
    const kept = this.kept.get(key);
    if (kept === undefined) return this.failed.has(key) ? null : undefined;
    // The last used goes to the end of the map, so that its beginning holds the longest unseen.
    this.kept.delete(key);
    this.kept.set(key, kept);
    return kept.picture;
  }

  view(onArrived: () => void): TileViewer {
    const viewer = {};
    return {
      want: (id, indices) => {
        this.viewers.set(viewer, { id, indices: new Set(indices), onArrived });
        this.flush();
      },
      dispose: () => {
        this.viewers.delete(viewer);
        this.flush();
      },
    };
  }

  /** Forgets the pictures of a data set that is gone. */
  forget(id: string): void {
    for (const [key, kept] of this.kept) {
      if (!key.startsWith(`${id} `)) continue;
      this.kept.delete(key);
      release(kept);
    }
    this.failed.clear();
    this.flush();
  }

  /** Tries what could not be had once more: the engine may have been away. */
  retry(): void {
    this.failed.clear();
    this.flush();
  }

  private isWanted(id: string, index: number): boolean {
    for (const viewer of this.viewers.values()) if (viewer.id === id && viewer.indices.has(index)) return true;
    return false;
  }

  private send(): void {
    for (const flight of this.flights) {
      // What scrolled out of sight before it came is not worth the way.
      if (!flight.indices.some((index) => this.isWanted(flight.id, index))) flight.abort.abort();
    }
    const flying = new Set([...this.flights].flatMap(({ id, indices }) => indices.map((index) => keyOf(id, index))));
    for (const [id, missing] of this.missing(flying)) {
      for (let from = 0; from < missing.length && this.flights.size < mostFlights; from += perBatch) {
        void this.fly({ id, indices: missing.slice(from, from + perBatch), abort: new AbortController() });
      }
    }
  }

  /** What the viewers of each data set lack, all viewers together, so that a screenful is a few calls. */
  private missing(flying: ReadonlySet<string>): Map<string, number[]> {
    const missing = new Map<string, Set<number>>();
    for (const { id, indices } of this.viewers.values()) {
      const own = missing.get(id) ?? new Set();
      missing.set(id, own);
      for (const index of indices) {
        const key = keyOf(id, index);
        if (!this.kept.has(key) && !this.failed.has(key) && !flying.has(key)) own.add(index);
      }
    }
    return new Map([...missing].map(([id, own]) => [id, [...own]]));
  }

  private async fly(flight: Flight): Promise<void> {
    const { id, indices, abort } = flight;
    this.flights.add(flight);
    try {
      const pictures = await this.source.fetch(id, indices, abort.signal);
      const sheet = await this.source.draw(pictures, indices.length);
      this.keep(id, indices, sheet);
    } catch {
      if (!abort.signal.aborted) for (const index of indices) this.failed.add(keyOf(id, index));
    } finally {
      this.flights.delete(flight);
    }
    for (const viewer of [...this.viewers.values()]) if (viewer.id === id) viewer.onArrived();
    this.flush();
  }

  private keep(id: string, indices: readonly number[], sheet: Sheet): void {
    const shared = { open: indices.length, close: sheet.close };
    indices.forEach((index, place) => {
      const key = keyOf(id, index);
      const before = this.kept.get(key);
      if (before !== undefined) release(before);
      this.kept.set(key, { picture: sheet.pictures[place] ?? null, sheet: shared });
    });
    for (const [key, kept] of this.kept) {
      if (this.kept.size <= this.capacity) break;
      this.kept.delete(key);
      release(kept);
    }
  }
}

function keyOf(id: string, index: number): string {
  return `${id} ${index}`;
}

function release({ sheet }: Kept): void {
  sheet.open -= 1;
  if (sheet.open === 0) sheet.close();
}
