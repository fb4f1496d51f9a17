/** Says what a file is by its first bytes and how large its picture is, before anything is decoded. */
import { AppError } from '../../contract/errors';
import { openAvif } from './formats/avif';
import { openGif } from './formats/gif';
import { openJpeg } from './formats/jpeg';
import type { Picture, PictureFormat } from './formats/picture';
import { openPng } from './formats/png';
import { openWebp } from './formats/webp';

const maxPixels = 100_000_000;

const openers: Record<PictureFormat, (bytes: Uint8Array) => Picture> = {
  jpeg: openJpeg,
  png: openPng,
  webp: openWebp,
  gif: openGif,
  avif: openAvif,
};

/** Fails with `image/unsupported`, `image/damaged` or `image/too-many-pixels`. */
export function openPicture(bytes: Uint8Array): Picture {
  const format = formatOf(bytes);
  if (format === undefined) {
    const seen = looksLike(bytes);
    throw new AppError('image/unsupported', `It is not a supported image: it looks like ${seen}.`, { seen });
  }
  const picture = openers[format](bytes);
  const { width, height } = picture;
  if (width * height > maxPixels) {
    const megapixels = Math.round((width * height) / 1e6);
    throw new AppError(
      'image/too-many-pixels',
      `Its ${width} x ${height} pixels (${megapixels} million) are too many; 100 million are the limit.`,
      { width, height },
    );
  }
  return picture;
}

function formatOf(bytes: Uint8Array): PictureFormat | undefined {
  if (starts(bytes, 0, '\xff\xd8\xff')) return 'jpeg';
  if (starts(bytes, 0, '\x89PNG\r\n\x1a\n')) return 'png';
  if (starts(bytes, 0, 'RIFF') && starts(bytes, 8, 'WEBP')) return 'webp';
  if (starts(bytes, 0, 'GIF87a') || starts(bytes, 0, 'GIF89a')) return 'gif';
  return starts(bytes, 4, 'ftyp') && brands(bytes).some((brand) => brand === 'avif') ? 'avif' : undefined;
}

/** Beginnings of what people drop by mistake: offset, bytes, and what to call it. */
const others: readonly (readonly [number, string, string])[] = [
  [0, '%PDF', 'a PDF'],
  [0, 'PK\x03\x04', 'a zip archive or office document'],
  [0, 'II*\0', 'a TIFF or raw photo'],
  [0, 'MM\0*', 'a TIFF or raw photo'],
  [0, 'BM', 'a BMP image'],
  [0, '8BPS', 'a Photoshop file'],
  [0, '\0\0\x01\0', 'an icon file'],
  [0, 'qoif', 'a QOI image'],
  [0, '\xff\x0a', 'a JPEG XL image'],
  [0, '\0\0\0\x0cJXL ', 'a JPEG XL image'],
  [0, '\0\0\0\x0cjP  ', 'a JPEG 2000 image'],
  [0, '\x1f\x8b', 'a gzip archive'],
  [0, '7z\xbc\xaf', 'a 7z archive'],
  [0, 'Rar!', 'a RAR archive'],
  [0, '\x7fELF', 'a program'],
  [0, 'MZ', 'a program'],
  [0, 'RIFF', 'an audio or video file'],
  [0, '\x1aE\xdf\xa3', 'a video'],
  [0, 'ID3', 'an audio file'],
];

const heicBrands = ['heic', 'heix', 'heim', 'heis', 'hevc', 'hevx', 'mif1', 'msf1'];

function looksLike(bytes: Uint8Array): string {
  if (bytes.length === 0) return 'an empty file';
  const known = others.find(([offset, magic]) => starts(bytes, offset, magic));
  if (known !== undefined) return known[2];
  if (starts(bytes, 4, 'ftyp')) {
    return brands(bytes).some((brand) => heicBrands.includes(brand)) ? 'a HEIC photo' : 'a video';
  }
  const head = Buffer.from(bytes.subarray(0, 1024)).toString('latin1');
  if (/<svg[\s>]/i.test(head)) return 'an SVG drawing';
  if (/<!doctype html|<html[\s>]/i.test(head)) return 'an HTML page';
  // An ONNX file is a protocol buffer whose first field is the format version, its second the producer's name.
  if (/^\x08[\x01-\x20]\x12/.test(head) || head.includes('ir_version')) return 'an ONNX model';
  return isText(bytes.subarray(0, 1024)) ? 'a text file' : 'data of an unknown kind';
}

function brands(bytes: Uint8Array): string[] {
  const length = Math.min(bytes.length, 256, new DataView(bytes.buffer, bytes.byteOffset).getUint32(0));
  const head = Buffer.from(bytes.subarray(8, length)).toString('latin1');
  // Major brand, its version (four bytes that are no brand), then the compatible ones.
  return head.match(/[^]{4}/g) ?? [];
}

function starts(bytes: Uint8Array, at: number, magic: string): boolean {
  if (bytes.length < at + magic.length) return false;
  for (let i = 0; i < magic.length; i++) if (bytes[at + i] !== magic.charCodeAt(i)) return false;
  return true;
}

const isText = (head: Uint8Array): boolean => head.every((byte) => byte >= 32 || (byte >= 9 && byte <= 13));
