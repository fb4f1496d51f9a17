/**
 * The outline of a picture: its coarse shape as 35 numbers, the lowest coefficients of the two-dimensional cosine transform of
 * its brightness. A perceptual hash (Zauner 2010, "Implementation and Benchmarking of Perceptual Image Hash Functions", 3.2.1)
 * keeps only signs; kept whole, they also tell pictures of sparse strokes apart, which share most signs.
 */

/** Coefficients along an axis; the first of all, the mean brightness, is left out. */
const frequencies = 6;
/** Numbers of an outline. */
export const outlineLength = frequencies * frequencies - 1;
/** Cells along an axis that brightness is averaged over first. */
const cells = 16;
/** Outlines are divided by their own size, so that contrast does not matter, but by no less than this, so that noise does not either. */
const leastSize = 10;

/**
 * Parts of a picture that lack its last or its first row and column: of a picture and its copy shifted by a pixel, two show the
 * same.
 */
export const corners = [
  { top: 0, left: 0 },
  { top: 0, left: 1 },
  { top: 1, left: 0 },
  { top: 1, left: 1 },
] as const;

/** Shape of pictures u8 [height, width, channels]. */
export interface Shape {
  readonly height: number;
  readonly width: number;
  readonly channels: number;
}

/**
 * Writes the outlines of the four corner parts of a picture, in the order of `corners`, into `targets` [35] each, and returns its
 * contrast: the standard deviation of its brightness in 0..255.
 */
export function writeOutlines(pixels: Uint8Array, shape: Shape, targets: readonly Float32Array[]): number {
  const height = Math.max(1, shape.height - 1);
  const width = Math.max(1, shape.width - 1);
  const { sums, contrast } = brightnessSums(pixels, shape);
  const grid = new Float64Array(cells * cells);
  corners.forEach((corner, k) => {
    const [top, left] = [Math.min(corner.top, shape.height - height), Math.min(corner.left, shape.width - width)];
    averageCells(sums, shape.width + 1, { top, left, height, width }, grid);
    const target = targets[k];
    if (target !== undefined) transform(grid, target);
  });
  return contrast;
}

/** Sums of brightness over all rows above and columns left of each corner between pixels: [height + 1, width + 1]. */
function brightnessSums(
  pixels: Uint8Array,
  { height, width, channels }: Shape,
): { sums: Float64Array; contrast: number } {
  const stride = width + 1;
  const sums = new Float64Array((height + 1) * stride);
  let squares = 0;
  for (let row = 0, k = 0; row < height; row++) {
    let line = 0;
    for (let column = 0; column < width; column++, k += channels) {
      const grey = channels === 1 ? (pixels[k] ?? 0) : brightness(pixels, k);
      line += grey;
      squares += grey * grey;
      const at = (row + 1) * stride + column + 1;
      sums[at] = (sums[at - stride] ?? 0) + line;
    }
  }
  const count = height * width;
  const mean = (sums[sums.length - 1] ?? 0) / count;
  return { sums, contrast: Math.sqrt(Math.max(0, squares / count - mean * mean)) };
}

/** As JPEG has it (ITU-R BT.601), since that is what encoders keep best. */
export function brightness(pixels: ArrayLike<number>, at: number): number {
  return 0.299 * (pixels[at] ?? 0) + 0.587 * (pixels[at + 1] ?? 0) + 0.114 * (pixels[at + 2] ?? 0);
}

interface Part {
  readonly top: number;
  readonly left: number;
  readonly height: number;
  readonly width: number;
}

/** Means of a part's cells into `grid` [cells, cells]. */
function averageCells(
  sums: Float64Array,
  stride: number,
  { top, left, height, width }: Part,
  grid: Float64Array,
): void {
  for (let row = 0; row < cells; row++) {
    const [above, below] = span(row, height);
    for (let column = 0; column < cells; column++) {
      const [before, after] = span(column, width);
      const [a, b] = [(top + above) * stride + left, (top + below) * stride + left];
      const sum = (sums[b + after] ?? 0) - (sums[b + before] ?? 0) - (sums[a + after] ?? 0) + (sums[a + before] ?? 0);
      grid[row * cells + column] = sum / ((below - above) * (after - before));
    }
  }
}

/** The pixels of a cell along an axis; of pictures with fewer pixels than cells several cells share one. */
function span(cell: number, length: number): [number, number] {
  const from = Math.floor((cell * length) / cells);
  return [from, Math.max(from + 1, Math.floor(((cell + 1) * length) / cells))];
}

/** Cosines of the transform [frequencies, cells], orthonormal, over `cells`, so that coefficients do not grow with their number. */
const cosines = Float64Array.from({ length: frequencies * cells }, (_, k) => {
  const [frequency, cell] = [Math.floor(k / cells), k % cells];
  return ((frequency === 0 ? 1 : Math.SQRT2) / cells) * Math.cos((Math.PI * frequency * (cell + 0.5)) / cells);
});

const across = new Float64Array(cells * frequencies);

function transform(grid: Float64Array, target: Float32Array): void {
  for (let row = 0; row < cells; row++) {
    for (let frequency = 0; frequency < frequencies; frequency++) {
      let total = 0;
      for (let k = 0; k < cells; k++) total += (cosines[frequency * cells + k] ?? 0) * (grid[row * cells + k] ?? 0);
      across[row * frequencies + frequency] = total;
    }
  }
  let size = 0;
  for (let k = 1; k <= outlineLength; k++) {
    const [down, right] = [Math.floor(k / frequencies), k % frequencies];
    let total = 0;
    for (let row = 0; row < cells; row++) {
      total += (cosines[down * cells + row] ?? 0) * (across[row * frequencies + right] ?? 0);
    }
    target[k - 1] = total;
    size += total * total;
  }
  const scale = 1 / Math.max(Math.sqrt(size), leastSize);
  for (let k = 0; k < outlineLength; k++) target[k] = (target[k] ?? 0) * scale;
}
