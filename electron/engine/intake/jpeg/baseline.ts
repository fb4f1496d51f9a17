/** Decodes the scans of a sequential JPEG straight into channel planes, block by block (ITU T.81 F.2). */
import { type BitReader, peek, readSigned, readSymbol } from './bits';
import { type AcTable, codeAt, type HuffmanTable, skipBits } from './huffman';
import { damaged } from './markers';

export interface BlockTarget {
  dc: HuffmanTable;
  ac: AcTable;
  /** Storage place of each zigzag position. */
  order: Uint8Array;
  /** Scaled dequantisation factors in zigzag order. */
  quant: Float64Array;
  /** Zigzag positions beyond this one do not matter: their values are passed over. */
  useful: number;
  /** DC predictor, reset at restarts. */
  predictor: number;
}

/**
 * Reads one block into `block` (which must be zero) and returns the highest useful zigzag position that was set. `order` and
 * `quant` go on for 16 places after the 64, so that a run beyond the block does no harm before it is noticed.
 */
export function readBlock(reader: BitReader, target: BlockTarget, block: Float64Array): number {
  target.predictor += readSigned(reader, readSymbol(reader, target.dc));
  block[0] = target.predictor * (target.quant[0] ?? 0);
  const { order, quant } = target;
  const { ac } = target;
  const { whole, skip } = ac;
  const { view } = reader;
  let { bit } = reader;
  let last = 0;
  for (let k = 1; k < 64; k++) {
    const window = peek(view, bit);
    if (k > target.useful) {
      // Several values at once, unless the block may end among them, after which others follow that are not its own.
      const several = skip[window >>> (32 - skipBits)] ?? 0;
      if (several !== 0 && k + (several >> 6) < 64) {
        bit += several & 31;
        if ((several & 32) !== 0) break;
        k += (several >> 6) - 1;
        continue;
      }
    }
    const code = whole[window >>> 21] ?? 0;
    if (code !== 0) {
      bit += code & 255;
      const value = code >> 16;
      if (value === 0) break;
      k += (code >> 8) & 15;
      block[order[k] ?? 64] = value * (quant[k] ?? 0);
      last = k;
      continue;
    }
    const entry = codeAt(ac, window >>> 16);
    if (entry === 0) throw damaged('an invalid code in the picture data');
    const length = entry >> 8;
    const size = entry & 15;
    bit += length;
    k += (entry >> 4) & 15;
    if (size === 0) {
      if ((entry & 0xf0) !== 0xf0) break; // end of block; 0xf0 stands for 16 zeros
      continue;
    }
    // The window holds 25 bits: enough for a code and its value unless both are long.
    const rest = length + size <= 25 ? window << length : peek(view, bit);
    const raw = rest >>> (32 - size);
    const value = raw < 1 << (size - 1) ? raw - (1 << size) + 1 : raw;
    bit += size;
    block[order[k] ?? 64] = value * (quant[k] ?? 0);
    last = k;
  }
  if (last > 63) throw damaged('too many values in a block');
  reader.bit = bit;
  return last;
}
