/**
 * Puts chunks together into the three files of a part: the pack (the data), the sample table (what is known of each sample) and
 * the thumbnails. All are safetensors; every tensor goes to its place chunk by chunk, and the next chunk is read meanwhile: memory does
 * not grow with the data set.
 *
 * Class names become one list in natural order, and offsets count from the beginning of the whole (u64). The bytes depend on
 * the samples alone, not on how they were cut into chunks.
 */
import { open, type FileHandle } from 'node:fs/promises';
import { AppError, throwIfCancelled } from '../../contract/errors';
import { layoutSafetensors, type TensorPlace, type TensorShape } from '../../../models/tensor/safetensors';
import { bytesOf, type HostTensor } from '../../../models/tensor/host-tensor';
import { naturally } from '../intake/list-files';
import { writeAll } from '../storage/durable-write';
import { GrowingHash } from '../storage/growing-hash';
import type { ChunkContent } from './chunk';
import { type ChunkFile, readSame } from './chunk-file';
import { tidyLabel } from './folder-labels';
import { assertContinues, type ChunkShape, tensorNames } from './chunk-shape';

export interface PartFiles {
  readonly pack: string;
  readonly samples: string;
  readonly thumbs: string;
}

/** A file that was written, and the sha256 of what was written into it. */
export interface WrittenFile {
  readonly file: string;
  readonly hash: string;
  readonly bytes: number;
}

export interface WrittenPart {
  readonly pack: WrittenFile;
  readonly samples: WrittenFile;
  /** Null when no sample has one: then no file was written. */
  readonly thumbs: WrittenFile | null;
  readonly count: number;
  /** In natural order. */
  readonly labels: readonly string[];
  /** Class of each sample as an index in `labels`, or -1. */
  readonly label: Int32Array;
  /** Split of each sample as the source gives it: 0 open, else 1 + index in `splitNames`. */
  readonly given: Uint8Array;
}

export const packFormat = 'duet-pack-1';
export const tableFormat = 'duet-samples-1';
export const thumbsFormat = 'duet-thumbs-1';

const tableTensors = new Set([
  'label',
  'split',
  'hash',
  'names.bytes',
  'names.offsets',
  'look',
  'size',
  'colour',
  'marks',
]);

interface Target {
  readonly file: string;
  readonly handle: FileHandle;
  readonly places: ReadonlyMap<string, TensorPlace>;
  readonly bytes: number;
  readonly hash: GrowingHash;
}

/** Throws `data/empty` where no chunk holds a sample. The files must not exist; they are not synced. */
export async function writePart(
  chunks: readonly ChunkFile[],
  files: PartFiles,
  signal: AbortSignal,
  onSamples: (done: number) => void = () => undefined,
): Promise<WrittenPart> {
  const plan = planOf(chunks);
  const targets: Target[] = [];
  try {
    const isPacked = (name: string): boolean => !tableTensors.has(name) && !isThumb(name);
    targets.push(await begin(files.pack, plan.shapes, plan.packMeta, isPacked));
    targets.push(await begin(files.samples, plan.shapes, plan.tableMeta, (name) => tableTensors.has(name)));
    if (plan.hasThumbs) targets.push(await begin(files.thumbs, plan.shapes, { format: thumbsFormat }, isThumb));
    const label = new Int32Array(plan.count);
    const given = new Uint8Array(plan.count);
    await writeChunks(plan.chunks, new PartWriter(targets, plan.labels, label, given), signal, onSamples);
    const [packed, table, thumbs = null] = await Promise.all(targets.map((one) => finished(one, signal)));
    if (packed === undefined || table === undefined)
      throw new AppError('engine/internal', 'A part has two files at least.');
    return { pack: packed, samples: table, thumbs, count: plan.count, labels: plan.labels, label, given };
  } finally {
    for (const { handle } of targets) await handle.close();
  }
}

/** One chunk is written while the next is read. */
async function writeChunks(
  chunks: readonly ChunkFile[],
  writer: PartWriter,
  signal: AbortSignal,
  onSamples: (done: number) => void,
): Promise<void> {
  const read = (at: number): Promise<ChunkContent> | undefined => {
    const chunk = chunks[at];
    const reading = chunk && readSame(chunk);
    // Looked at in its turn.
    reading?.catch(() => undefined);
    return reading;
  };
  let next = read(0);
  for (let at = 1; next !== undefined; at++) {
    const content = await next;
    throwIfCancelled(signal);
    next = read(at);
    await writer.add(content);
    onSamples(writer.done);
  }
}

async function finished({ file, handle, hash, bytes }: Target, signal: AbortSignal): Promise<WrittenFile> {
  return { file, hash: await hash.finish(handle, bytes, signal), bytes };
}

interface Plan {
  readonly chunks: readonly ChunkFile[];
  readonly count: number;
  readonly labels: readonly string[];
  readonly hasThumbs: boolean;
  readonly shapes: Readonly<Record<string, TensorShape>>;
  readonly packMeta: Record<string, string>;
  readonly tableMeta: Record<string, string>;
}

function planOf(all: readonly ChunkFile[]): Plan {
  const chunks = all.filter(({ shape }) => shape.samples > 0);
  const first = chunks[0]?.shape;
  if (first === undefined)
    throw new AppError('data/empty', 'Nothing in this source could be read, so there is nothing to import.');
  for (const { shape } of chunks) assertContinues(first, shape);
  const count = sum(chunks, ({ samples }) => samples);
  const named = chunks.flatMap(({ shape }) => shape.labels.map(tidyLabel)).filter((label) => label !== null);
  const labels = [...new Set(named)].sort(naturally);
  const shapes: Record<string, TensorShape> = {};
  for (const name of tensorNames(first)) {
    const { dtype, dims } = first.tensors[name] ?? { dtype: 'uint8', dims: [] };
    if (name.endsWith('.offsets')) shapes[name] = { dtype: 'uint64', dims: [count + 1] };
    else if (name.endsWith('.bytes'))
      shapes[name] = { dtype, dims: [sum(chunks, ({ tensors }) => tensors[name]?.dims[0] ?? 0)] };
    else shapes[name] = { dtype, dims: [count, ...dims.slice(1)] };
  }
  return {
    chunks,
    count,
    labels,
    hasThumbs: (shapes['thumbs.bytes']?.dims[0] ?? 0) > 0,
    shapes,
    packMeta: { format: packFormat, kind: first.kind, samples: String(count), columns: JSON.stringify(first.columns) },
    tableMeta: { format: tableFormat, samples: String(count), labels: JSON.stringify(labels) },
  };
}

function sum(chunks: readonly ChunkFile[], of: (shape: ChunkShape) => number): number {
  return chunks.reduce((total, { shape }) => total + of(shape), 0);
}

const isThumb = (name: string): boolean => name.startsWith('thumbs.');

async function begin(
  file: string,
  shapes: Plan['shapes'],
  metadata: Record<string, string>,
  isWanted: (name: string) => boolean,
): Promise<Target> {
  const wanted = Object.fromEntries(Object.entries(shapes).filter(([name]) => isWanted(name)));
  const { head, places, bytes } = layoutSafetensors(wanted, metadata);
  const handle = await open(file, 'wx+');
  const target: Target = { file, handle, places, bytes, hash: new GrowingHash() };
  await write(target, head, 0);
  return target;
}

function write({ handle, hash }: Target, bytes: Uint8Array, position: number): Promise<void> {
  const writing = writeAll(handle, bytes, position);
  // While the disk works.
  hash.took(bytes, position);
  return writing;
}

class PartWriter {
  done = 0;
  /** Bytes of each ragged value so far. */
  private readonly ends = new Map<string, number>();
  private readonly classes: ReadonlyMap<string, number>;

  constructor(
    private readonly targets: readonly Target[],
    labels: readonly string[],
    private readonly label: Int32Array,
    private readonly given: Uint8Array,
  ) {
    this.classes = new Map(labels.map((name, index) => [name, index]));
  }

  async add(content: ChunkContent): Promise<void> {
    this.label.set(this.mergedLabels(content), this.done);
    const split = content.tensors['split']?.data;
    if (split instanceof Uint8Array) this.given.set(split, this.done);
    const writes = this.targets.flatMap((target) =>
      [...target.places].map(([name, place]) => this.write(target, name, place, content)),
    );
    await Promise.all(writes);
    for (const [name, { dims }] of Object.entries(content.tensors)) {
      if (name.endsWith('.bytes')) this.ends.set(name, this.endOf(name) + (dims[0] ?? 0));
    }
    this.done += content.samples;
  }

  private write(target: Target, name: string, place: TensorPlace, content: ChunkContent): Promise<void> {
    const tensor = content.tensors[name];
    if (tensor === undefined || tensor.dtype === 'string')
      throw new AppError('engine/internal', `"${name}" was checked and is gone.`);
    if (name.endsWith('.bytes')) return write(target, rawBytes(tensor), place.from + this.endOf(name));
    if (name.endsWith('.offsets')) return write(target, this.offsetsOf(name, tensor), place.from + this.done * 8);
    const bytes =
      name === 'label' ? bytesOf(this.label.subarray(this.done, this.done + content.samples)) : rawBytes(tensor);
    return write(target, bytes, place.from + this.done * rowBytes(place));
  }

  /** Counted from the beginning of the whole. */
  private offsetsOf(name: string, { data }: HostTensor): Uint8Array {
    if (!(data instanceof Uint32Array)) throw new AppError('engine/internal', `"${name}" was checked and is gone.`);
    const base = this.endOf(name.replace(/offsets$/, 'bytes'));
    const offsets = new BigUint64Array(data.length);
    data.forEach((offset, i) => (offsets[i] = BigInt(base + offset)));
    return bytesOf(offsets);
  }

  private endOf(name: string): number {
    return this.ends.get(name) ?? 0;
  }

  private mergedLabels({ labels, tensors }: ChunkContent): Int32Array {
    const own = tensors['label']?.data;
    if (!(own instanceof Int32Array)) throw new AppError('engine/internal', 'The labels were checked and are gone.');
    const merged = labels.map((name) => this.classes.get(tidyLabel(name) ?? '') ?? -1);
    return own.map((label) => merged[label] ?? -1);
  }
}

function rowBytes({ from, to, dims }: TensorPlace): number {
  return (to - from) / Math.max(1, dims[0] ?? 1);
}

function rawBytes({ data }: HostTensor): Uint8Array {
  if (!ArrayBuffer.isView(data)) throw new AppError('engine/internal', 'Texts are no bytes.');
  return new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
}
