/** What a report is made about: a data set as it is at one revision, in columns, and its data sample by sample. */
import type { LeftOut } from '../../../contract/dataset-intake';
import type { Column, SampleKind } from '../../../contract/samples';
import type { Shape } from './alike/outline';

/** The data themselves; `Packs` is one. */
export interface SubjectData {
  /** Of all pictures; null for other kinds. */
  readonly image: Shape | null;
  /** Pixels of pictures, one after the other. */
  images(indices: ArrayLike<number>): Promise<Uint8Array>;
  /** A value of any length: `text`, `sound`, `notes`, `column.k`. */
  value(name: string, index: number): Promise<Uint8Array>;
  /** The numbers `column.k` of all samples. */
  numbers(name: string): Promise<Float64Array>;
}

export interface Subject {
  readonly kind: SampleKind;
  readonly count: number;
  readonly revision: string;
  readonly classes: readonly string[];
  /** Index in `classes`, or -1. */
  readonly label: Int32Array;
  /** Index in `splitNames`. */
  readonly split: Uint8Array;
  /** 1 where a sample is left out: the report passes it over. */
  readonly excluded: Uint8Array;
  /** sha256 of each sample, 32 bytes each. */
  readonly hash: Uint8Array;
  /** Original height and width of pictures; empty for other kinds. */
  readonly size: Int32Array;
  /** Bit 0: the file declares itself generated; empty where no kind of file can. */
  readonly marks: Uint8Array;
  readonly columns: readonly Column[];
  /** Samples a second of sounds. */
  readonly sampleRate: number | null;
  /** Files that the import left out: how many, and the first of them. */
  readonly leftOut: { readonly count: number; readonly first: readonly LeftOut[] };
  readonly data: SubjectData;
}

/** How a long look at a data set is watched and stopped. */
export interface Watch {
  readonly signal: AbortSignal;
  /** Awaited often, so that others get their turn. `share` of 0..1 is done. */
  readonly breathe: (share: number) => Promise<void>;
}

/** Indices of the samples that count, ascending. */
export function included({ count, excluded }: Subject): number[] {
  const indices: number[] = [];
  for (let index = 0; index < count; index++) if (excluded[index] !== 1) indices.push(index);
  return indices;
}

const nouns: Readonly<Record<SampleKind, readonly [string, string]>> = {
  image: ['image', 'images'],
  text: ['text', 'texts'],
  molecule: ['molecule', 'molecules'],
  sound: ['sound', 'sounds'],
  music: ['piece', 'pieces'],
  row: ['row', 'rows'],
};

/** "1 image", "1,842 images". */
export function samplesOf(kind: SampleKind, count: number): string {
  return `${count.toLocaleString('en-US')} ${nouns[kind][count === 1 ? 0 : 1]}`;
}

/** "image" or "images" alone. */
export function noun(kind: SampleKind, count: number): string {
  return nouns[kind][count === 1 ? 0 : 1];
}
