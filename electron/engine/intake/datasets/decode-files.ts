/** Picture files into one chunk: what cannot be read is left out with its reason, the rest goes on. */
import type { LeftOut, SourceFile } from '../../../contract/dataset-intake';
import { AppError, throwIfCancelled, toFailure } from '../../../contract/errors';
import type { ImageOptions, ReadOptions } from '../../../contract/samples';
import type { ChunkContent } from '../../datasets/chunk';
import { maxPictureBytes } from '../list-files';
import { readWhole } from '../read-file';
import { imageChunk, type SampleLabel } from './image-chunk';
import { pictureSample, type PictureSample } from './picture-sample';

/** Fails with `usage/bad-argument` without image options, with other codes only for what is not the files' fault. */
export async function decodeFiles(
  files: readonly SourceFile[],
  options: ReadOptions,
  signal: AbortSignal,
): Promise<{ content: ChunkContent; leftOut: readonly LeftOut[] }> {
  const image = imageOptionsOf(options);
  const samples: PictureSample[] = [];
  const labels: SampleLabel[] = [];
  const leftOut: LeftOut[] = [];
  for (const { path, name, label, split } of files) {
    throwIfCancelled(signal);
    try {
      samples.push(await pictureSample(await readWhole(path, maxPictureBytes, signal), image));
      labels.push({ name, label, split });
    } catch (error) {
      leftOut.push({ name, failure: toFailure(blamedOnFile(error)) });
    }
  }
  return { content: imageChunk(samples, labels, image), leftOut };
}

export function imageOptionsOf({ image }: ReadOptions): ImageOptions {
  if (image !== undefined) return image;
  throw new AppError('usage/bad-argument', 'The size of the pictures was not given.');
}

/** The error when the file is to blame; anything else, cancelling included, ends the whole. */
export function blamedOnFile(error: unknown): AppError {
  if (error instanceof AppError && /^(image|file|data)\//.test(error.code) && error.code !== 'file/disk-full')
    return error;
  throw error;
}
