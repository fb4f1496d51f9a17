/** A sheet of drawn pictures as PNG, class by class, to look at. */
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { createCanvas } from '@napi-rs/canvas';
import type { Pictures } from './data';
import { keptIn } from './train';

const columns = 20;

/** Writes the first pictures of every class, a row a class. */
export function keepSheet(name: string, { shape, pixels, labels }: Pictures): void {
  const { height, width, channels, classes } = shape;
  const canvas = createCanvas(columns * width, classes * height);
  const context = canvas.getContext('2d');
  const sheet = context.createImageData(canvas.width, canvas.height);
  const filled = new Array<number>(classes).fill(0);
  labels.forEach((label, k) => {
    const column = filled[label] ?? columns;
    if (column >= columns) return;
    filled[label] = column + 1;
    for (let i = 0; i < height * width; i++) {
      const at = ((label * height + Math.floor(i / width)) * canvas.width + column * width + (i % width)) * 4;
      const from = (k * height * width + i) * channels;
      const [red = 0, green = red, blue = red] = pixels.subarray(from, from + channels);
      sheet.data.set([red, green, blue, 255], at);
    }
  });
  context.putImageData(sheet, 0, 0);
  mkdirSync(path.join(keptIn, 'sheets'), { recursive: true });
  writeFileSync(path.join(keptIn, 'sheets', `${name}.png`), canvas.toBuffer('image/png'));
}
