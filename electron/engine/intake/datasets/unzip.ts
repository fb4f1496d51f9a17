/** Entries of a zip archive, by yauzl; sums are checked here, since it does not. */
import { finished } from 'node:stream/promises';
import type { Readable } from 'node:stream';
import yauzl from 'yauzl';
import { AppError } from '../../../contract/errors';
import { crc32 } from './crc32';
import type { ArchiveEntry, ArchiveSource } from './archive-entry';

const fileTypeMask = 0o170000;
const link = 0o120000;
const ordinary = 0o100000;

/** Fails with `data/encrypted`, `data/bad-entry` (names that lead out), `data/damaged`. */
export async function* unzip({ path, reached }: Pick<ArchiveSource, 'path' | 'reached'>): AsyncGenerator<ArchiveEntry> {
  const zip = await opened(path);
  try {
    for (;;) {
      const entry = await nextEntry(zip);
      if (entry === undefined) return;
      if (entry.fileName.endsWith('/')) continue;
      reached(entry.relativeOffsetOfLocalHeader);
      yield { name: entry.fileName, refused: refusalOf(entry), pieces: () => pieces(zip, entry) };
    }
  } finally {
    zip.close();
  }
}

function refusalOf({ externalFileAttributes }: yauzl.Entry): string {
  const type = (externalFileAttributes >>> 16) & fileTypeMask;
  if (type === link) return 'It is a link; links are not followed.';
  return type === 0 || type === ordinary ? '' : 'It is not an ordinary file.';
}

function opened(file: string): Promise<yauzl.ZipFile> {
  return new Promise((resolve, reject) => {
    yauzl.open(file, { lazyEntries: true, strictFileNames: true, autoClose: false }, (error, zip) => {
      if (error === null) resolve(zip);
      else reject(zipError(error));
    });
  });
}

/** The next entry; undefined after the last. */
function nextEntry(zip: yauzl.ZipFile): Promise<yauzl.Entry | undefined> {
  return new Promise((resolve, reject) => {
    const done = (): void => {
      zip.removeListener('entry', onEntry);
      zip.removeListener('end', onEnd);
      zip.removeListener('error', onError);
    };
    const onEntry = (entry: yauzl.Entry): void => {
      done();
      resolve(entry);
    };
    const onEnd = (): void => {
      done();
      resolve(undefined);
    };
    const onError = (error: Error): void => {
      done();
      reject(zipError(error));
    };
    zip.on('entry', onEntry).on('end', onEnd).on('error', onError);
    zip.readEntry();
  });
}

async function* pieces(zip: yauzl.ZipFile, entry: yauzl.Entry): AsyncGenerator<Uint8Array> {
  const stream = await streamOf(zip, entry);
  let sum = 0;
  try {
    const read: AsyncIterable<Buffer> = stream;
    for await (const piece of read) {
      sum = crc32(piece, sum);
      yield piece;
    }
  } catch (error) {
    throw error instanceof AppError ? error : zipError(error);
  } finally {
    stream.destroy();
    await finished(stream).catch(() => undefined);
  }
  if (sum !== entry.crc32) {
    throw new AppError(
      'data/damaged',
      `The archive is damaged: the sum of "${entry.fileName}" is wrong. Get it again.`,
    );
  }
}

function streamOf(zip: yauzl.ZipFile, entry: yauzl.Entry): Promise<Readable> {
  return new Promise((resolve, reject) => {
    zip.openReadStream(entry, (error, stream) => {
      if (error === null) resolve(stream);
      else reject(zipError(error));
    });
  });
}

/** What yauzl says, in our codes. */
function zipError(error: unknown): AppError {
  const reason = error instanceof Error ? error.message : String(error);
  const options = { cause: error };
  if (/fileName|absolute path|invalid relative path|invalid characters/i.test(reason)) {
    return new AppError('data/bad-entry', `The archive was refused: an entry's name leads out of it (${reason}).`, { reason }, options); // prettier-ignore
  }
  if (/multi-disk|multi-part/i.test(reason)) {
    return new AppError('data/unsupported', 'The archive is one part of several. Put them together first.', { reason }, options); // prettier-ignore
  }
  if (/encrypted/i.test(reason)) {
    return new AppError('data/encrypted', 'The archive is locked with a password. Unpack it first.', { reason }, options); // prettier-ignore
  }
  if (/unsupported compression/i.test(reason)) {
    return new AppError('data/unsupported', `The archive is packed in a way that cannot be read here (${reason}). Pack it as an ordinary zip.`, { reason }, options); // prettier-ignore
  }
  return new AppError('data/damaged', `The archive is damaged (${reason}). Get it again.`, { reason }, options);
}
