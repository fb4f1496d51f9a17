/** Any other source to chunks: one reader goes through it; after a kill it goes on behind the last finished chunk. */
import { AppError } from '../../../contract/errors';
import type { Chunk } from '../../../contract/dataset-intake';
import type { ImageOptions } from '../../../contract/samples';
import type { ChunkLog } from './chunk-log';
import type { ImportParameters } from './parameters';
import type { ImportReaders } from './readers';

interface StreamRequest {
  readonly parameters: ImportParameters;
  /** Of an unpacked archive. */
  readonly listing: string | undefined;
  readonly readers: ImportReaders;
  readonly log: ChunkLog;
  readonly signal: AbortSignal;
  readonly onChunk: (handled: number) => Promise<void>;
}

/** A reader that dies without having got any further is not asked again. */
export async function readStream(request: StreamRequest): Promise<void> {
  for (;;) {
    const before = request.log.contiguous().length;
    try {
      await readOn(request, before);
      return;
    } catch (error) {
      const isDeath = error instanceof AppError && error.code === 'data/reader-died';
      if (!isDeath || request.log.contiguous().length === before) throw error;
    }
  }
}

async function readOn(request: StreamRequest, firstChunk: number): Promise<void> {
  const { parameters, listing, readers, log, signal } = request;
  const last = log.contiguous().at(-1);
  // Chunks are looked at one after the other, while the reader goes on.
  let looking: Promise<void> = Promise.resolve();
  const failed = new AbortController();
  const stop = (): void => failed.abort();
  signal.addEventListener('abort', stop);
  if (signal.aborted) stop();
  const take = async (number: number, { leftOut, position }: Chunk): Promise<void> => {
    const file = await log.look(`${number}.safetensors`);
    await log.add({ number, files: [file], leftOut, position });
    await request.onChunk(log.handled);
  };
  try {
    await readers.readDataset(
      {
        reader: parameters.reader,
        paths: listing === undefined ? parameters.paths : [parameters.paths[0] ?? ''],
        ...(listing === undefined ? {} : { listing }),
        options: parameters.options,
        folder: log.folder,
        firstChunk,
        position: last?.position ?? 0,
        samplesPerChunk: samplesPerChunk(parameters.options.image),
      },
      failed.signal,
      (number, chunk) => {
        looking = looking.then(() => take(number, chunk));
        looking.catch(stop);
      },
    );
  } finally {
    signal.removeEventListener('abort', stop);
    // The reason why the reading was stopped counts before the stopping.
    await looking;
  }
}

const chunkBytes = 4 * 1024 * 1024;

/** Small pictures by the thousand, large ones a few megabytes together. */
function samplesPerChunk(image: ImageOptions | undefined): number {
  if (image === undefined) return 4096;
  return Math.min(8192, Math.max(16, Math.floor(chunkBytes / (image.height * image.width * image.channels))));
}
