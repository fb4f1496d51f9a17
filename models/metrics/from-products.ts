/**
 * The measures between sets of features once the inner products of all their rows are known: whoever has a fast matrix product spends seconds less.
 * Each gives what its plain form gives (neighbours.ts, distances.ts), up to the rounding of the products.
 */
import { permutation, streamOf } from '../tensor/random';
import type { Estimate } from './distances';
import type { Features } from './features';
import type { Fidelity } from './neighbours';

/** [rows, columns], row after row. */
export interface Table {
  readonly rows: number;
  readonly columns: number;
  readonly data: Float32Array;
}

/** Inner products of the rows of two sets: real with real, drawn with drawn, and [drawn, real]. */
export interface ProductsOfPair {
  readonly real: Table;
  readonly drawn: Table;
  readonly between: Table;
}

/** Squared lengths of the rows. */
export function squaredLengths({ count, width, data }: Features): Float64Array {
  return Float64Array.from({ length: count }, (_, row) => {
    let sum = 0;
    for (let k = row * width; k < (row + 1) * width; k++) sum += (data[k] ?? 0) ** 2;
    return sum;
  });
}

/** Squared Euclidean distances from inner products: |a|^2 + |b|^2 - 2 a.b, never negative. */
export function squaresOf(products: Table, a: Float64Array, b: Float64Array): Table {
  const { rows, columns } = products;
  const data = new Float32Array(rows * columns);
  for (let i = 0, at = 0; i < rows; i++) {
    const own = a[i] ?? 0;
    for (let j = 0; j < columns; j++, at++) data[at] = Math.max(0, own + (b[j] ?? 0) - 2 * (products.data[at] ?? 0));
  }
  return { rows, columns, data };
}

/**
 * `fidelity` of squared distances, and the standard error of its density over the drawn samples.
 * @see neighbours.ts for the definitions and their sources.
 */
export function fidelityOf(squares: ProductsOfPair, k: number): Fidelity & { densityError: number } {
  const reachReal = reaches(squares.real, k);
  const reachDrawn = reaches(squares.drawn, k);
  const { rows, columns, data } = squares.between;
  const isRecalled = new Uint8Array(columns);
  const isCovered = new Uint8Array(columns);
  const within = new Uint32Array(rows);
  for (let i = 0, at = 0; i < rows; i++) {
    const own = reachDrawn[i] ?? 0;
    for (let j = 0; j < columns; j++, at++) {
      const square = data[at] ?? Infinity;
      if (square <= own) isRecalled[j] = 1;
      if (square > (reachReal[j] ?? 0)) continue;
      within[i] = (within[i] ?? 0) + 1;
      isCovered[j] = 1;
    }
  }
  const density = sum(within) / (k * rows);
  const variance = within.reduce((total, hits) => total + (hits / k - density) ** 2, 0) / Math.max(1, rows - 1);
  return {
    precision: within.filter((hits) => hits > 0).length / rows,
    recall: sum(isRecalled) / columns,
    density,
    densityError: Math.sqrt(variance / rows),
    coverage: sum(isCovered) / columns,
  };
}

function sum(numbers: ArrayLike<number>): number {
  let total = 0;
  for (let k = 0; k < numbers.length; k++) total += numbers[k] ?? 0;
  return total;
}

/** Squared distance of every row to its k-th nearest other row. */
function reaches({ rows, columns, data }: Table, k: number): Float32Array {
  return Float32Array.from({ length: rows }, (_, row) => {
    const few = smallest(data.subarray(row * columns, (row + 1) * columns), Math.min(k, rows - 1), row);
    return data[row * columns + (few[few.length - 1] ?? row)] ?? Infinity;
  });
}

/** Places of the `most` smallest numbers, smallest first, the lower place first where they are alike; `but` is passed over. */
export function smallest(numbers: Float32Array, most: number, but = -1): Int32Array {
  const places = new Int32Array(most);
  let kept = 0;
  for (let place = 0; place < numbers.length; place++) {
    const number = numbers[place] ?? Infinity;
    if (place === but) continue;
    if (kept === most && number >= (numbers[places[most - 1] ?? 0] ?? Infinity)) continue;
    let at = kept < most ? kept++ : most - 1;
    for (; at > 0 && number < (numbers[places[at - 1] ?? 0] ?? 0); at--) places[at] = places[at - 1] ?? 0;
    places[at] = place;
  }
  return places.subarray(0, kept);
}

/**
 * `kernelDistance` of inner products, over the same subsets.
 * @see distances.ts for the definition and its source.
 */
export function kernelDistanceOf(
  products: ProductsOfPair,
  width: number,
  seed: number,
  subsets = 10,
  size = 500,
): Estimate {
  const kernel = ({ rows, columns, data }: Table): Table => ({ rows, columns, data: data.map((dot) => (dot / width + 1) ** 3) }); // prettier-ignore
  const [real, drawn, between] = [products.real, products.drawn, products.between].map(kernel);
  if (!real || !drawn || !between) return { value: NaN, standardError: NaN };
  const n = Math.min(size, real.rows, drawn.rows);
  const values = Array.from({ length: subsets }, (_, step) => {
    const pick = (from: Table, name: string): Uint32Array =>
      permutation({ seed, stream: streamOf(`kernel.${name}`), step }, from.rows).subarray(0, n);
    const [a, b] = [pick(real, 'a'), pick(drawn, 'b')];
    const within = (table: Table, places: Uint32Array): number =>
      (sumAt(table, places, places) - places.reduce((total, i) => total + (table.data[i * table.columns + i] ?? 0), 0)) / (n * (n - 1)); // prettier-ignore
    return within(real, a) + within(drawn, b) - (2 * sumAt(between, b, a)) / (n * n);
  });
  const value = values.reduce((total, one) => total + one, 0) / subsets;
  const variance = values.reduce((total, one) => total + (one - value) ** 2, 0) / Math.max(1, subsets - 1);
  return { value, standardError: Math.sqrt(variance / subsets) };
}

function sumAt({ columns, data }: Table, rows: Uint32Array, places: Uint32Array): number {
  let total = 0;
  for (const row of rows) for (const place of places) total += data[row * columns + place] ?? 0;
  return total;
}
