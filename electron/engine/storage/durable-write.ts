/** Writes that are whole or did not happen: temporary file beside the target, all bytes, checked size, fsync, rename, folder fsync. */
import { randomBytes } from 'node:crypto';
import { type FileHandle, link, open, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { AppError, type ErrorCode } from '../../contract/errors';

interface WriteOptions {
  /** Without it an existing target is kept and `file/exists` is thrown. */
  replace?: boolean;
}

/** What a streaming writer is given. */
export interface Sink {
  write(chunk: string | Uint8Array): Promise<void>;
}

/** Replaces `target` by `bytes`, or leaves it as it was and throws. */
export function durableWrite(target: string, bytes: Uint8Array): Promise<void> {
  return durableStream(target, { replace: true }, (sink) => sink.write(bytes));
}

/**
 * Whole after any kill of the process, but perhaps not after a power cut: for what can be made again, and is compared with its hash
 * before it is believed. Syncing waits for the disk, and then the disk has it though it is soon deleted.
 */
export async function wholeWrite(target: string, bytes: Uint8Array): Promise<void> {
  const temporary = temporaryBeside(target);
  try {
    await fill(temporary, (sink) => sink.write(bytes), false);
    await rename(temporary, target);
  } catch (error) {
    throw writeError(error, target);
  } finally {
    await rm(temporary, { force: true }).catch(() => undefined);
  }
}

/** The same as `durableWrite` for content of any length: `produce` writes piece by piece; nothing appears at `target` before all of it is on disk. */
export async function durableStream(
  target: string,
  { replace = false }: WriteOptions,
  produce: (sink: Sink) => Promise<void>,
): Promise<void> {
  const temporary = temporaryBeside(target);
  try {
    await fill(temporary, produce);
    if (replace) await rename(temporary, target);
    else await placeNew(temporary, target);
    await syncFolder(path.dirname(target));
  } catch (error) {
    throw writeError(error, target);
  } finally {
    await rm(temporary, { force: true }).catch(() => undefined);
  }
}

function temporaryBeside(target: string): string {
  // Names may have 255 bytes, and a character up to four.
  const hint = path.basename(target).slice(0, 40);
  return path.join(path.dirname(target), `.${hint}.${randomBytes(6).toString('hex')}.part`);
}

/** Writes a new file whole and syncs it; its name is safe only once its folder is synced. */
export async function fill(temporary: string, produce: (sink: Sink) => Promise<void>, isSynced = true): Promise<void> {
  const file = await open(temporary, 'wx');
  try {
    let expected = 0;
    await produce({
      write: async (chunk) => {
        const bytes = typeof chunk === 'string' ? Buffer.from(chunk, 'utf8') : chunk;
        await writeAll(file, bytes, expected);
        expected += bytes.length;
      },
    });
    const { size } = await file.stat();
    if (size !== expected) throw new AppError('file/disk-full', `Only ${size} of ${expected} bytes could be written.`);
    if (isSynced) await file.sync();
  } finally {
    await file.close();
  }
}

/** All of `bytes`, from `position` on. */
export async function writeAll(file: FileHandle, bytes: Uint8Array, position: number): Promise<void> {
  let done = 0;
  while (done < bytes.length) {
    const { bytesWritten } = await file.write(bytes, done, bytes.length - done, position + done);
    if (bytesWritten === 0) throw new AppError('file/disk-full', 'The disk took no more bytes.');
    done += bytesWritten;
  }
}

/** Linking fails when the target exists, in one step; folders without links (FAT, some network drives) get an exclusive file first. */
async function placeNew(temporary: string, target: string): Promise<void> {
  try {
    await link(temporary, target);
  } catch (error) {
    if (codeOf(error) === 'EEXIST') throw error;
    const claimed = await open(target, 'wx');
    await claimed.close();
    await rename(temporary, target).catch(async (reason: unknown) => {
      await rm(target, { force: true });
      throw reason;
    });
  }
}

/** A rename is only safe once its folder is on disk; Windows does not open folders and does not need it. */
export async function syncFolder(folder: string): Promise<void> {
  if (process.platform === 'win32') return;
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : '';
}

/** Something of that name is there already. */
export function isThere(error: unknown): boolean {
  return codeOf(error) === 'EEXIST';
}

/** There is no such file or folder. */
export function isMissing(error: unknown): boolean {
  return codeOf(error) === 'ENOENT';
}

const sentences: Record<string, [ErrorCode, string]> = {
  ENOSPC: ['file/disk-full', 'the disk is full. Free some space and try again; nothing was lost'],
  EDQUOT: ['file/disk-full', 'the disk quota is used up. Free some space and try again; nothing was lost'],
  EROFS: ['file/read-only', 'the disk is read-only. Choose another folder'],
  EACCES: ['file/read-only', 'Duet may not write there. Choose another folder'],
  EPERM: ['file/read-only', 'Duet may not write there. Choose another folder'],
  ENOENT: ['file/missing', 'its folder is not there any more. Choose another folder'],
  ENOTDIR: ['file/missing', 'its folder is not a folder. Choose another one'],
  EEXIST: ['file/exists', 'a file of that name is there already. Choose another name'],
  EISDIR: ['file/exists', 'a folder of that name is there already. Choose another name'],
};

/** Names the file, the reason and the next step; cancelling and our own errors pass unchanged. */
export function writeError(error: unknown, target: string): unknown {
  if (error instanceof AppError) return error;
  const code = codeOf(error);
  const name = path.basename(target);
  const known = sentences[code];
  if (known === undefined) {
    const reason = error instanceof Error ? error.message : String(error);
    return new AppError('file/unreadable', `${name} was not written: ${reason}.`, { reason: code }, { cause: error });
  }
  return new AppError(known[0], `${name} was not written: ${known[1]}.`, { reason: code }, { cause: error });
}
