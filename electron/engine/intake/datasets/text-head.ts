/** The beginning of a text source, decoded: what an inspection looks at. */
import type { SourceHead } from './reader';
import { pieces } from './source-pieces';
import { type TextFound, utf8 } from './utf8';

/** What an inspection reads of each source at most, after unpacking. */
const headBytes = 1024 * 1024;

export interface TextHead {
  text: string;
  /** Bytes of UTF-8 in `text`. */
  bytes: number;
  isWhole: boolean;
  found: TextFound;
}

export async function readTextHead(
  source: Pick<SourceHead, 'path' | 'isGzip'>,
  signal: AbortSignal,
  maxBytes = headBytes,
): Promise<TextHead> {
  const found: TextFound = { encoding: 'UTF-8', mended: 0 };
  const parts: Buffer[] = [];
  let bytes = 0;
  for await (const piece of utf8(pieces(source, signal), found)) {
    parts.push(piece);
    bytes += piece.length;
    if (bytes >= maxBytes) return { text: Buffer.concat(parts).toString(), bytes, isWhole: false, found };
  }
  return { text: Buffer.concat(parts).toString(), bytes, isWhole: true, found };
}

/** Smaller sources are counted to the end in an inspection, larger ones estimated from their beginning. */
export const countedBytes = 32 * 1024 * 1024;

/** Bytes of all sources, unpacked: text in gzip takes about a third. */
export function unpackedBytes(sources: readonly SourceHead[]): number {
  return sources.reduce((sum, { bytes, isGzip }) => sum + bytes * (isGzip ? 3 : 1), 0);
}

/** How many records there are, when `records` of them take `bytes`. */
export function estimate(records: number, bytes: number, sources: readonly SourceHead[]): number {
  return Math.max(records, Math.round((records * unpackedBytes(sources)) / Math.max(1, bytes)));
}
