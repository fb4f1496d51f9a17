/** The checksum of zip entries: CRC-32 (ISO 3309, reflected polynomial 0xEDB88320), by eight tables at a time. */

const tables = makeTables();

function makeTables(): Uint32Array {
  const all = new Uint32Array(8 * 256);
  for (let n = 0; n < 256; n++) {
    let c = n;
    for (let k = 0; k < 8; k++) c = c & 1 ? (c >>> 1) ^ 0xedb88320 : c >>> 1;
    all[n] = c;
  }
  for (let n = 0; n < 256; n++) {
    for (let t = 1; t < 8; t++) {
      const before = all[(t - 1) * 256 + n] ?? 0;
      all[t * 256 + n] = (before >>> 8) ^ (all[before & 255] ?? 0);
    }
  }
  return all;
}

/** Goes on from the sum of what came before; 0 at the start. */
export function crc32(bytes: Uint8Array, before = 0): number {
  let c = ~before >>> 0;
  let at = 0;
  const table = (t: number, byte: number): number => tables[t * 256 + byte] ?? 0;
  for (; at + 8 <= bytes.length; at += 8) {
    const low = c ^ ((bytes[at] ?? 0) | ((bytes[at + 1] ?? 0) << 8) | ((bytes[at + 2] ?? 0) << 16) | ((bytes[at + 3] ?? 0) << 24)); // prettier-ignore
    c =
      table(7, low & 255) ^ table(6, (low >>> 8) & 255) ^ table(5, (low >>> 16) & 255) ^ table(4, low >>> 24) ^
      table(3, bytes[at + 4] ?? 0) ^ table(2, bytes[at + 5] ?? 0) ^ table(1, bytes[at + 6] ?? 0) ^ table(0, bytes[at + 7] ?? 0); // prettier-ignore
  }
  for (; at < bytes.length; at++) c = (c >>> 8) ^ table(0, (c ^ (bytes[at] ?? 0)) & 255);
  return ~c >>> 0;
}
