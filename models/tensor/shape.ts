/** Shapes with sizes that may be symbols: the small algebra that shape inference needs (products, exact quotients, broadcasting). */

/** One axis: a size, a product with symbols (`N`, `4*N*T`) for any size, or `?` when nothing is known. */
export type Dim = number | string;

/** Sizes from the outermost axis inwards; [] is a scalar. */
export type Shape = readonly Dim[];

/** The axis of which nothing is known; it equals nothing, not even itself. */
export const unknownDim = '?';

interface Monomial {
  readonly factor: number;
  readonly symbols: readonly string[];
}

function parse(dim: Dim): Monomial | undefined {
  if (typeof dim === 'number') return { factor: dim, symbols: [] };
  if (dim === unknownDim) return undefined;
  const parts = dim.split('*');
  const [head = ''] = parts;
  return /^\d+$/.test(head) ? { factor: Number(head), symbols: parts.slice(1) } : { factor: 1, symbols: parts };
}

function format({ factor, symbols }: Monomial): Dim {
  if (symbols.length === 0 || factor === 0) return factor;
  return [...(factor === 1 ? [] : [String(factor)]), ...[...symbols].sort()].join('*');
}

/** a * b, with the symbols of both in alphabetical order. */
export function multiplyDims(a: Dim, b: Dim): Dim {
  if (a === 0 || b === 0) return 0;
  const left = parse(a);
  const right = parse(b);
  if (!left || !right) return unknownDim;
  return format({ factor: left.factor * right.factor, symbols: [...left.symbols, ...right.symbols] });
}

/** a / b where that is exact, else `?`. */
export function divideDims(a: Dim, b: Dim): Dim {
  const left = parse(a);
  const right = parse(b);
  if (!left || !right || right.factor === 0 || left.factor % right.factor !== 0) return unknownDim;
  const symbols = [...left.symbols];
  for (const symbol of right.symbols) {
    const at = symbols.indexOf(symbol);
    if (at < 0) return unknownDim;
    symbols.splice(at, 1);
  }
  return format({ factor: left.factor / right.factor, symbols });
}

/** a + b where that stays a product, else `?`. */
export function addDims(a: Dim, b: Dim): Dim {
  if (a === 0) return b;
  if (b === 0) return a;
  const left = parse(a);
  const right = parse(b);
  if (!left || !right || left.symbols.join() !== right.symbols.join()) return unknownDim;
  return format({ factor: left.factor + right.factor, symbols: left.symbols });
}

/** Number of elements of a shape; 1 for a scalar. */
export function shapeSize(shape: Shape): Dim {
  return shape.reduce(multiplyDims, 1);
}

/** Whether two axes are known to be equal. */
export function equalDims(a: Dim, b: Dim): boolean {
  return a === b && a !== unknownDim;
}

/** Whether two axes cannot be equal. */
export function contradictoryDims(a: Dim, b: Dim): boolean {
  return typeof a === 'number' && typeof b === 'number' && a !== b;
}

/** Whether every axis is a number. */
export function isStatic(shape: Shape): shape is readonly number[] {
  return shape.every((dim) => typeof dim === 'number');
}

/** The shape of an elementwise result (NumPy rules, right-aligned); undefined when two axes contradict each other. */
export function broadcastShapes(...shapes: readonly Shape[]): Shape | undefined {
  const rank = Math.max(0, ...shapes.map((shape) => shape.length));
  const result: Dim[] = [];
  for (let axis = 0; axis < rank; axis++) {
    let dim: Dim = 1;
    for (const shape of shapes) {
      const other = shape[axis - rank + shape.length] ?? 1;
      if (other === 1 || dim === other) continue;
      if (dim !== 1 && contradictoryDims(dim, other)) return undefined;
      if (dim === 1) dim = other;
      else if (typeof other === 'number')
        dim = other; // a symbol against a number above 1 can only be that number, or 1
      else if (typeof dim === 'string') dim = unknownDim;
    }
    result.push(dim);
  }
  return result;
}

/** A shape as text: `[N, 3, 224, 224]`. */
export function shapeText(shape: Shape): string {
  return `[${shape.join(', ')}]`;
}

/**
 * An axis counted from the front, 0 to rank - 1; negative ones count from the end.
 * @throws RangeError when the axis does not exist.
 */
export function normalAxis(axis: number, rank: number): number {
  const normal = axis < 0 ? axis + rank : axis;
  if (normal < 0 || normal >= Math.max(rank, 1)) throw new RangeError(`Axis ${axis} does not exist in rank ${rank}.`);
  return normal;
}
