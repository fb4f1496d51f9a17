/** Reads a foreign file once, whole and bounded: never a pipe or a device, never through a link, never more than it had. */
import { constants } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { AppError, throwIfCancelled } from '../../contract/errors';

/** One read call at most, so that cancelling need not wait for a slow disk to give a whole model. */
const pieceBytes = 64 * 1024 * 1024;

const tooLarge = (size: number, maxBytes: number): AppError =>
  new AppError('file/too-large', `It is larger than ${Math.floor(maxBytes / 2 ** 20)} MB.`, { size });

/** Fails with `file/missing`, `file/unreadable`, `file/not-regular` or `file/too-large` (or what `beyond` makes of it). */
export async function readWhole(
  path: string,
  maxBytes: number,
  signal: AbortSignal,
  beyond: (size: number) => AppError = (size) => tooLarge(size, maxBytes),
): Promise<Uint8Array> {
  throwIfCancelled(signal);
  const file = await openRegular(path);
  try {
    const { size } = await file.stat();
    if (size > maxBytes) throw beyond(size);
    const bytes = new Uint8Array(size);
    let done = 0;
    while (done < size) {
      throwIfCancelled(signal);
      const { bytesRead } = await file.read(bytes, done, Math.min(pieceBytes, size - done), done);
      if (bytesRead === 0) throw new AppError('file/unreadable', 'It became shorter while it was read.', { path });
      done += bytesRead;
    }
    return bytes;
  } catch (error) {
    throw fileError(error, path);
  } finally {
    await file.close();
  }
}

/** An ordinary file, open for reading; whoever asked closes it. */
export async function openRegular(path: string): Promise<FileHandle> {
  let file: FileHandle;
  try {
    // Without O_NONBLOCK, opening a pipe waits for a writer for ever. Windows has neither pipes in its file system nor
    // these two constants, and undefined counts as no bits.
    file = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  } catch (error) {
    throw fileError(error, path);
  }
  try {
    if ((await file.stat()).isFile()) return file;
    throw new AppError('file/not-regular', 'It is not an ordinary file.', { path });
  } catch (error) {
    await file.close();
    throw fileError(error, path);
  }
}

/** What the system says about a file, in our codes. */
export function fileError(error: unknown, path: string): AppError {
  if (error instanceof AppError) return error;
  const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown';
  const say = (kind: 'file/missing' | 'file/unreadable' | 'file/not-regular', message: string): AppError =>
    new AppError(kind, message, { path, code }, { cause: error });
  if (code === 'ENOENT' || code === 'ENOTDIR') return say('file/missing', 'It is not there any more.');
  if (code === 'ELOOP') return say('file/not-regular', 'It is a link; links are not followed.');
  if (code === 'ENXIO' || code === 'EISDIR') return say('file/not-regular', 'It is not an ordinary file.');
  if (code === 'EACCES' || code === 'EPERM') return say('file/unreadable', 'You are not allowed to read it.');
  return say('file/unreadable', `It cannot be read (${code}).`);
}
