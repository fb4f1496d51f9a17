/** The beginning of a text source, decoded: what an inspection looks at. */
import type { SourceHead } from './reader';
import { pieces } from './source-pieces';
import { type TextFound, utf8 } from './utf8';

/** What an inspection reads of each source at most, after unpacking. */
export const headBytes = 1024 * 1024;

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

/** `1,234` records when counted, `about 1,200` when estimated from the size: the count of a source of this size. */
export function estimate(inHead: number, head: Pick<TextHead, 'bytes' | 'isWhole'>, source: SourceHead): number {
  if (head.isWhole || head.bytes === 0) return inHead;
  // Text in gzip takes about a third.
  const bytes = source.isGzip ? source.bytes * 3 : source.bytes;
  return Math.max(inHead, Math.round((inHead * bytes) / head.bytes));
}
