/** Reads a foreign file once, whole and bounded: never a pipe or a device, never through a link, never more than it had. */
import { closeSync, constants, fstatSync, openSync, read, readSync, type Stats } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { promisify } from 'node:util';
import { AppError, throwIfCancelled } from '../../contract/errors';

/** One read call at most, so that cancelling need not wait for a slow disk to give a whole model. */
const pieceBytes = 64 * 1024 * 1024;
/** Read at once: another thread, here and back, would take longer than a small picture takes to read. */
const smallBytes = 1024 * 1024;
const readBeside = promisify(read);

const tooLarge = (size: number, maxBytes: number): AppError =>
  new AppError('file/too-large', `It is larger than ${Math.floor(maxBytes / 2 ** 20)} MB.`, { size });

// Without O_NONBLOCK, opening a pipe waits for a writer for ever. Windows has neither pipes in its file system nor
// these two constants, and undefined counts as no bits.
const openFlags = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK;

/**
 * Fails with `file/missing`, `file/unreadable`, `file/not-regular` or `file/too-large` (or what `beyond` makes of it). Opens at once,
 * not beside: whoever reads a file here waits for it anyway, and the turns of another thread cost a third of decoding a small picture.
 */
export async function readWhole(
  path: string,
  maxBytes: number,
  signal: AbortSignal,
  beyond: (size: number) => AppError = (size) => tooLarge(size, maxBytes),
): Promise<Uint8Array> {
  throwIfCancelled(signal);
  let file: number | undefined;
  try {
    file = openSync(path, openFlags);
    const stats = fstatSync(file);
    assertRegular(stats, path);
    if (stats.size > maxBytes) throw beyond(stats.size);
    return await readAll(file, stats.size, path, signal);
  } catch (error) {
    throw fileError(error, path);
  } finally {
    if (file !== undefined) closeSync(file);
  }
}

async function readAll(file: number, size: number, path: string, signal: AbortSignal): Promise<Uint8Array> {
  const bytes = new Uint8Array(size);
  let done = 0;
  while (done < size) {
    throwIfCancelled(signal);
    const length = Math.min(pieceBytes, size - done);
    const bytesRead =
      size <= smallBytes
        ? readSync(file, bytes, done, length, done)
        : (await readBeside(file, bytes, done, length, done)).bytesRead;
    if (bytesRead === 0) throw new AppError('file/unreadable', 'It became shorter while it was read.', { path });
    done += bytesRead;
  }
  return bytes;
}

/** An ordinary file, open for reading; whoever asked closes it. */
export async function openRegular(path: string): Promise<FileHandle> {
  let file: FileHandle;
  try {
    file = await open(path, openFlags);
  } catch (error) {
    throw fileError(error, path);
  }
  try {
    assertRegular(await file.stat(), path);
    return file;
  } catch (error) {
    await file.close();
    throw fileError(error, path);
  }
}

function assertRegular(stats: Stats, path: string): void {
  if (!stats.isFile()) throw new AppError('file/not-regular', 'It is not an ordinary file.', { path });
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
