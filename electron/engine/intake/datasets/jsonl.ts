/** Reads JSON lines, and small JSON arrays of objects: every key is a column, and what is nested becomes text. */
import { AppError } from '../../../contract/errors';
import { namesPicture, placeOf, resolveBeside } from './beside';
import { readObjects } from './json-objects';
import { areMostly, extensionOf, isText, passedOver, splitsOfFiles } from './names';
import type { DatasetReader, SourceHead } from './reader';
import { columnNames, maxColumns, proposeColumns, rowsForTypes, type Value } from './table-columns';
import type { TableItem } from './table-read';
import { inspectTable, type OpenTable, readTable } from './table-source';
import { encodingNotes, type TextFound } from './utf8';

const extensions = new Set(['.jsonl', '.ndjson', '.json']);

const isJson = (source: SourceHead): boolean => extensions.has(extensionOf(source.name)) && isText(source);

export const jsonlReader: DatasetReader = {
  name: 'jsonl',
  match: (sources) => areMostly(sources, isJson),
  async inspect(all, signal) {
    const sources = all.filter(isJson);
    const inspection = await inspectTable(await openJson(sources, all, signal), sources, signal);
    return { ...inspection, notes: [...inspection.notes, ...passedOver(all.length - sources.length)] };
  },
  async *open(request) {
    const sources = request.sources.filter(isJson);
    yield* readTable({ ...request, sources }, await openJson(sources, request.sources, request.signal));
  },
};

/** The keys of the first objects of all files are the columns; later keys are not read. */
async function openJson(
  sources: readonly SourceHead[],
  all: readonly SourceHead[],
  signal: AbortSignal,
): Promise<OpenTable> {
  const [source] = sources;
  if (source === undefined) throw new AppError('data/empty', 'There is no table.');
  const found: TextFound = { encoding: 'UTF-8', mended: 0 };
  const { objects, bytes } = await firstObjects(sources, found, signal);
  const keys = [...new Set(objects.flatMap((object) => [...object.keys()]))];
  if (keys.length > maxColumns) {
    throw new AppError('data/too-many', `The objects have ${keys.length} different keys; ${maxColumns} are the limit.`);
  }
  const notes = encodingNotes(found);
  const rows = objects.map((object) => valuesOf(object, keys));
  const columns = await proposeColumns(columnNames(keys, notes), rows, '.', namesPicture(placeOf(source, all)));
  return {
    rules: { columns, decimal: '.', classNames: [] },
    rows,
    rowBytes: bytes,
    notes,
    items: (some, request) => allItems(some, keys, all, request.signal),
  };
}

type JsonObject = ReadonlyMap<string, Value>;

/** Enough to tell the types of the columns. */
async function firstObjects(
  sources: readonly SourceHead[],
  found: TextFound,
  signal: AbortSignal,
): Promise<{ objects: JsonObject[]; bytes: number }> {
  const objects: JsonObject[] = [];
  let bytes = 0;
  for (const source of sources) {
    for await (const items of readObjects(source, found, signal)) {
      for (const { object, length } of items) {
        if (object instanceof AppError || objects.length >= rowsForTypes) continue;
        objects.push(object);
        bytes += length;
      }
      if (objects.length >= rowsForTypes) return { objects, bytes };
    }
  }
  return { objects, bytes };
}

const valuesOf = (object: JsonObject, keys: readonly string[]): Value[] => keys.map((key) => object.get(key) ?? null);

async function* allItems(
  sources: readonly SourceHead[],
  keys: readonly string[],
  all: readonly SourceHead[],
  signal: AbortSignal,
): AsyncGenerator<TableItem[]> {
  const splits = splitsOfFiles(sources.map(({ name }) => name));
  for (const [i, source] of sources.entries()) {
    const place = placeOf(source, all);
    const resolve = (named: string): Promise<string> => resolveBeside(place, named);
    for await (const items of readObjects(source, { encoding: 'UTF-8', mended: 0 }, signal)) {
      yield items.map(({ number, object }): TableItem => {
        const name = `${source.name}:${number}`;
        if (object instanceof AppError) return { name, failure: object.toFailure() };
        return { name, values: valuesOf(object, keys), split: splits[i] ?? null, resolve };
      });
    }
  }
}
