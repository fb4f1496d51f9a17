/** Small JPEGs for lists and messages. */
import { createCanvas, ImageData, type SKRSContext2D } from '@napi-rs/canvas';
import { asRgba, type Pixels } from '../pixels';

const quality = 80;

/** Kept from one picture to the next, which mostly has its size: making these costs as much as encoding, and leaves much to collect. */
let held: { context: SKRSContext2D; image: ImageData } | undefined;

/** At once, not beside: another thread would only take the core from the next picture. */
export function encodeThumb(pixels: Pixels): Uint8Array<ArrayBuffer> {
  const { width, height } = pixels;
  if (held?.image.width !== width || held.image.height !== height) {
    held = { context: createCanvas(width, height).getContext('2d'), image: new ImageData(width, height) };
  }
  const { context, image } = held;
  image.data.set(asRgba(pixels));
  context.putImageData(image, 0, 0);
  return new Uint8Array(context.canvas.toBuffer('image/jpeg', quality));
}
