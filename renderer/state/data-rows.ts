/** Where every heading and row of samples lies, and how arrow keys move between them; no arrays of 100,000 rows. */
import type { Step } from './grid-rows';
import type { SampleRun } from './data-state';

export type SampleRow =
  | { type: 'header'; run: SampleRun; at: number }
  /** Places in the order, from `first` up to but not including `end`. */
  | { type: 'samples'; first: number; end: number; isLast: boolean };

interface Span {
  run: SampleRun;
  firstRow: number;
  rows: number;
  firstPlace: number;
}

export class SampleRows {
  readonly count: number;
  private readonly spans: readonly Span[];
  private readonly total: number;

  /** Without headings (`hasHeaders` false) the runs follow each other without a break in the rows of the screen. */
  constructor(
    runs: readonly SampleRun[],
    readonly columns: number,
    private readonly hasHeaders = true,
  ) {
    const spans: Span[] = [];
    let firstRow = 0;
    let firstPlace = 0;
    for (const run of runs) {
      const rows = Math.ceil(run.count / columns);
      spans.push({ run, firstRow, rows, firstPlace });
      firstRow += rows + this.head;
      firstPlace += run.count;
    }
    this.spans = spans;
    this.count = firstRow;
    this.total = firstPlace;
  }

  private get head(): number {
    return this.hasHeaders ? 1 : 0;
  }

  rowAt(index: number): SampleRow | undefined {
    const at = lastBefore(this.spans, (span) => span.firstRow <= index);
    const span = this.spans[at];
    if (span === undefined || index >= this.count) return undefined;
    if (this.hasHeaders && index === span.firstRow) return { type: 'header', run: span.run, at };
    const row = index - span.firstRow - this.head;
    const first = span.firstPlace + row * this.columns;
    const end = Math.min(first + this.columns, span.firstPlace + span.run.count);
    return { type: 'samples', first, end, isLast: row === span.rows - 1 };
  }

  rowOf(place: number): number {
    const span = this.spans[lastBefore(this.spans, (one) => one.firstPlace <= place)];
    if (span === undefined) return 0;
    return span.firstRow + this.head + Math.floor((place - span.firstPlace) / this.columns);
  }

  /** The place an arrow key leads to; up and down keep the column, also across headings. */
  step(from: number, step: Step): number {
    const clamp = (place: number): number => Math.min(this.total - 1, Math.max(0, place));
    if (this.total === 0) return -1;
    if (from < 0) return step === 'end' ? this.total - 1 : 0;
    if (step === 'left') return clamp(from - 1);
    if (step === 'right') return clamp(from + 1);
    if (step === 'home') return 0;
    if (step === 'end') return this.total - 1;
    const rows = step === 'pageUp' || step === 'pageDown' ? 4 : 1;
    const isDown = step === 'down' || step === 'pageDown';
    let place = from;
    for (let row = 0; row < rows; row += 1) place = this.stepRow(place, isDown);
    return place;
  }

  private stepRow(from: number, isDown: boolean): number {
    const at = lastBefore(this.spans, (one) => one.firstPlace <= from);
    const span = this.spans[at];
    if (span === undefined) return from;
    const column = (from - span.firstPlace) % this.columns;
    const row = Math.floor((from - span.firstPlace) / this.columns) + (isDown ? 1 : -1);
    if (row >= 0 && row < span.rows) return placeIn(span, row, column, this.columns);
    const next = this.spans[at + (isDown ? 1 : -1)];
    if (next === undefined) return from;
    return placeIn(next, isDown ? 0 : next.rows - 1, column, this.columns);
  }
}

function placeIn(span: Span, row: number, column: number, columns: number): number {
  return span.firstPlace + Math.min(row * columns + column, span.run.count - 1);
}

/** Place of the last element for which `holds`, given that it holds for a beginning of the list; -1 for none. */
function lastBefore<Value>(list: readonly Value[], holds: (value: Value) => boolean): number {
  let low = 0;
  let high = list.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    const value = list[middle];
    if (value !== undefined && holds(value)) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}

/** Widths of tiles; photos get twice the width of drawings. */
const widths = {
  small: { drawn: 44, photo: 84 },
  medium: { drawn: 76, photo: 112 },
  large: { drawn: 120, photo: 196 },
} as const;

export const tileGap = 8;

export interface TileShape {
  columns: number;
  width: number;
  height: number;
}

/** As many columns as fit; tiles have the proportions of the pictures, within reason. */
export function tileShape(
  room: number,
  size: keyof typeof widths,
  image: { width: number; height: number } | null,
): TileShape {
  const picture = image ?? { width: 1, height: 1 };
  const isDrawn = Math.max(picture.width, picture.height) <= 64;
  const wanted = widths[size][isDrawn ? 'drawn' : 'photo'];
  const columns = Math.max(1, Math.round((room + tileGap) / (wanted + tileGap)));
  const width = Math.max(1, Math.floor((room - tileGap * (columns - 1)) / columns));
  const aspect = Math.min(1.5, Math.max(0.6, picture.height / picture.width));
  return { columns, width, height: Math.round(width * aspect) };
}
