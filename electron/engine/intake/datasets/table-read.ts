/** What tables of all kinds share: rows in batches become samples, and an inspection counts them. */
import type { LeftOut } from '../../../contract/dataset-intake';
import type { Column, Inspection, Split } from '../../../contract/samples';
import { naturally } from '../list-files';
import type { Outcome, Sample } from './outcomes';
import { createRowReader, type RowRules } from './table-rows';
import { kindOf, maxColumns, type Value } from './table-columns';
import { AppError } from '../../../contract/errors';

export interface TableRow {
  readonly name: string;
  readonly values: readonly Value[];
  readonly split: Split | null;
  /** Encoded, where the row holds one. */
  readonly picture?: Uint8Array | undefined;
  /** Finds files that the row names. */
  readonly resolve?: ((named: string) => Promise<string>) | undefined;
}

/** A row, or what stands in its place when it cannot be parsed. */
export type TableItem = TableRow | LeftOut;

export async function* outcomesOf(
  rules: RowRules,
  batches: AsyncIterable<readonly TableItem[]>,
): AsyncGenerator<Outcome[]> {
  const toOutcome = createRowReader(rules);
  for await (const batch of batches) {
    yield batch.map((item) => ('failure' in item ? item : toOutcome(item.name, item.values, item.split)));
  }
}

/** All files of a table have the columns of the first. */
export function checkNames(expected: readonly string[], names: readonly string[], file: string): void {
  const different = names.findIndex((name, k) => expected[k] !== name);
  if (different < 0 && expected.length === names.length) return;
  const reason =
    expected.length === names.length
      ? `its column ${different + 1} is "${cut(names[different] ?? '', 80)}", not "${cut(expected[different] ?? '', 80)}"`
      : `it has ${names.length} columns, not ${expected.length}`;
  throw new AppError('data/mismatch', `${cut(file, 300)} does not fit the others: ${reason}.`, { file });
}

/** What a person chose was chosen for these columns. */
export function checkChosen(chosen: readonly Column[], table: readonly Column[]): void {
  if (chosen.length === table.length && chosen.every(({ name }, k) => name === table[k]?.name)) return;
  throw new AppError('data/mismatch', 'The source has other columns than those chosen. Look at it again.', {
    columns: table.length,
    chosen: chosen.length,
  });
}

export interface Tally {
  samples: number;
  leftOut: number;
  firstLeftOut: LeftOut | undefined;
  classes: Map<string, number>;
  hasSplit: boolean;
  /** What the samples take in a pack, about. */
  bytes: number;
  payloadBytes: number;
}

/** Counts outcomes without keeping them. */
export async function tally(
  outcomes: AsyncIterable<readonly Outcome[]> | Iterable<readonly Outcome[]>,
): Promise<Tally> {
  const result: Tally = {
    samples: 0,
    leftOut: 0,
    firstLeftOut: undefined,
    classes: new Map(),
    hasSplit: false,
    bytes: 0,
    payloadBytes: 0,
  };
  for await (const batch of outcomes) for (const outcome of batch) count(result, outcome);
  return result;
}

function count(result: Tally, outcome: Outcome): void {
  if ('failure' in outcome) {
    result.leftOut++;
    result.firstLeftOut ??= outcome;
    return;
  }
  result.samples++;
  result.bytes += sizeOf(outcome);
  result.payloadBytes += outcome.payload?.length ?? 0;
  if (outcome.split !== null) result.hasSplit = true;
  if (outcome.label !== null) result.classes.set(outcome.label, (result.classes.get(outcome.label) ?? 0) + 1);
}

function sizeOf({ payload, cells = [], name }: Sample): number {
  const fixed = 64 + name.length + (payload?.length ?? 0);
  return cells.reduce<number>((sum, cell) => sum + (typeof cell === 'string' ? cell.length + 4 : 8), fixed);
}

const maxClasses = 10_000;

/** Classes in natural order, as an inspection tells them; notes what it cannot tell. */
export function classesOf({ classes }: Tally, notes: string[]): Inspection['classes'] {
  if (classes.size > maxClasses) notes.push(`There are ${classes.size} classes; the first ${maxClasses} are shown.`);
  return [...classes]
    .map(([name, number]) => ({ name, count: number }))
    .sort((a, b) => naturally(a.name, b.name))
    .slice(0, maxClasses);
}

export function leftOutNotes({ leftOut, firstLeftOut }: Tally): string[] {
  if (firstLeftOut === undefined) return [];
  const what = leftOut === 1 ? 'One record is' : `${leftOut} records are`;
  return [`${what} left out. The first: ${firstLeftOut.name}: ${firstLeftOut.failure.message}`.slice(0, 500)];
}

/** Everything of an inspection that follows from the columns and the counts. `scale`: records in all by records counted. */
export function tableInspection(
  columns: readonly Column[],
  counts: Tally,
  rows: readonly (readonly Value[])[],
  { samples, isCountExact, notes }: { samples: number; isCountExact: boolean; notes: string[] },
): Omit<Inspection, 'reader'> {
  const all = [...notes, ...leftOutNotes(counts)];
  const classes = classesOf(counts, all);
  if (!isCountExact && classes.length > 0) all.push(`Classes are those of the first ${counts.samples} rows.`);
  const perSample = counts.samples === 0 ? 64 : counts.bytes / counts.samples;
  return {
    kind: kindOf(columns),
    samples,
    isCountExact,
    classes,
    hasGivenSplit: counts.hasSplit,
    options: { columns: columns.slice(0, maxColumns) },
    sizes: null,
    pictures: [],
    rows: rows.slice(0, 20).map(shownRow),
    packBytes: Math.round(perSample * samples),
    notes: all.slice(0, 50).map((note) => note.slice(0, 500)),
  };
}

const shownRow = (row: readonly Value[]): string[] => row.slice(0, 50).map((value) => cut(String(value ?? ''), 200));

/** Cut to a number of characters, with three dots where something is missing. */
export const cut = (text: string, length: number): string =>
  text.length <= length ? text : `${text.slice(0, length)}...`;
