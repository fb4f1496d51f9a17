/** Huffman tables of a JPEG (ITU T.81 annex C) as lookups: ten bits first, sixteen for the rare long codes. */
import { damaged, type Segment } from './markers';

const fastBits = 10;

/** Each entry is `length << 8 | symbol`; 0 means no such code. */
export interface HuffmanTable {
  fast: Uint16Array;
  slow: Uint16Array;
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
  return { fast, slow };
}
