/** What is known of a source before a reader is chosen: its files with their names, sizes and first bytes. */
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { createGunzip } from 'node:zlib';
import { unpackedSchema } from '../../../contract/dataset-intake';
import { AppError, throwIfCancelled } from '../../../contract/errors';
import { nameInDrop } from '../../datasets/folder-labels';
import { listFiles } from '../list-files';
import { openRegular } from '../read-file';
import type { SourceHead } from './reader';

const headBytes = 4096;
/** Packed bytes that are read to unpack the first 4,096; deflate packs at worst a little larger than what it packs. */
const packedBytes = 8192;
const maxFiles = 1_000_000;
/** Beyond so many files only names and sizes are known: readers of many files go by names. */
const maxHeads = 2000;

/** What was dropped or chosen: files and folders, or the folder and the listing of an unpacked archive. */
export interface Sources {
  readonly paths: readonly string[];
  readonly listing?: string | undefined;
}

type Found = Omit<SourceHead, 'head' | 'isGzip'>;

/** All files of the sources in a fixed order, folders walked, links and hidden files passed over. Fails with `data/empty`. */
export async function sourceHeads(sources: Sources, signal: AbortSignal): Promise<SourceHead[]> {
  const found = sources.listing === undefined ? await walk(sources.paths, signal) : await fromListing(sources.listing);
  if (found.length === 0) throw new AppError('data/empty', 'There is no file in it that could be read.');
  const heads: SourceHead[] = [];
  for (const [i, one] of found.entries()) {
    throwIfCancelled(signal);
    heads.push(i < maxHeads ? { ...one, ...(await readHead(one.path)) } : { ...one, ...unread });
  }
  return heads;
}

const unread = { head: new Uint8Array(0), isGzip: false };

async function walk(paths: readonly string[], signal: AbortSignal): Promise<Found[]> {
  const found: Found[] = [];
  await listFiles({
    roots: paths,
    maxFiles,
    signal,
    found: (files) => {
      for (const { path: place, name, bytes, refused } of files) {
        if (isReadable(refused?.code)) {
          found.push({ path: place, name: nameInDrop(paths, { path: place, name }), bytes });
        }
      }
    },
  });
  return found;
}

/** A listing refuses also what is too large or empty for a picture, which says nothing of other data. */
function isReadable(refused: string | undefined): boolean {
  return refused === undefined || refused === 'file/too-large' || refused === 'image/damaged';
}

async function fromListing(listing: string): Promise<Found[]> {
  const folder = path.dirname(listing);
  const lines = (await readFile(listing, 'utf8')).split('\n').filter((line) => line !== '');
  return lines.map((line) => {
    const { file, name, bytes } = unpackedSchema.parse(JSON.parse(line));
    return { path: path.join(folder, file), name, bytes };
  });
}

/** The first bytes of an ordinary file, unpacked where it is gzip; nothing of one that cannot be opened. */
export async function readHead(file: string): Promise<Pick<SourceHead, 'head' | 'isGzip'>> {
  const start = await firstBytes(file, packedBytes).catch(() => new Uint8Array(0));
  const isGzip = start[0] === 0x1f && start[1] === 0x8b;
  return { head: isGzip ? await unpackedStart(start) : start.subarray(0, headBytes), isGzip };
}

async function firstBytes(file: string, count: number): Promise<Uint8Array> {
  const handle = await openRegular(file);
  try {
    const bytes = new Uint8Array(count);
    const { bytesRead } = await handle.read(bytes, 0, count, 0);
    return bytes.subarray(0, bytesRead);
  } finally {
    await handle.close();
  }
}

/** The input is cut off on purpose: what came out before that is all that is wanted. */
function unpackedStart(packed: Uint8Array): Promise<Uint8Array> {
  return new Promise((resolve) => {
    const gunzip = createGunzip({ chunkSize: headBytes });
    const done = (bytes: Uint8Array): void => {
      gunzip.destroy();
      resolve(bytes.subarray(0, headBytes));
    };
    const pieces: Buffer[] = [];
    gunzip.on('data', (piece: Buffer) => {
      pieces.push(piece);
      if (pieces.reduce((sum, one) => sum + one.length, 0) >= headBytes) done(Buffer.concat(pieces));
    });
    gunzip.on('end', () => done(Buffer.concat(pieces)));
    gunzip.on('error', () => done(Buffer.concat(pieces)));
    gunzip.end(packed);
  });
}
