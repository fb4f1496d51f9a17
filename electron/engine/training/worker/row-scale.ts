/** Rows of numbers are learned with every column at about zero mean and unit spread; what is drawn is put back. */

export interface RowScale {
  readonly means: readonly number[];
  /** The same for all columns where they measure the same (points of a plane keep their angles). */
  readonly spreads: readonly number[];
}

/** Columns whose spreads differ by less than this factor are taken to measure the same. */
const alike = 2;

/** Of the samples at `indices`; a missing number counts as the mean. */
export function scaleOf(columns: readonly Float64Array[], indices: ArrayLike<number>): RowScale {
  const both = columns.map((column) => momentsOf(column, indices));
  const spreads = both.map(({ spread }) => (spread > 0 ? spread : 1));
  const [least, most] = [Math.min(...spreads), Math.max(...spreads)];
  const mean = Math.sqrt(spreads.reduce((sum, spread) => sum + spread ** 2, 0) / Math.max(1, spreads.length));
  return {
    means: both.map((one) => one.mean),
    spreads: most < alike * least ? spreads.map(() => mean) : spreads,
  };
}

function momentsOf(column: Float64Array, indices: ArrayLike<number>): { mean: number; spread: number } {
  let [count, sum, squares] = [0, 0, 0];
  for (let k = 0; k < indices.length; k++) {
    const value = column[indices[k] ?? 0] ?? NaN;
    if (!Number.isFinite(value)) continue;
    count += 1;
    sum += value;
    squares += value * value;
  }
  const mean = count === 0 ? 0 : sum / count;
  return { mean, spread: count === 0 ? 0 : Math.sqrt(Math.max(0, squares / count - mean * mean)) };
}

/** Drawn rows [N, width] in the units of the data. */
export function unscaled(rows: Float32Array, { means, spreads }: RowScale): Float32Array {
  const width = means.length;
  return rows.map((value, k) => value * (spreads[k % width] ?? 1) + (means[k % width] ?? 0));
}
