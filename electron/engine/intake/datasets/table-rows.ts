/** From the values of a table's row to a sample, as the roles of its columns say. */
import type { Column, Split } from '../../../contract/samples';
import { splitOf } from '../../datasets/folder-labels';
import { badRow, type Cell, leaveOut, type Outcome, type Shape } from './outcomes';
import { smilesProblem } from './smiles-syntax';
import { kindOf, isMissing, parseNumber, type Value } from './table-columns';

export interface RowRules {
  /** Of all columns, in the order of the values. */
  readonly columns: readonly Column[];
  readonly decimal: '.' | ',';
  /** What 0, 1, ... in the label column mean; empty when they mean themselves. */
  readonly classNames: readonly string[];
}

/** What the chunks of such a table hold; pictures have a shape of their own. */
export function shapeOf(columns: readonly Column[]): Shape {
  const kind = kindOf(columns);
  return { kind: kind === 'image' ? 'row' : kind, columns: columns.filter(isCell) };
}

const isCell = ({ role }: Column): boolean => role === 'feature' || role === 'target';

export type RowReader = (name: string, values: readonly Value[], split: Split | null) => Outcome;

/** Rows that cannot be what their columns say are left out, with the column that is wrong. */
export function createRowReader(rules: RowRules): RowReader {
  const { columns } = rules;
  const { kind } = shapeOf(columns);
  const contentAt = columns.findIndex(({ role }) => role === 'content');
  const cellsAt = columns.flatMap((column, k) => (isCell(column) ? [k] : []));
  return (name, values, split) => {
    try {
      checkLength(values, rules);
      const cells = cellsAt.map((k) => cellOf(values[k] ?? null, columns[k], rules.decimal));
      const common = { name, label: labelIn(values, rules), split: splitIn(values, columns) ?? split, cells };
      if (kind === 'row') return { ...common, own: JSON.stringify(cells) };
      const text = textOf(values[contentAt] ?? null, columns[contentAt]);
      if (text.trim() === '') throw badRow(`Its column "${columns[contentAt]?.name ?? ''}" is empty.`);
      if (kind === 'molecule') checkSmiles(text.trim());
      const kept = kind === 'molecule' ? text.trim() : text;
      return { ...common, own: kept, payload: Buffer.from(kept) };
    } catch (error) {
      return leaveOut(name, error);
    }
  };
}

export function checkLength({ length }: readonly Value[], { columns }: RowRules): void {
  if (length === columns.length) return;
  throw badRow(`It has ${length} columns where the table has ${columns.length}.`, { got: length });
}

function checkSmiles(text: string): void {
  const problem = smilesProblem(text);
  if (problem !== undefined) throw badRow(`"${text.slice(0, 60)}" is not written as SMILES: ${problem}.`);
}

function cellOf(value: Value, column: Column | undefined, decimal: '.' | ','): Cell {
  if (column?.type !== 'number') return textOf(value, column);
  if (isMissing(value)) return null;
  const number = typeof value === 'number' ? value : parseNumber(value ?? '', decimal);
  if (number !== undefined && Number.isFinite(number)) return number;
  const shown = String(value).slice(0, 60);
  const reason = number === undefined ? 'is not a number' : 'is beyond all numbers';
  throw badRow(`"${shown}" in its column "${column.name.slice(0, 60)}" ${reason}.`, { column: column.name });
}

function textOf(value: Value, column: Column | undefined): string {
  const text = value === null ? '' : String(value);
  if (text.includes('\0')) {
    throw badRow(`Its column "${column?.name.slice(0, 60) ?? ''}" holds a zero byte.`, { column: column?.name ?? '' });
  }
  return text;
}

const noLabel = new Set(['', 'nan', 'na']);
const maxLabelLength = 300;

export function labelIn(values: readonly Value[], { columns, classNames }: RowRules): string | null {
  const at = columns.findIndex(({ role }) => role === 'label');
  const label = at < 0 ? '' : textOf(values[at] ?? null, columns[at]).trim();
  if (noLabel.has(label.toLowerCase())) return null;
  if (label.length > maxLabelLength) throw badRow(`Its label is longer than ${maxLabelLength} letters.`);
  return (/^\d+$/.test(label) ? classNames[Number(label)] : undefined) ?? label;
}

export function splitIn(values: readonly Value[], columns: readonly Column[]): Split | undefined {
  const at = columns.findIndex(({ role }) => role === 'split');
  return at < 0 ? undefined : splitOf(String(values[at] ?? '').trim());
}
