/** Reads Parquet: columns of numbers, texts, yes and no, and times; pictures as Hugging Face keeps them. */
import { AppError, throwIfCancelled } from '../../../contract/errors';
import type { Column, Split } from '../../../contract/samples';
import { isPicture } from './files';
import { areMostly, passedOver, splitsOfFiles } from './names';
import { openParquet, type ParquetColumn, type ParquetFile, readGroup } from './parquet-file';
import { badRow, leaveOut } from './outcomes';
import type { DatasetReader, SourceHead } from './reader';
import { columnNames, proposeColumns, rowsForTypes, type Value } from './table-columns';
import { checkNames, type TableItem } from './table-read';
import { inspectTable, type ItemRequest, type OpenTable, readTable } from './table-source';

const isParquet = ({ head }: SourceHead): boolean => Buffer.from(head.subarray(0, 4)).toString('latin1') === 'PAR1';
const hasName = ({ name }: SourceHead): boolean => /\.(parquet|pq)$/i.test(name);
/** A damaged beginning is told by this reader rather than by none. */
const isMine = (source: SourceHead): boolean => isParquet(source) || hasName(source);

export const parquetReader: DatasetReader = {
  name: 'parquet',
  match: (sources) => areMostly(sources, isMine),
  async inspect(all, signal) {
    const sources = all.filter(isMine);
    const inspection = await inspectTable(await openTables(sources, signal), sources, signal);
    return { ...inspection, notes: [...inspection.notes, ...passedOver(all.length - sources.length)] };
  },
  async *open(request) {
    const sources = request.sources.filter(isMine);
    yield* readTable({ ...request, sources }, await openTables(sources, request.signal));
  },
};

async function openTables(sources: readonly SourceHead[], signal: AbortSignal): Promise<OpenTable> {
  const [source] = sources;
  if (source === undefined) throw new AppError('data/empty', 'There is no table.');
  const file = await openParquet(source);
  let total = file.rows;
  for (const other of sources.slice(1)) total += (await openParquet(other)).rows;
  const notes = file.nested.slice(0, 10).map((name) => `The column "${name.slice(0, 100)}" is nested and passed over.`);
  const names = columnNames(
    file.columns.map(({ name }) => name),
    notes,
  );
  const { values, rows } = await firstGroup(source, file, signal);
  const pictureAt = values.findIndex((column, k) => file.columns[k]?.isPicture ?? startsLikePicture(column));
  const first = Array.from({ length: rows }, (_, i) => rowAt(values, i, pictureAt));
  const proposed = await proposeColumns(names, first, '.', () => Promise.resolve(false));
  const columns = withClasses(proposed, file, pictureAt);
  const labelAt = columns.findIndex(({ role }) => role === 'label');
  return {
    rules: { columns, decimal: '.', classNames: file.classNames.get(file.columns[labelAt]?.name ?? '') ?? [] },
    rows: first,
    rowBytes: 1,
    total,
    notes,
    items: (some, request) => allRows(some, file.columns, pictureAt, request),
  };
}

/** The first rows of the first group that has any. */
async function firstGroup(
  source: SourceHead,
  file: ParquetFile,
  signal: AbortSignal,
): Promise<{ values: ArrayLike<unknown>[]; rows: number }> {
  throwIfCancelled(signal);
  const index = file.metadata.row_groups.findIndex((group) => group.num_rows > 0);
  if (index < 0 || file.columns.length === 0)
    throw new AppError('data/empty', 'The table has no rows that can be read.');
  const values = await readGroup(source, file, index, file.columns);
  return { values, rows: Math.min(rowsForTypes, Number(file.metadata.row_groups[index]?.num_rows ?? 0)) };
}

/** Pictures may also lie in a plain column of bytes. */
function startsLikePicture(column: ArrayLike<unknown>): boolean {
  for (let i = 0; i < Math.min(100, column.length); i++) {
    const value = unwrapped(column[i]);
    if (value instanceof Uint8Array)
      return isPicture({ path: '', name: '', bytes: value.length, head: value, isGzip: false });
  }
  return false;
}

/** The column of pictures, and the label by its description rather than by its name. */
function withClasses(
  columns: readonly Column[],
  { columns: stored, classNames }: ParquetFile,
  pictureAt: number,
): Column[] {
  const labelAt = stored.findIndex(({ name }) => classNames.has(name));
  return columns.map((column, k): Column => {
    if (k === pictureAt) return { ...column, type: 'text', role: 'image' };
    if (k === labelAt) return { ...column, role: 'label' };
    return column.role === 'label' && labelAt >= 0 ? { ...column, role: 'feature' } : column;
  });
}

/** Optional structs come as lists of one. */
function unwrapped(value: unknown): unknown {
  return Array.isArray(value) ? unwrapped(value[0]) : value;
}

function rowAt(values: readonly ArrayLike<unknown>[], row: number, pictureAt: number): Value[] {
  return values.map((column, k) => (k === pictureAt ? null : toValue(unwrapped(column[row]))));
}

function toValue(value: unknown): Value {
  if (typeof value === 'number' || typeof value === 'string') return value;
  if (typeof value === 'bigint') return Number(value);
  if (typeof value === 'boolean') return value ? 1 : 0;
  if (value instanceof Uint8Array) return Buffer.from(value).toString();
  return null;
}

/** Rows that become items at once: values of other types would be held twice. */
const rowsAtOnce = 1000;

async function* allRows(
  sources: readonly SourceHead[],
  columns: readonly ParquetColumn[],
  pictureAt: number,
  { signal, position, chosen }: ItemRequest,
): AsyncGenerator<TableItem[]> {
  const splits = splitsOfFiles(sources.map(({ name }) => name));
  const names = columns.map(({ name }) => name);
  let at = 0;
  for (const [i, source] of sources.entries()) {
    const file = await openParquet(source);
    checkNames(
      names,
      file.columns.map(({ name }) => name),
      source.name,
    );
    let row = 0;
    for (const [index, group] of file.metadata.row_groups.entries()) {
      throwIfCancelled(signal);
      const rows = Number(group.num_rows);
      const isPassed = at + rows <= position;
      const from: GroupPlace = { source, split: splits[i] ?? null, row, rows, pictureAt };
      if (isPassed) yield* passed(rows);
      else yield* rowsOf(await readChosen(source, file, index, chosen), from);
      at += rows;
      row += rows;
    }
  }
}

/** Columns that the person left out are not read. */
async function readChosen(
  source: SourceHead,
  file: ParquetFile,
  index: number,
  chosen: readonly Column[],
): Promise<ArrayLike<unknown>[]> {
  const wanted = file.columns.filter((_, k) => chosen[k]?.role !== 'ignore');
  const values = await readGroup(source, file, index, wanted);
  return file.columns.map((column) => values[wanted.indexOf(column)] ?? []);
}

interface GroupPlace {
  source: SourceHead;
  split: Split | null;
  row: number;
  rows: number;
  pictureAt: number;
}

function* rowsOf(
  values: readonly ArrayLike<unknown>[],
  { source, split, row, rows, pictureAt }: GroupPlace,
): Generator<TableItem[]> {
  for (let from = 0; from < rows; from += rowsAtOnce) {
    const items: TableItem[] = [];
    for (let k = from; k < Math.min(rows, from + rowsAtOnce); k++) {
      const picture = pictureAt < 0 ? undefined : unwrapped(values[pictureAt]?.[k]);
      const bytes = picture instanceof Uint8Array ? picture : undefined;
      items.push({ name: `${source.name}:${row + k + 1}`, values: rowAt(values, k, pictureAt), split, picture: bytes });
    }
    yield items;
  }
}

/** Stand for rows that a resumed read has behind it; nobody looks at them. */
function* passed(rows: number): Generator<TableItem[]> {
  const one = leaveOut('passed', badRow('It was read before.'));
  for (let left = rows; left > 0; left -= rowsAtOnce)
    yield Array.from({ length: Math.min(left, rowsAtOnce) }, () => one);
}
