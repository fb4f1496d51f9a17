/** From samples and failures, in the order of the source, to chunks: what all readers but those of pictures share. */
import { createHash } from 'node:crypto';
import type { HostTensor } from '../../../../models/tensor/host-tensor';
import { AppError, throwIfCancelled, toFailure } from '../../../contract/errors';
import type { LeftOut } from '../../../contract/dataset-intake';
import type { Column, SampleKind, Split } from '../../../contract/samples';
import { ragged, raggedTensors } from '../../datasets/chunk';
import { byteColumn, commonColumns } from './image-chunk';
import type { ReadChunk, ReadRequest } from './reader';

/** A number, a text, or null where the value is missing. */
export type Cell = number | string | null;

export interface Sample {
  readonly name: string;
  readonly label: string | null;
  readonly split: Split | null;
  /** The sample's own bytes in the source, for its hash. */
  readonly own: Uint8Array | string;
  /** Of texts, molecules (UTF-8), sounds (i16) and music (i32): as it goes into the chunk. */
  readonly payload?: Uint8Array;
  /** Values of the chunk's columns. */
  readonly cells?: readonly Cell[];
}

/** One record of the source: a sample, or why it is none. */
export type Outcome = Sample | LeftOut;

/** More than this is not gathered in memory before a chunk is closed. */
const maxChunkBytes = 64 * 1024 * 1024;
const maxLeftOut = 1000;

export interface Shape {
  readonly kind: Exclude<SampleKind, 'image'>;
  readonly columns: readonly Column[];
}

/**
 * Skips `position` records, then closes a chunk after `samplesPerChunk` samples, or earlier when it grows large. Fails with
 * `data/empty` when the source holds no sample at all.
 */
export async function* toChunks(
  { position, samplesPerChunk, signal }: Pick<ReadRequest, 'position' | 'samplesPerChunk' | 'signal'>,
  shape: Shape,
  outcomes: AsyncIterable<readonly Outcome[]>,
): AsyncGenerator<ReadChunk> {
  let at = 0;
  let samples = 0;
  let first: LeftOut | undefined;
  let gathered = new Gathered(shape);
  for await (const batch of outcomes) {
    throwIfCancelled(signal);
    for (const outcome of batch) {
      if (at++ < position) continue;
      gathered.add(outcome);
      if ('failure' in outcome) first ??= outcome;
      else samples++;
      if (!gathered.isFull(samplesPerChunk)) continue;
      yield gathered.finish(at);
      gathered = new Gathered(shape);
    }
  }
  if (position === 0 && samples === 0) throw nothing(first);
  if (!gathered.isEmpty()) yield gathered.finish(at);
}

export function nothing(first: LeftOut | undefined): AppError {
  const reason = first === undefined ? 'It is empty' : `The first problem is ${first.name}: ${first.failure.message}`;
  return new AppError('data/empty', `Nothing in it can be read. ${reason.replace(/\.$/, '')}.`);
}

/** A record that is left out, in the words of the person. */
export function leaveOut(name: string, error: unknown): LeftOut {
  return { name, failure: toFailure(error) };
}

export const badRow = (message: string, details: AppError['details'] = {}): AppError =>
  new AppError('data/bad-row', message, details);

const payloadNames: Record<Shape['kind'], string> = {
  text: 'text',
  molecule: 'text',
  sound: 'sound',
  music: 'notes',
  row: '',
};

class Gathered {
  private readonly samples: Sample[] = [];
  private readonly leftOut: LeftOut[] = [];
  private bytes = 0;

  constructor(private readonly shape: Shape) {}

  add(outcome: Outcome): void {
    if ('failure' in outcome) {
      this.leftOut.push(outcome);
      return;
    }
    this.samples.push(outcome);
    this.bytes += 64 + outcome.name.length + (outcome.payload?.length ?? 0);
    for (const cell of outcome.cells ?? []) this.bytes += typeof cell === 'string' ? cell.length : 8;
  }

  isFull(samplesPerChunk: number): boolean {
    const { samples, leftOut, bytes } = this;
    return samples.length >= samplesPerChunk || leftOut.length >= maxLeftOut || bytes >= maxChunkBytes;
  }

  isEmpty(): boolean {
    return this.samples.length === 0 && this.leftOut.length === 0;
  }

  finish(position: number): ReadChunk {
    const { samples, shape, leftOut } = this;
    const hashes = samples.map(({ own }) => createHash('sha256').update(own).digest());
    const { names, tensors } = commonColumns(samples, byteColumn(hashes, 32));
    const all = { ...tensors, ...this.payloads(), ...columnTensors(shape.columns, samples) };
    const content = { ...shape, samples: samples.length, labels: names, tensors: all };
    return { content, leftOut, position };
  }

  private payloads(): Record<string, HostTensor> {
    const name = payloadNames[this.shape.kind];
    if (name === '') return {};
    return raggedTensors(name, ragged(this.samples.map(({ payload }) => payload ?? new Uint8Array(0))));
  }
}

const texts = (values: readonly string[]): ReturnType<typeof ragged> =>
  ragged(values.map((value) => Buffer.from(value)));

function columnTensors(columns: readonly Column[], samples: readonly Sample[]): Record<string, HostTensor> {
  const tensors: Record<string, HostTensor> = {};
  columns.forEach(({ type }, k) => {
    const cells = samples.map(({ cells: all }) => all?.[k] ?? null);
    if (type === 'number') {
      const data = Float64Array.from(cells, (cell) => (typeof cell === 'number' ? cell : NaN));
      tensors[`column.${k}`] = { dtype: 'float64', dims: [samples.length], data };
    } else {
      Object.assign(tensors, raggedTensors(`column.${k}`, texts(cells.map((cell) => String(cell ?? '')))));
    }
  });
  return tensors;
}
