/** Reads the marker segments of a JPEG file (ITU T.81 annex B): frame, tables, scans and the EXIF block. */
import { AppError } from '../../../contract/errors';

interface JpegComponent {
  id: number;
  h: number;
  v: number;
  quantId: number;
}

export interface JpegFrame {
  progressive: boolean;
  width: number;
  height: number;
  components: JpegComponent[];
}

export interface JpegScan {
  /** Component index, DC and AC table ids of each component in the scan. */
  parts: { component: number; dc: number; ac: number }[];
  spectralStart: number;
  spectralEnd: number;
  high: number;
  low: number;
  /** Offset of the entropy-coded bytes. */
  data: number;
}

/** What one marker segment holds: its code and the bytes after its length field. */
export interface Segment {
  marker: number;
  start: number;
  end: number;
}

export const damaged = (why: string): AppError =>
  new AppError('image/damaged', `The JPEG is damaged: ${why}.`, { format: 'jpeg' });

const standalone = (marker: number): boolean => marker === 0x01 || (marker >= 0xd0 && marker <= 0xd8);

/** The next marker segment at or after `at`; `undefined` when the file ends first. Fill bytes are skipped. */
export function nextSegment(bytes: Uint8Array, at: number): Segment | undefined {
  let i = at;
  for (;;) {
    while (i < bytes.length && bytes[i] !== 0xff) i++;
    while (i < bytes.length && bytes[i] === 0xff) i++;
    const marker = bytes[i];
    if (marker === undefined) return undefined;
    i++;
    if (marker === 0 || standalone(marker)) continue;
    if (marker === 0xd9) return { marker, start: i, end: i };
    const length = word(bytes, i);
    if (length < 2 || i + length > bytes.length) throw damaged('a segment is cut off');
    return { marker, start: i + 2, end: i + length };
  }
}

/** True for the frame headers (SOF) of every coding process, known or not. */
export const isFrame = (marker: number): boolean =>
  marker >= 0xc0 && marker <= 0xcf && marker !== 0xc4 && marker !== 0xc8 && marker !== 0xcc;

export function readFrame(bytes: Uint8Array, { marker, start, end }: Segment): JpegFrame {
  if (marker > 0xc2)
    throw new AppError(
      'image/unsupported',
      'This kind of JPEG (lossless, arithmetic or hierarchical coding) is not supported.',
    );
  if (bytes[start] !== 8)
    throw new AppError('image/unsupported', 'Only JPEG files with 8 bits per colour are supported.');
  const count = bytes[start + 5] ?? 0;
  if (![1, 3, 4].includes(count)) throw damaged(`${count} colour channels`);
  if (end - start < 6 + 3 * count) throw damaged('the frame header is cut off');
  const components = Array.from({ length: count }, (_, i): JpegComponent => {
    const at = start + 6 + 3 * i;
    const sampling = bytes[at + 1] ?? 0;
    return { id: bytes[at] ?? 0, h: sampling >> 4, v: sampling & 15, quantId: bytes[at + 2] ?? 0 };
  });
  for (const { h, v, quantId } of components) {
    if (h < 1 || h > 4 || v < 1 || v > 4 || quantId > 3) throw damaged('impossible sampling factors');
  }
  const frame = {
    progressive: marker === 0xc2,
    width: word(bytes, start + 3),
    height: word(bytes, start + 1),
    components,
  };
  if (frame.width === 0 || frame.height === 0) throw damaged('it has no size');
  return frame;
}

/** Adds the quantisation tables of a DQT segment, each 64 values in zigzag order. */
export function readQuant(bytes: Uint8Array, { start, end }: Segment, into: Map<number, Uint16Array>): void {
  let at = start;
  while (at < end) {
    const info = bytes[at++] ?? 0;
    const wide = info >> 4;
    const size = wide === 0 ? 64 : 128;
    if (wide > 1 || (info & 15) > 3 || at + size > end) throw damaged('bad quantisation table');
    const table = new Uint16Array(64);
    for (let k = 0; k < 64; k++) table[k] = wide === 0 ? (bytes[at + k] ?? 0) : word(bytes, at + 2 * k);
    into.set(info & 15, table);
    at += size;
  }
}

export function readScan(bytes: Uint8Array, { start, end }: Segment, frame: JpegFrame): JpegScan {
  const count = bytes[start] ?? 0;
  if (count < 1 || count > frame.components.length || end - start < 4 + 2 * count) throw damaged('bad scan header');
  const parts = Array.from({ length: count }, (_, i) => {
    const id = bytes[start + 1 + 2 * i] ?? 0;
    const tables = bytes[start + 2 + 2 * i] ?? 0;
    const component = frame.components.findIndex((one) => one.id === id);
    if (component < 0 || tables >> 4 > 3 || (tables & 15) > 3) throw damaged('bad scan header');
    return { component, dc: tables >> 4, ac: tables & 15 };
  });
  if (new Set(parts.map((one) => one.component)).size !== count) throw damaged('a scan names a channel twice');
  const at = start + 1 + 2 * count;
  const approximation = bytes[at + 2] ?? 0;
  const scan: JpegScan = {
    parts,
    spectralStart: bytes[at] ?? 0,
    spectralEnd: bytes[at + 1] ?? 0,
    high: approximation >> 4,
    low: approximation & 15,
    data: end,
  };
  if (frame.progressive) checkSpectral(scan);
  return scan;
}

function checkSpectral({ parts, spectralStart, spectralEnd, high, low }: JpegScan): void {
  const dc = spectralStart === 0 && spectralEnd === 0;
  const ac = spectralStart > 0 && spectralEnd >= spectralStart && spectralEnd < 64 && parts.length === 1;
  if ((!dc && !ac) || low > 13 || (high !== 0 && high !== low + 1)) throw damaged('bad scan parameters');
}

export const word = (bytes: Uint8Array, at: number): number => ((bytes[at] ?? 0) << 8) | (bytes[at + 1] ?? 0);
