/** Sheets are fetched once, told of when they come, and let go when there are too many. */
import { expect, it, vi } from 'vitest';
import type { Sheet } from '../../electron/contract/training';
import { SheetBook } from './train-sheets';

const sheet = (step: number): Sheet => ({
  ...{ step, shape: { kind: 'image', height: 1, width: 1, channels: 1 } as const, columns: 1, count: 10 },
  ...{ samples: new Uint8Array(10), real: new Uint8Array(0) },
});

it('asks once, and tells when it is here', async () => {
  const fetch = vi.fn((_: string, step: number) => Promise.resolve(sheet(step)));
  const book = new SheetBook(fetch);
  const heard = new Promise<void>((resolve) => book.subscribe(resolve));
  book.want('j1', 5);
  book.want('j1', 5);
  await heard;
  book.want('j1', 5);
  expect(fetch).toHaveBeenCalledTimes(1);
  expect(book.get('j1', 5)?.step).toBe(5);
  expect(book.get('j2', 5)).toBeUndefined();
});

it('lets the ones go that were not looked at for longest', async () => {
  const book = new SheetBook((_, step) => Promise.resolve(sheet(step)), 25);
  const wait = (step: number): Promise<void> =>
    new Promise((resolve) => {
      book.subscribe(resolve);
      book.want('j1', step);
    });
  await wait(1);
  await wait(2);
  book.want('j1', 1);
  await wait(3);
  expect([1, 2, 3].map((step) => book.get('j1', step) !== undefined)).toEqual([true, false, true]);
});

it('asks again for one that could not be read', async () => {
  const fetch = vi.fn<(job: string, step: number) => Promise<Sheet>>();
  fetch.mockRejectedValueOnce(new Error('gone')).mockResolvedValue(sheet(1));
  const book = new SheetBook(fetch);
  book.want('j1', 1);
  await vi.waitFor(() => {
    book.want('j1', 1);
    expect(book.get('j1', 1)).toBeDefined();
  });
  expect(fetch).toHaveBeenCalledTimes(2);
});
