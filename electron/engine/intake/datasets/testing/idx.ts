/** IDX files for tests. */

/** A header with these sizes, then the bytes; `magic` may lie. */
export function idx(dims: readonly number[], bytes: Uint8Array, magic = [0, 0, 8, dims.length]): Buffer {
  const header = Buffer.alloc(4 + 4 * dims.length);
  header.set(magic);
  dims.forEach((size, k) => header.writeUInt32BE(size >>> 0, 4 + 4 * k));
  return Buffer.concat([header, bytes]);
}

/** Pictures whose pixels tell their place: picture k is filled with k. */
export function countedPictures(count: number, height = 4, width = 5): Buffer {
  const size = height * width;
  return idx(
    [count, height, width],
    Uint8Array.from({ length: count * size }, (_, i) => Math.floor(i / size)),
  );
}

/** Labels 0, 1, 2, 0, 1, 2, ... */
export const countedLabels = (count: number): Buffer =>
  idx(
    [count],
    Uint8Array.from({ length: count }, (_, i) => i % 3),
  );
