/** Decodes a JPEG at full, half, quarter or eighth size into channel planes; every defect of the data is an error. */
import { AppError } from '../../../contract/errors';
import { type BlockTarget, readBlock } from './baseline';
import { type BitReader, type ScanData, unstuff } from './bits';
import { acTable, huffmanTable, type HuffmanSpec, readHuffman } from './huffman';
import { blockOrder, type DctSize, inverses, lastUseful, scaledQuant } from './idct';
import { type ChannelLayout, type FrameLayout, layOut } from './layout';
import {
  damaged,
  isFrame,
  type JpegFrame,
  type JpegScan,
  nextSegment,
  readFrame,
  readQuant,
  readScan,
  word,
} from './markers';
import { type ProgressiveState, readAcFirst, readAcRefine, readDc } from './progressive';

/** More scans than any encoder writes; a file with thousands would only burn time. */
const maxScans = 100;
const maxCoefficientBytes = 400e6;

export interface Channel {
  layout: ChannelLayout;
  plane: Uint8ClampedArray;
  stride: number;
}

export interface JpegPlanes {
  frame: JpegFrame;
  layout: FrameLayout;
  channels: Channel[];
  /** The colour transform an Adobe segment names; -1 without such a segment. */
  adobe: number;
}

interface Decoder {
  bytes: Uint8Array;
  frame: JpegFrame;
  layout: FrameLayout;
  channels: Channel[];
  quant: Map<number, Uint16Array>;
  huffman: Map<number, HuffmanSpec>;
  coefficients: Int16Array[];
  seen: Set<number>;
  interval: number;
  adobe: number;
}

/** `choose` picks the transform size once the frame is known. Throws `image/damaged` or `image/unsupported`. */
export function decodeJpeg(bytes: Uint8Array, choose: (frame: JpegFrame) => DctSize): JpegPlanes {
  const quant = new Map<number, Uint16Array>();
  const huffman = new Map<number, HuffmanSpec>();
  let state: Decoder | undefined;
  let interval = 0;
  let adobe = -1;
  let scans = 0;
  let at = 2;
  for (;;) {
    const segment = nextSegment(bytes, at);
    if (segment === undefined || segment.marker === 0xd9) return finish(state, segment !== undefined);
    at = segment.end;
    const { marker, start, end } = segment;
    if (marker === 0xdb) readQuant(bytes, segment, quant);
    else if (marker === 0xc4) readHuffman(bytes, segment, huffman);
    else if (marker === 0xdd) interval = word(bytes, start);
    else if (marker === 0xee && end - start >= 12 && bytes[start] === 0x41) adobe = bytes[start + 11] ?? 0;
    else if (isFrame(marker)) {
      if (state !== undefined) throw damaged('two frames');
      state = prepare(bytes, readFrame(bytes, segment), choose, quant, huffman);
    } else if (marker === 0xda) {
      if (state === undefined) throw damaged('picture data before the frame header');
      if (++scans > maxScans) throw damaged('too many scans');
      state.interval = interval;
      state.adobe = adobe;
      at = decodeScan(state, readScan(bytes, segment, state.frame));
    }
  }
}

function prepare(
  bytes: Uint8Array,
  frame: JpegFrame,
  choose: (frame: JpegFrame) => DctSize,
  quant: Map<number, Uint16Array>,
  huffman: Map<number, HuffmanSpec>,
): Decoder {
  const layout = layOut(frame, choose(frame));
  // Each block takes at least two bits (one in a DC scan), so a small file cannot ask for much memory.
  if (bytes.length * 8 < layout.blocks) throw damaged('it holds too little data for its size');
  if (frame.progressive && layout.blocks * 128 > maxCoefficientBytes) {
    throw new AppError('image/too-many-pixels', 'This progressive JPEG is too large to decode.', {
      width: frame.width,
      height: frame.height,
    });
  }
  const channels = layout.channels.map((one): Channel => {
    const stride = one.storedWide * one.size;
    return { layout: one, stride, plane: new Uint8ClampedArray(stride * one.storedHigh * one.size) };
  });
  const coefficients = frame.progressive
    ? layout.channels.map((one) => new Int16Array(one.storedWide * one.storedHigh * 64))
    : [];
  return { bytes, frame, layout, channels, quant, huffman, coefficients, seen: new Set(), interval: 0, adobe: -1 };
}

function decodeScan(state: Decoder, scan: JpegScan): number {
  const data = unstuff(state.bytes, scan.data);
  for (const { component } of scan.parts) state.seen.add(component);
  if (state.frame.progressive) decodeProgressive(state, scan, data);
  else decodeSequential(state, scan, data);
  return data.next;
}

function specOf(state: Decoder, key: number): HuffmanSpec {
  const spec = state.huffman.get(key);
  if (spec === undefined) throw damaged('a Huffman table is missing');
  return spec;
}

function quantOf(state: Decoder, channel: Channel): Float64Array {
  const quant = state.quant.get(channel.layout.quantId);
  if (quant === undefined) throw damaged('a quantisation table is missing');
  return scaledQuant(quant, channel.layout.size);
}

function decodeSequential(state: Decoder, scan: JpegScan, data: ScanData): void {
  const targets = scan.parts.map(({ component, dc, ac }) => {
    const channel = at(state.channels, component);
    const target: BlockTarget = {
      dc: huffmanTable(specOf(state, dc)),
      ac: acTable(specOf(state, 16 | ac), channel.layout.size < 8),
      order: blockOrder(channel.layout.size),
      quant: quantOf(state, channel),
      useful: lastUseful[channel.layout.size],
      predictor: 0,
    };
    return { target, channel, size: channel.layout.size, inverse: inverses[channel.layout.size] };
  });
  const block = new Float64Array(65);
  eachBlock(
    state,
    scan,
    data,
    (reader, part, row, column) => {
      const { target, channel, size, inverse } = at(targets, part);
      const last = readBlock(reader, target, block);
      const offset = row * size * channel.stride + column * size;
      if (last === 0) fill(channel, offset, size, block[0] ?? 0);
      else inverse(block, channel.plane, offset, channel.stride);
      if (last > 0) block.fill(0);
    },
    () => {
      for (const { target } of targets) target.predictor = 0;
    },
  );
}

/** A block that has only a mean. */
function fill({ plane, stride }: Channel, offset: number, size: number, mean: number): void {
  for (let y = 0; y < size; y++) {
    const from = offset + y * stride;
    for (let x = 0; x < size; x++) plane[from + x] = mean + 128;
  }
}

function decodeProgressive(state: Decoder, scan: JpegScan, data: ScanData): void {
  const progressive: ProgressiveState = { scan, run: 0 };
  const isDc = scan.spectralStart === 0;
  const parts = scan.parts.map(({ component, dc, ac }) => ({
    wide: at(state.channels, component).layout.storedWide,
    coefficients: at(state.coefficients, component),
    table: isDc && scan.high > 0 ? undefined : huffmanTable(specOf(state, isDc ? dc : 16 | ac)),
    predictor: 0,
  }));
  const readAc = scan.high === 0 ? readAcFirst : readAcRefine;
  eachBlock(
    state,
    scan,
    data,
    (reader, index, row, column) => {
      const part = at(parts, index);
      const first = (row * part.wide + column) * 64;
      if (isDc) {
        part.predictor = readDc(reader, progressive, part.table, part.coefficients, first, part.predictor);
      } else if (part.table !== undefined) {
        readAc(reader, progressive, part.table, part.coefficients, first);
      }
    },
    () => {
      progressive.run = 0;
      for (const part of parts) part.predictor = 0;
    },
  );
}

type Visit = (reader: BitReader, part: number, row: number, column: number) => void;

/** Walks the blocks of a scan in coding order, restart interval by restart interval, watching for the data's end. */
function eachBlock(state: Decoder, scan: JpegScan, data: ScanData, visit: Visit, restart: () => void): void {
  const single = scan.parts.length === 1 ? at(scan.parts, 0).component : -1;
  const alone = single < 0 ? undefined : at(state.channels, single).layout;
  const wide = alone?.blocksWide ?? state.layout.mcusWide;
  const units = wide * (alone?.blocksHigh ?? state.layout.mcusHigh);
  const interval = state.interval === 0 ? units : state.interval;
  if (data.ends.length < Math.ceil(units / interval)) throw damaged('it is cut off');
  const reader: BitReader = { view: new DataView(data.data.buffer), bit: 0, endBit: 0 };
  const layouts = scan.parts.map(({ component }) => at(state.channels, component).layout);
  for (let first = 0, index = 0; first < units; first += interval, index++) {
    reader.bit = index === 0 ? 0 : at(data.ends, index - 1) * 8;
    reader.endBit = at(data.ends, index) * 8;
    restart();
    for (let unit = first; unit < Math.min(units, first + interval); unit++) {
      const row = Math.floor(unit / wide);
      const column = unit - row * wide;
      if (alone !== undefined) visit(reader, 0, row, column);
      else visitMcu(reader, layouts, row, column, visit);
      if (reader.bit > reader.endBit) throw damaged('the picture data ends too early');
    }
  }
}

function visitMcu(reader: BitReader, layouts: ChannelLayout[], row: number, column: number, visit: Visit): void {
  for (let part = 0; part < layouts.length; part++) {
    const { h, v } = at(layouts, part);
    for (let y = 0; y < v; y++) {
      for (let x = 0; x < h; x++) visit(reader, part, row * v + y, column * h + x);
    }
  }
}

function finish(state: Decoder | undefined, closed: boolean): JpegPlanes {
  if (state === undefined) throw damaged('it holds no picture');
  if (state.seen.size < state.channels.length) throw damaged('a colour channel is missing');
  // A sequential file whose data is all there may lack its end marker; of a progressive one, scans may be missing.
  if (state.frame.progressive) {
    if (!closed) throw damaged('it is cut off');
    state.channels.forEach((channel, i) => transform(state, channel, at(state.coefficients, i)));
  }
  return { frame: state.frame, layout: state.layout, channels: state.channels, adobe: state.adobe };
}

function transform(state: Decoder, channel: Channel, coefficients: Int16Array): void {
  const { size, storedWide } = channel.layout;
  const quant = quantOf(state, channel);
  const order = blockOrder(size);
  const inverse = inverses[size];
  const useful = lastUseful[size];
  const block = new Float64Array(65);
  for (let first = 0, i = 0; first < coefficients.length; first += 64, i++) {
    let last = 0;
    for (let k = 0; k <= useful; k++) {
      const value = coefficients[first + k] ?? 0;
      if (value === 0) continue;
      block[order[k] ?? 64] = value * (quant[k] ?? 0);
      last = k;
    }
    const row = Math.floor(i / storedWide);
    const offset = row * size * channel.stride + (i - row * storedWide) * size;
    if (last === 0) fill(channel, offset, size, block[0] ?? 0);
    else inverse(block, channel.plane, offset, channel.stride);
    block.fill(0);
  }
}

function at<T>(list: readonly T[], index: number): T {
  const value = list[index];
  if (value === undefined) throw new AppError('engine/internal', `No element ${index}.`);
  return value;
}
