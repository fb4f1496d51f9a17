/** Huffman tables of a JPEG (ITU T.81 annex C) as lookups: ten bits first, sixteen for the rare long codes. */
import { damaged, type Segment } from './markers';

const fastBits = 10;

/** Each entry of `fast` and `slow` is `length << 8 | symbol`; 0 means no such code. */
export interface HuffmanTable {
  fast: Uint16Array;
  slow: Uint16Array;
  /**
   * For AC codes that fit into 11 bits together with their value: `value << 16 | zeros before it << 8 | length`; the end of
   * a block has value 0. An entry 0 means that the longer way must be taken.
   */
  whole: Int32Array;
  /**
   * For passing over AC values: all codes with their values that fit into the next `skipBits` bits, as `positions << 6 |
   * ends the block << 5 | length`. An entry 0 means that not even one fits.
   */
  skip: Uint16Array;
}

export interface HuffmanSpec {
  counts: Uint8Array;
  symbols: Uint8Array;
}

/** Adds the table descriptions of a DHT segment under `class << 4 | id`; the lookups are built when a scan needs them. */
export function readHuffman(bytes: Uint8Array, { start, end }: Segment, into: Map<number, HuffmanSpec>): void {
  let at = start;
  while (at < end) {
    const info = bytes[at] ?? 0;
    if (info >> 4 > 1 || (info & 15) > 3 || at + 17 > end) throw damaged('bad Huffman table');
    const counts = bytes.subarray(at + 1, at + 17);
    const total = counts.reduce((sum, n) => sum + n, 0);
    if (total > 256 || at + 17 + total > end) throw damaged('bad Huffman table');
    into.set(info, { counts, symbols: bytes.subarray(at + 17, at + 17 + total) });
    at += 17 + total;
  }
}

/** Tables built last: most pictures of one camera or program share theirs, and building takes longer than a small scan. */
const known = new Map<string, HuffmanTable>();
const maxKnown = 16;

export function huffmanTable(spec: HuffmanSpec): HuffmanTable {
  const key = `${spec.counts.join()};${spec.symbols.join()}`;
  const table = known.get(key) ?? buildHuffman(spec);
  known.delete(key);
  known.set(key, table);
  const oldest = known.keys().next();
  if (known.size > maxKnown && oldest.done !== true) known.delete(oldest.value);
  return table;
}

function buildHuffman({ counts, symbols }: HuffmanSpec): HuffmanTable {
  const fast = new Uint16Array(1 << fastBits);
  const slow = new Uint16Array(1 << 16);
  let code = 0;
  let next = 0;
  for (let length = 1; length <= 16; length++) {
    for (let i = 0; i < (counts[length - 1] ?? 0); i++) {
      if (code >= 1 << length) throw damaged('bad Huffman table');
      const entry = (length << 8) | (symbols[next++] ?? 0);
      slow.fill(entry, code << (16 - length), (code + 1) << (16 - length));
      if (length <= fastBits) fast.fill(entry, code << (fastBits - length), (code + 1) << (fastBits - length));
      code++;
    }
    code <<= 1;
  }
  return { fast, slow, whole: wholeCodes(slow), skip: skipCodes(slow) };
}

const wholeBits = 11;

function wholeCodes(slow: Uint16Array): Int32Array {
  const whole = new Int32Array(1 << wholeBits);
  for (let window = 0; window < whole.length; window++) {
    const entry = slow[window << (16 - wholeBits)] ?? 0;
    const length = entry >> 8;
    const size = entry & 15;
    if (length === 0 || length + size > wholeBits) continue;
    if (size === 0) {
      whole[window] = (entry & 0xf0) === 0xf0 ? 0 : length;
      continue;
    }
    const raw = (window >> (wholeBits - length - size)) & ((1 << size) - 1);
    const value = raw < 1 << (size - 1) ? raw - (1 << size) + 1 : raw;
    whole[window] = (value << 16) | ((entry & 0xf0) << 4) | (length + size);
  }
  return whole;
}

/** Bits that `skip` is looked up with: 16 kB a table, which stays in the processor's nearest cache. */
export const skipBits = 13;

function skipCodes(slow: Uint16Array): Uint16Array {
  const skip = new Uint16Array(1 << skipBits);
  for (let window = 0; window < skip.length; window++) skip[window] = skipEntry(slow, window << (16 - skipBits));
  return skip;
}

/** `bits`: 16, of which the last three are not known. */
function skipEntry(slow: Uint16Array, bits: number): number {
  let length = 0;
  let positions = 0;
  for (;;) {
    const entry = slow[(bits << length) & 0xffff] ?? 0;
    const size = entry & 15;
    const after = length + (entry >> 8) + size;
    if (entry === 0 || after > skipBits) return (positions << 6) | length;
    length = after;
    const isEnd = size === 0 && (entry & 0xf0) !== 0xf0;
    if (isEnd) return (positions << 6) | 32 | length;
    positions += ((entry >> 4) & 15) + 1;
  }
}
