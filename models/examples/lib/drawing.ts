/** Pictures that a run leaves: sheets of small grey images, clouds of points. */
import { writeFileSync } from 'node:fs';
import { createCanvas } from '@napi-rs/canvas';

/** Writes grey images [rows * columns, side, side] in 0..1 as one PNG, ink black on white, `zoom` times as large. */
export function writeSheet(path: string, images: Float32Array, columns: number, side: number, zoom = 2): void {
  const rows = Math.ceil(images.length / (columns * side * side));
  const cell = side * zoom;
  const canvas = createCanvas(columns * cell, rows * cell);
  const context = canvas.getContext('2d');
  const picture = context.createImageData(canvas.width, canvas.height);
  for (let y = 0; y < canvas.height; y++) {
    for (let x = 0; x < canvas.width; x++) {
      const image = Math.floor(y / cell) * columns + Math.floor(x / cell);
      const pixel = Math.floor((y % cell) / zoom) * side + Math.floor((x % cell) / zoom);
      const grey = 255 * (1 - Math.min(1, Math.max(0, images[image * side * side + pixel] ?? 0)));
      picture.data.set([grey, grey, grey, 255], 4 * (y * canvas.width + x));
    }
  }
  context.putImageData(picture, 0, 0);
  writeFileSync(path, canvas.toBuffer('image/png'));
}

/** Points [count, 2] and the colour they get. */
export interface Cloud {
  readonly points: Float32Array;
  readonly colour: string;
}

/** Writes clouds over one another as one PNG; both axes show -reach..reach. */
export function writeScatter(path: string, clouds: readonly Cloud[], reach: number, size = 480): void {
  const canvas = createCanvas(size, size);
  const context = canvas.getContext('2d');
  context.fillStyle = 'white';
  context.fillRect(0, 0, size, size);
  for (const { points, colour } of clouds) {
    context.fillStyle = colour;
    for (let k = 0; k < points.length; k += 2) {
      const at = (coordinate: number): number => ((coordinate / reach + 1) / 2) * size;
      context.fillRect(at(points[k] ?? 0) - 1, at(-(points[k + 1] ?? 0)) - 1, 2, 2);
    }
  }
  writeFileSync(path, canvas.toBuffer('image/png'));
}
