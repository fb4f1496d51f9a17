/** What an import asks of intake; `Workers` answers it. */
import type { Chunk, LeftOut, SourceFile } from '../../../contract/dataset-intake';
import type { ReaderName, ReadOptions } from '../../../contract/samples';
import type { FoundFile } from '../../../contract/workers';

/** Cancelled calls end when intake has stopped, so that nothing is written behind their back. */
export interface ImportReaders {
  list(
    roots: string[],
    signal: AbortSignal,
    onFound: (files: FoundFile[]) => void,
  ): Promise<{ files: number; ignored: number }>;
  unpack(
    request: { path: string; folder: string; maxBytes: number; maxFiles: number },
    signal: AbortSignal,
    onProgress: (share: number) => void,
  ): Promise<{ listing: string; files: number; bytes: number; leftOut: LeftOut[] }>;
  /** Fails with `data/reader-died` when the files ended the process. */
  decodeFiles(
    request: { files: SourceFile[]; options: ReadOptions; chunk: string },
    signal: AbortSignal,
  ): Promise<Chunk>;
  readDataset(
    request: {
      reader: ReaderName;
      paths: string[];
      listing?: string;
      options: ReadOptions;
      folder: string;
      firstChunk: number;
      position: number;
      samplesPerChunk: number;
    },
    signal: AbortSignal,
    onChunk: (number: number, chunk: Chunk) => void,
  ): Promise<unknown>;
  /** Ends the processes that were told to stop and have not. */
  killStopping(): void;
}
