/** Pictures for tests: soft shapes of random colours, each seed another scene, and the ways in which copies differ. */
import { type Canvas, createCanvas, loadImage } from '@napi-rs/canvas';
import { randomUniform } from '../../../../../models/tensor/random';

/** RGB u8 [side, side, 3] of scene `seed`: the same scene at any size. */
export function scene(seed: number, side: number): Uint8Array {
  const draw = (k: number): number => randomUniform({ seed, stream: 5 }, k);
  const canvas = createCanvas(side, side);
  const context = canvas.getContext('2d');
  const colour = (k: number): string => `rgb(${[0, 1, 2].map((c) => Math.floor(30 + 200 * draw(k + c))).join()})`;
  context.fillStyle = colour(0);
  context.fillRect(0, 0, side, side);
  for (let shape = 0; shape < 12; shape++) {
    const k = 10 + 10 * shape;
    context.fillStyle = colour(k);
    context.beginPath();
    context.ellipse(side * draw(k + 3), side * draw(k + 4), side * (0.05 + 0.2 * draw(k + 5)), side * (0.05 + 0.2 * draw(k + 6)), 3 * draw(k + 7), 0, 7); // prettier-ignore
    context.fill();
  }
  return pixelsOf(canvas.getContext('2d').getImageData(0, 0, side, side).data);
}

function pixelsOf(rgba: Uint8ClampedArray): Uint8Array {
  return Uint8Array.from({ length: (rgba.length / 4) * 3 }, (_, k) => rgba[Math.floor(k / 3) * 4 + (k % 3)] ?? 0);
}

/** A canvas of square RGB pixels. */
function canvasOf(rgb: Uint8Array): Canvas {
  const side = Math.sqrt(rgb.length / 3);
  const canvas = createCanvas(side, side);
  const context = canvas.getContext('2d');
  const data = context.createImageData(side, side);
  for (let k = 0; k < side * side; k++) data.data.set([...rgb.subarray(3 * k, 3 * k + 3), 255], 4 * k);
  context.putImageData(data, 0, 0);
  return canvas;
}

/** Scaled to another side. */
export function scaled(rgb: Uint8Array, side: number): Uint8Array {
  const canvas = createCanvas(side, side);
  const context = canvas.getContext('2d');
  context.imageSmoothingQuality = 'high';
  context.drawImage(canvasOf(rgb), 0, 0, side, side);
  return pixelsOf(context.getImageData(0, 0, side, side).data);
}

/** Through JPEG and back. */
export async function recompressed(rgb: Uint8Array, quality: number): Promise<Uint8Array> {
  const canvas = canvasOf(rgb);
  const context = canvas.getContext('2d');
  context.drawImage(await loadImage(canvas.toBuffer('image/jpeg', quality)), 0, 0);
  return pixelsOf(context.getImageData(0, 0, canvas.width, canvas.height).data);
}

export function brightened(rgb: Uint8Array, factor: number, offset: number): Uint8Array {
  return rgb.map((value) => Math.max(0, Math.min(255, Math.round(value * factor + offset))));
}

/** Moved by a pixel to the right and `down`; the edge is repeated. */
export function moved(rgb: Uint8Array, right: number, down: number): Uint8Array {
  const side = Math.sqrt(rgb.length / 3);
  return rgb.map((_, k) => {
    const [row, column] = [Math.floor(k / 3 / side), Math.floor(k / 3) % side];
    const from = Math.max(0, row - down) * side + Math.max(0, column - right);
    return rgb[3 * from + (k % 3)] ?? 0;
  });
}
