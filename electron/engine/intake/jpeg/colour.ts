/** Channel planes of a JPEG to RGB (JFIF 1.02 and Adobe's conventions for APP14), chroma interpolated where it is coarser. */
import { AppError } from '../../../contract/errors';
import type { Channel, JpegPlanes } from './decode-jpeg';
import type { Pixels } from '../pixels';

type RowOf = (y: number) => Uint8ClampedArray;

export function toPixels(planes: JpegPlanes): Pixels {
  const { width, height } = planes.layout;
  const data = new Int32Array(width * height);
  const rows = planes.channels.map((channel) => rowReader(channel, width, height));
  const convert = converter(planes);
  for (let y = 0; y < height; y++) convert(rows, y, data.subarray(y * width, (y + 1) * width));
  return { data, width, height };
}

type Convert = (rows: RowOf[], y: number, out: Int32Array) => void;

function converter({ channels, adobe, frame }: JpegPlanes): Convert {
  if (channels.length === 1) return greyRow;
  if (channels.length === 4) return (rows, y, out) => inkRow(adobe === 2, adobe >= 0, rows, y, out);
  const named = frame.components.map((one) => String.fromCharCode(one.id)).join('');
  return adobe === 0 || (adobe < 0 && named === 'RGB') ? rgbRow : yccRow;
}

function row(rows: RowOf[], channel: number, y: number): Uint8ClampedArray {
  const read = rows[channel];
  if (read === undefined) throw new AppError('engine/internal', `No channel ${channel}.`);
  return read(y);
}

function greyRow(rows: RowOf[], y: number, out: Int32Array): void {
  const grey = row(rows, 0, y);
  for (let x = 0; x < out.length; x++) out[x] = 0xff000000 | ((grey[x] ?? 0) * 0x010101);
}

function rgbRow(rows: RowOf[], y: number, out: Int32Array): void {
  const red = row(rows, 0, y);
  const green = row(rows, 1, y);
  const blue = row(rows, 2, y);
  for (let x = 0; x < out.length; x++) {
    out[x] = 0xff000000 | ((blue[x] ?? 0) << 16) | ((green[x] ?? 0) << 8) | (red[x] ?? 0);
  }
}

/** 0..255 out of -256..511, looked up: faster than two comparisons for each colour of each pixel. */
const clamped = Uint8Array.from({ length: 768 }, (_, i) => Math.min(255, Math.max(0, i - 256)));

function yccRow(rows: RowOf[], y: number, out: Int32Array): void {
  const luma = row(rows, 0, y);
  const blue = row(rows, 1, y);
  const red = row(rows, 2, y);
  // JFIF's factors times 65536, so that the loop stays in whole numbers.
  for (let x = 0; x < out.length; x++) {
    const l = ((luma[x] ?? 0) << 16) + 32768;
    const cb = (blue[x] ?? 0) - 128;
    const cr = (red[x] ?? 0) - 128;
    const r = clamped[((l + 91881 * cr) >> 16) + 256] ?? 0;
    const g = clamped[((l - 22554 * cb - 46802 * cr) >> 16) + 256] ?? 0;
    const b = clamped[((l + 116130 * cb) >> 16) + 256] ?? 0;
    out[x] = 0xff000000 | (b << 16) | (g << 8) | r;
  }
}

/** Four inks without a profile: red = (1 - cyan)(1 - black) and so on. Adobe stores inks inverted. */
function inkRow(ycck: boolean, inverted: boolean, rows: RowOf[], y: number, out: Int32Array): void {
  (ycck ? yccRow : rgbRow)(rows, y, out);
  const black = row(rows, 3, y);
  for (let x = 0; x < out.length; x++) {
    const inks = out[x] ?? 0;
    const k = black[x] ?? 0;
    const light = inverted ? k : 255 - k;
    const shown = (ink: number): number => Math.round(((inverted ? ink : 255 - ink) * light) / 255);
    out[x] = 0xff000000 | (shown((inks >>> 16) & 255) << 16) | (shown((inks >>> 8) & 255) << 8) | shown(inks & 255);
  }
}

/** Rows of a channel at output width. Coarser channels are interpolated linearly between sample centres. */
function rowReader({ plane, stride, layout }: Channel, width: number, height: number): RowOf {
  const { spreadX, spreadY } = layout;
  if (spreadX === 1 && spreadY === 1) return (y) => plane.subarray(y * stride, y * stride + width);
  const across = between(width, spreadX);
  const down = between(height, spreadY);
  const mixed = new Uint16Array(Math.ceil(width / spreadX));
  const out = new Uint8ClampedArray(width);
  return (y) => {
    mixRows(plane, (down.low[y] ?? 0) * stride, (down.high[y] ?? 0) * stride, down.weight[y] ?? 0, mixed);
    spreadRow(mixed, across, out);
    return out;
  };
}

/** For each output place the two nearest samples and the weight of the second, in 256ths. */
interface Between {
  low: Uint32Array;
  high: Uint32Array;
  weight: Uint16Array;
}

function between(length: number, spread: number): Between {
  const count = Math.ceil(length / spread);
  const found = { low: new Uint32Array(length), high: new Uint32Array(length), weight: new Uint16Array(length) };
  for (let i = 0; i < length; i++) {
    const place = Math.max(0, (i + 0.5) / spread - 0.5);
    const low = Math.floor(place);
    found.low[i] = low;
    found.high[i] = Math.min(count - 1, low + 1);
    found.weight[i] = Math.round((place - low) * 256);
  }
  return found;
}

function mixRows(plane: Uint8ClampedArray, low: number, high: number, weight: number, mixed: Uint16Array): void {
  for (let x = 0; x < mixed.length; x++) {
    const a = plane[low + x] ?? 0;
    mixed[x] = (a << 8) + ((plane[high + x] ?? 0) - a) * weight;
  }
}

function spreadRow(mixed: Uint16Array, { low, high, weight }: Between, out: Uint8ClampedArray): void {
  for (let x = 0; x < out.length; x++) {
    const a = mixed[low[x] ?? 0] ?? 0;
    const b = mixed[high[x] ?? 0] ?? 0;
    out[x] = ((a << 8) + (b - a) * (weight[x] ?? 0) + 32768) >> 16;
  }
}
