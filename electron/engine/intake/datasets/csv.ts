/** Reads tables in text: comma, semicolon, tab or bar between the columns; gzip too. */
import { AppError } from '../../../contract/errors';
import type { Split } from '../../../contract/samples';
import { readCsvText } from '../../services/export/csv';
import { namesPicture, placeOf, resolveBeside, type TablePlace } from './beside';
import { type CsvDialect, findDialect } from './csv-dialect';
import { csvRecords } from './csv-records';
import { isPicture } from './files';
import { areMostly, extensionOf, isText, passedOver, splitsOfFiles } from './names';
import type { DatasetReader, SourceHead } from './reader';
import { pieces } from './source-pieces';
import { proposeColumns } from './table-columns';
import { checkNames, type TableRow } from './table-read';
import { inspectTable, type OpenTable, readTable } from './table-source';
import { readTextHead, type TextHead } from './text-head';
import { encodingNotes, utf8 } from './utf8';

const extensions = new Set(['.csv', '.tsv', '.tab', '.data']);

const isCsv = (source: SourceHead): boolean => extensions.has(extensionOf(source.name)) && isText(source);

export const csvReader: DatasetReader = {
  name: 'csv',
  match: (sources) => areMostly(sources, isCsv) || isTableOfPictures(sources),
  async inspect(all, signal) {
    const sources = all.filter(isCsv);
    const inspection = await inspectTable(await openCsv(sources, all, signal), sources, signal);
    const others = all.filter((source) => !isCsv(source) && !(inspection.kind === 'image' && isPicture(source))).length;
    return { ...inspection, notes: [...inspection.notes, ...passedOver(others)] };
  },
  async *open(request) {
    const sources = request.sources.filter(isCsv);
    yield* readTable({ ...request, sources }, await openCsv(sources, request.sources, request.signal));
  },
};

/** A table among pictures, of which it names one. */
function isTableOfPictures(sources: readonly SourceHead[]): boolean {
  const tables = sources.filter(isCsv);
  if (tables.length === 0 || tables.length > 10) return false;
  const leaves = new Set(sources.filter(isPicture).map(({ name }) => leafOf(name)));
  return tables.some(({ head }) => {
    const cells = Buffer.from(head)
      .toString()
      .split(/[,;\t|"\r\n]+/);
    return cells.some((cell) => leaves.has(leafOf(cell)));
  });
}

const leafOf = (name: string): string => name.trim().split(/[/\\]/).at(-1) ?? '';

interface CsvTable {
  source: SourceHead;
  place: TablePlace;
  split: Split | null;
  dialect: CsvDialect;
  head: TextHead;
}

/** `sources` are the tables, `all` whatever came with them. */
async function openCsv(
  sources: readonly SourceHead[],
  all: readonly SourceHead[],
  signal: AbortSignal,
): Promise<OpenTable> {
  const [source] = sources;
  if (source === undefined) throw new AppError('data/empty', 'There is no table.');
  const { dialect, head, place } = await openFile(source, all, null, signal);
  const { names, decimal, classNames, saidRows } = dialect;
  const rows = dialect.rows.map(unescaped);
  const columns = await proposeColumns(names, rows, decimal, namesPicture(place));
  const said = saidRows !== undefined && head.isWhole && sources.length === 1 && saidRows !== dialect.rows.length;
  return {
    rules: { columns, decimal, classNames },
    rows,
    rowBytes: rows.reduce((sum, cells) => sum + Buffer.byteLength(cells.join()) + 1, 0),
    notes: [
      ...encodingNotes(head.found),
      ...dialect.notes,
      ...(said ? [`The first line says ${saidRows} rows, but there are ${dialect.rows.length}.`] : []),
    ],
    items: (some, request) => allRows(some, names, all, request.signal),
  };
}

async function openFile(
  source: SourceHead,
  all: readonly SourceHead[],
  split: Split | null,
  signal: AbortSignal,
): Promise<CsvTable> {
  const head = await readTextHead(source, signal);
  return { source, place: placeOf(source, all), split, head, dialect: findDialect(head.text, head.isWhole) };
}

const unescaped = (record: readonly string[]): string[] => record.map(unescape);

/** Our own export writes an apostrophe before what a spreadsheet would run, and before an apostrophe: one is taken away. */
const unescape = (cell: string): string => (/^'[=+\-@\t\r']/.test(cell) ? readCsvText(cell) : cell);

async function* allRows(
  sources: readonly SourceHead[],
  names: readonly string[],
  all: readonly SourceHead[],
  signal: AbortSignal,
): AsyncGenerator<TableRow[]> {
  const splits = splitsOfFiles(sources.map(({ name }) => name));
  for (const [i, source] of sources.entries()) {
    const table = await openFile(source, all, splits[i] ?? null, signal);
    checkNames(names, table.dialect.names, source.name);
    yield* rowsOf(table, signal);
  }
}

/** Rows are numbered from 1 in each file, the header not counted. */
async function* rowsOf({ source, place, split, dialect }: CsvTable, signal: AbortSignal): AsyncGenerator<TableRow[]> {
  const resolve = (named: string): Promise<string> => resolveBeside(place, named);
  const text = utf8(pieces(source, signal), { encoding: 'UTF-8', mended: 0 });
  let toSkip = dialect.headerRows;
  let number = 0;
  for await (const records of csvRecords(text, dialect)) {
    const data = records.slice(toSkip);
    toSkip = Math.max(0, toSkip - records.length);
    yield data.map((record) => ({ name: `${source.name}:${++number}`, values: unescaped(record), split, resolve }));
  }
}
