/** Lines of a text source in batches: any mixture of line ends, a bound on their length, constant memory. */
import type { SourceHead } from './reader';
import { pieces } from './source-pieces';
import { type TextFound, utf8 } from './utf8';

/** A longer line is no line of a list, and would have to be held in memory whole. */
export const maxLineCharacters = 16 * 1024 * 1024;

/** A line without its end; null for one that is too long. */
export type Line = string | null;

/** Yields the lines of each piece read; the last line counts even without a line end. */
export async function* lineBatches(
  source: Pick<SourceHead, 'path' | 'isGzip'>,
  found: TextFound,
  signal: AbortSignal,
): AsyncGenerator<Line[]> {
  const splitter = createSplitter(maxLineCharacters);
  for await (const piece of utf8(pieces(source, signal), found)) {
    const lines = splitter.push(piece.toString());
    if (lines.length > 0) yield lines;
  }
  yield splitter.end();
}

interface Splitter {
  push(text: string): Line[];
  end(): Line[];
}

export function createSplitter(maxCharacters: number): Splitter {
  let open = '';
  let isTooLong = false;
  /** A carriage return at the end may be half of a line end: it waits for what follows. */
  let waiting = '';
  const finish = (line: string): Line => {
    const whole = isTooLong || open.length + line.length > maxCharacters ? null : open + line;
    open = '';
    isTooLong = false;
    return whole;
  };
  return {
    push(text) {
      const parts = (waiting + text).split(/\r\n|\n|\r(?!$)/);
      const last = parts.pop() ?? '';
      waiting = last.endsWith('\r') ? '\r' : '';
      const lines = parts.map(finish);
      if (!isTooLong) open += last.slice(0, last.length - waiting.length);
      if (open.length > maxCharacters) {
        isTooLong = true;
        open = '';
      }
      return lines;
    },
    end: () => (open === '' && waiting === '' && !isTooLong ? [] : [finish('')]),
  };
}
