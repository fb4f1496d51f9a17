/** What the readers of archives are given and what they hand over, entry by entry. */

/** One entry as an archive's reader hands it over; its pieces are read once, or not at all. */
export interface ArchiveEntry {
  readonly name: string;
  /** Why it is not unpacked; empty for ordinary files. */
  readonly refused: string;
  pieces(): AsyncIterable<Uint8Array>;
}

/** What every archive's reader is given. */
export interface ArchiveSource {
  readonly path: string;
  readonly isGzip: boolean;
  readonly signal: AbortSignal;
  /** Packed bytes read so far, for the progress. */
  readonly reached: (bytes: number) => void;
}
