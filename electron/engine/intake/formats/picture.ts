/** What a picture's header says before anything is decoded, and the one way to say that a file is broken. */
import { AppError } from '../../../contract/errors';

export type PictureFormat = 'jpeg' | 'png' | 'webp' | 'gif' | 'avif';

export interface Picture {
  format: PictureFormat;
  /** Size as stored, before it is turned upright. */
  width: number;
  height: number;
  /** EXIF orientation still to be applied, 1..8. */
  orientation: number;
  /** The bytes to decode: the file, without its metadata where that is simple to leave out. */
  bytes: Uint8Array;
  /** Whether each pixel must come out opaque; one that does not then was never decoded. */
  isOpaque: boolean;
}

const names: Record<PictureFormat, string> = {
  jpeg: 'JPEG',
  png: 'PNG',
  webp: 'WebP',
  gif: 'GIF',
  avif: 'AVIF',
};

export function broken(format: PictureFormat, why: string): AppError {
  return new AppError('image/damaged', `The ${names[format]} is damaged: ${why}.`, { format });
}

export const viewOf = (bytes: Uint8Array): DataView => new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);

/** Four letters at `at`, or fewer at the end. */
export const tagAt = (bytes: Uint8Array, at: number): string => String.fromCharCode(...bytes.subarray(at, at + 4));

export function concat(parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
