/** Unpacks an archive into a folder under names of our own; what entries are called is told, never used as a path. */
import { open, readdir, rm } from 'node:fs/promises';
import path from 'node:path';
import type { LeftOut, Unpacked } from '../../../contract/dataset-intake';
import { AppError, throwIfCancelled } from '../../../contract/errors';
import type { ReplyInput, RequestOf } from '../../../contract/rpc';
import type { IntakeContract } from '../../../contract/workers';
import { writeError } from '../../storage/durable-write';
import { openRegular } from '../read-file';
import type { ArchiveEntry, ArchiveSource } from './archive-entry';
import { readHead } from './source-head';
import { untar } from './untar';
import { unzip } from './unzip';

type UnpackRequest = RequestOf<IntakeContract, 'dataset.unpack'>;
type UnpackReply = ReplyInput<IntakeContract, 'dataset.unpack'>;

/** More than this much comes out of an archive only when it is real: deflate packs text 3 to 20 to 1, zeros 1,000 to 1. */
const maxRatio = 200;
const freeBytes = 16 * 1024 * 1024;
const maxNamed = 1000;
const listingName = 'listing.jsonl';

/**
 * Streams entry by entry; memory does not grow with the archive. On any failure the folder is empty again. Fails with `data/bad-entry`
 * for a name that leads out of the archive, `data/bomb`, `data/too-many`, `data/too-large`, `data/encrypted`, `data/damaged`.
 */
export async function unpack(
  { path: archive, folder, maxBytes, maxFiles }: UnpackRequest,
  signal: AbortSignal,
  progress: (share: number) => void,
): Promise<UnpackReply> {
  const size = await sizeOf(archive);
  const { head, isGzip } = await readHead(archive);
  const isZip = head[0] === 0x50 && head[1] === 0x4b;
  const source: ArchiveSource = {
    path: archive,
    isGzip,
    signal,
    reached: (bytes) => progress(bytes / Math.max(1, size)),
  };
  const totals: Totals = { files: 0, bytes: 0, maxBytes, maxFiles, packed: size, lines: [], leftOut: [] };
  try {
    for await (const entry of isZip ? unzip(source) : untar(source)) {
      throwIfCancelled(signal);
      await take(entry, folder, totals, signal);
    }
    if (totals.files === 0) throw new AppError('data/empty', 'The archive holds no files.');
    const listing = path.join(folder, listingName);
    await writeListing(listing, totals.lines);
    return { listing, files: totals.files, bytes: totals.bytes, leftOut: totals.leftOut };
  } catch (error) {
    await emptied(folder);
    throw error;
  }
}

interface Totals {
  files: number;
  bytes: number;
  readonly maxBytes: number;
  readonly maxFiles: number;
  readonly packed: number;
  readonly lines: Unpacked[];
  readonly leftOut: LeftOut[];
}

async function sizeOf(file: string): Promise<number> {
  const handle = await openRegular(file);
  try {
    return (await handle.stat()).size;
  } finally {
    await handle.close();
  }
}

async function take(entry: ArchiveEntry, folder: string, totals: Totals, signal: AbortSignal): Promise<void> {
  const { name } = entry;
  if (leadsOut(name)) {
    throw new AppError('data/bad-entry', `The archive was refused: its entry "${shown(name)}" leads out of it.`, { name: shown(name) }); // prettier-ignore
  }
  if (isNoise(name)) return;
  if (entry.refused !== '') {
    if (totals.leftOut.length < maxNamed) totals.leftOut.push({ name: shown(name), failure: { code: 'data/bad-entry', message: entry.refused, details: {} } }); // prettier-ignore
    return;
  }
  totals.files++;
  if (totals.files > totals.maxFiles) throw new AppError('data/too-many', `The archive holds more than ${totals.maxFiles} files.`); // prettier-ignore
  const file = String(totals.files).padStart(8, '0');
  const bytes = await writeEntry(path.join(folder, file), entry, totals, signal);
  totals.lines.push({ file, name: shown(name), bytes });
}

async function writeEntry(target: string, entry: ArchiveEntry, totals: Totals, signal: AbortSignal): Promise<number> {
  const handle = await open(target, 'wx', 0o600).catch((error: unknown) => {
    throw writeError(error, target);
  });
  let written = 0;
  try {
    for await (const piece of entry.pieces()) {
      throwIfCancelled(signal);
      count(totals, piece.length);
      for (let done = 0; done < piece.length;) done += (await handle.write(piece, done)).bytesWritten;
      written += piece.length;
    }
    return written;
  } catch (error) {
    throw error instanceof AppError ? error : writeError(error, target);
  } finally {
    await handle.close();
  }
}

function count(totals: Totals, bytes: number): void {
  totals.bytes += bytes;
  if (totals.bytes > totals.maxBytes) {
    throw new AppError('data/too-large', 'The archive unpacks to more than there is room for. Free some space, or unpack a part of it.', { maxBytes: totals.maxBytes }); // prettier-ignore
  }
  if (totals.bytes > freeBytes && totals.bytes > maxRatio * totals.packed) {
    throw new AppError('data/bomb', `The archive was refused: it unpacks to more than ${maxRatio} times its size.`, { packed: totals.packed }); // prettier-ignore
  }
}

/** Absolute, with a drive or a backslash, or stepping up: no archive tool writes such names by itself. */
function leadsOut(name: string): boolean {
  return /^\/|^[a-z]:|\\|\0/i.test(name) || name.split('/').includes('..');
}

/** Hidden files, and what macOS adds to archives. */
function isNoise(name: string): boolean {
  return name
    .split('/')
    .some((part) => part.startsWith('.') || part === '__MACOSX' || part.toLowerCase() === 'thumbs.db');
}

/** A name fit for a label: without control characters, not endless. */
function shown(name: string): string {
  return name.replaceAll(/[\u0000-\u001f\u007f]/g, ' ').slice(0, 1000);
}

async function writeListing(file: string, lines: readonly Unpacked[]): Promise<void> {
  const handle = await open(file, 'wx', 0o600);
  try {
    for (let from = 0; from < lines.length; from += 1000) {
      await handle.write(lines.slice(from, from + 1000).map((line) => `${JSON.stringify(line)}\n`).join('')); // prettier-ignore
    }
  } finally {
    await handle.close();
  }
}

async function emptied(folder: string): Promise<void> {
  for (const name of await readdir(folder).catch(() => []))
    await rm(path.join(folder, name), { recursive: true, force: true });
}
