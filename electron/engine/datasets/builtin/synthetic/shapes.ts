/** Pictures of one figure each, in a colour, size, place and turn of its own on a plain ground; drawn here, without a drawing library. */
import { createHash } from 'node:crypto';
import { randomUniform, streamOf } from '../../../../../models/tensor/random';
import { byteColumn, commonColumns } from '../../../intake/datasets/image-chunk';
import { hashGrid, perceptualHash } from '../../../intake/datasets/perceptual-hash';
import { type ChunkContent, ragged, raggedTensors } from '../../chunk';
import type { Generator } from './generator';
import { direction, type Figure, figures } from './figures';

const side = 32;
const bytes = side * side * 3;
/** Points looked at along a pixel's side: edges have 17 steps of smoothness. */
const samplesAcross = 4;
const names = Object.keys(figures);
const stream = streamOf('shapes');
const grid = hashGrid(side, side);

export const shapes: Generator = {
  name: 'shapes',
  title: 'Shapes',
  kind: 'image',
  summary:
    'Circles, crescents, crosses, pentagons, rings, squares, stars and triangles in colour, 32 x 32, drawn from a seed.',
  samples: 8000,
  classes: names.length,
  bytesPerSample: bytes + 90,
  version: 1,
  parameters: { side, samplesAcross, figures: names.join() },
  image: { height: side, width: side, channels: 3 },
  columns: [],
  make: makeShapes,
};

function makeShapes(seed: number, from: number, to: number): ChunkContent {
  const count = to - from;
  const images = new Uint8Array(count * bytes);
  const pictures = Array.from({ length: count }, (_, k) => images.subarray(k * bytes, (k + 1) * bytes));
  pictures.forEach((picture, k) => drawShape(seed, from + k, picture));
  const labels = pictures.map((_, k) => ({
    name: String(from + k),
    label: names[(from + k) % names.length] ?? null,
    split: null,
  }));
  const hashes = pictures.map((picture) => createHash('sha256').update(picture).digest());
  const common = commonColumns(labels, byteColumn(hashes, 32));
  const nothing = new Uint8Array(0);
  return {
    kind: 'image',
    samples: count,
    labels: common.names,
    columns: [],
    tensors: {
      ...common.tensors,
      images: { dtype: 'uint8', dims: [count, side, side, 3], data: images },
      look: byteColumn(pictures.map(lookOf), 8),
      size: { dtype: 'int32', dims: [count, 2], data: new Int32Array(2 * count).fill(side) },
      colour: byteColumn(pictures.map(meanOf), 3),
      marks: byteColumn(
        pictures.map(() => [0]),
        1,
      ),
      ...raggedTensors('thumbs', ragged(pictures.map(() => nothing))),
    },
  };
}

/** Picture `index` of a seed, u8 RGB [32, 32, 3]; its class is the index modulo the number of classes. */
function drawShape(seed: number, index: number, target: Uint8Array): void {
  const draw = (use: number): number => randomUniform({ seed, stream, step: use }, index);
  const figure = figures[names[index % names.length] ?? ''];
  if (figure === undefined) return;
  const radius = 6 + 7 * draw(0);
  const reach = side - 2 * radius;
  const [x, y] = [radius + reach * draw(1), radius + reach * draw(2)];
  const [cos, sin] = direction(2 * Math.PI * draw(3));
  const isLight = draw(4) < 0.5;
  const colour = (from: number): number[] => [0, 1, 2].map((channel) => draw(from + channel));
  // One of the two is light and the other dark, so that the figure can be told from its ground.
  const [light, dark] = [colour(5).map((v) => 150 + 105 * v), colour(8).map((v) => 90 * v)];
  const [ink, ground] = isLight ? [light, dark] : [dark, light];
  for (let row = 0; row < side; row++) {
    for (let column = 0; column < side; column++) {
      const share = coverage(figure, { x: column - x, y: row - y, cos, sin, radius });
      for (let channel = 0; channel < 3; channel++) {
        const [under, over] = [ground[channel] ?? 0, ink[channel] ?? 0];
        target[(row * side + column) * 3 + channel] = Math.round(under + share * (over - under));
      }
    }
  }
}

interface Cell {
  /** Its upper left corner, from the middle of the figure, in pixels. */
  readonly x: number;
  readonly y: number;
  readonly cos: number;
  readonly sin: number;
  readonly radius: number;
}

/** Share of a pixel that lies in the figure. */
function coverage(figure: Figure, { x, y, cos, sin, radius }: Cell): number {
  // Too far away for any of its points.
  if ((x + 0.5) ** 2 + (y + 0.5) ** 2 > (radius + 1) ** 2) return 0;
  let inside = 0;
  for (let k = 0; k < samplesAcross * samplesAcross; k++) {
    const dx = (x + ((k % samplesAcross) + 0.5) / samplesAcross) / radius;
    const dy = (y + (Math.floor(k / samplesAcross) + 0.5) / samplesAcross) / radius;
    if (figure(dx * cos + dy * sin, dy * cos - dx * sin)) inside++;
  }
  return inside / (samplesAcross * samplesAcross);
}

function lookOf(picture: Uint8Array): Uint8Array {
  const grey = Float32Array.from({ length: side * side }, (_, k) => {
    return 0.299 * (picture[3 * k] ?? 0) + 0.587 * (picture[3 * k + 1] ?? 0) + 0.114 * (picture[3 * k + 2] ?? 0);
  });
  return perceptualHash(grey, grid);
}

function meanOf(picture: Uint8Array): number[] {
  const sums = [0, 0, 0];
  picture.forEach((value, k) => (sums[k % 3] = (sums[k % 3] ?? 0) + value));
  return sums.map((sum) => Math.round(sum / (side * side)));
}
