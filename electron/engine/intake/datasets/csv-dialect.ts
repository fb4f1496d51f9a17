/** How a table in text is written: its delimiter, its header, its decimal sign, from its beginning. */
import { AppError } from '../../../contract/errors';
import { badRow } from './outcomes';
import { columnNames, isMissing, maxColumns, parseNumber, rowsForTypes, usesDecimalComma } from './table-columns';

const delimiters = [',', ';', '\t', '|'] as const;
export type Delimiter = (typeof delimiters)[number];

export interface CsvDialect {
  delimiter: Delimiter;
  decimal: '.' | ',';
  /** Records before the data. */
  headerRows: number;
  names: string[];
  /** Names of the classes 0, 1, ... in the last column, where the first line tells them; else empty. */
  classNames: string[];
  /** Records that the first line says there are. */
  saidRows: number | undefined;
  /** Whole records of the beginning, without the header. */
  rows: string[][];
  notes: string[];
}

/** Fails with `data/empty`, `data/bad-row` or `data/too-many`. `isWhole`: the text is all there is, so its last record counts. */
export function findDialect(text: string, isWhole: boolean): CsvDialect {
  const [first] = delimiters
    .map((delimiter) => ({ delimiter, rows: splitRecords(text, delimiter, isWhole, rowsForTypes + 2) }))
    .map((one) => ({ ...one, ...regularity(one.rows) }))
    .sort((a, b) => Number(b.columns > 1) - Number(a.columns > 1) || b.share - a.share || b.columns - a.columns);
  if (first === undefined || first.rows.length === 0) {
    if (text.trim() === '') throw new AppError('data/empty', 'The table is empty.');
    throw badRow(`Row 1 does not end within its first ${text.length} characters: a quote may be left open.`, {
      row: 1,
    });
  }
  const { delimiter, rows, columns } = first;
  if (columns > maxColumns) {
    throw new AppError('data/too-many', `The table has ${columns} columns; ${maxColumns} are the limit.`, { columns });
  }
  return { delimiter, ...withHeader(rows, columns, delimiter) };
}

/** The commonest number of columns and the share of rows that have it. The first row and sklearn's may differ. */
function regularity(rows: readonly (readonly string[])[]): { columns: number; share: number } {
  const counts = new Map<number, number>();
  for (const row of rows) counts.set(row.length, (counts.get(row.length) ?? 0) + 1);
  const [best = [0, 0]] = [...counts].sort((a, b) => b[1] - a[1] || b[0] - a[0]);
  return { columns: best[0], share: best[1] / Math.max(1, rows.length) };
}

type Header = Omit<CsvDialect, 'delimiter'>;

function withHeader(rows: string[][], columns: number, delimiter: Delimiter): Header {
  const notes: string[] = [];
  const told = sklearnLine(rows, columns);
  const body = told === undefined ? rows : rows.slice(1);
  const decimal = delimiter !== ',' && usesDecimalComma(body.slice(1)) ? ',' : '.';
  const [first = []] = body;
  const isHeader = first.length === columns && looksLikeHeader(first, body.slice(1), decimal);
  const names = isHeader ? first : unnamed(columns, told?.classNames.length ?? 0);
  if (told !== undefined) notes.push('The first line was taken for counts and class names.');
  else if (!isHeader) notes.push('The table has no header; its columns are numbered.');
  if (delimiter !== ',') notes.push(`Columns are separated by ${delimiter === '\t' ? 'tabs' : `"${delimiter}"`}.`);
  if (decimal === ',') notes.push('Fractions are written with a comma.');
  return {
    decimal,
    headerRows: Number(told !== undefined) + Number(isHeader),
    names: columnNames(names, notes),
    classNames: told?.classNames ?? [],
    saidRows: told?.rows,
    rows: isHeader ? body.slice(1) : body,
    notes,
  };
}

const unnamed = (columns: number, classes: number): string[] =>
  Array.from({ length: columns }, (_, k) => (classes > 0 && k === columns - 1 ? 'label' : `column ${k + 1}`));

/** `150,4,setosa,versicolor,virginica`: rows, columns before the last, and what 0, 1 and 2 in the last one mean. */
function sklearnLine(rows: readonly string[][], columns: number): { rows: number; classNames: string[] } | undefined {
  const [first = []] = rows;
  const [count = '', features = '', ...names] = first;
  if (!/^\d+$/.test(count) || Number(features) !== columns - 1 || !/^\d+$/.test(features)) return undefined;
  const filled = names.filter((name) => name.trim() !== '');
  if (filled.some((name) => parseNumber(name, '.') !== undefined)) return undefined;
  if (filled.length === 0 && names.length === 0) return undefined;
  return { rows: Number(count), classNames: filled };
}

/** Names are filled in, no numbers, all different; and the column below differs from its name in kind or in every value. */
function looksLikeHeader(first: readonly string[], below: readonly string[][], decimal: '.' | ','): boolean {
  const filled = first.filter((cell) => cell.trim() !== '');
  if (filled.length < first.length - 1 || filled.length === 0) return false;
  if (filled.some((cell) => parseNumber(cell, decimal) !== undefined || cell.length > 200)) return false;
  if (below.length === 0) return first.length > 1;
  const isNumeric = first.some((_, k) => {
    const values = below.map((row) => row[k] ?? '').filter((value) => !isMissing(value));
    return values.length > 0 && values.every((value) => parseNumber(value, decimal) !== undefined);
  });
  if (isNumeric) return true;
  return first.every((cell, k) => /^[\p{L}_#]/u.test(cell) && !below.some((row) => row[k] === cell));
}

/**
 * The first records of a text, after RFC 4180 with any mixture of line ends. The last record counts only when the text is
 * whole; a quote that is never closed ends the list.
 */
function splitRecords(text: string, delimiter: string, isWhole: boolean, limit: number): string[][] {
  const records: string[][] = [];
  let record: string[] = [];
  const endRecord = (): void => {
    if (record.length > 1 || record[0] !== '') records.push(record);
    record = [];
  };
  for (let at = 0; at < text.length && records.length < limit;) {
    const field = takeField(text, at, delimiter);
    if (field === undefined) return records;
    record.push(field.value);
    at = field.end;
    const mark = text[at];
    if (mark === undefined && !isWhole) return records;
    if (mark === delimiter) {
      at++;
      // A delimiter as the last character still has an empty field after it.
      if (at === text.length && isWhole) record.push('');
      else continue;
    }
    endRecord();
    at += text.startsWith('\r\n', at) ? 2 : 1;
  }
  if (isWhole && record.length > 0 && records.length < limit) endRecord();
  return records;
}

/** One field from `at` up to its delimiter, line end or the end of the text; undefined when a quote is not closed. */
function takeField(text: string, at: number, delimiter: string): { value: string; end: number } | undefined {
  if (text[at] === '"') {
    for (let quote = text.indexOf('"', at + 1); ; quote = text.indexOf('"', quote + 2)) {
      if (quote < 0) return undefined;
      if (text[quote + 1] === '"') continue;
      const end = fieldEnd(text, quote + 1, delimiter);
      return { value: text.slice(at + 1, quote).replaceAll('""', '"') + text.slice(quote + 1, end), end };
    }
  }
  const end = fieldEnd(text, at, delimiter);
  return { value: text.slice(at, end), end };
}

function fieldEnd(text: string, from: number, delimiter: string): number {
  let end = from;
  while (end < text.length && text[end] !== delimiter && text[end] !== '\n' && text[end] !== '\r') end++;
  return end;
}
