/** Reads lists of molecules: a SMILES on each line, then perhaps a name or a property. Lines that are no SMILES are left out. */
import { AppError } from '../../../contract/errors';
import type { Column, Inspection } from '../../../contract/samples';
import { lineBatches } from './lines';
import { extensionOf, isText } from './names';
import { badRow, leaveOut } from './outcomes';
import type { DatasetReader, ReadChunk, ReadRequest, SourceHead } from './reader';
import { isSmiles } from './smiles-syntax';
import { isMissing, parseNumber, rowsForTypes } from './table-columns';
import { outcomesOf, readTable, type TableItem, tableInspection, tally } from './table-read';
import type { RowRules } from './table-rows';
import { countedBytes, estimate, readTextHead, unpackedBytes } from './text-head';
import { encodingNotes } from './utf8';

const extensions = new Set(['.smi', '.smiles', '.ism', '.can']);

export const smilesReader: DatasetReader = {
  name: 'smiles',
  match: (sources) =>
    sources.every((source) => isText(source) && (extensions.has(extensionOf(source.name)) || looksLike(source))),
  inspect,
  open,
};

/** A text whose lines begin with SMILES, some of them with more than letters: "Bob" is one too. */
function looksLike({ name, head }: SourceHead): boolean {
  if (extensionOf(name) !== '.txt') return false;
  const lines = Buffer.from(head).toString('latin1').split(/\r?\n/).slice(0, -1);
  const firsts = lines.map(firstWord).filter((word) => word !== '');
  const good = firsts.filter(isSmiles);
  const withMarks = good.filter((word) => /[()=#[\]\d]/.test(word));
  return firsts.length >= 5 && good.length >= 0.9 * firsts.length && withMarks.length >= 0.5 * firsts.length;
}

const firstWord = (line: string): string => line.trim().split(/[\s,;]/, 1)[0] ?? '';

interface SmilesTable {
  rules: RowRules;
  rows: string[][];
  bytes: number;
  hasHeader: boolean;
  /** Whether the second column is a name, an identifier or nothing. */
  isNamed: boolean;
  notes: string[];
}

async function inspect(sources: readonly SourceHead[], signal: AbortSignal): Promise<Omit<Inspection, 'reader'>> {
  const table = await openTable(sources, signal);
  const { rules, rows, notes } = table;
  const isCountExact = unpackedBytes(sources) <= countedBytes;
  const counts = await tally(outcomesOf(rules, allItems(isCountExact ? sources : sources.slice(0, 1), table, signal)));
  const samples = isCountExact ? counts.samples : estimate(rows.length, table.bytes, sources);
  return tableInspection(rules.columns, counts, rows, { samples, isCountExact, notes });
}

async function* open(request: ReadRequest): AsyncGenerator<ReadChunk> {
  const { sources, options, signal } = request;
  const table = await openTable(sources, signal);
  const rules = { ...table.rules, columns: options.columns ?? table.rules.columns };
  if (rules.columns.length !== table.rules.columns.length) {
    throw new AppError('data/mismatch', 'The list has other columns than those chosen. Look at it again.');
  }
  yield* readTable(request, rules, allItems(sources, table, signal));
}

async function openTable(sources: readonly SourceHead[], signal: AbortSignal): Promise<SmilesTable> {
  const [source] = sources;
  if (source === undefined) throw new AppError('data/empty', 'There is no list.');
  const { text, found } = await readTextHead(source, signal);
  const lines = text
    .split(/\r\n|\n|\r/)
    .filter((line) => line.trim() !== '')
    .slice(0, rowsForTypes);
  const all = lines.map(splitLine);
  const hasHeader = all.length > 1 && !isSmiles(all[0]?.[0] ?? '') && isSmiles(all[1]?.[0] ?? '');
  const rows = hasHeader ? all.slice(1) : all;
  const seconds = rows.map((row) => row[1] ?? '').filter((value) => !isMissing(value));
  const isNamed = seconds.length === 0 || !isProperty(seconds);
  const columns: Column[] = [{ name: 'smiles', type: 'text', role: 'content' }];
  if (!isNamed)
    columns.push({
      name: (hasHeader ? all[0]?.[1] : undefined)?.slice(0, 300) ?? 'property',
      type: 'number',
      role: 'target',
    });
  const bytes = lines.reduce((sum, line) => sum + Buffer.byteLength(line) + 1, 0);
  return {
    rules: { columns, decimal: '.', classNames: [] },
    rows,
    bytes,
    hasHeader,
    isNamed,
    notes: encodingNotes(found),
  };
}

/** Numbers, but not those of a catalogue: whole and all different. */
function isProperty(values: readonly string[]): boolean {
  const numbers = values.map((value) => parseNumber(value, '.'));
  if (numbers.some((number) => number === undefined)) return false;
  const areIdentifiers =
    new Set(numbers).size === numbers.length && numbers.every((number) => Number.isInteger(number));
  return !areIdentifiers;
}

/** The molecule and what follows after a blank, tab, comma or semicolon. */
function splitLine(line: string): string[] {
  const trimmed = line.trim();
  const end = /[\s,;]/.exec(trimmed)?.index ?? trimmed.length;
  return [trimmed.slice(0, end), trimmed.slice(end + 1).trim()];
}

async function* allItems(
  sources: readonly SourceHead[],
  { hasHeader, isNamed }: SmilesTable,
  signal: AbortSignal,
): AsyncGenerator<TableItem[]> {
  for (const source of sources) {
    let number = 0;
    let isFirst = true;
    for await (const lines of lineBatches(source, { encoding: 'UTF-8', mended: 0 }, signal)) {
      const items: TableItem[] = [];
      for (const line of lines) {
        number++;
        if (line?.trim() === '') continue;
        const isHeader = isFirst && hasHeader && !isSmiles(splitLine(line ?? '')[0] ?? '');
        isFirst = false;
        if (!isHeader) items.push(toItem(line, `${source.name}:${number}`, isNamed));
      }
      yield items;
    }
  }
}

function toItem(line: string | null, place: string, isNamed: boolean): TableItem {
  if (line === null) return leaveOut(place, badRow('The line is longer than 16 million characters.'));
  const [smiles = '', second = ''] = splitLine(line);
  if (!isNamed) return { name: place, values: [smiles, second], split: null };
  return { name: second === '' ? place : second.slice(0, 300), values: [smiles], split: null };
}
