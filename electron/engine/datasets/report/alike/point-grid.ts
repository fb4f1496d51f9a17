/**
 * Points nearer than a radius, exactly: a grid over the five coordinates that spread most, with cells twice as wide as the
 * radius, so that the partners of a point can only lie in its own cell and, along each axis, in the nearer one beside it.
 */

const gridAxes = 5;

/** Points [count, axes], row by row, coordinates within -1..1. */
export interface Points {
  readonly values: Float32Array;
  readonly axes: number;
}

/** Points sorted into cells. */
export class PointGrid {
  /** Indices of the points, cell by cell. */
  private readonly order: Uint32Array;
  /** Coordinates in that order, those that spread most first, so that most distances are soon known to be too large. */
  private readonly sorted: Float32Array;
  /** Place in `order` of the first point of a cell, by the cell's number, and the place after its last point. */
  private readonly cells = new Map<number, number>();
  private readonly ends: Uint32Array;
  private readonly axes: Uint32Array;
  private readonly width: number;
  private readonly centre: Float64Array;

  constructor(
    points: Points,
    private readonly radius: number,
  ) {
    this.width = 2 * radius;
    this.axes = widestFirst(points);
    const count = points.values.length / points.axes;
    this.centre = new Float64Array(points.axes);
    const keys = Int32Array.from({ length: count }, (_, i) => this.keyOf(this.take(points, i)));
    this.order = Uint32Array.from({ length: count }, (_, i) => i);
    this.order.sort((a, b) => (keys[a] ?? 0) - (keys[b] ?? 0) || a - b);
    this.sorted = new Float32Array(points.values.length);
    this.order.forEach((i, n) => this.sorted.set(this.take(points, i), n * points.axes));
    this.ends = new Uint32Array(count);
    for (let from = 0; from < count;) {
      const key = keys[this.order[from] ?? 0] ?? 0;
      let to = from + 1;
      while (to < count && keys[this.order[to] ?? 0] === key) to++;
      this.cells.set(key, from);
      this.ends[from] = to;
      from = to;
    }
  }

  /** Points of the grid nearer than the radius to point `i` of `others`, in no particular order: all, or the first `most` found. */
  near(others: Points, i: number, most: number): number[] {
    this.take(others, i);
    const found: number[] = [];
    this.visit(0, 0, found, most);
    return found;
  }

  private visit(axis: number, key: number, found: number[], most: number): void {
    if (axis === gridAxes) {
      this.compare(key, found, most);
      return;
    }
    const place = (this.centre[axis] ?? 0) / this.width;
    const cell = Math.floor(place);
    this.visit(axis + 1, mixed(key, cell), found, most);
    this.visit(axis + 1, mixed(key, place - cell < 0.5 ? cell - 1 : cell + 1), found, most);
  }

  private compare(key: number, found: number[], most: number): void {
    const from = this.cells.get(key);
    if (from === undefined) return;
    const { sorted, centre } = this;
    const axes = centre.length;
    const limit = this.radius * this.radius;
    const to = this.ends[from] ?? 0;
    for (let n = from; n < to && found.length < most; n++) {
      let distance = 0;
      for (let k = 0, at = n * axes; k < axes && distance <= limit; k++, at++) {
        const difference = (centre[k] ?? 0) - (sorted[at] ?? 0);
        distance += difference * difference;
      }
      if (distance <= limit) found.push(this.order[n] ?? 0);
    }
  }

  /** Coordinates of a point, those that spread most first, in `centre`. */
  private take({ values, axes }: Points, i: number): Float64Array {
    for (let k = 0; k < axes; k++) this.centre[k] = values[i * axes + (this.axes[k] ?? 0)] ?? 0;
    return this.centre;
  }

  private keyOf(place: Float64Array): number {
    let key = 0;
    for (let axis = 0; axis < gridAxes; axis++) {
      key = mixed(key, Math.floor((place[axis] ?? 0) / this.width));
    }
    return key;
  }
}

/** One more coordinate in the number of a cell. Two cells may share a number: then some points are compared in vain. */
function mixed(key: number, cell: number): number {
  return Math.imul(key ^ (cell + 64), 0x9e3779b1) ^ (key >>> 15);
}

/** All axes, those with the largest variance first. */
function widestFirst({ values, axes }: Points): Uint32Array {
  const count = Math.max(1, values.length / axes);
  const variances = Array.from({ length: axes }, (_, axis) => {
    let [sum, squares] = [0, 0];
    for (let k = axis; k < values.length; k += axes) {
      const value = values[k] ?? 0;
      sum += value;
      squares += value * value;
    }
    return { axis, variance: squares - (sum * sum) / count };
  });
  variances.sort((a, b) => b.variance - a.variance || a.axis - b.axis);
  return Uint32Array.from(variances, ({ axis }) => axis);
}
