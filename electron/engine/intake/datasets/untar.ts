/** Entries of a tar archive, packed by gzip or not, by tar-stream. */
import tar from 'tar-stream';
import { AppError } from '../../../contract/errors';
import { pieces } from './source-pieces';
import type { ArchiveEntry, ArchiveSource } from './archive-entry';

/** Fails with `data/damaged`. */
export async function* untar({ path, isGzip, signal, reached }: ArchiveSource): AsyncGenerator<ArchiveEntry> {
  const extract = tar.extract();
  const feeding = feed(extract, pieces({ path, isGzip }, signal, reached));
  const failed = feeding.then(() => never);
  failed.catch(() => undefined);
  const entries = extract[Symbol.asyncIterator]();
  try {
    for (;;) {
      const next = await Promise.race([entries.next(), failed]);
      if (next.done === true) {
        await feeding;
        return;
      }
      const { value: entry } = next;
      const { name, type, size } = entry.header;
      // The parser takes a size that is no number for one, and then waits for its last byte for ever.
      if (!Number.isSafeInteger(size)) throw tarError(new Error('an entry has no size'));
      const content: AsyncIterable<unknown> = entry;
      if (type !== 'directory') yield { name, refused: refusalOf(type), pieces: () => guarded(content, size, feeding) };
      // What was not read is passed over.
      entry.resume();
    }
  } catch (error) {
    throw error instanceof AppError ? error : tarError(error);
  } finally {
    extract.destroy();
    await feeding.catch(() => undefined);
  }
}

const never = new Promise<never>(() => undefined);

/** Hands the archive to the parser as fast as it takes it; a failure of either ends both. */
async function feed(extract: tar.Extract, source: AsyncGenerator<Uint8Array>): Promise<void> {
  const state: { isClosed: boolean; wake: () => void } = { isClosed: false, wake: () => undefined };
  extract.on('close', () => {
    state.isClosed = true;
    state.wake();
  });
  extract.on('drain', () => state.wake());
  try {
    for await (const piece of source) {
      if (state.isClosed) return;
      const isTaken = new Promise<void>((resolve) => (state.wake = () => resolve()));
      if (!extract.write(piece)) await isTaken;
    }
    extract.end(null);
  } catch (error) {
    extract.destroy();
    throw error;
  }
}

function refusalOf(type: string | null | undefined): string {
  if (type === 'symlink' || type === 'link') return 'It is a link; links are not followed.';
  return type === 'file' || type === 'contiguous-file' || type === null ? '' : 'It is not an ordinary file.';
}

/** The entry's bytes, all of them: a parser that was ended in the middle gives fewer and says nothing. */
async function* guarded(
  content: AsyncIterable<unknown>,
  size: number,
  feeding: Promise<void>,
): AsyncGenerator<Uint8Array> {
  const reading = content[Symbol.asyncIterator]();
  const failed = feeding.then(() => never);
  failed.catch(() => undefined);
  let missing = size;
  for (;;) {
    const next = await Promise.race([reading.next(), failed])
      .catch(async (error: unknown) => {
        // A feed that failed ended the parser too, and knows why; one that did not leaves the parser's own reason.
        await feeding;
        throw error;
      })
      .catch((error: unknown) => {
        throw error instanceof AppError ? error : tarError(error);
      });
    if (next.done === true) break;
    if (!(next.value instanceof Uint8Array)) continue;
    missing -= next.value.length;
    yield next.value;
  }
  if (missing !== 0) throw tarError(new Error('it ends in the middle of a file'));
}

function tarError(error: unknown): AppError {
  const reason = error instanceof Error ? error.message : String(error);
  return new AppError(
    'data/damaged',
    `The archive is damaged (${reason}). Get it again.`,
    { reason },
    { cause: error },
  );
}
