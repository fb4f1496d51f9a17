/** What the names and first bytes of sources say: extensions without `.gz`, text or not, and splits. */
import type { Split } from '../../../contract/samples';
import { labelsFromFolders, splitOf } from '../../datasets/folder-labels';
import type { SourceHead } from './reader';

/** In lower case with its dot; that before `.gz` for a gzip file. */
export function extensionOf(name: string): string {
  const plain = name.toLowerCase().replace(/\.gz$/, '');
  return /[^/\\](\.[a-z0-9]+)$/.exec(plain)?.[1] ?? '';
}

/** A file's name without folders and extension. */
function stemOf(name: string): string {
  const leaf = name.split(/[/\\]/).at(-1) ?? name;
  return leaf.replace(/\.gz$/i, '').replace(/\.[a-z0-9]+$/i, '') || leaf;
}

/** Text has few control characters; UTF-16 has a mark. A stray zero byte does not make a table a program. */
export function isText({ head }: Pick<SourceHead, 'head'>): boolean {
  const isUtf16 = (head[0] === 0xff && head[1] === 0xfe) || (head[0] === 0xfe && head[1] === 0xff);
  if (isUtf16) return true;
  const signature = Buffer.from(head.subarray(0, 16)).toString('latin1');
  if (/^(SQLite format 3|PAR1|%PDF|PK\x03\x04|\x7fELF)/.test(signature) || signature.slice(8, 12) === 'DUCK')
    return false;
  let odd = 0;
  for (const byte of head) if (byte < 9 || (byte > 13 && byte < 32 && byte !== 27)) odd++;
  return odd <= 4 || odd * 20 <= head.length;
}

/** `train.csv` beside `test.csv`, `train-00000-of-00002.parquet`, when each file of several says a split; or their folders. */
export function splitsOfFiles(names: readonly string[]): (Split | null)[] {
  const splits = names.map((name) => {
    const words = stemOf(name)
      .toLowerCase()
      .split(/[^a-z]+/)
      .map(splitOf);
    const said = new Set(words.filter((split) => split !== undefined));
    const [only] = said;
    return said.size === 1 && only !== undefined ? only : null;
  });
  if (names.length > 1 && splits.every((split) => split !== null)) return splits;
  return labelsFromFolders(names).map(({ split }) => split);
}

/** Whether most of the sources, by number or by size, are what a reader takes; the others are passed over. */
export function areMostly(sources: readonly SourceHead[], isMine: (source: SourceHead) => boolean): boolean {
  const mine = sources.filter(isMine);
  const bytesOf = (some: readonly SourceHead[]): number => some.reduce((sum, { bytes }) => sum + bytes, 0);
  return mine.length * 2 > sources.length || (mine.length > 0 && bytesOf(mine) * 2 > bytesOf(sources));
}

/** What to say of the sources that a reader leaves aside. */
export function passedOver(count: number): string[] {
  return count === 0 ? [] : [`${count} other ${count === 1 ? 'file is' : 'files are'} passed over.`];
}
