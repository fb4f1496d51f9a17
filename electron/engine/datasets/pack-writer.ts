/**
 * Puts chunks together into the three files of a part: the pack (the data), the sample table (what is known of each sample) and
 * the thumbnails. All are safetensors; every tensor goes to its place chunk by chunk, so memory does not grow with the data set.
 *
 * Class names become one list in natural order, and offsets count from the beginning of the whole (u64). The bytes depend on
 * the samples alone, not on how they were cut into chunks.
 */
import { open, readFile, type FileHandle } from 'node:fs/promises';
import { AppError, throwIfCancelled } from '../../contract/errors';
import { layoutSafetensors, type TensorPlace, type TensorShape } from '../../../models/tensor/safetensors';
import { bytesOf, type HostTensor } from '../../../models/tensor/host-tensor';
import { naturally } from '../intake/list-files';
import { writeAll } from '../storage/durable-write';
import { type ChunkContent, readChunk } from './chunk';
import { tidyLabel } from './folder-labels';
import { assertContinues, type ChunkShape, shapeOf, tensorNames } from './chunk-shape';

export interface ChunkFile {
  readonly file: string;
  readonly shape: ChunkShape;
}

export interface PartFiles {
  readonly pack: string;
  readonly samples: string;
  readonly thumbs: string;
}

export interface WrittenPart {
  readonly count: number;
  /** In natural order. */
  readonly labels: readonly string[];
  /** False when no sample has one: then no file was written. */
  readonly hasThumbs: boolean;
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
  readonly handle: FileHandle;
  readonly places: ReadonlyMap<string, TensorPlace>;
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
    const pack = await begin(
      files.pack,
      plan.shapes,
      plan.packMeta,
      (name) => !tableTensors.has(name) && !isThumb(name),
    );
    targets.push(pack);
    const table = await begin(files.samples, plan.shapes, plan.tableMeta, (name) => tableTensors.has(name));
    targets.push(table);
    if (plan.hasThumbs) targets.push(await begin(files.thumbs, plan.shapes, { format: thumbsFormat }, isThumb));
    const label = new Int32Array(plan.count);
    const given = new Uint8Array(plan.count);
    const writer = new PartWriter(targets, plan.labels, label, given);
    for (const chunk of plan.chunks) {
      throwIfCancelled(signal);
      await writer.add(chunk);
      onSamples(writer.done);
    }
    return { count: plan.count, labels: plan.labels, hasThumbs: plan.hasThumbs, label, given };
  } finally {
    for (const { handle } of targets) await handle.close();
  }
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
  const { head, places } = layoutSafetensors(wanted, metadata);
  const handle = await open(file, 'wx');
  await writeAll(handle, head, 0);
  return { handle, places };
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

  async add({ file, shape }: ChunkFile): Promise<void> {
    const content = readChunk(await readFile(file));
    // Intake wrote this file, and may have been taken over since: it must be what it was when it was accepted.
    if (JSON.stringify(shapeOf(content)) !== JSON.stringify(shape)) {
      throw new AppError('data/damaged', 'A part of the import was changed while it waited. Try again.');
    }
    const { samples } = shape;
    this.label.set(this.mergedLabels(content), this.done);
    const split = content.tensors['split']?.data;
    if (split instanceof Uint8Array) this.given.set(split, this.done);
    for (const { handle, places } of this.targets) {
      for (const [name, place] of places) await this.write(handle, name, place, content);
    }
    for (const name of Object.keys(shape.tensors)) {
      if (name.endsWith('.bytes')) this.ends.set(name, this.endOf(name) + (shape.tensors[name]?.dims[0] ?? 0));
    }
    this.done += samples;
  }

  private async write(handle: FileHandle, name: string, place: TensorPlace, content: ChunkContent): Promise<void> {
    const tensor = content.tensors[name];
    if (tensor === undefined || tensor.dtype === 'string')
      throw new AppError('engine/internal', `"${name}" was checked and is gone.`);
    if (name.endsWith('.bytes')) return writeAll(handle, rawBytes(tensor), place.from + this.endOf(name));
    if (name.endsWith('.offsets')) return this.writeOffsets(handle, name, place, tensor);
    const bytes =
      name === 'label' ? bytesOf(this.label.subarray(this.done, this.done + content.samples)) : rawBytes(tensor);
    return writeAll(handle, bytes, place.from + this.done * rowBytes(place));
  }

  private async writeOffsets(
    handle: FileHandle,
    name: string,
    place: TensorPlace,
    { data }: HostTensor,
  ): Promise<void> {
    if (!(data instanceof Uint32Array)) throw new AppError('engine/internal', `"${name}" was checked and is gone.`);
    const base = this.endOf(name.replace(/offsets$/, 'bytes'));
    const offsets = new BigUint64Array(data.length);
    data.forEach((offset, i) => (offsets[i] = BigInt(base + offset)));
    await writeAll(handle, bytesOf(offsets), place.from + this.done * 8);
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
