/** Pictures for tests, drawn in code: encoders, metadata injection and a PNG writer for what the encoder cannot do. */
import { readFileSync } from 'node:fs';
import { deflateSync } from 'node:zlib';
import { createCanvas, type SKRSContext2D } from '@napi-rs/canvas';
import { concat } from '../formats/picture';

export type EncodedFormat = 'jpeg' | 'png' | 'webp' | 'avif';

/** A file of `assets/test-images`. */
export const testImage = (name: string): Uint8Array =>
  new Uint8Array(readFileSync(new URL(`../../../../assets/test-images/${name}`, import.meta.url)));

export async function draw(
  width: number,
  height: number,
  format: EncodedFormat,
  paint: (context: SKRSContext2D) => void,
): Promise<Uint8Array> {
  const canvas = createCanvas(width, height);
  paint(canvas.getContext('2d'));
  if (format === 'png') return new Uint8Array(await canvas.encode('png'));
  if (format === 'avif') return new Uint8Array(await canvas.encode('avif', { quality: 90 }));
  return new Uint8Array(await canvas.encode(format, 95));
}

/** Something with edges, slopes and colours, opaque everywhere. */
export function scene(context: SKRSContext2D): void {
  const { width, height } = context.canvas;
  for (let y = 0; y < height; y += 4) {
    for (let x = 0; x < width; x += 4) {
      context.fillStyle = `rgb(${(x * 5 + y) % 256}, ${(y * 7) % 256}, ${(x * y) % 256})`;
      context.fillRect(x, y, 4, 4);
    }
  }
}

/** Four areas, left top to right bottom, each named by its letter: Red, Green, Blue, White. */
export function quadrants(letters: string): (context: SKRSContext2D) => void {
  const colours: Record<string, string> = { R: '#f00', G: '#0f0', B: '#00f', W: '#fff' };
  return (context) => {
    const { width, height } = context.canvas;
    Array.from(letters).forEach((letter, i) => {
      context.fillStyle = colours[letter] ?? '#000';
      context.fillRect(((i % 2) * width) / 2, (Math.floor(i / 2) * height) / 2, width / 2, height / 2);
    });
  };
}

/** The letters of the four areas of decoded RGB pixels. */
export function readQuadrants(data: Uint8Array, width: number, height: number): string {
  const letters: Record<string, string> = { '100': 'R', '010': 'G', '001': 'B', '111': 'W' };
  const places = [1, 3].flatMap((y) => [1, 3].map((x) => [Math.floor((x * width) / 4), Math.floor((y * height) / 4)]));
  return places
    .map(([x = 0, y = 0]) => {
      const at = (y * width + x) * 3;
      return letters[[...data.subarray(at, at + 3)].map((value) => (value > 128 ? 1 : 0)).join('')] ?? '?';
    })
    .join('');
}

const bytes = (...parts: (string | number)[]): Uint8Array =>
  Uint8Array.from(parts.flatMap((part) => (typeof part === 'string' ? [...Buffer.from(part, 'latin1')] : [part])));

const number32 = (value: number): Uint8Array =>
  bytes(value >>> 24, (value >>> 16) & 255, (value >>> 8) & 255, value & 255);

/** A TIFF block with nothing but the orientation. */
const tiff = (orientation: number): Uint8Array =>
  bytes('MM\0*', 0, 0, 0, 8, 0, 1, 0x01, 0x12, 0, 3, 0, 0, 0, 1, 0, orientation, 0, 0, 0, 0, 0, 0);

export function withOrientation(file: Uint8Array, format: EncodedFormat, orientation: number): Uint8Array {
  const block = tiff(orientation);
  if (format === 'jpeg') {
    const head = bytes(0xff, 0xe1, 0, block.length + 8, 'Exif\0\0');
    return concat([file.subarray(0, 2), head, block, file.subarray(2)]);
  }
  if (format === 'png') return concat([file.subarray(0, 33), pngChunk('eXIf', block), file.subarray(33)]);
  if (format === 'webp') return webpWithExif(file, block);
  return avifWithTurn(file, orientation);
}

/** Our encoder writes extended files, which is where EXIF may stand. */
function webpWithExif(file: Uint8Array, block: Uint8Array): Uint8Array {
  const whole = Buffer.from(concat([file, bytes('EXIF', block.length, 0, 0, 0), block]));
  if (whole.toString('latin1', 12, 16) !== 'VP8X') throw new Error('Expected an extended WebP.');
  whole.writeUInt32LE(whole.length - 8, 4);
  whole[20] = (whole[20] ?? 0) | 0x08;
  return new Uint8Array(whole);
}

/** Quarter turns against the clock and mirror axis (-1: none) that show what an EXIF orientation shows. */
const turns: Record<number, [number, number]> = {
  1: [0, -1],
  2: [0, 1],
  3: [2, -1],
  4: [0, 0],
  5: [1, 0],
  6: [3, -1],
  7: [1, 1],
  8: [1, -1],
};

/** Adds `irot` and `imir` properties to an AVIF of our own encoder and moves its data offset accordingly. */
function avifWithTurn(file: Uint8Array, orientation: number): Uint8Array {
  const [quarters, mirror] = turns[orientation] ?? [0, -1];
  const properties = [
    ...(quarters > 0 ? [bytes(0, 0, 0, 9, 'irot', quarters)] : []),
    ...(mirror >= 0 ? [bytes(0, 0, 0, 9, 'imir', mirror)] : []),
  ];
  const old = Buffer.from(file);
  const place = (type: string): number => old.indexOf(type) - 4;
  const box = (type: string): Buffer => old.subarray(place(type), place(type) + old.readUInt32BE(place(type)));
  let count = 0;
  for (let at = 8; at < box('ipco').length; count++) at += box('ipco').readUInt32BE(at);
  const ipco = Buffer.from(concat([box('ipco'), ...properties]));
  ipco.writeUInt32BE(ipco.length, 0);
  const ipma = Buffer.from(concat([box('ipma'), bytes(...properties.map((_, i) => 0x80 | (count + 1 + i)))]));
  ipma.writeUInt32BE(ipma.length, 0);
  ipma[18] = (ipma[18] ?? 0) + properties.length;
  const grown = ipco.length - box('ipco').length + properties.length;
  const end = place('ipma') + box('ipma').length;
  const whole = Buffer.from(concat([old.subarray(0, place('ipco')), ipco, ipma, old.subarray(end)]));
  for (const at of [place('meta'), place('iprp'), place('iloc') + 22])
    whole.writeUInt32BE(old.readUInt32BE(at) + grown, at);
  return new Uint8Array(whole);
}

function crc32(data: Uint8Array): number {
  let crc = -1;
  for (const byte of data) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = (crc >>> 1) ^ ((crc & 1) === 1 ? 0xedb88320 : 0);
  }
  return ~crc >>> 0;
}

export function pngChunk(type: string, body: Uint8Array): Uint8Array {
  const named = concat([bytes(type), body]);
  return concat([number32(body.length), named, number32(crc32(named))]);
}

interface PngOptions {
  width: number;
  height: number;
  depth: number;
  colour: number;
  interlaced?: boolean;
  /** Chunks between header and data: PLTE, tRNS. */
  extra?: Uint8Array[];
  /** Unfiltered rows without their filter byte. */
  rows: Uint8Array[];
}

/** Rows of an interlaced file must already be those of the seven passes. */
export function writePng({ width, height, depth, colour, interlaced, extra = [], rows }: PngOptions): Uint8Array {
  const header = concat([number32(width), number32(height), bytes(depth, colour, 0, 0, interlaced === true ? 1 : 0)]);
  const raw = concat(rows.flatMap((row) => [Uint8Array.of(0), row]));
  return concat([
    bytes(0x89, 'PNG\r\n\x1a\n'),
    pngChunk('IHDR', header),
    ...extra,
    pngChunk('IDAT', new Uint8Array(deflateSync(raw))),
    pngChunk('IEND', new Uint8Array(0)),
  ]);
}

/** Seeded numbers in 0..1 (mulberry32). */
export function seeded(seed: number): () => number {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** One to eight small wounds: bytes set, bits flipped, pieces cut out or doubled. */
export function mutate(file: Uint8Array, seed: number): Uint8Array {
  const random = seeded(seed);
  const below = (limit: number): number => Math.floor(random() * limit);
  let wounded = new Uint8Array(file);
  for (let left = 1 + below(8); left > 0; left--) {
    const kind = random();
    const at = below(wounded.length);
    const length = below(16);
    if (kind < 0.5) wounded[at] = below(256);
    else if (kind < 0.7) wounded[at] = (wounded[at] ?? 0) ^ (1 << below(8));
    else if (kind < 0.85) wounded = new Uint8Array(concat([wounded.subarray(0, at), wounded.subarray(at + length)]));
    else wounded = new Uint8Array(concat([wounded.subarray(0, at + length), wounded.subarray(at)]));
  }
  return wounded;
}
