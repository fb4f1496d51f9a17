/** Pages of samples: asked for once, cancelled when out of sight, kept on the screen while newer ones come. */
import { beforeEach, describe, expect, it, vi } from 'vitest';
import type { Sample } from '../../electron/contract/datasets';
import { SampleBook } from './sample-book';

interface Ask {
  offset: number;
  signal: AbortSignal;
  answer: (label: string) => void;
}

const asks: Ask[] = [];
const flushes: (() => void)[] = [];

function sampleAt(index: number, label: string): Sample {
  return {
    ...{ index, name: `${index}`, label, split: 'train', excerpt: [] },
    ...{ isExcluded: false, isEdited: false, isMarkedSynthetic: false },
  };
}

function makeBook(): SampleBook {
  return new SampleBook(
    ({ offset, limit }, signal) =>
      new Promise((resolve) => {
        const answer = (label: string): void =>
          resolve({ samples: Array.from({ length: limit }, (_, at) => sampleAt(offset + at, label)) });
        asks.push({ offset, signal, answer });
      }),
    (work) => {
      flushes.push(work);
      return () => undefined;
    },
  );
}

const flush = (): void => flushes.forEach((work) => work());
const filter = {};
const of = (version: number) => ({ id: 'a', filter, version });

describe('book of samples', () => {
  beforeEach(() => {
    asks.length = 0;
    flushes.length = 0;
  });
  it('loads the pages around what is seen, once', async () => {
    const book = makeBook();
    const heard = vi.fn();
    book.subscribe(heard);
    book.want(of(1), 150, 250);
    flush();
    flush();
    expect(asks.map(({ offset }) => offset)).toEqual([0, 200]);
    asks[1]!.answer('cat');
    await vi.waitFor(() => expect(book.at(201)?.label).toBe('cat'));
    expect(heard).toHaveBeenCalledTimes(1);
    expect(book.at(0)).toBeUndefined();
  });
  it('cancels a page that scrolled away', () => {
    const book = makeBook();
    book.want(of(1), 0, 10);
    flush();
    book.want(of(1), 4000, 4010);
    flush();
    expect(asks[0]!.signal.aborted).toBe(true);
    expect(asks[1]!.signal.aborted).toBe(false);
  });
  it('after a change shows what was there until the new page is here', async () => {
    const book = makeBook();
    book.want(of(1), 0, 10);
    flush();
    asks[0]!.answer('cat');
    await vi.waitFor(() => expect(book.at(3)?.label).toBe('cat'));
    book.want(of(2), 0, 10);
    flush();
    expect(book.at(3)?.label).toBe('cat');
    asks[1]!.answer('dog');
    await vi.waitFor(() => expect(book.at(3)?.label).toBe('dog'));
  });
  it('shows nothing of another data set or filter', async () => {
    const book = makeBook();
    book.want(of(1), 0, 10);
    flush();
    asks[0]!.answer('cat');
    await vi.waitFor(() => expect(book.at(3)).toBeDefined());
    book.want({ id: 'a', filter: { text: 'x' }, version: 1 }, 0, 10);
    expect(book.at(3)).toBeUndefined();
  });
});
