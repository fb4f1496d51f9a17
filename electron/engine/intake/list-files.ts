/** Walks dropped files and folders: regular files only, no link followed, everything else named with its reason. */
import type { Stats } from 'node:fs';
import { lstat, readdir } from 'node:fs/promises';
import { basename, sep } from 'node:path';
import { type ErrorCode, throwIfCancelled } from '../../contract/errors';
import type { FoundFile } from '../../contract/workers';

/** Larger files are not read at all; the largest camera JPEG is a quarter of it. */
export const maxPictureBytes = 256 * 1024 * 1024;

const batchSize = 200;

interface ListOptions {
  roots: readonly string[];
  maxFiles: number;
  signal: AbortSignal;
  /** Receives the finds in order, in batches. */
  found(files: FoundFile[]): void;
}

interface Walk extends ListOptions {
  batch: FoundFile[];
  files: number;
  ignored: number;
}

/** One place to look at. Paths are bytes: on Linux a name need not be text. */
interface Place {
  path: Buffer;
  /** Path below the dropped item. */
  name: string;
}

/** Lists folder by folder: its files in natural order, then its folders. Stops at `maxFiles`. */
export async function listFiles(options: ListOptions): Promise<{ files: number; ignored: number }> {
  const walk: Walk = { ...options, batch: [], files: 0, ignored: 0 };
  for (const root of new Set(options.roots)) {
    const stack = await visit(walk, [{ path: Buffer.from(withoutEnd(root)), name: basename(root) }]);
    for (const place of stack) place.name = '';
    for (let place = stack.pop(); place !== undefined && walk.files < walk.maxFiles; place = stack.pop()) {
      throwIfCancelled(walk.signal);
      const inner = await visit(walk, await entries(walk, place));
      stack.push(...inner.reverse());
    }
  }
  flush(walk);
  return { files: walk.files, ignored: walk.ignored };
}

/** Reports the files among the places and returns the folders. */
async function visit(walk: Walk, places: Place[]): Promise<Place[]> {
  const folders: Place[] = [];
  for (let i = 0; i < places.length; i += batchSize) {
    throwIfCancelled(walk.signal);
    const slice = places.slice(i, i + batchSize);
    const stats = await Promise.all(slice.map(look));
    slice.forEach((place, at) => {
      const stat = stats[at];
      if (stat !== undefined && 'isDirectory' in stat && stat.isDirectory() && isText(place.path)) folders.push(place);
      else if (stat !== undefined) report(walk, place, stat);
    });
    if (walk.files >= walk.maxFiles) return [];
  }
  return folders;
}

async function look({ path }: Place): Promise<Stats | Refusal> {
  try {
    return await lstat(path);
  } catch (error) {
    return refusalOf(error);
  }
}

function report(walk: Walk, { path, name }: Place, stat: Stats | Refusal): void {
  if (walk.files >= walk.maxFiles) return;
  walk.files++;
  const refused = 'code' in stat ? stat : isText(path) ? refusal(stat) : unreadableName;
  const bytes = 'code' in stat ? 0 : stat.size;
  walk.batch.push({ path: path.toString(), name, bytes, ...(refused === undefined ? {} : { refused }) });
  if (walk.batch.length >= batchSize) flush(walk);
}

function flush(walk: Walk): void {
  if (walk.batch.length > 0) walk.found(walk.batch);
  walk.batch = [];
}

/** What a folder holds, in natural order; a folder that cannot be read is itself reported. */
async function entries(walk: Walk, folder: Place): Promise<Place[]> {
  try {
    const names = await readdir(folder.path, { encoding: 'buffer' });
    const kept = names.filter((name) => !isNoise(name.toString()));
    walk.ignored += names.length - kept.length;
    return kept
      .map((name) => ({ bytes: name, text: name.toString() }))
      .sort((a, b) => naturally(a.text, b.text))
      .map(({ bytes, text }) => ({
        path: Buffer.concat([folder.path, Buffer.from(folder.path.at(-1) === sep.charCodeAt(0) ? '' : sep), bytes]),
        name: folder.name === '' ? text : `${folder.name}/${text}`,
      }));
  } catch (error) {
    report(walk, { path: folder.path, name: folder.name || basename(folder.path.toString()) }, refusalOf(error));
    return [];
  }
}

const collator = new Intl.Collator('en', { numeric: true, sensitivity: 'base' });

/** img2 before img10; names that collate alike keep a fixed order. */
export function naturally(a: string, b: string): number {
  return collator.compare(a, b) || (a < b ? -1 : a > b ? 1 : 0);
}

/** What systems leave in folders: hidden files, thumbnail stores and archive leftovers. */
function isNoise(name: string): boolean {
  const lower = name.toLowerCase();
  return name.startsWith('.') || lower === 'thumbs.db' || lower === 'desktop.ini' || lower === '__macosx';
}

const isText = (path: Buffer): boolean => Buffer.from(path.toString()).equals(path);

/** A link named with a trailing separator would be followed; a drive's root needs its own. */
function withoutEnd(root: string): string {
  const stem = root.endsWith(sep) ? root.slice(0, -1) : root;
  return stem === '' || stem.endsWith(':') ? root : stem;
}

interface Refusal {
  code: ErrorCode;
  message: string;
}

const unreadableName: Refusal = {
  code: 'file/unreadable',
  message: 'Its name is not valid text, so it cannot be opened. Rename it.',
};

function refusal(stat: Stats): Refusal | undefined {
  if (stat.isSymbolicLink()) return { code: 'file/not-regular', message: 'It is a link; links are not followed.' };
  if (!stat.isFile()) return { code: 'file/not-regular', message: 'It is not an ordinary file.' };
  if (stat.size === 0) return { code: 'image/damaged', message: 'The file is empty.' };
  if (stat.size > maxPictureBytes) return { code: 'file/too-large', message: 'It is larger than 256 MB.' };
  return undefined;
}

function refusalOf(error: unknown): Refusal {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  if (code === 'ENOENT') return { code: 'file/missing', message: 'It is not there any more.' };
  if (code === 'ENAMETOOLONG') return { code: 'file/unreadable', message: 'Its path is too long.' };
  if (code === 'EACCES' || code === 'EPERM') {
    return { code: 'file/unreadable', message: 'You are not allowed to read it.' };
  }
  return { code: 'file/unreadable', message: `It cannot be read (${String(code)}).` };
}
