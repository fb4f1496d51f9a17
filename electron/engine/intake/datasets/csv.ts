/** Reads tables in text: comma, semicolon, tab or bar between the columns; gzip too. */
import { AppError } from '../../../contract/errors';
import type { Inspection, Split } from '../../../contract/samples';
import { readCsvText } from '../../services/export/csv';
import { namesPicture } from './beside';
import { type CsvDialect, findDialect } from './csv-dialect';
import { csvRecords } from './csv-records';
import { extensionOf, isText, splitsOfFiles } from './names';
import type { DatasetReader, ReadChunk, ReadRequest, SourceHead } from './reader';
import { pieces } from './source-pieces';
import { proposeColumns } from './table-columns';
import { checkColumns, outcomesOf, readTable, type TableRow, tableInspection, tally } from './table-read';
import type { RowRules } from './table-rows';
import { countedBytes, estimate, readTextHead, type TextHead, unpackedBytes } from './text-head';
import { encodingNotes, utf8 } from './utf8';

const extensions = new Set(['.csv', '.tsv', '.tab', '.data']);

export const csvReader: DatasetReader = {
  name: 'csv',
  match: (sources) => sources.every((source) => extensions.has(extensionOf(source.name)) && isText(source)),
  inspect,
  open,
};

interface CsvTable {
  source: SourceHead;
  split: Split | null;
  dialect: CsvDialect;
  head: TextHead;
}

async function inspect(sources: readonly SourceHead[], signal: AbortSignal): Promise<Omit<Inspection, 'reader'>> {
  const table = await firstTable(sources, signal);
  const { dialect, head } = table;
  const rules = await rulesFor(table);
  const isCountExact = (sources.length === 1 && head.isWhole) || unpackedBytes(sources) <= countedBytes;
  const rows = isCountExact
    ? allRows(sources, rules, signal)
    : [dialect.rows.map((values, i) => row(table, values, i + 1))];
  const counts = await tally(outcomesOf(rules, toAsync(rows)));
  const samples = isCountExact ? counts.samples : estimateAll(sources, table);
  const notes = [...encodingNotes(head.found), ...dialect.notes, ...countNotes(dialect, counts.samples, isCountExact)];
  return tableInspection(rules.columns, counts, dialect.rows, { samples, isCountExact, notes });
}

async function* open(request: ReadRequest): AsyncGenerator<ReadChunk> {
  const { sources, options, signal } = request;
  const table = await firstTable(sources, signal);
  const proposed = await rulesFor(table);
  const rules = { ...proposed, columns: options.columns ?? proposed.columns };
  yield* readTable(request, rules, allRows(sources, rules, signal));
}

async function* toAsync<T>(items: AsyncIterable<T> | Iterable<T>): AsyncGenerator<T> {
  yield* items;
}

async function firstTable(sources: readonly SourceHead[], signal: AbortSignal): Promise<CsvTable> {
  const [source] = sources;
  if (source === undefined) throw new AppError('data/empty', 'There is no table.');
  return openTable(source, splitsOfFiles(sources.map(({ name }) => name))[0] ?? null, signal);
}

async function openTable(source: SourceHead, split: Split | null, signal: AbortSignal): Promise<CsvTable> {
  const head = await readTextHead(source, signal);
  return { source, split, head, dialect: findDialect(head.text, head.isWhole) };
}

async function rulesFor({ source, dialect }: CsvTable): Promise<RowRules> {
  const { names, rows, decimal, classNames } = dialect;
  return {
    columns: await proposeColumns(names, rows.map(unescaped), decimal, namesPicture(source.path)),
    decimal,
    classNames,
  };
}

const unescaped = (record: readonly string[]): string[] => record.map(unescape);

/** Our own export writes an apostrophe before what a spreadsheet would run, and before an apostrophe: one is taken away. */
const unescape = (cell: string): string => (/^'[=+\-@\t\r']/.test(cell) ? readCsvText(cell) : cell);

/** Rows are numbered from 1 in each file, the header not counted. */
function row(
  { source, split }: Pick<CsvTable, 'source' | 'split'>,
  record: readonly string[],
  number: number,
): TableRow {
  return { name: `${source.name}:${number}`, values: unescaped(record), split };
}

async function* allRows(
  sources: readonly SourceHead[],
  rules: RowRules,
  signal: AbortSignal,
): AsyncGenerator<TableRow[]> {
  const splits = splitsOfFiles(sources.map(({ name }) => name));
  for (const [i, source] of sources.entries()) {
    const table = await openTable(source, splits[i] ?? null, signal);
    checkColumns(rules.columns, table.dialect.names, source.name);
    const text = utf8(pieces(source, signal), { encoding: 'UTF-8', mended: 0 });
    let number = -table.dialect.headerRows;
    for await (const records of csvRecords(text, table.dialect)) {
      const rows = records.map((record) => row(table, record, ++number));
      yield number <= 0 ? [] : rows.slice(Math.max(0, records.length - number));
    }
  }
}

function estimateAll(sources: readonly SourceHead[], { dialect }: CsvTable): number {
  const bytes = dialect.rows.reduce((sum, cells) => sum + Buffer.byteLength(cells.join()) + 1, 0);
  return estimate(dialect.rows.length, bytes, sources);
}

function countNotes({ saidRows }: CsvDialect, samples: number, isCountExact: boolean): string[] {
  if (saidRows === undefined || !isCountExact || saidRows === samples) return [];
  return [`The first line says ${saidRows} rows, but there are ${samples}.`];
}
