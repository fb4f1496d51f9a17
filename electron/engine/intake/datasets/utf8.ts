/** Text of unknown encoding as UTF-8: UTF-8 passes through, UTF-16 by its mark, single foreign bytes as Windows-1252. */
import { isUtf8 } from 'node:buffer';

export interface TextFound {
  encoding: 'UTF-8' | 'UTF-16';
  /** Bytes that are not UTF-8 and were taken for Windows-1252, which contains Latin-1. */
  mended: number;
}

/** Windows-1252 from 0x80 to 0x9f; all else is as in Latin-1. Not by TextDecoder, whose answers differ between versions of Node. */
const windows1252 =
  '\u20ac\x81\u201a\u0192\u201e\u2026\u2020\u2021\u02c6\u2030\u0160\u2039\u0152\x8d\u017d\x8f' +
  '\x90\u2018\u2019\u201c\u201d\u2022\u2013\u2014\u02dc\u2122\u0161\u203a\u0153\x9d\u017e\u0178';

const fromWindows1252 = (byte: number): string => windows1252[byte - 0x80] ?? String.fromCharCode(byte);

/**
 * Pieces of valid UTF-8 that never end inside a character, without a byte-order mark. The result depends on the bytes
 * only, not on how they were cut into pieces. `found` is filled in as it goes.
 */
export async function* utf8(pieces: AsyncIterable<Buffer>, found: TextFound): AsyncGenerator<Buffer> {
  let toUtf8: Convert | undefined;
  let start: Buffer = Buffer.alloc(0);
  for await (const piece of pieces) {
    if (toUtf8 === undefined) {
      start = start.length === 0 ? piece : Buffer.concat([start, piece]);
      if (start.length < 3) continue;
      const { convert, skip } = begin(start, found);
      toUtf8 = convert;
      yield toUtf8(start.subarray(skip), false);
    } else {
      yield toUtf8(piece, false);
    }
  }
  if (toUtf8 === undefined) {
    const { convert, skip } = begin(start, found);
    yield convert(start.subarray(skip), true);
  } else {
    yield toUtf8(Buffer.alloc(0), true);
  }
}

type Convert = (piece: Buffer, isLast: boolean) => Buffer;

function begin(start: Buffer, found: TextFound): { convert: Convert; skip: number } {
  if (start[0] === 0xff && start[1] === 0xfe) return { convert: fromUtf16('utf-16le', found), skip: 2 };
  if (start[0] === 0xfe && start[1] === 0xff) return { convert: fromUtf16('utf-16be', found), skip: 2 };
  const hasMark = start[0] === 0xef && start[1] === 0xbb && start[2] === 0xbf;
  return { convert: mending(found), skip: hasMark ? 3 : 0 };
}

function fromUtf16(encoding: string, found: TextFound): Convert {
  found.encoding = 'UTF-16';
  const decoder = new TextDecoder(encoding);
  return (piece, isLast) => Buffer.from(decoder.decode(piece, { stream: !isLast }));
}

function mending(found: TextFound): Convert {
  let rest: Buffer = Buffer.alloc(0);
  return (piece, isLast) => {
    const bytes = rest.length === 0 ? piece : Buffer.concat([rest, piece]);
    const whole = isLast ? bytes.length : bytes.length - unfinished(bytes);
    rest = bytes.subarray(whole);
    const now = bytes.subarray(0, whole);
    return isUtf8(now) ? now : mend(now, found);
  };
}

/** How many bytes at the end begin a character that may go on in the next piece. */
function unfinished(bytes: Buffer): number {
  for (let back = 1; back <= 3 && back <= bytes.length; back++) {
    const byte = bytes[bytes.length - back] ?? 0;
    if (byte < 0x80) return 0;
    if (byte >= 0xc0) return characterBytes(byte) > back ? back : 0;
  }
  return 0;
}

const characterBytes = (lead: number): number => (lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : lead >= 0xc0 ? 2 : 1);

/** Keeps every valid character and takes each byte that belongs to none for Windows-1252. */
function mend(bytes: Buffer, found: TextFound): Buffer {
  const parts: Buffer[] = [];
  let good = 0;
  for (let at = 0; at < bytes.length;) {
    const lead = bytes[at] ?? 0;
    const end = at + characterBytes(lead);
    if (lead < 0x80 || (end <= bytes.length && isUtf8(bytes.subarray(at, end)))) {
      at = end;
      continue;
    }
    parts.push(bytes.subarray(good, at), Buffer.from(fromWindows1252(lead)));
    found.mended++;
    good = ++at;
  }
  return Buffer.concat([...parts, bytes.subarray(good)]);
}

/** What the person should know of an encoding; empty for plain UTF-8. */
export function encodingNotes({ encoding, mended }: TextFound): string[] {
  if (encoding === 'UTF-16') return ['The text is UTF-16.'];
  return mended === 0 ? [] : ['The text is not UTF-8: it was read as Latin-1 (Windows-1252) where it had to be.'];
}
