/** Size of an AVIF from its item properties (ISO/IEC 14496-12 boxes, 23008-12 `ispe`). Its decoder reports damage itself. */
import { broken, type Picture, tagAt, viewOf } from './picture';

interface Box {
  type: string;
  start: number;
  end: number;
}

/** The largest size that any part of the file claims counts, so that no part can be a surprise. */
export function openAvif(bytes: Uint8Array): Picture {
  const meta = boxes(bytes, 0, bytes.length).find((one) => one.type === 'meta');
  const properties = inner(bytes, inner(bytes, meta, 4, 'iprp'), 0, 'ipco');
  if (properties === undefined) throw broken('avif', 'it names no size');
  const view = viewOf(bytes);
  let width = 0;
  let height = 0;
  for (const { type, start, end } of boxes(bytes, properties.start, properties.end)) {
    if (type !== 'ispe' || end - start < 12) continue;
    const wide = view.getUint32(start + 4);
    const high = view.getUint32(start + 8);
    if (wide * high > width * height) [width, height] = [wide, high];
  }
  if (width === 0 || height === 0) throw broken('avif', 'it names no size');
  const quarters = firstByte(bytes, properties, 'irot') ?? 0;
  const mirror = firstByte(bytes, properties, 'imir');
  const orientation = orientations[quarters & 3]?.[mirror === undefined ? 0 : 1 + (mirror & 1)] ?? 1;
  return { format: 'avif', width, height, orientation, bytes, isOpaque: false };
}

/** EXIF orientation by quarter turns against the clock, then: not mirrored, top to bottom, left to right. */
const orientations = [
  [1, 4, 2],
  [8, 5, 7],
  [3, 2, 4],
  [6, 7, 5],
] as const;

/** The decoder ignores these properties. Tools write them once, for the picture and its transparency alike. */
function firstByte(bytes: Uint8Array, properties: Box, type: string): number | undefined {
  const box = boxes(bytes, properties.start, properties.end).find((one) => one.type === type);
  return box && bytes[box.start];
}

function inner(bytes: Uint8Array, box: Box | undefined, skip: number, type: string): Box | undefined {
  return box && boxes(bytes, box.start + skip, box.end).find((one) => one.type === type);
}

function boxes(bytes: Uint8Array, start: number, end: number): Box[] {
  const view = viewOf(bytes);
  const found: Box[] = [];
  for (let at = start; at + 8 <= end;) {
    const short = view.getUint32(at);
    const head = short === 1 ? 16 : 8;
    if (at + head > end) throw broken('avif', 'it is cut off');
    const length = short === 1 ? Number(view.getBigUint64(at + 8)) : short === 0 ? end - at : short;
    if (length < head || at + length > end) throw broken('avif', 'it is cut off');
    found.push({ type: tagAt(bytes, at + 4), start: at + head, end: at + length });
    at += length;
  }
  return found;
}
