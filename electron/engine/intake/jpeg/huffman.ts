/** Huffman tables of a JPEG (ITU T.81 annex C) as lookups: ten bits first, then length by length for the rare long codes. */
import { damaged, type Segment } from './markers';

const fastBits = 10;

export interface HuffmanTable {
  /** By the first ten bits: `length << 8 | symbol`; 0 where the code is longer, or none. */
  readonly fast: Uint16Array;
  /** For each length: what the next 16 bits stay below when their code is no longer. */
  readonly limits: Uint32Array;
  /** For each length: added to a code of that length, its place among the symbols. */
  readonly offsets: Int32Array;
  readonly symbols: Uint8Array;
}

export interface AcTable extends HuffmanTable {
  /**
   * For codes that fit into 11 bits together with their value: `value << 16 | zeros before it << 8 | length`; the end of
   * a block has value 0. An entry 0 means that the longer way must be taken.
   */
  readonly whole: Int32Array;
  /**
   * For passing over values: all codes with their values that fit into the next `skipBits` bits, as `positions << 6 |
   * ends the block << 5 | length`. An entry 0 means that not even one fits. Empty where nothing is passed over.
   */
  readonly skip: Uint16Array;
}

/** `length << 8 | symbol` of the code that begins 16 bits; 0 means no such code. */
export function codeAt({ fast, limits, offsets, symbols }: HuffmanTable, bits: number): number {
  const short = fast[bits >>> (16 - fastBits)] ?? 0;
  if (short !== 0) return short;
  for (let length = fastBits + 1; length <= 16; length++) {
    if (bits >= (limits[length] ?? 0)) continue;
    return (length << 8) | (symbols[(bits >>> (16 - length)) + (offsets[length] ?? 0)] ?? 0);
  }
  return 0;
}

export interface HuffmanSpec {
  readonly counts: Uint8Array;
  readonly symbols: Uint8Array;
  /** The same for the same tables. */
  readonly key: string;
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
    const key = Buffer.from(bytes.buffer, bytes.byteOffset + at + 1, 16 + total).toString('latin1');
    into.set(info, { counts, symbols: bytes.slice(at + 17, at + 17 + total), key });
    at += 17 + total;
  }
}

/** Tables built last: most pictures of one camera or program share theirs, and building takes longer than a small scan. */
class Known<Table> {
  private readonly tables = new Map<string, Table>();

  get(key: string, build: () => Table): Table {
    const table = this.tables.get(key) ?? build();
    this.tables.delete(key);
    this.tables.set(key, table);
    const oldest = this.tables.keys().next();
    if (this.tables.size > maxKnown && oldest.done !== true) this.tables.delete(oldest.value);
    return table;
  }
}

const maxKnown = 16;
const known = new Known<HuffmanTable>();
const knownAc = new Known<AcTable>();

/** Throws `image/damaged`. */
export function huffmanTable(spec: HuffmanSpec): HuffmanTable {
  return known.get(spec.key, () => buildHuffman(spec));
}

/** The same for AC values of whole blocks; `skips` where some of them are passed over. */
export function acTable(spec: HuffmanSpec, skips: boolean): AcTable {
  return knownAc.get(`${String(skips)} ${spec.key}`, () => {
    const table = huffmanTable(spec);
    return { ...table, whole: wholeCodes(table), skip: skips ? skipCodes(table) : none };
  });
}

const none = new Uint16Array(0);

function buildHuffman({ counts, symbols }: HuffmanSpec): HuffmanTable {
  const fast = new Uint16Array(1 << fastBits);
  const limits = new Uint32Array(17);
  const offsets = new Int32Array(17);
  let code = 0;
  let next = 0;
  for (let length = 1; length <= 16; length++) {
    const count = counts[length - 1] ?? 0;
    if (code + count > 1 << length) throw damaged('bad Huffman table');
    offsets[length] = next - code;
    if (length <= fastBits) {
      for (let i = 0; i < count; i++) {
        const shift = fastBits - length;
        fast.fill((length << 8) | (symbols[next + i] ?? 0), (code + i) << shift, (code + i + 1) << shift);
      }
    }
    code += count;
    next += count;
    limits[length] = code << (16 - length);
    code <<= 1;
  }
  return { fast, limits, offsets, symbols };
}

const wholeBits = 11;

function wholeCodes(table: HuffmanTable): Int32Array {
  const whole = new Int32Array(1 << wholeBits);
  for (let window = 0; window < whole.length; window++) {
    const entry = codeAt(table, window << (16 - wholeBits));
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

function skipCodes(table: HuffmanTable): Uint16Array {
  const skip = new Uint16Array(1 << skipBits);
  for (let window = 0; window < skip.length; window++) skip[window] = skipEntry(table, window << (16 - skipBits));
  return skip;
}

/** `bits`: 16, of which the last three are not known. */
function skipEntry(table: HuffmanTable, bits: number): number {
  let length = 0;
  let positions = 0;
  for (;;) {
    const entry = codeAt(table, (bits << length) & 0xffff);
    const size = entry & 15;
    const after = length + (entry >> 8) + size;
    if (entry === 0 || after > skipBits) return (positions << 6) | length;
    length = after;
    const isEnd = size === 0 && (entry & 0xf0) !== 0xf0;
    if (isEnd) return (positions << 6) | 32 | length;
    positions += ((entry >> 4) & 15) + 1;
  }
}
