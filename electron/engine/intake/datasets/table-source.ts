/** A table that is open, whatever it is written in: inspected and read in one way. */
import type { Column, Inspection } from '../../../contract/samples';
import { toChunks } from './outcomes';
import type { ReadChunk, ReadRequest, SourceHead } from './reader';
import { kindOf, type Value } from './table-columns';
import { inspectPictures, picturesNamed, toPictureChunks } from './table-pictures';
import { checkChosen, outcomesOf, type TableItem, tableInspection, tally } from './table-read';
import { type RowRules, shapeOf } from './table-rows';
import { countedBytes, estimate, unpackedBytes } from './text-head';

export interface OpenTable {
  readonly rules: RowRules;
  /** The first rows, as they were read, and the bytes they take in the source. */
  readonly rows: readonly (readonly Value[])[];
  readonly rowBytes: number;
  readonly notes: readonly string[];
  /** How many rows there are, where the sources say it. */
  readonly total?: number;
  /** All records of these sources, from the first on. */
  items(sources: readonly SourceHead[], request: ItemRequest): AsyncIterable<readonly TableItem[]>;
}

export interface ItemRequest {
  readonly signal: AbortSignal;
  /** Records before this one need only be counted. */
  readonly position: number;
  /** What the columns are for. */
  readonly chosen: readonly Column[];
}

/** Small tables are counted to their end, of large ones the first file is estimated from its first rows. */
export async function inspectTable(
  table: OpenTable,
  sources: readonly SourceHead[],
  signal: AbortSignal,
): Promise<Omit<Inspection, 'reader'>> {
  const { rules, rows, notes, total } = table;
  const isSmall = unpackedBytes(sources) <= countedBytes;
  const limit = { most: isSmall ? maxCounted : rows.length, isReached: false };
  const items = firstOf(table.items(sources, { signal, position: 0, chosen: rules.columns }), limit);
  const guess = total ?? estimate(rows.length, table.rowBytes, sources);
  if (kindOf(rules.columns) === 'image') {
    const estimated = isSmall ? undefined : guess;
    return inspectPictures(rules.columns, picturesNamed(rules, items, signal), estimated, notes, signal);
  }
  const counts = await tally(outcomesOf(rules, items));
  const isCountExact = isSmall && !limit.isReached;
  const samples = isCountExact ? counts.samples : Math.max(counts.samples, guess);
  return tableInspection(rules.columns, counts, rows, { samples, isCountExact, notes: [...notes] });
}

/** Small files may hold very many short rows, in gzip above all: so many are counted. */
const maxCounted = 1_000_000;

/** Stops after `most` records, and says so in `isReached`. */
async function* firstOf(
  items: AsyncIterable<readonly TableItem[]>,
  limit: { readonly most: number; isReached: boolean },
): AsyncGenerator<readonly TableItem[]> {
  let left = limit.most;
  for await (const batch of items) {
    yield batch.slice(0, left);
    left -= batch.length;
    if (left > 0) continue;
    limit.isReached = true;
    return;
  }
}

export function readTable(request: ReadRequest, table: OpenTable): AsyncIterable<ReadChunk> {
  const { sources, options, signal } = request;
  if (options.columns !== undefined) checkChosen(options.columns, table.rules.columns);
  const rules = { ...table.rules, columns: options.columns ?? table.rules.columns };
  const items = table.items(sources, { signal, position: request.position, chosen: rules.columns });
  if (kindOf(rules.columns) === 'image') return toPictureChunks(request, picturesNamed(rules, items, signal));
  return toChunks(request, shapeOf(rules.columns), outcomesOf(rules, items));
}
