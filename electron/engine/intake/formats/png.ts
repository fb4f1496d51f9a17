/**
 * Size, orientation and completeness of a PNG (PNG third edition, W3C). Only the chunks that make the pixels are passed
 * on: no profile, text or animation reaches the decoder.
 */
import { inflateSync } from 'node:zlib';
import { readOrientation, withoutExifPrefix } from '../exif';
import { broken, concat, type Picture, tagAt, viewOf } from './picture';

interface Chunk {
  type: string;
  /** The whole chunk with length, type and check sum. */
  whole: Uint8Array;
  body: Uint8Array;
}

interface PngHeader {
  width: number;
  height: number;
  depth: number;
  colour: number;
  interlaced: boolean;
}

const kept = ['IHDR', 'PLTE', 'tRNS', 'IDAT', 'IEND'];
const channels: Partial<Record<number, number>> = { 0: 1, 2: 3, 3: 1, 4: 2, 6: 4 };

export function openPng(bytes: Uint8Array): Picture {
  const chunks = readChunks(bytes);
  const header = readHeader(chunks[0]);
  const exif = chunks.find((one) => one.type === 'eXIf');
  const hasAlpha = header.colour >= 4 || chunks.some((one) => one.type === 'tRNS');
  return {
    format: 'png',
    width: header.width,
    height: header.height,
    orientation: exif === undefined ? 1 : readOrientation(withoutExifPrefix(exif.body)),
    bytes: concat([bytes.subarray(0, 8), ...chunks.filter((one) => kept.includes(one.type)).map((one) => one.whole)]),
    isOpaque: !hasAlpha,
  };
}

/**
 * Checks that the pixel data is whole where the decoder's result would not show it: rows that are missing from a picture
 * with transparency just stay transparent, and an interlaced one is merely coarser.
 */
export function checkPng(bytes: Uint8Array): void {
  const chunks = readChunks(bytes);
  const header = readHeader(chunks[0]);
  const expected = rawLength(header);
  const packed = concat(chunks.filter((one) => one.type === 'IDAT').map((one) => one.body));
  // Deflate packs 1032 to 1 at the very best: a tiny file that claims more would only take memory.
  if (expected > 1032 * packed.length) throw broken('png', 'it holds too little data for its size');
  const hasAlpha = header.colour >= 4 || chunks.some((one) => one.type === 'tRNS');
  if (!hasAlpha && !header.interlaced) return;
  let length: number;
  try {
    length = inflateSync(packed, { maxOutputLength: expected + 65_536 }).length;
  } catch {
    throw broken('png', 'its pixel data is cut off or wrong');
  }
  if (length < expected) throw broken('png', 'its pixel data ends too early');
}

function readChunks(bytes: Uint8Array): Chunk[] {
  const view = viewOf(bytes);
  const chunks: Chunk[] = [];
  for (let at = 8; ;) {
    if (at + 12 > bytes.length) throw broken('png', 'it is cut off');
    const length = view.getUint32(at);
    const end = at + 12 + length;
    if (end > bytes.length) throw broken('png', 'it is cut off');
    const type = tagAt(bytes, at + 4);
    chunks.push({ type, whole: bytes.subarray(at, end), body: bytes.subarray(at + 8, end - 4) });
    if (type === 'IEND') return chunks;
    at = end;
  }
}

function readHeader(first: Chunk | undefined): PngHeader {
  if (first?.type !== 'IHDR' || first.body.length !== 13) throw broken('png', 'it has no header');
  const view = viewOf(first.body);
  const header = {
    width: view.getUint32(0),
    height: view.getUint32(4),
    depth: view.getUint8(8),
    colour: view.getUint8(9),
    interlaced: view.getUint8(12) === 1,
  };
  if (header.width === 0 || header.height === 0 || channels[header.colour] === undefined) {
    throw broken('png', 'its header makes no sense');
  }
  return header;
}

/** Bytes of the unpacked rows, each with its filter byte; interlaced files hold seven small pictures (section 8.1). */
function rawLength({ width, height, depth, colour, interlaced }: PngHeader): number {
  const bits = depth * (channels[colour] ?? 1);
  const plain = (w: number, h: number): number => (w === 0 ? 0 : h * (1 + Math.ceil((w * bits) / 8)));
  if (!interlaced) return plain(width, height);
  const passes = [
    [0, 0, 8, 8],
    [4, 0, 8, 8],
    [0, 4, 4, 8],
    [2, 0, 4, 4],
    [0, 2, 2, 4],
    [1, 0, 2, 2],
    [0, 1, 1, 2],
  ] as const;
  const steps = (length: number, start: number, step: number): number =>
    Math.max(0, Math.ceil((length - start) / step));
  return passes.reduce((sum, [x, y, dx, dy]) => sum + plain(steps(width, x, dx), steps(height, y, dy)), 0);
}
