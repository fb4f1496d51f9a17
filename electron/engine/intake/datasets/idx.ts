/** Reader of IDX files, MNIST's own format, plain or gzip. */
import { AppError, throwIfCancelled } from '../../../contract/errors';
import type { Inspection } from '../../../contract/samples';
import { ByteReader } from './byte-reader';
import { imageOptionsOf } from './decode-files';
import { countsOf } from './files';
import { isIdx, type IdxPair, pairIdx } from './idx-header';
import { type Frame, framePixels, packFrames } from './idx-pack';
import type { SampleLabel } from './image-chunk';
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
      const thumb = encodeThumb(framePixels(bytes.subarray(k * size, (k + 1) * size), frame));
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
  const target = imageOptionsOf(options);
  const pictures = await openAt(images, header.start + from * size, signal);
  const names = labels && (await openAt(labels, 8 + from, signal));
  const read = (at: number): Promise<Buffer> | undefined => {
    const next = at < count ? exactly(pictures, Math.min(samplesPerChunk, count - at) * size, images) : undefined;
    // Looked at in its turn.
    next?.catch(() => undefined);
    return next;
  };
  let next = read(from);
  try {
    for (let at = from; next !== undefined;) {
      throwIfCancelled(signal);
      const bytes = await next;
      const take = bytes.length / size;
      // Unpacked while these are looked at.
      next = read(at + take);
      const numbers = labels && names ? await exactly(names, take, labels) : undefined;
      const told = Array.from({ length: take }, (_, k): SampleLabel => {
        const place = at + k;
        return { name: `${images.name}#${place}`, label: numbers ? className(numbers[k] ?? 0, options) : null, split };
      });
      at += take;
      yield { content: await packFrames(asBytes(bytes), told, frame, target), leftOut: [], position: before + at };
    }
  } finally {
    await next?.catch(() => undefined);
    await pictures.close();
    await names?.close();
  }
}

/** Not as a Buffer, which other readers of a chunk do not give. */
function asBytes({ buffer, byteOffset, length }: Buffer): Uint8Array {
  return new Uint8Array(buffer, byteOffset, length);
}

function className(number: number, { classNames }: ReadRequest['options']): string {
  return classNames?.[number] ?? String(number);
}
