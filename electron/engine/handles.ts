/** Handles: the names by which the page speaks of files it must not know the paths of. */
import { lstat } from 'node:fs/promises';
import path from 'node:path';
import type { Dropped } from '../contract/bridge';
import { AppError } from '../contract/errors';

/** The first that fits the name says what it is; compressed tables and IDX files are archives to the person who has them. */
const kindsByName: readonly (readonly [Dropped['kind'], RegExp])[] = [
  ['picture', /\.(jpe?g|jfif|png|webp|gif|avif|bmp|heic|heif|tiff?)$/i],
  ['model', /\.onnx$/i],
  ['archive', /(\.(zip|tgz|tar|gz|idx)|[.-]idx[1-4]-ubyte)$/i],
  ['table', /\.(csv|tsv|parquet|jsonl|ndjson|json)$/i],
  ['text', /\.(txt|md|smi|smiles)$/i],
  ['sound', /\.wav$/i],
  ['music', /\.midi?$/i],
];

function kindByName(name: string): Dropped['kind'] {
  return kindsByName.find(([, pattern]) => pattern.test(name))?.[0] ?? 'other';
}

export class Handles {
  private readonly paths = new Map<string, string>();
  private next = 1;

  /** A handle for any absolute path; the same path always gets a new one, so that none tells of another. */
  make(absolutePath: string): string {
    if (!path.isAbsolute(absolutePath) || absolutePath.includes('\0')) {
      throw new AppError('file/bad-name', 'A path that is not absolute was refused.');
    }
    const handle = `h${(this.next++).toString(36)}`;
    this.paths.set(handle, absolutePath);
    return handle;
  }

  path(handle: string): string {
    const found = this.paths.get(handle);
    if (found !== undefined) return found;
    throw new AppError('file/unknown-handle', 'That file is not known any more. Drop or choose it again.', { handle });
  }

  /** Looks at each path's kind without opening it, and gives handles in the same order. */
  async add(paths: readonly string[]): Promise<Dropped[]> {
    return Promise.all(paths.map((one) => this.describe(one)));
  }

  private async describe(absolutePath: string): Promise<Dropped> {
    const handle = this.make(absolutePath);
    const name = path.basename(absolutePath) || absolutePath;
    const stats = await lstat(absolutePath).catch(() => undefined);
    if (stats?.isDirectory() === true) return { handle, name, kind: 'folder' };
    return { handle, name, kind: kindByName(name) };
  }
}
