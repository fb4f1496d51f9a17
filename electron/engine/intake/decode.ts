/** One picture from file to slots and thumbnail: read once, decoded once, upright, on white, never enlarged. */
import { rename, rm, writeFile } from 'node:fs/promises';
import { createCanvas, ImageData } from '@napi-rs/canvas';
import { AppError, throwIfCancelled } from '../../contract/errors';
import type { ReplyInput, RequestOf } from '../../contract/rpc';
import { type IntakeContract, thumbLongSide } from '../../contract/workers';
import { writeSlot } from '../exchange';
import { checkGif } from './formats/gif';
import type { Picture } from './formats/picture';
import { checkPng } from './formats/png';
import { toPixels } from './jpeg/colour';
import { decodeJpeg } from './jpeg/decode-jpeg';
import type { DctSize } from './jpeg/idct';
import {
  asRgba,
  type Pixels,
  resize,
  sizeForLongSide,
  sizeForShortSide,
  swapsSides,
  toRgbBytes,
  turnUpright,
} from './pixels';
import { openPicture } from './sniff';
import { decodeWithSkia, halvedSize } from './skia';

type DecodeRequest = RequestOf<IntakeContract, 'decode'>;
type DecodeReply = ReplyInput<IntakeContract, 'decode'>;

interface Size {
  width: number;
  height: number;
}

const thumbQuality = 82;

/** Decodes a file's bytes. Fails with `image/*` for the file, with other codes for the places written to. */
export async function decodePicture(
  bytes: Uint8Array,
  request: DecodeRequest,
  signal: AbortSignal,
): Promise<DecodeReply> {
  const started = performance.now();
  const picture = openPicture(bytes);
  const upright = asShown(picture, picture.orientation);
  const wanted = wantedSizes(upright, request);
  const made = await makeSizes(picture, upright, wanted);
  throwIfCancelled(signal);
  const find = (size: Size): Pixels => {
    const pixels = made.get(key(size));
    if (pixels === undefined) throw new AppError('engine/internal', `No picture of ${key(size)} was made.`);
    return pixels;
  };
  const slots = request.renditions.map(({ slot, shortSide }) => {
    const pixels = find(sizeForShortSide(upright.width, upright.height, shortSide));
    writeSlot(request.exchange, slot, toRgbBytes(pixels));
    return { slot, height: pixels.height, width: pixels.width };
  });
  if (request.thumb !== undefined) {
    const { path, longSide } = request.thumb;
    await writeThumb(path, find(sizeForLongSide(upright.width, upright.height, longSide)));
  }
  return { format: picture.format, ...upright, slots, decodeMs: performance.now() - started };
}

/**
 * Every size asked for, each straight from the reduced picture that it alone would need: the numbers of a judgement must not depend on
 * which other sizes, or a thumbnail, were asked for beside it. Mostly that is one decode for all.
 */
async function makeSizes(picture: Picture, upright: Size, wanted: readonly Size[]): Promise<Map<string, Pixels>> {
  const least = sizeForLongSide(upright.width, upright.height, thumbLongSide);
  const sources = new Map<string, Pixels>();
  const made = new Map<string, Pixels>();
  for (const size of wanted) {
    const reduced = reducedSize(picture, asShown(larger(size, least), picture.orientation));
    const source = sources.get(key(reduced)) ?? (await decodeStored(picture, reduced));
    sources.set(key(reduced), source);
    const { width, height } = asShown(size, picture.orientation);
    made.set(key(size), turnUpright(resize(source, width, height), picture.orientation));
  }
  return made;
}

/** The whole picture upright, reduced while decoding as far as it stays at least `atLeast` (upright). Fails with `image/*`. */
export async function uprightPixels(picture: Picture, atLeast: Size): Promise<Pixels> {
  const stored = await decodeStored(picture, asShown(atLeast, picture.orientation));
  return turnUpright(stored, picture.orientation);
}

const larger = (a: Size, b: Size): Size => (a.width * a.height > b.width * b.height ? a : b);

/** The size that a decoder gives when it is asked for at least `atLeast`, both as stored. */
function reducedSize(picture: Picture, atLeast: Size): Size {
  if (picture.format === 'jpeg') {
    const eighths = dctSize(picture, atLeast);
    return { width: Math.ceil((picture.width * eighths) / 8), height: Math.ceil((picture.height * eighths) / 8) };
  }
  return halvedSize(picture, atLeast);
}

/** A stored size as it is upright, and the other way round. */
function asShown({ width, height }: Size, orientation: number): Size {
  return swapsSides(orientation) ? { width: height, height: width } : { width, height };
}

const key = ({ width, height }: Size): string => `${width}x${height}`;

/** Every size asked for. */
function wantedSizes({ width, height }: Size, { renditions, thumb }: DecodeRequest): Size[] {
  const sizes = renditions.map((one) => sizeForShortSide(width, height, one.shortSide));
  if (thumb !== undefined) sizes.push(sizeForLongSide(width, height, thumb.longSide));
  return sizes;
}

async function decodeStored(picture: Picture, atLeast: Size): Promise<Pixels> {
  if (picture.format === 'jpeg') {
    return toPixels(decodeJpeg(picture.bytes, () => dctSize(picture, atLeast)));
  }
  if (picture.format === 'png') checkPng(picture.bytes);
  if (picture.format === 'gif') checkGif(picture.bytes);
  return decodeWithSkia(picture, atLeast);
}

/** The coarsest transform that still gives at least the size wanted. */
function dctSize({ width, height }: Size, atLeast: Size): DctSize {
  const sizes: DctSize[] = [1, 2, 4];
  const fits = (size: number): boolean =>
    Math.ceil((width * size) / 8) >= atLeast.width && Math.ceil((height * size) / 8) >= atLeast.height;
  return sizes.find(fits) ?? 8;
}

/** Written beside its place and moved there, so that the page never sees half a thumbnail. */
async function writeThumb(path: string, pixels: Pixels): Promise<void> {
  const { width, height } = pixels;
  const canvas = createCanvas(width, height);
  canvas.getContext('2d').putImageData(new ImageData(asRgba(pixels), width, height), 0, 0);
  const part = `${path}.part`;
  try {
    await writeFile(part, await canvas.encode('jpeg', thumbQuality), { mode: 0o600 });
    await rename(part, path);
  } catch (error) {
    await rm(part, { force: true });
    const reason = error instanceof Error ? error.message : String(error);
    const full = reason.startsWith('ENOSPC') || reason.startsWith('EDQUOT');
    throw new AppError(
      full ? 'file/disk-full' : 'engine/internal',
      full ? 'The disk with the temporary folder is full.' : 'A thumbnail could not be written.',
      { reason },
      { cause: error },
    );
  }
}
