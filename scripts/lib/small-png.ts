/** Writes RGB pictures as small PNG files whose bytes depend on the pixels alone: one filter a row, the best of three by size of residues. */
import { crc32, deflateSync } from 'node:zlib';

function chunk(type: string, body: Uint8Array): Buffer {
  const out = Buffer.alloc(12 + body.length);
  out.writeUInt32BE(body.length, 0);
  out.write(type, 4, 'latin1');
  out.set(body, 8);
  out.writeUInt32BE(crc32(out.subarray(4, 8 + body.length)), 8 + body.length);
  return out;
}

/** Differences of a row: to nothing (0), to the pixel on the left (1), to the one above (2); PNG's own numbers. */
function filtered(rgb: Uint8Array, row: number, stride: number, filter: number): Uint8Array {
  return Uint8Array.from({ length: stride }, (_, k) => {
    const at = row * stride + k;
    const left = filter === 1 && k >= 3 ? (rgb[at - 3] ?? 0) : 0;
    const above = filter === 2 && row > 0 ? (rgb[at - stride] ?? 0) : 0;
    return ((rgb[at] ?? 0) - left - above) & 255;
  });
}

function cost(residues: Uint8Array): number {
  return residues.reduce((sum, value) => sum + Math.min(value, 256 - value), 0);
}

/** A PNG of u8 RGB [height, width, 3]. */
export function smallPng(rgb: Uint8Array, height: number, width: number): Uint8Array {
  const stride = 3 * width;
  const rows = Array.from({ length: height }, (_, row) => {
    const choices = [0, 1, 2].map((filter) => ({ filter, residues: filtered(rgb, row, stride, filter) }));
    const best = choices.reduce((a, b) => (cost(b.residues) < cost(a.residues) ? b : a));
    return Buffer.concat([Buffer.of(best.filter), best.residues]);
  });
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([8, 2, 0, 0, 0], 8);
  return Buffer.concat([
    Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]),
    chunk('IHDR', header),
    chunk('IDAT', deflateSync(Buffer.concat(rows), { level: 9 })),
    chunk('IEND', new Uint8Array(0)),
  ]);
}
