/** The one EXIF fact that pixels depend on: the orientation tag (TIFF 6.0 and EXIF 2.3, tag 0x112). */

/** Orientation 1..8 of a TIFF-formatted EXIF block; 1 when there is none or it makes no sense. */
export function readOrientation(block: Uint8Array): number {
  const view = new DataView(block.buffer, block.byteOffset, block.byteLength);
  if (view.byteLength < 14) return 1;
  const order = view.getUint16(0);
  const little = order === 0x4949;
  if ((!little && order !== 0x4d4d) || view.getUint16(2, little) !== 42) return 1;
  const directory = view.getUint32(4, little);
  if (directory + 2 > view.byteLength) return 1;
  const count = view.getUint16(directory, little);
  for (let i = 0; i < count; i++) {
    const entry = directory + 2 + i * 12;
    if (entry + 12 > view.byteLength) return 1;
    if (view.getUint16(entry, little) !== 0x112) continue;
    const isShort = view.getUint16(entry + 2, little) === 3;
    const value = isShort ? view.getUint16(entry + 8, little) : view.getUint32(entry + 8, little);
    return value >= 1 && value <= 8 ? value : 1;
  }
  return 1;
}

/** Some writers put "Exif\0\0" before the block even where the format does not ask for it. */
export function withoutExifPrefix(block: Uint8Array): Uint8Array {
  const isPrefixed = block[0] === 0x45 && block[1] === 0x78 && block[2] === 0x69 && block[3] === 0x66 && block[4] === 0;
  return isPrefixed ? block.subarray(6) : block;
}
