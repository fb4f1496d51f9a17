/** Pictures of samples for the page: pixels of small ones, JPEG of larger ones. The pixels are our own, so they may be encoded here. */
import { createCanvas, ImageData } from '@napi-rs/canvas';
import type { datasetsContract } from '../../contract/datasets';
import type { ReplyInput } from '../../contract/rpc';
import { AppError } from '../../contract/errors';
import type { OpenDataset } from './open-dataset';
import type { ImageShape } from './packs';

type Pictures = ReplyInput<typeof datasetsContract, 'datasets.pictures'>;

/** Packs with pictures up to this side are sent as pixels. */
const smallSide = 96;
const quality = 90;

export async function picturesOf(
  dataset: OpenDataset,
  indices: readonly number[],
  size: 'tile' | 'full',
): Promise<Pictures> {
  const { packs } = dataset;
  const { image } = packs;
  if (image === null) throw new AppError('data/unusable', `“${dataset.manifest.title}” holds no pictures.`);
  const { height, width } = image;
  if (Math.max(height, width) <= smallSide && (size === 'full' || !dataset.hasThumbs)) {
    return { form: 'pixels', height, width, pixels: toRgba(await packs.images(indices), image.channels) };
  }
  const parts = await Promise.all(
    indices.map(async (index) => {
      const thumb = size === 'tile' ? await packs.thumb(index) : undefined;
      return thumb ?? encode(await packs.images([index]), image);
    }),
  );
  return { form: 'encoded', parts };
}

/** u8 grey or RGB to RGBA. */
export function toRgba(pixels: Uint8Array, channels: number): Uint8Array<ArrayBuffer> {
  const count = pixels.length / channels;
  const words = new Uint32Array(count);
  if (channels === 1) for (let i = 0; i < count; i++) words[i] = 0xff000000 | ((pixels[i] ?? 0) * 0x010101);
  else {
    for (let i = 0, at = 0; i < count; i++, at += 3) {
      words[i] = 0xff000000 | ((pixels[at + 2] ?? 0) << 16) | ((pixels[at + 1] ?? 0) << 8) | (pixels[at] ?? 0);
    }
  }
  return new Uint8Array(words.buffer);
}

async function encode(pixels: Uint8Array, { height, width, channels }: ImageShape): Promise<Uint8Array<ArrayBuffer>> {
  const canvas = createCanvas(width, height);
  const rgba = new Uint8ClampedArray(toRgba(pixels, channels).buffer);
  canvas.getContext('2d').putImageData(new ImageData(rgba, width, height), 0, 0);
  return new Uint8Array(await canvas.encode('jpeg', quality));
}
