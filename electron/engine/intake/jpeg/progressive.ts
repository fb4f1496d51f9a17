/** Decodes one progressive scan into the coefficients of its channels (ITU T.81 annex G). */
import { type BitReader, readBits, readSigned, readSymbol } from './bits';
import type { HuffmanTable } from './huffman';
import { damaged, type JpegScan } from './markers';

export interface ProgressiveState {
  scan: JpegScan;
  /** Blocks still covered by the current end-of-band run. */
  run: number;
}

/** DC scans: `at` is the block's first coefficient. Returns the new predictor. */
export function readDc(
  reader: BitReader,
  { scan }: ProgressiveState,
  table: HuffmanTable | undefined,
  coefficients: Int16Array,
  at: number,
  predictor: number,
): number {
  if (scan.high > 0) {
    if (readBits(reader, 1) === 1) coefficients[at] = (coefficients[at] ?? 0) | (1 << scan.low);
    return predictor;
  }
  if (table === undefined) throw damaged('a Huffman table is missing');
  const value = predictor + readSigned(reader, readSymbol(reader, table));
  coefficients[at] = value << scan.low;
  return value;
}

/** The first scan of a band of AC coefficients. */
export function readAcFirst(
  reader: BitReader,
  state: ProgressiveState,
  table: HuffmanTable,
  coefficients: Int16Array,
  at: number,
): void {
  if (state.run > 0) {
    state.run--;
    return;
  }
  const { spectralStart, spectralEnd, low } = state.scan;
  for (let k = spectralStart; k <= spectralEnd; k++) {
    const symbol = readSymbol(reader, table);
    const zeros = symbol >> 4;
    const size = symbol & 15;
    if (size === 0 && zeros < 15) {
      state.run = (1 << zeros) - 1 + readBits(reader, zeros);
      return;
    }
    k += zeros;
    if (size === 0) continue;
    if (k > spectralEnd) throw damaged('too many values in a block');
    coefficients[at + k] = readSigned(reader, size) << low;
  }
}

/** A later scan that adds one bit of precision to a band and may make zeros non-zero. */
export function readAcRefine(
  reader: BitReader,
  state: ProgressiveState,
  table: HuffmanTable,
  coefficients: Int16Array,
  at: number,
): void {
  const { spectralStart, spectralEnd, low } = state.scan;
  const bit = 1 << low;
  let k = spectralStart;
  while (state.run === 0 && k <= spectralEnd) {
    const symbol = readSymbol(reader, table);
    const size = symbol & 15;
    let zeros = symbol >> 4;
    let fresh = 0;
    if (size === 0 && zeros < 15) {
      state.run = (1 << zeros) + readBits(reader, zeros);
      break;
    }
    if (size > 1) throw damaged('an impossible correction in the picture data');
    if (size === 1) fresh = readBits(reader, 1) === 1 ? bit : -bit;
    for (; k <= spectralEnd; k++) {
      const old = coefficients[at + k] ?? 0;
      if (old !== 0) coefficients[at + k] = corrected(reader, old, bit);
      else if (zeros-- === 0) break;
    }
    if (fresh !== 0) {
      if (k > spectralEnd) throw damaged('too many values in a block');
      coefficients[at + k] = fresh;
    }
    k++;
  }
  if (state.run === 0) return;
  for (; k <= spectralEnd; k++) {
    const old = coefficients[at + k] ?? 0;
    if (old !== 0) coefficients[at + k] = corrected(reader, old, bit);
  }
  state.run--;
}

function corrected(reader: BitReader, old: number, bit: number): number {
  if (readBits(reader, 1) === 0 || (Math.abs(old) & bit) !== 0) return old;
  return old > 0 ? old + bit : old - bit;
}
