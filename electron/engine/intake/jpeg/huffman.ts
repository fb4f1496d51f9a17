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

export function buildHuffman({ counts, symbols }: HuffmanSpec): HuffmanTable {
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
  return { fast, slow, whole: wholeCodes(slow) };
}

const wholeBits = 11;

function wholeCodes(slow: Uint16Array): Int32Array {
  return Int32Array.from({ length: 1 << wholeBits }, (_, window) => {
    const entry = slow[window << (16 - wholeBits)] ?? 0;
    const length = entry >> 8;
    const size = entry & 15;
    if (length === 0 || length + size > wholeBits) return 0;
    if (size === 0) return (entry & 0xf0) === 0xf0 ? 0 : length;
    const raw = (window >> (wholeBits - length - size)) & ((1 << size) - 1);
    const value = raw < 1 << (size - 1) ? raw - (1 << size) + 1 : raw;
    return (value << 16) | ((entry & 0xf0) << 4) | (length + size);
  });
}
