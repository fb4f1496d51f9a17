/** Tiles come in batches, what scrolled away is cancelled, and what was not seen for long is closed. */
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { type Pictures, TileStore } from './tile-store';

interface Ask {
  id: string;
  indices: readonly number[];
  signal: AbortSignal;
  answer: () => void;
  refuse: () => void;
}

const none: Pictures = { form: 'encoded', parts: [] };
const flushes: (() => void)[] = [];
const asks: Ask[] = [];
const closed: number[][] = [];

function makeStore(capacity?: number): TileStore {
  return new TileStore(
    {
      fetch: (id, indices, signal) =>
        new Promise((resolve, reject) => {
          const ask = { id, indices, signal, answer: () => resolve(none), refuse: () => reject(new Error('no')) };
          asks.push(ask);
          signal.addEventListener('abort', ask.refuse);
        }),
      draw: (_pictures, count) => {
        const { indices } = asks.find((ask) => ask.indices.length === count) ?? { indices: [] };
        const sheet = {} as CanvasImageSource;
        return Promise.resolve({
          pictures: Array.from({ length: count }, (_, y) => ({ sheet, x: 0, y, width: 1, height: 1 })),
          close: () => closed.push([...indices]),
        });
      },
      schedule: (work) => {
        flushes.push(work);
        return () => undefined;
      },
    },
    capacity,
  );
}

const flush = (): void => flushes.forEach((work) => work());
const range = (from: number, to: number): number[] => Array.from({ length: to - from }, (_, at) => from + at);

describe('tile store', () => {
  beforeEach(() => {
    for (const list of [flushes, asks, closed]) list.length = 0;
  });
  it('asks for what all viewers lack in one call', async () => {
    const store = makeStore();
    const heard = vi.fn();
    const [one, two] = [store.view(heard), store.view(heard)];
    one.want('a', [1, 2]);
    two.want('a', [2, 3]);
    flush();
    expect(asks.map(({ indices }) => indices)).toEqual([[1, 2, 3]]);
    asks[0]!.answer();
    await vi.waitFor(() => expect(store.get('a', 2)).toMatchObject({ y: 1 }));
    expect(heard).toHaveBeenCalledTimes(2);
    flush();
    expect(asks).toHaveLength(1);
  });
  it('splits a large wish, and sends no more than a few at once', async () => {
    const store = makeStore();
    store.view(() => undefined).want('a', range(0, 1000));
    flush();
    expect(asks).toHaveLength(3);
    asks[0]!.answer();
    await vi.waitFor(() => expect(store.get('a', 0)).toBeDefined());
    flush();
    expect(asks).toHaveLength(4);
  });
  it('cancels what nobody wants any more, and does not hold it against the tile', async () => {
    const store = makeStore();
    const viewer = store.view(() => undefined);
    viewer.want('a', [1]);
    flush();
    viewer.want('a', [2]);
    flush();
    expect(asks[0]!.signal.aborted).toBe(true);
    expect(asks[1]!.signal.aborted).toBe(false);
    await Promise.resolve();
    expect(store.get('a', 1)).toBeUndefined();
  });
  it('says when a tile cannot be had, until it is told to forget', async () => {
    const store = makeStore();
    store.view(() => undefined).want('a', [1]);
    flush();
    asks[0]!.refuse();
    await vi.waitFor(() => expect(store.get('a', 1)).toBeNull());
    store.retry();
    expect(store.get('a', 1)).toBeUndefined();
    flush();
    expect(asks).toHaveLength(2);
  });
  it('lets go of the longest unseen, and closes a sheet with its last tile', async () => {
    const store = makeStore(3);
    const viewer = store.view(() => undefined);
    viewer.want('a', [1, 2]);
    flush();
    asks[0]!.answer();
    await vi.waitFor(() => expect(store.get('a', 1)).toBeDefined());
    viewer.want('a', [7, 8, 9]);
    flush();
    asks[1]!.answer();
    await vi.waitFor(() => expect(store.get('a', 9)).toBeDefined());
    expect(store.get('a', 1)).toBeUndefined();
    expect(closed).toEqual([[1, 2]]);
  });
});
