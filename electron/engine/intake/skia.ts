/** The formats that Skia decodes (PNG, WebP, GIF, AVIF), reduced by exact halves on the way out of it. */
import { createCanvas, Image } from '@napi-rs/canvas';
import { broken, type Picture } from './formats/picture';
import { flatten, type Pixels } from './pixels';

/** Decodes to a size at least as large as asked. `upright` is true when Skia has already turned the picture. */
export async function decodeWithSkia(picture: Picture, atLeast: { width: number; height: number }): Promise<Pixels> {
  const image = await load(picture);
  try {
    let { width, height } = image;
    while (width >= 2 * atLeast.width && height >= 2 * atLeast.height) {
      width = Math.ceil(width / 2);
      height = Math.ceil(height / 2);
    }
    const context = createCanvas(width, height).getContext('2d');
    // 'medium' averages by halves; 'high' samples four pixels however far apart they are, and aliases.
    context.imageSmoothingQuality = 'medium';
    context.drawImage(image, 0, 0, width, height);
    const { pixels, opaque } = flatten(context.getImageData(0, 0, width, height).data, width, height);
    // Skia leaves what it could not decode transparent and calls that success.
    if (picture.isOpaque && !opaque) throw broken(picture.format, 'a part of it cannot be decoded');
    return pixels;
  } finally {
    // Lets go of the decoded bitmap now, not at some later garbage collection.
    image.src = empty;
  }
}

const empty = new Uint8Array(0);

async function load(picture: Picture): Promise<Image> {
  const image = new Image();
  await new Promise<void>((resolve, reject) => {
    image.onload = () => resolve();
    image.onerror = (error) => reject(broken(picture.format, error.message));
    image.src = picture.bytes;
  });
  await image.decode();
  if (image.width < 1 || image.height < 1) throw broken(picture.format, 'it cannot be decoded');
  return image;
}
