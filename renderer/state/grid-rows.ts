/** Where every header and tile row of the sections lies, and how arrow keys move between tiles; no arrays of 10,000 rows. */
import type { Photo } from '../../electron/contract/photo';
import type { PhotoSection, SectionKind } from './photo-list';

export type GridRow =
  | { type: 'header'; kind: SectionKind; count: number }
  | { type: 'tiles'; kind: SectionKind; photos: readonly Photo[]; isLast: boolean }
  | { type: 'failed'; photo: Photo };

export interface GridRows {
  count: number;
  rowAt(index: number): GridRow | undefined;
  /** Row that holds the picture at this place of the whole order. */
  rowOf(place: number): number;
}

interface Span {
  section: PhotoSection;
  /** Index of the header row. */
  firstRow: number;
  rows: number;
  columns: number;
  /** Place of the section's first picture in the whole order. */
  firstPlace: number;
}

/** What could not be read has a line each, with the reason. */
function columnsOf(kind: SectionKind, columns: number): number {
  return kind === 'failed' ? 1 : columns;
}

function spansOf(sections: readonly PhotoSection[], width: number): Span[] {
  const spans: Span[] = [];
  let firstRow = 0;
  let firstPlace = 0;
  for (const section of sections) {
    const columns = columnsOf(section.kind, width);
    const rows = Math.ceil(section.photos.length / columns);
    spans.push({ section, firstRow, rows, columns, firstPlace });
    firstRow += 1 + rows;
    firstPlace += section.photos.length;
  }
  return spans;
}

export function gridRows(sections: readonly PhotoSection[], columns: number): GridRows {
  const spans = spansOf(sections, columns);
  const last = spans[spans.length - 1];
  return {
    count: last === undefined ? 0 : last.firstRow + 1 + last.rows,
    rowAt(index) {
      const span = spans.find((one) => index <= one.firstRow + one.rows);
      if (span === undefined) return undefined;
      const { section, firstRow, rows, columns: across } = span;
      if (index === firstRow) return { type: 'header', kind: section.kind, count: section.photos.length };
      const row = index - firstRow - 1;
      const photos = section.photos.slice(row * across, (row + 1) * across);
      const [photo] = photos;
      if (section.kind === 'failed' && photo !== undefined) return { type: 'failed', photo };
      return { type: 'tiles', kind: section.kind, photos, isLast: row === rows - 1 };
    },
    rowOf(place) {
      const span = spans.find((one) => place < one.firstPlace + one.section.photos.length);
      return span === undefined ? 0 : span.firstRow + 1 + Math.floor((place - span.firstPlace) / span.columns);
    },
  };
}

export type Step = 'left' | 'right' | 'up' | 'down' | 'home' | 'end' | 'pageUp' | 'pageDown';

/** The place an arrow key leads to; up and down keep the column, also across section borders. */
export function stepPlace(sections: readonly PhotoSection[], columns: number, from: number, step: Step): number {
  const total = sections.reduce((sum, section) => sum + section.photos.length, 0);
  const clamp = (place: number): number => Math.min(total - 1, Math.max(0, place));
  if (total === 0) return -1;
  if (from < 0) return step === 'end' ? total - 1 : 0;
  if (step === 'left') return clamp(from - 1);
  if (step === 'right') return clamp(from + 1);
  if (step === 'home') return 0;
  if (step === 'end') return total - 1;
  const rows = step === 'pageUp' || step === 'pageDown' ? 4 : 1;
  const isDown = step === 'down' || step === 'pageDown';
  let place = from;
  for (let row = 0; row < rows; row += 1) place = stepRow(spansOf(sections, columns), place, isDown);
  return place;
}

function stepRow(spans: readonly Span[], from: number, isDown: boolean): number {
  const at = spans.findIndex((span) => from < span.firstPlace + span.section.photos.length);
  const span = spans[at];
  if (span === undefined) return from;
  const column = (from - span.firstPlace) % span.columns;
  const row = Math.floor((from - span.firstPlace) / span.columns) + (isDown ? 1 : -1);
  const [target, targetRow] = row < 0 ? [spans[at - 1], Infinity] : row >= span.rows ? [spans[at + 1], 0] : [span, row];
  if (target === undefined) return from;
  const safeRow = Math.min(targetRow, target.rows - 1);
  const inSection = Math.min(
    safeRow * target.columns + Math.min(column, target.columns - 1),
    target.section.photos.length - 1,
  );
  return target.firstPlace + inSection;
}

/** As many columns as fit: six where tiles stay between 120 and 220 wide, more on wide screens, fewer on narrow ones. */
export function columnsFor(width: number, gap: number): number {
  const six = (width - 5 * gap) / 6;
  if (six >= 120 && six <= 220) return 6;
  const size = six > 220 ? 220 : 120;
  return Math.max(1, Math.floor((width + gap) / (size + gap)));
}
