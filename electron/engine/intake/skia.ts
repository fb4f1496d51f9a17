/** The formats that Skia decodes (PNG, WebP, GIF, AVIF), reduced by exact halves on the way out of it. */
import { createCanvas, Image } from '@napi-rs/canvas';
import { AppError } from '../../contract/errors';
import { broken, type Picture } from './formats/picture';
import { flatten, type Pixels } from './pixels';

interface Size {
  readonly width: number;
  readonly height: number;
}

/** A size halved as often as it stays at least `atLeast`. */
export function halvedSize({ width, height }: Size, atLeast: Size): Size {
  let size = { width, height };
  while (size.width >= 2 * atLeast.width && size.height >= 2 * atLeast.height) {
    size = { width: Math.ceil(size.width / 2), height: Math.ceil(size.height / 2) };
  }
  return size;
}

/** Decodes to a size at least as large as asked, as stored. Fails with `image/damaged` or `image/decoder-died`. */
export async function decodeWithSkia(picture: Picture, atLeast: Size): Promise<Pixels> {
  const image = picture.format === 'avif' ? await loadAvif(picture) : await load(picture);
  try {
    const { width, height } = halvedSize(image, atLeast);
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

/**
 * @napi-rs/canvas 1.0.11 never frees what its AVIF decoder held when the decoding failed: about 16 bytes a pixel and 1.5 MB.
 * (1.0.13 does, but lacks the builds for macOS and Windows so far.) Past this much, the process reads no more AVIF.
 */
const maxLostBytes = 1e9;
let lostBytes = 0;

async function loadAvif(picture: Picture): Promise<Image> {
  if (lostBytes > maxLostBytes) {
    throw new AppError(
      'image/decoder-died',
      'Too many damaged AVIF files have been met. Start Duet again to read more.',
    );
  }
  try {
    return await load(picture);
  } catch (error) {
    lostBytes += 1.5e6 + 16 * picture.width * picture.height;
    throw error;
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
