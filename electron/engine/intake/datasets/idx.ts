/** Reader of IDX files, MNIST's own format, plain or gzip. */
import { createHash } from 'node:crypto';
import { AppError, throwIfCancelled } from '../../../contract/errors';
import type { ImageOptions, Inspection } from '../../../contract/samples';
import type { HostTensor } from '../../../../models/tensor/host-tensor';
import { raggedTensors } from '../../datasets/chunk';
import type { Pixels } from '../pixels';
import { ByteReader } from './byte-reader';
import { imageOptionsOf } from './decode-files';
import { countsOf } from './files';
import { fitPixels } from './fit';
import { isIdx, type IdxPair, pairIdx } from './idx-header';
import { commonColumns, type SampleLabel } from './image-chunk';
import { hashGrid, type HashGrid, perceptualHash } from './perceptual-hash';
import { channelsOf } from './picture-sample';
import { encodeThumb } from './thumb';
import type { DatasetReader, ReadChunk, ReadRequest, SourceHead } from './reader';
import { pieces } from './source-pieces';

const shown = 24;

export const idxReader: DatasetReader = {
  name: 'idx',
  match: (sources) => sources.some((source) => isIdx(source) && source.head[3] !== 1),
  inspect,
  open,
};

interface Frame {
  readonly height: number;
  readonly width: number;
  readonly channels: 1 | 3;
}

function frameOf({ header: { dims } }: IdxPair): Frame {
  return { height: dims[1] ?? 1, width: dims[2] ?? 1, channels: dims[3] === 3 ? 3 : 1 };
}

async function inspect(sources: readonly SourceHead[], signal: AbortSignal): Promise<Omit<Inspection, 'reader'>> {
  const pairs = pairIdx(sources);
  const [first] = pairs;
  if (first === undefined) throw new AppError('data/empty', 'There are no pictures in it.');
  const frame = frameOf(first);
  const samples = pairs.reduce((sum, { header }) => sum + (header.dims[0] ?? 0), 0);
  const parts: (string | null)[][] = [];
  for (const pair of pairs) parts.push(await allLabels(pair, signal));
  const labels = parts.flat();
  const size = `${frame.width} x ${frame.height}`;
  const unlabelled = pairs.filter(({ labels: file }) => file === undefined).map(({ images }) => images.name);
  return {
    kind: 'image',
    samples,
    isCountExact: true,
    classes: countsOf(labels),
    hasGivenSplit: pairs.some(({ split }) => split !== null),
    options: { image: { ...frame, fit: 'crop' } },
    sizes: { smallest: size, largest: size, areAllEqual: true, areGrey: frame.channels === 1 },
    pictures: await previews(first, labels, signal),
    rows: [],
    packBytes: samples * frame.height * frame.width * frame.channels,
    notes: unlabelled.map((name) => `${name} comes without labels.`),
  };
}

async function allLabels({ labels, header }: IdxPair, signal: AbortSignal): Promise<(string | null)[]> {
  const count = header.dims[0] ?? 0;
  if (labels === undefined) return new Array<null>(count).fill(null);
  const reader = await openAt(labels, 8, signal);
  try {
    return Array.from(await exactly(reader, count, labels), String);
  } finally {
    await reader.close();
  }
}

async function previews(
  pair: IdxPair,
  labels: readonly (string | null)[],
  signal: AbortSignal,
): Promise<Inspection['pictures']> {
  const frame = frameOf(pair);
  const size = frame.height * frame.width * frame.channels;
  const count = Math.min(shown, pair.header.dims[0] ?? 0);
  const reader = await openAt(pair.images, pair.header.start, signal);
  try {
    const bytes = await exactly(reader, count * size, pair.images);
    const pictures: Inspection['pictures'] = [];
    for (let k = 0; k < count; k++) {
      const thumb = encodeThumb(pixelsOf(bytes.subarray(k * size, (k + 1) * size), frame));
      pictures.push({ name: String(k), label: labels[k] ?? null, height: frame.height, width: frame.width, bytes: thumb }); // prettier-ignore
    }
    return pictures;
  } finally {
    await reader.close();
  }
}

async function openAt(source: SourceHead, start: number, signal: AbortSignal): Promise<ByteReader> {
  const reader = new ByteReader(pieces(source, signal));
  await reader.skip(start);
  return reader;
}

/** Fails with `data/damaged` where the file ends early. */
async function exactly(reader: ByteReader, length: number, { name }: SourceHead): Promise<Buffer> {
  const bytes = await reader.read(length);
  if (bytes.length === length) return bytes;
  throw new AppError('data/damaged', `${name} ends in the middle. Get it again.`, { name });
}

async function* open(request: ReadRequest): AsyncGenerator<ReadChunk> {
  let before = 0;
  for (const pair of pairIdx(request.sources)) {
    const count = pair.header.dims[0] ?? 0;
    const from = Math.min(count, Math.max(0, request.position - before));
    if (from < count) yield* readPair(request, pair, before, from);
    before += count;
  }
}

async function* readPair(request: ReadRequest, pair: IdxPair, before: number, from: number): AsyncGenerator<ReadChunk> {
  const { signal, samplesPerChunk, options } = request;
  const { images, labels, header, split } = pair;
  const frame = frameOf(pair);
  const size = frame.height * frame.width * frame.channels;
  const count = header.dims[0] ?? 0;
  const packer = createPacker(frame, imageOptionsOf(options));
  const pictures = await openAt(images, header.start + from * size, signal);
  const names = labels && (await openAt(labels, 8 + from, signal));
  try {
    for (let at = from; at < count;) {
      throwIfCancelled(signal);
      const take = Math.min(samplesPerChunk, count - at);
      const bytes = await exactly(pictures, take * size, images);
      const numbers = labels && names ? await exactly(names, take, labels) : undefined;
      const told = Array.from({ length: take }, (_, k): SampleLabel => {
        const place = at + k;
        return { name: `${images.name}#${place}`, label: numbers ? className(numbers[k] ?? 0, options) : null, split };
      });
      at += take;
      yield { content: packer(bytes, told), leftOut: [], position: before + at };
    }
  } finally {
    await pictures.close();
    await names?.close();
  }
}

function className(number: number, { classNames }: ReadRequest['options']): string {
  return classNames?.[number] ?? String(number);
}

type Packer = (bytes: Buffer, labels: readonly SampleLabel[]) => ReadChunk['content'];

/** Makes chunks of pictures that all have one size. */
function createPacker(frame: Frame, target: ImageOptions): Packer {
  const size = frame.height * frame.width * frame.channels;
  const packed = target.height * target.width * target.channels;
  const isSame = frame.height === target.height && frame.width === target.width && frame.channels === target.channels;
  const grid = hashGrid(frame.height, frame.width);
  return (bytes, labels) => {
    const count = labels.length;
    const images = isSame ? new Uint8Array(bytes) : new Uint8Array(count * packed);
    const [hashes, looks, colours] = [new Uint8Array(count * 32), new Uint8Array(count * 8), new Uint8Array(count * 3)];
    for (let k = 0; k < count; k++) {
      const one = bytes.subarray(k * size, (k + 1) * size);
      if (!isSame) images.set(refit(one, frame, target), k * packed);
      hashes.set(createHash('sha256').update(one).digest(), k * 32);
      looks.set(lookOf(one, frame, grid), k * 8);
      colours.set(meanOf(one, frame), k * 3);
    }
    const { names, tensors } = commonColumns(labels, bytesTensor(hashes, count, 32));
    return {
      kind: 'image',
      samples: count,
      labels: names,
      columns: [],
      tensors: {
        ...tensors,
        images: { dtype: 'uint8', dims: [count, target.height, target.width, target.channels], data: images },
        look: bytesTensor(looks, count, 8),
        size: { dtype: 'int32', dims: [count, 2], data: Int32Array.from({ length: 2 * count }, (_, i) => (i % 2 === 0 ? frame.height : frame.width)) },
        colour: bytesTensor(colours, count, 3),
        marks: { dtype: 'uint8', dims: [count], data: new Uint8Array(count) },
        ...raggedTensors('thumbs', { bytes: new Uint8Array(0), offsets: new Uint32Array(count + 1) }),
      },
    }; // prettier-ignore
  };
}

function bytesTensor(data: Uint8Array, count: number, width: number): HostTensor {
  return { dtype: 'uint8', dims: [count, width], data };
}

function lookOf(bytes: Uint8Array, { channels }: Frame, grid: HashGrid): Uint8Array {
  if (channels === 1) return perceptualHash(bytes, grid);
  const grey = new Float32Array(bytes.length / 3);
  for (let i = 0; i < grey.length; i++) grey[i] = 0.299 * (bytes[3 * i] ?? 0) + 0.587 * (bytes[3 * i + 1] ?? 0) + 0.114 * (bytes[3 * i + 2] ?? 0); // prettier-ignore
  return perceptualHash(grey, grid);
}

function meanOf(bytes: Uint8Array, { channels }: Frame): [number, number, number] {
  if (channels === 1) {
    const grey = meanFrom(bytes, 0, 1);
    return [grey, grey, grey];
  }
  return [meanFrom(bytes, 0, 3), meanFrom(bytes, 1, 3), meanFrom(bytes, 2, 3)];
}

function meanFrom(bytes: Uint8Array, first: number, step: number): number {
  let sum = 0;
  for (let i = first; i < bytes.length; i += step) sum += bytes[i] ?? 0;
  return Math.round((sum * step) / bytes.length);
}

function pixelsOf(bytes: Uint8Array, { height, width, channels }: Frame): Pixels {
  const data = new Int32Array(height * width);
  for (let i = 0; i < data.length; i++) {
    const at = i * channels;
    const [red = 0, green = 0, blue = 0] = channels === 1 ? [bytes[at], bytes[at], bytes[at]] : [bytes[at], bytes[at + 1], bytes[at + 2]]; // prettier-ignore
    data[i] = 0xff000000 | (blue << 16) | (green << 8) | red;
  }
  return { data, height, width };
}

/** Another size or number of channels. */
function refit(bytes: Uint8Array, frame: Frame, target: ImageOptions): Uint8Array {
  return channelsOf(fitPixels(pixelsOf(bytes, frame), target), target.channels);
}
