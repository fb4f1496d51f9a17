/** The comparison contract, call by call. */
import type { comparisonContract } from '../../contract/comparison';
import { AppError } from '../../contract/errors';
import type { Handlers } from '../../contract/server';
import type { ComparisonBook } from './book';
import type { RealUse } from './data-file';
import type { ComparedData } from './live';
import { describe, placeOf, select } from './query';
import { startComparison, type StartParts } from './start';

type All = Handlers<typeof comparisonContract>;
export type ComparisonHandlers = Pick<All, Exclude<keyof All, 'comparisons.export'>>;

export function comparisonHandlers(parts: StartParts): ComparisonHandlers {
  const { book } = parts;
  return {
    'comparisons.list': () => ({ comparisons: book.list() }),
    'comparisons.start': (request) => startComparison(parts, request),
    'comparisons.get': ({ id }) => book.get(id),
    'comparisons.remove': async ({ id }) => {
      await book.remove(id);
      return {};
    },
    'comparisons.samples': async ({ id, filter, sort, offset, limit }) => {
      const { comparison, drawings } = await book.data(id);
      const own = drawings[placeOf(comparison.generators, filter.generator)];
      if (own === undefined) return { total: 0, samples: [] };
      const found = select(comparison, own, filter, sort);
      const shown = found.subarray(offset, offset + limit);
      return { total: found.length, samples: describe(comparison, own, filter.generator, shown) };
    },
    'comparisons.drawn': async ({ id, generator, indices }) => drawnOf(book, id, generator, indices),
    'comparisons.real': async ({ id, asked, limit }) => ({
      indices: realOf(await book.data(id), asked).slice(0, limit),
    }),
  };
}

async function drawnOf(book: ComparisonBook, id: string, generator: string, indices: readonly number[]) {
  const data = await book.data(id);
  const { comparison } = data;
  const own = data.drawings[placeOf(comparison.generators, generator)];
  const beyond = indices.find((index) => index >= (own?.done ?? 0));
  if (own === undefined || beyond !== undefined)
    throw new AppError('call/bad-request', `Drawing ${beyond ?? 0} is not there yet.`, { id });
  const shown = describe(comparison, own, generator, indices);
  return {
    shape: comparison.shape,
    samples: own.pictures(indices),
    items: shown.map(({ index, asked, judged }) => ({ index, class: asked, judged: judged[0] ?? null })),
    ms: 0,
  };
}

/** Held-out samples of a class. */
function realOf({ real }: ComparedData, asked: number): number[] {
  return real === undefined ? [] : placesOf(real, asked);
}

function placesOf({ test }: RealUse, asked: number): number[] {
  return [...test.index].filter((_, k) => test.label[k] === asked);
}
