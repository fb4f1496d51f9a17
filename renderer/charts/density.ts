/** Points of a plane as a smooth density on a square grid, and the square that holds them; pure. */

/** A square: the same scale both ways, so that a ring looks like one. */
export interface Square {
  x: number;
  y: number;
  side: number;
}

/** float32 little-endian bytes, perhaps at an odd place of a larger buffer, as numbers. */
export function toFloat32(bytes: Uint8Array): Float32Array {
  const copy = bytes.slice(0, bytes.byteLength - (bytes.byteLength % 4));
  return new Float32Array(copy.buffer, 0, copy.byteLength / 4);
}

/** The first two of `width` numbers for each point. */
export function planeOf(rows: Float32Array, width: number): Float32Array {
  if (width === 2) return rows;
  const count = Math.floor(rows.length / Math.max(1, width));
  const points = new Float32Array(2 * count);
  for (let row = 0; row < count; row += 1) {
    points[2 * row] = rows[row * width] ?? 0;
    points[2 * row + 1] = width > 1 ? (rows[row * width + 1] ?? 0) : 0;
  }
  return points;
}

/** The square around points, with a little room; points far off among many do not stretch it. */
export function squareAround(points: Float32Array): Square {
  const axis = (offset: number): [number, number] => {
    const values = [...points].filter((value, place) => place % 2 === offset && Number.isFinite(value));
    values.sort((a, b) => a - b);
    const at = (share: number): number => values[Math.round(share * (values.length - 1))] ?? 0;
    return [at(0.002), at(0.998)];
  };
  const [left, right] = axis(0);
  const [bottom, top] = axis(1);
  const side = Math.max(right - left, top - bottom, 1e-6) * 1.12;
  return { x: (left + right - side) / 2, y: (bottom + top - side) / 2, side };
}

/** Density on `size` x `size` cells, row 0 on top, largest 1; each point counts in a small bell. */
export function densityOf(points: Float32Array, square: Square, size: number): Float32Array {
  const grid = new Float32Array(size * size);
  for (let place = 0; place + 1 < points.length; place += 2) {
    const column = Math.floor((((points[place] ?? 0) - square.x) / square.side) * size);
    const row = size - 1 - Math.floor((((points[place + 1] ?? 0) - square.y) / square.side) * size);
    if (column < 0 || row < 0 || column >= size || row >= size) continue;
    const cell = row * size + column;
    grid[cell] = (grid[cell] ?? 0) + 1;
  }
  const soft = blurred(blurred(grid, size), size);
  const most = soft.reduce((a, b) => Math.max(a, b), 0);
  return most === 0 ? soft : soft.map((value) => value / most);
}

/** Mean of each cell and its eight neighbours; what lies outside is empty. */
function blurred(grid: Float32Array, size: number): Float32Array {
  const out = new Float32Array(grid.length);
  for (let row = 0; row < size; row += 1) {
    for (let column = 0; column < size; column += 1) {
      let sum = 0;
      for (let dy = -1; dy <= 1; dy += 1) {
        for (let dx = -1; dx <= 1; dx += 1) {
          const [y, x] = [row + dy, column + dx];
          if (y >= 0 && x >= 0 && y < size && x < size) sum += grid[y * size + x] ?? 0;
        }
      }
      out[row * size + column] = sum / 9;
    }
  }
  return out;
}
