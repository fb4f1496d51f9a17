/** Drawings as pictures for a canvas: grey or colour bytes become RGBA; rows of numbers are no pictures. */
import type { Drawn } from '../../electron/contract/drawing';
import { AppError } from '../../electron/contract/errors';
import type { Pictures } from './tile-store';

export function drawnPictures({
  shape,
  samples,
}: Pick<Drawn, 'shape' | 'samples'>): Extract<Pictures, { form: 'pixels' }> {
  if (shape.kind !== 'image') throw new AppError('call/bad-reply', 'These drawings are rows of numbers, not pictures.');
  const { height, width, channels } = shape;
  const count = samples.length / channels;
  const pixels = new Uint8Array(count * 4);
  for (let at = 0; at < count; at += 1) {
    const from = at * channels;
    const red = samples[from] ?? 0;
    pixels[at * 4] = red;
    pixels[at * 4 + 1] = channels === 1 ? red : (samples[from + 1] ?? 0);
    pixels[at * 4 + 2] = channels === 1 ? red : (samples[from + 2] ?? 0);
    pixels[at * 4 + 3] = 255;
  }
  return { form: 'pixels', height, width, pixels };
}
