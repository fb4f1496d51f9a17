/** One picture file as a sample of a data set: pixels of the pack's size, a thumbnail, and what the report needs to know. */
import { createHash } from 'node:crypto';
import type { ImageOptions } from '../../../contract/samples';
import { uprightPixels } from '../decode';
import { type Pixels, resize, sizeForLongSide, swapsSides } from '../pixels';
import { openPicture } from '../sniff';
import { fitPixels, scaledSize } from './fit';
import { lookAtColours, lumaOf } from './perceptual-hash';
import { declaresItselfGenerated } from './provenance';
import { encodeThumb } from './thumb';

/** Long side of a thumbnail; pictures whose original is no larger than `leastForThumb` have none. */
const thumbLongSide = 192;
const leastForThumb = 96;

export interface PictureSample {
  /** u8 [H, W, C], as in the pack. */
  readonly pixels: Uint8Array;
  /** sha256 of the file. */
  readonly hash: Uint8Array;
  /** Perceptual hash, 8 bytes. */
  readonly look: Uint8Array;
  /** Of the upright original. */
  readonly height: number;
  readonly width: number;
  /** Mean red, green, blue. */
  readonly colour: readonly [number, number, number];
  readonly isMarkedSynthetic: boolean;
  /** JPEG, or empty where the pack's own pixels do. */
  readonly thumb: Uint8Array;
}

/** Decodes a file's bytes once, upright, on white. Fails with `image/...`. */
export async function pictureSample(bytes: Uint8Array, options: ImageOptions): Promise<PictureSample> {
  const picture = openPicture(bytes);
  const swaps = swapsSides(picture.orientation);
  const height = swaps ? picture.width : picture.height;
  const width = swaps ? picture.height : picture.width;
  const wantsThumb = Math.max(height, width) > leastForThumb && (height > options.height || width > options.width);
  const packed = scaledSize({ height, width }, options);
  const thumbSize = sizeForLongSide(width, height, thumbLongSide);
  const upright = await uprightPixels(picture, wantsThumb ? largerOf(packed, thumbSize) : packed);
  const small = wantsThumb ? resize(upright, thumbSize.width, thumbSize.height) : upright;
  // What is at least halved once more loses nothing by way of the thumbnail, and is a fraction of the work.
  const isHalved = small.width >= 2 * packed.width && small.height >= 2 * packed.height;
  const { look, mean } = lookAtColours(small);
  return {
    pixels: channelsOf(fitPixels(isHalved ? small : upright, options), options.channels),
    hash: createHash('sha256').update(bytes).digest(),
    look,
    height,
    width,
    colour: mean,
    isMarkedSynthetic: declaresItselfGenerated(bytes, picture.format),
    thumb: wantsThumb ? encodeThumb(small) : new Uint8Array(0),
  };
}

interface Size {
  readonly height: number;
  readonly width: number;
}

const largerOf = (a: Size, b: Size): Size => ({
  height: Math.max(a.height, b.height),
  width: Math.max(a.width, b.width),
});

/** u8 RGB, or grey by luma (ITU-R BT.601), tightly packed. */
export function channelsOf({ data }: Pixels, channels: 1 | 3): Uint8Array {
  const bytes = new Uint8Array(data.length * channels);
  for (let i = 0, at = 0; i < data.length; i++) {
    const word = data[i] ?? 0;
    if (channels === 1) {
      bytes[at++] = Math.round(lumaOf(word));
    } else {
      bytes[at++] = word & 255;
      bytes[at++] = (word >>> 8) & 255;
      bytes[at++] = (word >>> 16) & 255;
    }
  }
  return bytes;
}
