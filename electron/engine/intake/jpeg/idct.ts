/**
 * Inverse DCT of a block at full, half, quarter and eighth size: an N-point transform of the lowest N x N coefficients.
 * The 8-point form follows Arai, Agui and Nakajima (1988), its scale factors folded into the quantisation table.
 */

/** Output points per 8 input points. */
export type DctSize = 1 | 2 | 4 | 8;

/** Natural order (row * 8 + column) of the 64 zigzag positions. */
export const zigzag = Uint8Array.from([
  0, 1, 8, 16, 9, 2, 3, 10, 17, 24, 32, 25, 18, 11, 4, 5, 12, 19, 26, 33, 40, 48, 41, 34, 27, 20, 13, 6, 7, 14, 21, 28,
  35, 42, 49, 56, 57, 50, 43, 36, 29, 22, 15, 23, 30, 37, 44, 51, 58, 59, 52, 45, 38, 31, 39, 46, 53, 60, 61, 54, 47,
  55, 62, 63,
]);

/** Zigzag positions beyond this one do not matter at the given size. */
export const lastUseful: Record<DctSize, number> = { 1: 0, 2: 4, 4: 24, 8: 63 };

/** Where each of 80 zigzag positions is stored in a block; those of no use at this size, or at all, share the spare place 64. */
export function blockOrder(size: DctSize): Uint8Array {
  return Uint8Array.from({ length: 80 }, (_, k) => {
    const at = zigzag[k] ?? 64;
    return (at & 7) < size && at >> 3 < size ? at : 64;
  });
}

/** Dequantisation factors in zigzag order with the transform's own scale folded in. */
export function scaledQuant(quant: Uint16Array, size: DctSize): Float64Array {
  const aan = (k: number): number => (size === 8 && k > 0 ? Math.SQRT2 * Math.cos((k * Math.PI) / 16) : 1);
  return Float64Array.from({ length: 80 }, (_, k) => {
    const at = zigzag[k] ?? 0;
    return ((quant[k] ?? 0) * aan(at & 7) * aan(at >> 3)) / 8;
  });
}

/** Writes one transformed block, level-shifted to 0..255 (the clamped array rounds and clamps). */
type Inverse = (block: Float64Array, out: Uint8ClampedArray, offset: number, stride: number) => void;

export const inverses: Record<DctSize, Inverse> = { 1: idct1, 2: idct2, 4: idct4, 8: idct8 };

function idct1(block: Float64Array, out: Uint8ClampedArray, offset: number): void {
  out[offset] = (block[0] ?? 0) + 128;
}

function idct2(block: Float64Array, out: Uint8ClampedArray, offset: number, stride: number): void {
  const a = (block[0] ?? 0) + 128;
  const b = block[1] ?? 0;
  const c = block[8] ?? 0;
  const d = block[9] ?? 0;
  out[offset] = a + b + c + d;
  out[offset + 1] = a - b + c - d;
  out[offset + stride] = a + b - c - d;
  out[offset + stride + 1] = a - b - c + d;
}

const c1 = Math.SQRT2 * Math.cos(Math.PI / 8);
const c3 = Math.SQRT2 * Math.sin(Math.PI / 8);

function idct4(block: Float64Array, out: Uint8ClampedArray, offset: number, stride: number): void {
  for (let x = 0; x < 4; x++) {
    const f0 = block[x] ?? 0;
    const f1 = block[x + 8] ?? 0;
    const f2 = block[x + 16] ?? 0;
    const f3 = block[x + 24] ?? 0;
    const p = c1 * f1 + c3 * f3;
    const q = c3 * f1 - c1 * f3;
    block[x] = f0 + f2 + p;
    block[x + 8] = f0 - f2 + q;
    block[x + 16] = f0 - f2 - q;
    block[x + 24] = f0 + f2 - p;
  }
  for (let y = 0; y < 4; y++) {
    const row = y * 8;
    const f0 = (block[row] ?? 0) + 128;
    const f1 = block[row + 1] ?? 0;
    const f2 = block[row + 2] ?? 0;
    const f3 = block[row + 3] ?? 0;
    const p = c1 * f1 + c3 * f3;
    const q = c3 * f1 - c1 * f3;
    const at = offset + y * stride;
    out[at] = f0 + f2 + p;
    out[at + 1] = f0 - f2 + q;
    out[at + 2] = f0 - f2 - q;
    out[at + 3] = f0 + f2 - p;
  }
}

const r2 = Math.SQRT2;
const k1 = 2 * Math.cos(Math.PI / 8);
const k2 = 2 * (Math.cos(Math.PI / 8) - Math.cos((3 * Math.PI) / 8));
const k3 = 2 * (Math.cos(Math.PI / 8) + Math.cos((3 * Math.PI) / 8));

/** One 8-point pass over `block` from `at` in steps of `step`, in place. */
function pass8(block: Float64Array, at: number, step: number): void {
  const f0 = block[at] ?? 0;
  const f1 = block[at + step] ?? 0;
  const f2 = block[at + 2 * step] ?? 0;
  const f3 = block[at + 3 * step] ?? 0;
  const f4 = block[at + 4 * step] ?? 0;
  const f5 = block[at + 5 * step] ?? 0;
  const f6 = block[at + 6 * step] ?? 0;
  const f7 = block[at + 7 * step] ?? 0;
  const e13 = f2 + f6;
  const e12 = (f2 - f6) * r2 - e13;
  const e0 = f0 + f4 + e13;
  const e3 = f0 + f4 - e13;
  const e1 = f0 - f4 + e12;
  const e2 = f0 - f4 - e12;
  const z13 = f5 + f3;
  const z10 = f5 - f3;
  const z11 = f1 + f7;
  const z12 = f1 - f7;
  const z5 = (z10 + z12) * k1;
  const o7 = z11 + z13;
  const o6 = z5 - z10 * k3 - o7;
  const o5 = (z11 - z13) * r2 - o6;
  const o4 = z5 - z12 * k2 - o5;
  block[at] = e0 + o7;
  block[at + step] = e1 + o6;
  block[at + 2 * step] = e2 + o5;
  block[at + 3 * step] = e3 + o4;
  block[at + 4 * step] = e3 - o4;
  block[at + 5 * step] = e2 - o5;
  block[at + 6 * step] = e1 - o6;
  block[at + 7 * step] = e0 - o7;
}

function idct8(block: Float64Array, out: Uint8ClampedArray, offset: number, stride: number): void {
  for (let x = 0; x < 8; x++) pass8(block, x, 8);
  for (let y = 0; y < 8; y++) {
    pass8(block, y * 8, 1);
    const at = offset + y * stride;
    for (let x = 0; x < 8; x++) out[at + x] = (block[y * 8 + x] ?? 0) + 128;
  }
}
