/** What a matrix of counts says: how right each row is, and which mistakes are made most; pure. */

/** Counts [true or asked class][answered class]; columns beyond the classes (an unsure one) are never right. */
export type Counts = readonly (readonly number[])[];

export interface Cell {
  row: number;
  column: number;
}

export interface Mistake extends Cell {
  count: number;
  /** Share of its row. */
  share: number;
}

export function rowTotal(counts: Counts, row: number): number {
  return (counts[row] ?? []).reduce((sum, count) => sum + count, 0);
}

export function countAt(counts: Counts, { row, column }: Cell): number {
  return counts[row]?.[column] ?? 0;
}

/** Share of the row that lies on the diagonal; null of an empty row. */
export function rowRight(counts: Counts, row: number): number | null {
  const total = rowTotal(counts, row);
  return total === 0 ? null : countAt(counts, { row, column: row }) / total;
}

/** Share of all that lies on the diagonal; null when there is nothing. */
export function allRight(counts: Counts): number | null {
  let right = 0;
  let total = 0;
  for (let row = 0; row < counts.length; row += 1) {
    right += countAt(counts, { row, column: row });
    total += rowTotal(counts, row);
  }
  return total === 0 ? null : right / total;
}

/** What lies off the diagonal, most frequent first, then in the order of the classes. */
export function mistakesOf(counts: Counts, most: number): Mistake[] {
  const found: Mistake[] = [];
  for (let row = 0; row < counts.length; row += 1) {
    const total = rowTotal(counts, row);
    (counts[row] ?? []).forEach((count, column) => {
      if (column !== row && count > 0) found.push({ row, column, count, share: count / total });
    });
  }
  return found.sort((a, b) => b.count - a.count || a.row - b.row || a.column - b.column).slice(0, most);
}

/** Where a key leads from a cell; undefined when it is not for the matrix. */
export function cellAfterKey(cell: Cell, key: string, size: { rows: number; columns: number }): Cell | undefined {
  const { row, column } = cell;
  const within = (value: number, length: number): number => Math.min(Math.max(0, value), Math.max(0, length - 1));
  switch (key) {
    case 'ArrowUp':
      return { row: within(row - 1, size.rows), column };
    case 'ArrowDown':
      return { row: within(row + 1, size.rows), column };
    case 'ArrowLeft':
      return { row, column: within(column - 1, size.columns) };
    case 'ArrowRight':
      return { row, column: within(column + 1, size.columns) };
    case 'Home':
      return { row, column: 0 };
    case 'End':
      return { row, column: within(size.columns, size.columns) };
    default:
      return undefined;
  }
}
