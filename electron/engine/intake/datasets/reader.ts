/** What every reader of a data set source is: it says whether it can read a source, inspects it, and reads it in chunks. */
import type { LeftOut } from '../../../contract/dataset-intake';
import type { Inspection, ReaderName, ReadOptions } from '../../../contract/samples';
import type { ChunkContent } from '../../datasets/chunk';

/** What is known of a source before a reader is chosen. */
export interface SourceHead {
  readonly path: string;
  /** File name, as dropped. */
  readonly name: string;
  readonly bytes: number;
  /** The first 4,096 bytes; of a gzip file, those inside it (`isGzip`). */
  readonly head: Uint8Array;
  readonly isGzip: boolean;
}

export interface ReadRequest {
  readonly sources: readonly SourceHead[];
  readonly options: ReadOptions;
  /** Records to skip: a resumed read goes on there. */
  readonly position: number;
  readonly samplesPerChunk: number;
  readonly signal: AbortSignal;
}

export interface ReadChunk {
  readonly content: ChunkContent;
  /** Records that could not be read and were left out; the rest goes on. */
  readonly leftOut: readonly LeftOut[];
  /** Records consumed since the beginning of the source, up to the end of this chunk. */
  readonly position: number;
}

/** Readers stream: memory does not grow with the source. They never change it, and fail with `data/...` codes. */
export interface DatasetReader {
  readonly name: ReaderName;
  /** By names and first bytes alone; the first reader that says yes gets the sources. */
  match(sources: readonly SourceHead[]): boolean;
  /** Reads as little as gives counts, classes, options and a preview. */
  inspect(sources: readonly SourceHead[], signal: AbortSignal): Promise<Omit<Inspection, 'reader'>>;
  open(request: ReadRequest): AsyncIterable<ReadChunk>;
}
