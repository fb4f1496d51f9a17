/** CSV after RFC 4180, with OWASP's guard: text that a spreadsheet would run as a formula gets a leading apostrophe. */
import type { ExportRow } from './rows';

const shownPredictions = 5;

export const csvHeader: readonly string[] = [
  'file',
  'label',
  'standing',
  'score',
  ...Array.from({ length: shownPredictions }, (_, index) => [`label ${index + 1}`, `score ${index + 1}`]).flat(),
  'boxes',
  'correction',
  'width',
  'height',
  'bytes',
  'error code',
  'error',
];

/** OWASP "CSV injection": cells that begin with = + - @ TAB or CR. Numbers are written as numbers and stay untouched. */
export function csvCell(value: string | number | null): string {
  if (value === null) return '';
  if (typeof value === 'number') return String(value);
  // A text that begins with an apostrophe gets one too, so that reading back removes exactly one from all.
  const safe = /^[=+\-@\t\r']/.test(value) ? `'${value}` : value;
  return /[",\r\n\t]/.test(safe) || safe !== safe.trim() ? `"${safe.replaceAll('"', '""')}"` : safe;
}

/** The text that `csvCell` was given, from the text of a parsed cell. */
export function readCsvText(cell: string): string {
  return cell.startsWith("'") ? cell.slice(1) : cell;
}

export function csvLine(cells: readonly (string | number | null)[]): string {
  return `${cells.map(csvCell).join(',')}\r\n`;
}

export function csvRow(row: ExportRow): string {
  const predictions = Array.from({ length: shownPredictions }, (_, index) => {
    const prediction = row.predictions[index];
    return [prediction?.label ?? null, prediction?.score ?? null];
  }).flat();
  const boxes = row.predictions.flatMap(({ label, score, box }) => (box === undefined ? [] : [{ label, score, box }]));
  return csvLine([
    row.file,
    row.label,
    row.standing,
    row.score,
    ...predictions,
    boxes.length === 0 ? null : JSON.stringify(boxes),
    row.correction,
    row.width,
    row.height,
    row.bytes,
    row.errorCode,
    row.errorMessage,
  ]);
}
