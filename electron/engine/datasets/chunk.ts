/**
 * Chunk files: what intake hands over for some samples of a source, and what a pack is put together from. A chunk is a
 * safetensors file, so that every length in it is checked when it is read. N is the number of samples.
 *
 * Columns that every kind has: `label` i32 [N] (index into `labels`, -1 without), `split` u8 [N] (0 open, else 1 + index
 * in `splitNames`), `hash` u8 [N, 32] (sha256 of the sample's own bytes in the source), `names.bytes` and
 * `names.offsets` (path in the source, UTF-8).
 * Images: `images` u8 [N, H, W, C], `look` u8 [N, 8] (perceptual hash), `size` i32 [N, 2] (original height, width),
 * `colour` u8 [N, 3] (mean red, green, blue), `marks` u8 [N] (bit 0: the file declares itself generated),
 * `thumbs.bytes` and `thumbs.offsets` (JPEG, empty where the pack's own pixels do).
 * Texts and molecules: `text.bytes` and `text.offsets`. Sounds: `sound.bytes` (i16, mono, little-endian) and
 * `sound.offsets`. Music: `notes.bytes` (i32 [notes, 4]: start and length in 1/480 of a quarter, pitch, velocity) and
 * `notes.offsets`. Rows: for the column k `column.k` f64 [N] (NaN: missing), or `column.k.bytes` and `column.k.offsets`.
 * Molecules and texts may have such columns too. Ragged columns have u32 offsets [N + 1] into their bytes, from 0.
 */
import { AppError } from '../../contract/errors';
import { type Column, columnSchema, type SampleKind, sampleKindSchema } from '../../contract/samples';
import type { HostTensor } from '../../../models/tensor/host-tensor';
import { readSafetensors, writeSafetensors } from '../../../models/tensor/safetensors';
import * as z from 'zod';

/** One value of any length for each sample: sample i is `bytes[offsets[i] .. offsets[i + 1]]`. */
export interface Ragged {
  readonly bytes: Uint8Array;
  readonly offsets: Uint32Array;
}

export interface ChunkContent {
  readonly kind: SampleKind;
  readonly samples: number;
  /** Class names that `label` points to. */
  readonly labels: readonly string[];
  /** Meaning of `column.k`, in order. */
  readonly columns: readonly Column[];
  /** Tensors by name, as described above; all but ragged bytes have `samples` as first axis. */
  readonly tensors: Readonly<Record<string, HostTensor>>;
}

const textsSchema = z.array(z.string());

export function writeChunk({ kind, samples, labels, columns, tensors }: ChunkContent): Uint8Array {
  return writeSafetensors(tensors, {
    format: 'duet-chunk-1',
    kind,
    samples: String(samples),
    labels: JSON.stringify(labels),
    columns: JSON.stringify(columns),
  });
}

/** Throws `data/damaged` where lengths, offsets or class indices do not agree: intake may have been taken over by a file. */
export function readChunk(bytes: Uint8Array): ChunkContent {
  const content = parseChunk(bytes);
  for (const [name, tensor] of Object.entries(content.tensors)) checkTensor(content, name, tensor);
  return content;
}

/** The same of bytes that `readChunk` has let through before. */
export function knownChunk(bytes: Uint8Array): ChunkContent {
  return parseChunk(bytes);
}

function parseChunk(bytes: Uint8Array): ChunkContent {
  try {
    const { tensors, metadata } = readSafetensors(bytes);
    if (metadata['format'] !== 'duet-chunk-1') throw damaged('it is not a chunk file');
    return {
      kind: sampleKindSchema.parse(metadata['kind']),
      samples: z.int().min(0).parse(Number(metadata['samples'])),
      labels: textsSchema.parse(JSON.parse(metadata['labels'] ?? '')),
      columns: z.array(columnSchema).parse(JSON.parse(metadata['columns'] ?? '')),
      tensors,
    };
  } catch (error) {
    throw error instanceof AppError ? error : damaged('its header is not that of a chunk');
  }
}

function checkTensor({ samples, labels, tensors }: ChunkContent, name: string, { dims, data }: HostTensor): void {
  if (name.endsWith('.bytes')) return;
  if (!name.endsWith('.offsets')) {
    if (dims[0] !== samples) throw damaged(`"${name}" is not of ${samples} samples`);
    if (name === 'label' && data instanceof Int32Array && data.some((label) => label < -1 || label >= labels.length)) {
      throw damaged('a label is out of range');
    }
    return;
  }
  const bytes = tensors[name.replace(/offsets$/, 'bytes')];
  if (!(data instanceof Uint32Array) || data.length !== samples + 1 || bytes === undefined || data[0] !== 0) {
    throw damaged(`"${name}" does not fit`);
  }
  if (data.some((offset, i) => i > 0 && offset < (data[i - 1] ?? 0)) || data[samples] !== bytes.data.length) {
    throw damaged(`"${name}" is out of order`);
  }
}

function damaged(reason: string): AppError {
  return new AppError('data/damaged', `A part of the import is damaged: ${reason}.`);
}

/** A ragged column of a chunk. */
export function raggedOf({ tensors }: ChunkContent, name: string): Ragged {
  const bytes = tensors[`${name}.bytes`]?.data;
  const offsets = tensors[`${name}.offsets`]?.data;
  if (!(bytes instanceof Uint8Array) || !(offsets instanceof Uint32Array)) throw damaged(`"${name}" is missing`);
  return { bytes, offsets };
}

/** Puts values of any length one after the other. */
export function ragged(values: readonly Uint8Array[]): Ragged {
  const offsets = new Uint32Array(values.length + 1);
  values.forEach((value, i) => (offsets[i + 1] = (offsets[i] ?? 0) + value.length));
  const bytes = new Uint8Array(offsets[values.length] ?? 0);
  values.forEach((value, i) => bytes.set(value, offsets[i]));
  return { bytes, offsets };
}

/** The two tensors of a ragged column, for `ChunkContent.tensors`. */
export function raggedTensors(name: string, { bytes, offsets }: Ragged): Record<string, HostTensor> {
  return {
    [`${name}.bytes`]: { dtype: 'uint8', dims: [bytes.length], data: bytes },
    [`${name}.offsets`]: { dtype: 'uint32', dims: [offsets.length], data: offsets },
  };
}
