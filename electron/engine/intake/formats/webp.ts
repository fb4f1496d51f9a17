/** Size, orientation and completeness of a WebP (RFC 9649). Profile and metadata are left out of what is decoded. */
import { readOrientation, withoutExifPrefix } from '../exif';
import { broken, concat, type Picture, tagAt, viewOf } from './picture';

interface Chunk {
  type: string;
  whole: Uint8Array;
  body: Uint8Array;
}

const dropped = ['ICCP', 'EXIF', 'XMP '];
const alphaFlag = 0x10;
const animationFlag = 0x02;
/** VP8X flags of what was dropped: profile, EXIF, XMP. */
const droppedFlags = 0x20 | 0x08 | 0x04;

export function openWebp(bytes: Uint8Array): Picture {
  const end = viewOf(bytes).getUint32(4, true) + 8;
  if (end > bytes.length) throw broken('webp', 'it is cut off');
  const chunks = readChunks(bytes, end);
  const first = chunks[0];
  const exif = chunks.find((one) => one.type === 'EXIF');
  if (first === undefined) throw broken('webp', 'it holds no picture');
  return {
    format: 'webp',
    ...readHeader(first),
    orientation: exif === undefined ? 1 : readOrientation(withoutExifPrefix(exif.body)),
    bytes: rebuild(chunks),
  };
}

function readChunks(bytes: Uint8Array, end: number): Chunk[] {
  const view = viewOf(bytes);
  const chunks: Chunk[] = [];
  for (let at = 12; at + 8 <= end;) {
    const length = view.getUint32(at + 4, true);
    if (at + 8 + length > end) throw broken('webp', 'it is cut off');
    // A chunk of odd length is followed by one byte of padding.
    const next = at + 8 + length + (length % 2);
    chunks.push({
      type: tagAt(bytes, at),
      whole: bytes.subarray(at, next),
      body: bytes.subarray(at + 8, at + 8 + length),
    });
    at = next;
  }
  return chunks;
}

function readHeader({ type, body }: Chunk): { width: number; height: number; isOpaque: boolean } {
  const view = viewOf(body);
  if (body.length < 10 && type !== 'VP8L') throw broken('webp', 'its header is cut off');
  if (type === 'VP8X') {
    const flags = view.getUint8(0);
    const size = (at: number): number => 1 + (view.getUint16(at, true) | (view.getUint8(at + 2) << 16));
    return { width: size(4), height: size(7), isOpaque: (flags & (alphaFlag | animationFlag)) === 0 };
  }
  if (type === 'VP8 ') {
    if (view.getUint16(3) !== 0x9d01 || view.getUint8(5) !== 0x2a) throw broken('webp', 'it starts with no key frame');
    const width = view.getUint16(6, true) & 0x3fff;
    const height = view.getUint16(8, true) & 0x3fff;
    if (width === 0 || height === 0) throw broken('webp', 'it has no size');
    return { width, height, isOpaque: true };
  }
  if (type === 'VP8L') {
    if (body.length < 5 || view.getUint8(0) !== 0x2f) throw broken('webp', 'its header makes no sense');
    const bits = view.getUint32(1, true);
    return { width: 1 + (bits & 0x3fff), height: 1 + ((bits >>> 14) & 0x3fff), isOpaque: ((bits >>> 28) & 1) === 0 };
  }
  throw broken('webp', 'it holds no picture');
}

function rebuild(chunks: readonly Chunk[]): Uint8Array {
  const kept = chunks.filter((one) => !dropped.includes(one.type)).map((one) => one.whole);
  const whole = concat([new Uint8Array(12), ...kept]);
  whole.set(Buffer.from('RIFF____WEBP'));
  const view = viewOf(whole);
  view.setUint32(4, whole.length - 8, true);
  if (chunks[0]?.type === 'VP8X') view.setUint8(20, view.getUint8(20) & ~droppedFlags);
  return whole;
}
