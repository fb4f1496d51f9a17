/** What every program that draws samples is: a sample depends on (seed, index) alone, so that pieces of any size give the same bytes. */
import { createHash } from 'node:crypto';
import type { Column, SampleKind } from '../../../../contract/samples';
import type { ChunkContent } from '../../chunk';

export interface Generator {
  readonly name: string;
  readonly title: string;
  readonly kind: SampleKind;
  readonly summary: string;
  /** Made when nobody says how many. */
  readonly samples: number;
  readonly classes: number;
  readonly bytesPerSample: number;
  /** Grows whenever the same seed would give other samples. */
  readonly version: number;
  /** All that shapes the samples, for the hash. */
  readonly parameters: Readonly<Record<string, number | string>>;
  readonly image: { readonly height: number; readonly width: number; readonly channels: 1 | 3 } | null;
  readonly columns: readonly Column[];
  /** Samples `from` to before `to`. */
  make(seed: number, from: number, to: number): ChunkContent;
}

/** sha256 of all that decides what the samples are, besides the seed. */
export function generatorHash({ name, version, parameters }: Generator): string {
  return createHash('sha256')
    .update(JSON.stringify([name, version, parameters]))
    .digest('hex');
}
