/** Gathers picture samples into the content of a chunk file. */
import { type ImageOptions, type Split, splitNames } from '../../../contract/samples';
import type { HostTensor } from '../../../../models/tensor/host-tensor';
import { type ChunkContent, type Ragged, ragged, raggedTensors } from '../../datasets/chunk';
import type { PictureSample } from './picture-sample';

/** Where a sample comes from and what it is called. */
export interface SampleLabel {
  readonly name: string;
  readonly label: string | null;
  readonly split: Split | null;
}

/** 0: open, else 1 + the place in `splitNames`. */
function splitCode(split: Split | null): number {
  return split === null ? 0 : 1 + splitNames.indexOf(split);
}

/** Numbers of class names, in the order in which they were met. */
class LabelList {
  private readonly numbers = new Map<string, number>();

  /** The place of a name; -1 for none. */
  numberOf(label: string | null): number {
    if (label === null) return -1;
    const known = this.numbers.get(label);
    if (known !== undefined) return known;
    this.numbers.set(label, this.numbers.size);
    return this.numbers.size - 1;
  }

  get names(): string[] {
    return [...this.numbers.keys()];
  }
}

/** A column of bytes, `width` for each sample. */
export function byteColumn(rows: readonly (Uint8Array | readonly number[])[], width: number): HostTensor {
  const data = new Uint8Array(rows.length * width);
  rows.forEach((row, i) => data.set(row, i * width));
  return { dtype: 'uint8', dims: width === 1 ? [rows.length] : [rows.length, width], data };
}

/** Written into one place: an array for each name would take longer to collect than to fill. */
function raggedNames(labels: readonly SampleLabel[]): Ragged {
  const bytes = Buffer.allocUnsafeSlow(labels.reduce((sum, { name }) => sum + Buffer.byteLength(name), 0));
  const offsets = new Uint32Array(labels.length + 1);
  labels.forEach(({ name }, i) => (offsets[i + 1] = (offsets[i] ?? 0) + bytes.write(name, offsets[i] ?? 0)));
  return { bytes: new Uint8Array(bytes.buffer, 0, bytes.length), offsets };
}

/** The columns that samples of every kind have. */
export function commonColumns(
  labels: readonly SampleLabel[],
  hashes: HostTensor,
): { names: string[]; tensors: Record<string, HostTensor> } {
  const list = new LabelList();
  const numbers = Int32Array.from(labels, ({ label }) => list.numberOf(label));
  const splits = Uint8Array.from(labels, ({ split }) => splitCode(split));
  return {
    names: list.names,
    tensors: {
      label: { dtype: 'int32', dims: [labels.length], data: numbers },
      split: { dtype: 'uint8', dims: [labels.length], data: splits },
      hash: hashes,
      ...raggedTensors('names', raggedNames(labels)),
    },
  };
}

/** The chunk of these samples, in order. */
export function imageChunk(
  samples: readonly PictureSample[],
  labels: readonly SampleLabel[],
  { height, width, channels }: ImageOptions,
): ChunkContent {
  const size = height * width * channels;
  const images = new Uint8Array(samples.length * size);
  samples.forEach(({ pixels }, i) => images.set(pixels, i * size));
  const { names, tensors } = commonColumns(labels, byteColumn(samples.map(({ hash }) => hash), 32)); // prettier-ignore
  const sizes = Int32Array.from(samples.flatMap((sample) => [sample.height, sample.width]));
  return {
    kind: 'image',
    samples: samples.length,
    labels: names,
    columns: [],
    tensors: {
      ...tensors,
      images: { dtype: 'uint8', dims: [samples.length, height, width, channels], data: images },
      look: byteColumn(samples.map(({ look }) => look), 8), // prettier-ignore
      size: { dtype: 'int32', dims: [samples.length, 2], data: sizes },
      colour: byteColumn(samples.map(({ colour }) => colour), 3), // prettier-ignore
      marks: byteColumn(samples.map(({ isMarkedSynthetic }) => [isMarkedSynthetic ? 1 : 0]), 1), // prettier-ignore
      ...raggedTensors('thumbs', ragged(samples.map(({ thumb }) => thumb))),
    },
  };
}
