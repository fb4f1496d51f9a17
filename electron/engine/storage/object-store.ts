/** Immutable files named by the sha256 of their bytes: `objects/ab/abcdef....<extension>` below the workspace. */

/** A file that is about to become an object: written in a staging folder on the same disk. */
export interface ObjectStore {
  /** Path of an object that is there. Throws `workspace/missing` with the hash when it is not. */
  path(hash: string): Promise<string>;
  has(hash: string): Promise<boolean>;
  /** Writes bytes durably (once: the same bytes are there already the second time) and gives their hash. */
  put(bytes: Uint8Array, extension: string): Promise<string>;
  /** Takes over a finished file: hashes it by streaming, syncs, renames it into place, syncs the folder. */
  adopt(file: string, extension: string, signal?: AbortSignal): Promise<{ hash: string; bytes: number }>;
  /** The same for whoever has hashed all that was written into the file. */
  adoptHashed(file: { readonly file: string; readonly hash: string }, extension: string): Promise<void>;
  /** Reads a small object whole and checks its hash. */
  read(hash: string): Promise<Uint8Array>;
}
