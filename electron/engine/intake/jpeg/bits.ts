/** The entropy-coded bytes of a scan without their stuffing, and the bit-wise reading of them. */
import { damaged } from './markers';
import { codeAt, type HuffmanTable } from './huffman';

/** Room after the data, so that reading beyond a cut never leaves the buffer before it is noticed. */
const padding = 8192;

export interface BitReader {
  view: DataView;
  /** Position in bits from the start of `view`. */
  bit: number;
  /** First bit that does not belong to the current restart interval any more. */
  endBit: number;
}

export interface ScanData {
  data: Uint8Array;
  /** Byte offset in `data` where each restart interval ends. */
  ends: number[];
  /** Offset in the file of the marker that ended the scan, or the file's length. */
  next: number;
}

/** Copies the scan at `start` without stuffed zeros and splits it at its restart markers. */
export function unstuff(bytes: Uint8Array, start: number): ScanData {
  const next = scanEnd(bytes, start);
  const data = new Uint8Array(next - start + padding);
  const ends: number[] = [];
  let length = 0;
  for (let at = start; at < next;) {
    const found = bytes.indexOf(0xff, at);
    const stop = found < 0 || found > next ? next : found;
    data.set(bytes.subarray(at, stop), length);
    length += stop - at;
    at = stop;
    while (at < next && bytes[at] === 0xff) at++;
    if (at >= next) break;
    const after = bytes[at++] ?? 0;
    if (after === 0) data[length++] = 0xff;
    else if (after - 0xd0 === ends.length % 8) ends.push(length);
    else throw damaged('restart markers out of order');
  }
  ends.push(length);
  return { data, ends, next };
}

/** Where the first marker stands that is neither stuffing nor a restart, or the end of the file. */
function scanEnd(bytes: Uint8Array, start: number): number {
  for (let at = bytes.indexOf(0xff, start); at >= 0; at = bytes.indexOf(0xff, at)) {
    while (bytes[at] === 0xff) at++;
    const after = bytes[at];
    if (after === undefined) break; // cut inside a marker
    if (after !== 0 && (after < 0xd0 || after > 0xd7)) return at - 1;
  }
  return bytes.length;
}

/** The next 25 bits (at least), left-aligned in 32. */
export const peek = (view: DataView, bit: number): number => view.getInt32(bit >>> 3) << (bit & 7);

export function readBits(reader: BitReader, count: number): number {
  if (count === 0) return 0;
  const value = peek(reader.view, reader.bit) >>> (32 - count);
  reader.bit += count;
  return value;
}

export function readSymbol(reader: BitReader, table: HuffmanTable): number {
  const window = peek(reader.view, reader.bit);
  const entry = codeAt(table, window >>> 16);
  if (entry === 0) throw damaged('an invalid code in the picture data');
  reader.bit += entry >> 8;
  return entry & 255;
}

/** A `size`-bit number in JPEG's sign-and-magnitude form (T.81 F.2.2.1). */
export function readSigned(reader: BitReader, size: number): number {
  if (size > 15) throw damaged('an impossible value in the picture data');
  const value = readBits(reader, size);
  return size > 0 && value < 1 << (size - 1) ? value - (1 << size) + 1 : value;
}
