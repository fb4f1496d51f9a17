/** The objects of one workspace: immutable files, named by the sha256 of their bytes. */
import { createHash, randomBytes } from 'node:crypto';
import { mkdir, open, readdir, readFile, rename, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { AppError } from '../../contract/errors';
import { fill, isMissing, isThere, syncFolder, writeError } from './durable-write';
import type { ObjectStore } from './object-store';
import { hashFile } from './pieces';

const extensions = /^[a-z0-9]{1,16}$/;
/** `<sha256>.<extension>`, as objects are named and nothing else. */
const objectNames = /^([0-9a-f]{64})\.[a-z0-9]{1,16}$/;

/** The hash in an object's file name, or undefined for any other file. */
export function hashInName(name: string): string | undefined {
  return objectNames.exec(name)?.[1];
}

export class Objects implements ObjectStore {
  /** Names found so far, by hash; the disk is always asked again before a path is given out. */
  private readonly names = new Map<string, string>();
  /** Put since this store was opened: whoever put it is about to refer to it. */
  private readonly recent = new Set<string>();
  /** Folders whose own names are known to be on disk. */
  private readonly safeFolders = new Set<string>();
  /** Writings of one object go one after the other: the second must not call saved what the first has not synced. */
  private readonly writing = new Map<string, Promise<void>>();

  constructor(
    /** The folder `objects`. */
    readonly folder: string,
    /** Where files lie until they are whole, on the same disk. */
    private readonly staging: string,
    private readonly isWritable: boolean,
  ) {}

  async path(hash: string): Promise<string> {
    const found = await this.find(hash);
    if (found !== undefined) return found;
    throw new AppError(
      'workspace/missing',
      `A file of this workspace is missing: objects/${hash.slice(0, 2)}/${hash}. Restore it from a backup.`,
      { hash },
    );
  }

  async has(hash: string): Promise<boolean> {
    return (await this.find(hash)) !== undefined;
  }

  async put(bytes: Uint8Array, extension: string): Promise<string> {
    this.mayWrite(extension);
    const hash = createHash('sha256').update(bytes).digest('hex');
    this.recent.add(hash);
    await this.inTurn(hash, async () => {
      const there = await this.find(hash);
      if (there !== undefined && (await isIntact(there, hash))) await this.place(there, path.basename(there));
      else await this.write(bytes, `${hash}.${extension}`);
    });
    return hash;
  }

  async adopt(file: string, extension: string, signal?: AbortSignal): Promise<{ hash: string; bytes: number }> {
    this.mayWrite(extension);
    const found = await hashFile(file, signal);
    await this.adoptHashed({ file, hash: found.hash }, extension);
    return found;
  }

  async adoptHashed(
    { file, hash }: { readonly file: string; readonly hash: string },
    extension: string,
  ): Promise<void> {
    this.mayWrite(extension);
    this.recent.add(hash);
    await this.inTurn(hash, () => this.place(file, `${hash}.${extension}`));
  }

  async read(hash: string): Promise<Uint8Array> {
    const file = await this.path(hash);
    const bytes = await readFile(file);
    if (createHash('sha256').update(bytes).digest('hex') === hash) return bytes;
    throw new AppError(
      'workspace/damaged',
      `A file of this workspace is damaged: objects/${hash.slice(0, 2)}/${path.basename(file)}. Restore it from a backup.`,
      { hash },
    );
  }

  /** Deletes an object that nothing refers to. One that was put since this store was opened stays; gives whether it is gone. */
  async discard(hash: string): Promise<boolean> {
    let isGone = false;
    await this.inTurn(hash, async () => {
      const file = this.recent.has(hash) ? undefined : await this.find(hash);
      if (file === undefined) return;
      await rm(file).catch((error: unknown) => {
        throw writeError(error, file);
      });
      this.names.delete(hash);
      isGone = true;
    });
    return isGone;
  }

  private mayWrite(extension: string): void {
    if (!this.isWritable) {
      throw new AppError('workspace/read-only', 'This workspace is open for reading only, so nothing was saved.');
    }
    if (!extensions.test(extension)) throw new AppError('file/bad-name', `"${extension}" cannot be a file extension.`);
  }

  private async find(hash: string): Promise<string | undefined> {
    const folder = path.join(this.folder, hash.slice(0, 2));
    const known = this.names.get(hash);
    if (known !== undefined && (await isFile(path.join(folder, known)))) return path.join(folder, known);
    this.names.delete(hash);
    for (const name of await namesIn(folder)) {
      const found = hashInName(name);
      if (found !== undefined) this.names.set(found, name);
    }
    const name = this.names.get(hash);
    return name === undefined ? undefined : path.join(folder, name);
  }

  private async write(bytes: Uint8Array, name: string): Promise<void> {
    const staged = path.join(this.staging, `${randomBytes(8).toString('hex')}.part`);
    try {
      await makeFolder(this.staging);
      await fill(staged, (sink) => sink.write(bytes));
      await this.place(staged, name);
    } catch (error) {
      await rm(staged, { force: true }).catch(() => undefined);
      throw writeError(error, path.join(this.folder, name));
    }
  }

  /** Makes a whole file an object, or the object that it is already safe: file synced, in its place, folders synced. */
  private async place(file: string, name: string): Promise<void> {
    const folder = path.join(this.folder, name.slice(0, 2));
    try {
      await syncFile(file);
      await makeFolder(folder);
      await rename(file, path.join(folder, name));
      await syncFolder(folder);
      // Who made the folder may have been killed before its name was safe.
      if (!this.safeFolders.has(folder)) await syncFolder(this.folder);
    } catch (error) {
      throw writeError(error, path.join(folder, name));
    }
    this.safeFolders.add(folder);
    this.names.set(name.slice(0, 64), name);
  }

  private async inTurn(hash: string, task: () => Promise<void>): Promise<void> {
    const before = this.writing.get(hash) ?? Promise.resolve();
    const done = before.catch(() => undefined).then(task);
    this.writing.set(hash, done);
    try {
      await done;
    } finally {
      if (this.writing.get(hash) === done) this.writing.delete(hash);
    }
  }
}

/** A second fsync after a failed one says "saved" of bytes that are lost: so the file goes, and must be written anew. */
async function syncFile(file: string): Promise<void> {
  const handle = await open(file, 'r+');
  try {
    await handle.sync();
  } catch (error) {
    await rm(file, { force: true }).catch(() => undefined);
    throw error;
  } finally {
    await handle.close();
  }
}

/** Not the folders above it: where those are gone, so is the workspace, and nothing must seem to be saved. */
async function makeFolder(folder: string): Promise<void> {
  await mkdir(folder).catch((error: unknown) => {
    if (!isThere(error)) throw error;
  });
}

function isFile(file: string): Promise<boolean> {
  return stat(file).then(
    (stats) => stats.isFile(),
    () => false,
  );
}

async function isIntact(file: string, hash: string): Promise<boolean> {
  const found = await hashFile(file).catch(() => undefined);
  return found?.hash === hash;
}

async function namesIn(folder: string): Promise<string[]> {
  try {
    return await readdir(folder);
  } catch (error) {
    if (isMissing(error)) return [];
    throw error;
  }
}
