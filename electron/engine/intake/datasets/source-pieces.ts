/** A source as pieces of bytes, unpacked where it is gzip: bounded memory, cancellable, never through a link. */
import { Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { AppError, throwIfCancelled } from '../../../contract/errors';
import { fileError, openRegular } from '../read-file';
import type { SourceHead } from './reader';

const pieceBytes = 256 * 1024;

/** Text rarely packs better than 20 to 1, and gzip itself reaches 1,032 to 1. */
const maxExpansion = 200;
const expansionFrom = 64 * 1024 * 1024;

type Source = Pick<SourceHead, 'path' | 'isGzip'>;

/** `reached` hears how many bytes of the file have been read. Fails with `file/...`, `data/damaged` (gzip), `data/bomb` or `call/cancelled`. */
export async function* pieces(
  source: Source,
  signal: AbortSignal,
  reached: (storedBytes: number) => void = () => undefined,
): AsyncGenerator<Buffer> {
  throwIfCancelled(signal);
  const file = await openRegular(source.path);
  try {
    let read = 0;
    const stored = storedPieces(source.path, signal, async (piece) => {
      const result = await file.read(piece, 0, piece.length, null);
      reached((read += result.bytesRead));
      return result;
    });
    yield* source.isGzip ? unpacked(stored, signal) : stored;
  } finally {
    await file.close();
  }
}

async function* storedPieces(
  path: string,
  signal: AbortSignal,
  read: (piece: Buffer) => Promise<{ bytesRead: number }>,
): AsyncGenerator<Buffer> {
  for (;;) {
    throwIfCancelled(signal);
    const piece = Buffer.allocUnsafeSlow(pieceBytes);
    const { bytesRead } = await read(piece).catch((error: unknown) => {
      throw fileError(error, path);
    });
    if (bytesRead === 0) return;
    yield bytesRead === pieceBytes ? piece : piece.subarray(0, bytesRead);
  }
}

async function* unpacked(stored: AsyncGenerator<Buffer>, signal: AbortSignal): AsyncGenerator<Buffer> {
  let bytesIn = 0;
  let bytesOut = 0;
  const counted = async function* (): AsyncGenerator<Buffer> {
    for await (const piece of stored) {
      bytesIn += piece.length;
      yield piece;
    }
  };
  const source = Readable.from(counted());
  // Unpacks ahead while what it gave is worked on; streams know the second, its types only the first.
  const ahead = { chunkSize: pieceBytes, highWaterMark: 16 * pieceBytes };
  const gunzip = createGunzip(ahead);
  source.on('error', (error) => gunzip.destroy(error));
  source.pipe(gunzip);
  const results: AsyncIterable<Buffer> = gunzip;
  try {
    for await (const piece of results) {
      throwIfCancelled(signal);
      bytesOut += piece.length;
      if (bytesOut > expansionFrom && bytesOut > bytesIn * maxExpansion) throw bomb(bytesIn, bytesOut);
      yield piece;
    }
  } catch (error) {
    throw error instanceof AppError ? error : damagedGzip(error);
  } finally {
    source.destroy();
    gunzip.destroy();
  }
}

function bomb(bytesIn: number, bytesOut: number): AppError {
  return new AppError(
    'data/bomb',
    'It unpacks to far more than a text of its size would; it is not read any further.',
    {
      bytesIn,
      bytesOut,
    },
  );
}

function damagedGzip(error: unknown): AppError {
  const reason = error instanceof Error ? error.message : String(error);
  return new AppError('data/damaged', 'It is a damaged gzip file. Get it again.', { reason }, { cause: error });
}
