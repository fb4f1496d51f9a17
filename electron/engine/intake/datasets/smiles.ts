/** Reads lists of molecules: a SMILES on each line, then perhaps a name or a property. Lines that are no SMILES are left out. */
import { AppError } from '../../../contract/errors';
import type { Column } from '../../../contract/samples';
import { lineBatches } from './lines';
import { areMostly, extensionOf, isText, passedOver } from './names';
import { badRow, leaveOut } from './outcomes';
import type { DatasetReader, SourceHead } from './reader';
import { isSmiles } from './smiles-syntax';
import { isMissing, parseNumber, rowsForTypes } from './table-columns';
import type { TableItem } from './table-read';
import { inspectTable, type OpenTable, readTable } from './table-source';
import { readTextHead } from './text-head';
import { encodingNotes } from './utf8';

const extensions = new Set(['.smi', '.smiles', '.ism', '.can']);

const isList = (source: SourceHead): boolean =>
  isText(source) && (extensions.has(extensionOf(source.name)) || looksLike(source));

export const smilesReader: DatasetReader = {
  name: 'smiles',
  match: (sources) => areMostly(sources, isList),
  async inspect(all, signal) {
    const sources = chosen(all);
    const inspection = await inspectTable(await openSmiles(sources, signal), sources, signal);
    return { ...inspection, notes: [...inspection.notes, ...passedOver(all.length - sources.length)] };
  },
  async *open(request) {
    const sources = chosen(request.sources);
    yield* readTable({ ...request, sources }, await openSmiles(sources, request.signal));
  },
};

/** Those that look like lists of molecules, or all when the person wants this reader and none does. */
function chosen(all: readonly SourceHead[]): readonly SourceHead[] {
  const lists = all.filter(isList);
  return lists.length === 0 ? all : lists;
}

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

async function openSmiles(sources: readonly SourceHead[], signal: AbortSignal): Promise<OpenTable> {
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
    rows: rows.map((row) => row.slice(0, columns.length)),
    rowBytes: bytes,
    notes: encodingNotes(found),
    items: (some, request) => allItems(some, { hasHeader, isNamed }, request.signal),
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
  { hasHeader, isNamed }: { hasHeader: boolean; isNamed: boolean },
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
