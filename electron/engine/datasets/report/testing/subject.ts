/** Small data sets in memory, for tests of the report. */
import { createHash } from 'node:crypto';
import type { Column, SampleKind } from '../../../../contract/samples';
import type { Shape } from '../alike/outline';
import type { Subject, Watch } from '../subject';

export const watch: Watch = { signal: new AbortController().signal, breathe: () => Promise.resolve() };

export interface TestSample {
  /** What the source held; its hash is the sample's. Without it the data itself. */
  readonly source?: string;
  readonly pixels?: Uint8Array;
  readonly text?: string;
  readonly bytes?: Uint8Array;
  readonly cells?: readonly (number | string)[];
  readonly label?: string;
  readonly split?: 0 | 1 | 2;
  readonly size?: readonly [number, number];
  readonly isMarked?: boolean;
  readonly isExcluded?: boolean;
}

interface Rest {
  readonly image?: Shape;
  readonly columns?: readonly Column[];
  readonly classes?: readonly string[];
  readonly leftOut?: Subject['leftOut'];
}

export function subjectOf(kind: SampleKind, samples: readonly TestSample[], rest: Rest = {}): Subject {
  const { image = null, columns = [], leftOut = { count: 0, first: [] } } = rest;
  const named = samples.flatMap(({ label }) => (label === undefined ? [] : [label]));
  const classes = rest.classes ?? [...new Set(named)].sort();
  const hashes = samples.map(({ source, pixels, text, bytes, cells }) =>
    createHash('sha256')
      .update(source ?? text ?? JSON.stringify(cells ?? [...(pixels ?? bytes ?? [])]))
      .digest(),
  );
  const size = samples.flatMap((sample) => sample.size ?? (image === null ? [] : [image.height, image.width]));
  const bytesOf = (name: string, { text, bytes, cells }: TestSample): Uint8Array => {
    if (name === 'text') return Buffer.from(text ?? '');
    if (name.startsWith('column.')) return Buffer.from(String(cells?.[Number(name.slice(7))] ?? ''));
    return bytes ?? new Uint8Array(0);
  };
  return {
    kind,
    count: samples.length,
    revision: 'f'.repeat(64),
    classes,
    label: Int32Array.from(samples, ({ label }) => (label === undefined ? -1 : classes.indexOf(label))),
    split: Uint8Array.from(samples, ({ split }) => split ?? 0),
    excluded: Uint8Array.from(samples, ({ isExcluded }) => (isExcluded === true ? 1 : 0)),
    hash: Buffer.concat(hashes),
    size: Int32Array.from(size),
    marks: Uint8Array.from(image === null ? [] : samples, ({ isMarked }) => (isMarked === true ? 1 : 0)),
    columns,
    sampleRate: kind === 'sound' ? 100 : null,
    leftOut,
    data: {
      image,
      images: (indices) =>
        Promise.resolve(Buffer.concat(Array.from(indices, (i) => samples[i]?.pixels ?? new Uint8Array(0)))),
      value: (name, i) => Promise.resolve(bytesOf(name, samples[i] ?? {})),
      numbers: (name) =>
        Promise.resolve(Float64Array.from(samples, ({ cells }) => Number(cells?.[Number(name.slice(7))] ?? NaN))),
    },
  };
}
