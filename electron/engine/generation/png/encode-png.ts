/** Writes pictures as PNG (PNG third edition, W3C): 8-bit grey or RGB, the same bytes for the same pixels and texts on every machine. */
import { constants, deflateSync } from 'node:zlib';
import { crc32 } from '../../intake/datasets/crc32';

export interface PngPicture {
  readonly height: number;
  readonly width: number;
  readonly channels: 1 | 3;
  /** u8 [height, width, channels]. */
  readonly pixels: Uint8Array;
}

/** A text chunk: keyword in Latin-1 of 1 to 79 letters, text of any kind. */
export interface PngText {
  readonly keyword: string;
  readonly text: string;
}

const signature = Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a);
const colourTypes = { 1: 0, 3: 2 } as const;
/** Filter `Sub` of colour pictures makes runs of what changes evenly; grey ones are small, or drawn on a plain ground. */
const filters = { 1: 0, 3: 1 } as const;
/**
 * Runs alone are looked for: searching for repeats is what versions of zlib do in different ways, and files are compared by
 * their hash.
 */
const packing = { level: 6, strategy: constants.Z_RLE };

export function encodePng(picture: PngPicture, texts: readonly PngText[]): Buffer {
  const { height, width, channels } = picture;
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([8, colourTypes[channels], 0, 0, 0], 8);
  return Buffer.concat([
    signature,
    chunk('IHDR', header),
    ...texts.map(({ keyword, text }) => chunk('iTXt', Buffer.from(`${keyword}\0\0\0\0\0${text}`, 'utf8'))),
    chunk('IDAT', deflateSync(rowsOf(picture), packing)),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

/** Every row behind the number of its filter. */
function rowsOf({ height, width, channels, pixels }: PngPicture): Uint8Array {
  const row = width * channels;
  const rows = new Uint8Array(height * (row + 1));
  for (let y = 0; y < height; y++) {
    const [from, to] = [y * row, y * (row + 1)];
    rows[to] = filters[channels];
    if (channels === 1) {
      rows.set(pixels.subarray(from, from + row), to + 1);
      continue;
    }
    for (let x = 0; x < row; x++) {
      rows[to + 1 + x] = (pixels[from + x] ?? 0) - (x < channels ? 0 : (pixels[from + x - channels] ?? 0));
    }
  }
  return rows;
}

function chunk(type: string, body: Uint8Array): Buffer {
  const whole = Buffer.alloc(12 + body.length);
  whole.writeUInt32BE(body.length, 0);
  whole.write(type, 4, 'latin1');
  whole.set(body, 8);
  whole.writeUInt32BE(crc32(whole.subarray(4, 8 + body.length)), 8 + body.length);
  return whole;
}
