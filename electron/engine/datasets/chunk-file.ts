/** Chunk files as the engine knows them: looked through once, and from then on known by their hash. */
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { AppError } from '../../contract/errors';
import { type ChunkContent, knownChunk, readChunk } from './chunk';
import { type ChunkShape, shapeOf } from './chunk-shape';

export interface ChunkFile {
  readonly file: string;
  /** sha256 of the bytes that were looked through. */
  readonly hash: string;
  readonly shape: ChunkShape;
}

/** Throws `data/damaged` where it is not what it should be. */
export async function lookAtChunk(file: string): Promise<ChunkFile & { readonly bytes: number }> {
  const bytes = await readFile(file);
  return { file, bytes: bytes.length, hash: hashOf(bytes), shape: shapeOf(readChunk(bytes)) };
}

/** Whoever wrote the file may have been taken over since, and the disk may have lost it: it must be what was looked through. */
export async function readSame({ file, hash }: ChunkFile): Promise<ChunkContent> {
  const bytes = await readFile(file);
  if (hashOf(bytes) === hash) return knownChunk(bytes);
  throw new AppError('data/damaged', 'A part of the import was changed while it waited. Try again.');
}

/** Whether it is there as it was. */
export function isSame({ file, hash }: Pick<ChunkFile, 'file' | 'hash'>): Promise<boolean> {
  return readFile(file).then(
    (bytes) => hashOf(bytes) === hash,
    () => false,
  );
}

function hashOf(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}
