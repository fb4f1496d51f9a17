/** Reads JSON lines, and small JSON arrays of objects: every key is a column, and what is nested becomes text. */
import { AppError } from '../../../contract/errors';
import type { Inspection } from '../../../contract/samples';
import { namesPicture } from './beside';
import { readObjects } from './json-objects';
import { extensionOf, isText, splitsOfFiles } from './names';
import type { DatasetReader, ReadChunk, ReadRequest, SourceHead } from './reader';
import { columnNames, maxColumns, proposeColumns, rowsForTypes, type Value } from './table-columns';
import { outcomesOf, readTable, type TableItem, tableInspection, tally } from './table-read';
import type { RowRules } from './table-rows';
import { countedBytes, estimate, unpackedBytes } from './text-head';
import { encodingNotes, type TextFound } from './utf8';

const extensions = new Set(['.jsonl', '.ndjson', '.json']);

export const jsonlReader: DatasetReader = {
  name: 'jsonl',
  match: (sources) => sources.every((source) => extensions.has(extensionOf(source.name)) && isText(source)),
  inspect,
  open,
};

/** The keys of the first objects and what the columns made of them are. */
interface JsonTable {
  keys: string[];
  rules: RowRules;
  rows: Value[][];
  bytes: number;
  notes: string[];
}

async function inspect(sources: readonly SourceHead[], signal: AbortSignal): Promise<Omit<Inspection, 'reader'>> {
  const table = await openTable(sources, signal);
  const { rules, rows } = table;
  const isCountExact = unpackedBytes(sources) <= countedBytes;
  const items = isCountExact ? allItems(sources, table, signal) : fromRows(rows);
  const counts = await tally(outcomesOf(rules, items));
  const samples = isCountExact ? counts.samples : estimate(rows.length, table.bytes, sources);
  return tableInspection(rules.columns, counts, rows, { samples, isCountExact, notes: table.notes });
}

async function* open(request: ReadRequest): AsyncGenerator<ReadChunk> {
  const { sources, options, signal } = request;
  const table = await openTable(sources, signal);
  const rules = { ...table.rules, columns: options.columns ?? table.rules.columns };
  if (rules.columns.length !== table.keys.length) {
    throw new AppError('data/mismatch', 'The file has other columns than those chosen. Look at it again.', {
      columns: table.keys.length,
    });
  }
  yield* readTable(request, rules, allItems(sources, table, signal));
}

/** Reads objects until the types of the columns can be told. */
async function openTable(sources: readonly SourceHead[], signal: AbortSignal): Promise<JsonTable> {
  const found: TextFound = { encoding: 'UTF-8', mended: 0 };
  const objects: ReadonlyMap<string, Value>[] = [];
  let bytes = 0;
  for (const source of sources) {
    for await (const items of readObjects(source, found, signal)) {
      for (const { object, length } of items) {
        if (object instanceof AppError || objects.length >= rowsForTypes) continue;
        objects.push(object);
        bytes += length;
      }
      if (objects.length >= rowsForTypes) break;
    }
    if (objects.length >= rowsForTypes) break;
  }
  const keys = [...new Set(objects.flatMap((object) => [...object.keys()]))];
  if (keys.length > maxColumns) {
    throw new AppError('data/too-many', `The objects have ${keys.length} different keys; ${maxColumns} are the limit.`);
  }
  const notes = encodingNotes(found);
  const rows = objects.map((object) => valuesOf(object, keys));
  const names = columnNames(keys, notes);
  const columns = await proposeColumns(names, rows, '.', namesPicture(sources[0]?.path ?? ''));
  return { keys, rows, bytes, notes, rules: { columns, decimal: '.', classNames: [] } };
}

const valuesOf = (object: ReadonlyMap<string, Value>, keys: readonly string[]): Value[] =>
  keys.map((key) => object.get(key) ?? null);

async function* allItems(
  sources: readonly SourceHead[],
  { keys }: JsonTable,
  signal: AbortSignal,
): AsyncGenerator<TableItem[]> {
  const splits = splitsOfFiles(sources.map(({ name }) => name));
  for (const [i, source] of sources.entries()) {
    for await (const items of readObjects(source, { encoding: 'UTF-8', mended: 0 }, signal)) {
      yield items.map(({ number, object }): TableItem => {
        const name = `${source.name}:${number}`;
        if (object instanceof AppError) return { name, failure: object.toFailure() };
        return { name, values: valuesOf(object, keys), split: splits[i] ?? null };
      });
    }
  }
}

// eslint-disable-next-line @typescript-eslint/require-await -- the same kind of iterable as rows that are read
async function* fromRows(rows: readonly Value[][]): AsyncGenerator<TableItem[]> {
  yield rows.map((values, i) => ({ name: `row ${i + 1}`, values, split: null }));
}
