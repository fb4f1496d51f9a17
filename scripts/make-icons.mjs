/** Renders assets/icons/duet.svg into the PNG sizes that desktops and electron-builder (.ico, .icns) start from. */
import { readFileSync, writeFileSync } from 'node:fs';
import { createCanvas, loadImage } from '@napi-rs/canvas';
import { inRoot } from './lib/paths.mjs';

const sizes = [16, 24, 32, 48, 64, 128, 256, 512, 1024];
const drawing = readFileSync(inRoot('assets', 'icons', 'duet.svg'), 'utf8');

for (const size of sizes) {
  // Each size is drawn from the vectors: shrinking the largest one would lose the thin edge.
  const sized = drawing.replace('width="1024" height="1024"', `width="${size}" height="${size}"`);
  const image = await loadImage(Buffer.from(sized));
  const canvas = createCanvas(size, size);
  canvas.getContext('2d').drawImage(image, 0, 0);
  writeFileSync(inRoot('assets', 'icons', `${size}x${size}.png`), canvas.toBuffer('image/png'));
}
