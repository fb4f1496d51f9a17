/** Size of a GIF (GIF89a) and whether its first frame is whole, which the decoder would not say. */
import { broken, type Picture, viewOf } from './picture';

interface Frame {
  width: number;
  height: number;
  /** The LZW bytes without their block lengths. */
  data: Uint8Array;
  minimumBits: number;
  end: number;
}

export function openGif(bytes: Uint8Array): Picture {
  if (bytes.length < 13) throw broken('gif', 'it is cut off');
  const view = viewOf(bytes);
  const { screen, frame, left, top } = firstFrame(bytes, view);
  return {
    format: 'gif',
    // Decoders widen the screen when the first frame is larger, so both count.
    width: Math.max(screen.width, left + frame.width),
    height: Math.max(screen.height, top + frame.height),
    orientation: 1,
    bytes: onlyFirstFrame(bytes, frame.end),
    isOpaque: false,
  };
}

/** Follows the LZW codes of the first frame without making pixels: they must stand for every one of its pixels. */
export function checkGif(bytes: Uint8Array): void {
  const { frame } = firstFrame(bytes, viewOf(bytes));
  if (countPixels(frame) < frame.width * frame.height) throw broken('gif', 'its first frame ends too early');
}

function firstFrame(
  bytes: Uint8Array,
  view: DataView,
): { screen: { width: number; height: number }; frame: Frame; left: number; top: number } {
  const screen = { width: view.getUint16(6, true), height: view.getUint16(8, true) };
  let at = 13 + tableLength(view.getUint8(10));
  for (;;) {
    const kind = bytes[at];
    if (kind === 0x21) {
      at = skipBlocks(bytes, at + 2);
    } else if (kind === 0x2c) {
      if (at + 11 > bytes.length) throw broken('gif', 'it is cut off');
      const width = view.getUint16(at + 5, true);
      const height = view.getUint16(at + 7, true);
      if (width === 0 || height === 0) throw broken('gif', 'its first frame has no size');
      const start = at + 10 + tableLength(view.getUint8(at + 9));
      const end = skipBlocks(bytes, start + 1);
      const frame = { width, height, data: joinBlocks(bytes, start + 1, end), minimumBits: bytes[start] ?? 0, end };
      return { screen, frame, left: view.getUint16(at + 1, true), top: view.getUint16(at + 3, true) };
    } else {
      throw broken('gif', kind === undefined ? 'it is cut off' : 'it holds no picture');
    }
  }
}

const tableLength = (flags: number): number => ((flags & 0x80) === 0 ? 0 : 3 << ((flags & 7) + 1));

/** The end of a chain of data blocks, each led by its length, a zero ending the chain. */
function skipBlocks(bytes: Uint8Array, start: number): number {
  let at = start;
  for (;;) {
    const length = bytes[at];
    if (length === undefined || at + length >= bytes.length) throw broken('gif', 'it is cut off');
    at += length + 1;
    if (length === 0) return at;
  }
}

function joinBlocks(bytes: Uint8Array, start: number, end: number): Uint8Array {
  const data = new Uint8Array(end - start);
  let length = 0;
  for (let at = start; at < end;) {
    const size = bytes[at] ?? 0;
    data.set(bytes.subarray(at + 1, at + 1 + size), length);
    length += size;
    at += size + 1;
  }
  return data.subarray(0, length);
}

/** The file cut after its first frame: frames that are never shown are never decoded. */
function onlyFirstFrame(bytes: Uint8Array, end: number): Uint8Array {
  const whole = new Uint8Array(end + 1);
  whole.set(bytes.subarray(0, end));
  whole[end] = 0x3b;
  return whole;
}

function countPixels({ data, minimumBits, width, height }: Frame): number {
  if (minimumBits < 1 || minimumBits > 11) throw broken('gif', 'its first frame makes no sense');
  const clear = 1 << minimumBits;
  const wanted = width * height;
  const lengths = new Uint32Array(4096).fill(1);
  let bits = minimumBits + 1;
  let next = clear + 2;
  let previous = -1;
  let pixels = 0;
  let window = 0;
  let held = 0;
  for (let at = 0; at < data.length && pixels < wanted;) {
    while (held < bits && at < data.length) {
      window |= (data[at++] ?? 0) << held;
      held += 8;
    }
    for (; held >= bits && pixels < wanted; held -= bits, window >>>= bits) {
      const code = window & ((1 << bits) - 1);
      if (code === clear + 1) return pixels;
      if (code === clear) {
        window >>>= bits;
        held -= bits;
        bits = minimumBits + 1;
        next = clear + 2;
        previous = -1;
        break;
      }
      if (code > next || (code === next && previous < 0)) throw broken('gif', 'its first frame makes no sense');
      if (previous >= 0 && next < 4096) {
        lengths[next++] = (lengths[previous] ?? 1) + 1;
      }
      pixels += lengths[code] ?? 1;
      previous = code;
      if (next === 1 << bits && bits < 12) {
        held -= bits;
        window >>>= bits;
        bits++;
        break;
      }
    }
  }
  return pixels;
}
