/** Files read piece by piece: hashed, or copied with their hash. */
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { throwIfCancelled } from '../../contract/errors';
import { durableStream } from './durable-write';

const pieceBytes = 1 << 20;

interface Read {
  /** sha256 of all bytes. */
  hash: string;
  bytes: number;
}

export function hashFile(file: string, signal?: AbortSignal): Promise<Read> {
  return readPieces(file, signal, () => Promise.resolve());
}

/**
 * Copies a file, synced before it appears under its name, with the folders it needs. An existing target is replaced. The
 * hash is of what was read, which is what was written.
 */
export async function copyDurably(from: string, to: string, signal?: AbortSignal): Promise<Read> {
  const read: Read = { hash: '', bytes: 0 };
  await mkdir(path.dirname(to), { recursive: true });
  await durableStream(to, { replace: true }, async (sink) => {
    Object.assign(read, await readPieces(from, signal, (piece) => sink.write(piece)));
  });
  return read;
}

async function readPieces(
  file: string,
  signal: AbortSignal | undefined,
  use: (piece: Uint8Array) => Promise<void>,
): Promise<Read> {
  const sum = createHash('sha256');
  let bytes = 0;
  for await (const chunk of createReadStream(file, { highWaterMark: pieceBytes })) {
    if (signal !== undefined) throwIfCancelled(signal);
    const piece: unknown = chunk;
    if (!(piece instanceof Uint8Array)) continue;
    sum.update(piece);
    bytes += piece.length;
    await use(piece);
  }
  return { hash: sum.digest('hex'), bytes };
}
