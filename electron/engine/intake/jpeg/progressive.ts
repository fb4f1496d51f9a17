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
  const end = at + spectralEnd;
  let place = at + spectralStart;
  while (state.run === 0 && place <= end) {
    const symbol = readSymbol(reader, table);
    const size = symbol & 15;
    const zeros = symbol >> 4;
    if (size === 0 && zeros < 15) {
      state.run = (1 << zeros) + readBits(reader, zeros);
      break;
    }
    if (size > 1) throw damaged('an impossible correction in the picture data');
    const fresh = size === 0 ? 0 : readBits(reader, 1) === 1 ? 1 << low : -1 << low;
    place = refine(reader, coefficients, place, end, zeros, low);
    if (fresh !== 0) {
      if (place > end) throw damaged('too many values in a block');
      coefficients[place] = fresh;
    }
    place++;
  }
  if (state.run === 0) return;
  refine(reader, coefficients, place, end, 64, low);
  state.run--;
}

/** Reads a bit for each value met until `zeros` zeros have been passed; returns the place of the zero after those. */
function refine(
  reader: BitReader,
  coefficients: Int16Array,
  from: number,
  end: number,
  zeros: number,
  low: number,
): number {
  const { view } = reader;
  const step = 1 << low;
  let { bit } = reader;
  let left = zeros;
  let place = from;
  for (; place <= end; place++) {
    const old = coefficients[place] ?? 0;
    if (old === 0) {
      if (left-- === 0) break;
      continue;
    }
    const isSet = ((view.getUint8(bit >>> 3) >> (7 - (bit & 7))) & 1) === 1;
    bit++;
    if (isSet && (Math.abs(old) & step) === 0) coefficients[place] = old > 0 ? old + step : old - step;
  }
  reader.bit = bit;
  return place;
}
