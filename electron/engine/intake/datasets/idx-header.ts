/** Headers of IDX files (yann.lecun.com/exdb/mnist, "The IDX file format") and which files of a set belong together. */
import { AppError } from '../../../contract/errors';
import type { Split } from '../../../contract/samples';
import type { SourceHead } from './reader';

/** More samples than this are no set of small pictures but a lie. */
const maxSamples = 20_000_000;
const maxSide = 4096;
const unsignedBytes = 0x08;

export interface IdxHeader {
  /** Sizes from the outermost axis on: [N] labels, [N, H, W] or [N, H, W, C] pictures. */
  readonly dims: readonly number[];
  /** Where the bytes begin. */
  readonly start: number;
}

/** Whether a file begins as IDX with unsigned bytes does. */
export function isIdx({ head }: SourceHead): boolean {
  const rank = head[3] ?? 0;
  return head[0] === 0 && head[1] === 0 && head[2] === unsignedBytes && (rank === 1 || rank === 3 || rank === 4);
}

/** Fails with `data/bad-header` where sizes are impossible or do not fit the file. */
function readIdxHeader({ head, name, bytes, isGzip }: SourceHead): IdxHeader {
  const rank = head[3] ?? 0;
  const start = 4 + 4 * rank;
  if (head.length < start) throw bad(name, 'its header is cut off');
  const view = new DataView(head.buffer, head.byteOffset, head.byteLength);
  const dims = Array.from({ length: rank }, (_, k) => view.getUint32(4 + 4 * k));
  const [count = 0, ...sides] = dims;
  if (count > maxSamples) throw bad(name, `it claims ${count} samples`);
  if (sides.some((side) => side < 1 || side > maxSide)) throw bad(name, `it claims pictures of ${sides.join(' x ')}`);
  if (rank === 4 && sides[2] !== 1 && sides[2] !== 3) throw bad(name, `it claims ${sides[2] ?? 0} colours a pixel`);
  const expected = start + dims.reduce((product, size) => product * size, 1);
  if (!isGzip && expected !== bytes) throw bad(name, `it claims ${expected} bytes and has ${bytes}`);
  // Deflate packs 1,032 to 1 at best.
  if (isGzip && expected > 1032 * bytes)
    throw bad(name, `it claims ${expected} bytes, more than ${bytes} packed ones can hold`);
  return { dims, start };
}

function bad(name: string, why: string): AppError {
  return new AppError('data/bad-header', `${name} is not a sound IDX file: ${why}. Get it again.`, { name });
}

/** Pictures with their labels, where they were given. */
export interface IdxPair {
  readonly images: SourceHead;
  readonly labels: SourceHead | undefined;
  readonly header: IdxHeader;
  readonly split: Split | null;
}

/**
 * Pairs `train-images-idx3-ubyte` with `train-labels-idx1-ubyte` and the like, by what is left of their names without those words; one
 * file of pictures and one of labels belong together whatever they are called. Fails with `data/mismatch` where counts differ.
 */
export function pairIdx(sources: readonly SourceHead[]): IdxPair[] {
  const idx = sources.filter(isIdx);
  const labels = idx.filter(({ head }) => head[3] === 1);
  const pictures = idx.filter(({ head }) => head[3] !== 1);
  const pairs = pictures.map((images): IdxPair => {
    const [only] = labels;
    const isAlone = pictures.length === 1 && labels.length === 1;
    const found = isAlone ? only : labels.find((one) => stem(one.name) === stem(images.name));
    const header = readIdxHeader(images);
    if (found !== undefined) checkCounts(images, header, found);
    return { images, labels: found, header, split: pictures.length > 1 ? splitIn(images.name) : null };
  });
  return pairs.sort((a, b) => order(a.split) - order(b.split));
}

function checkCounts(images: SourceHead, { dims: [count = 0] }: IdxHeader, labels: SourceHead): void {
  const [labelled = 0] = readIdxHeader(labels).dims;
  if (labelled === count) return;
  throw new AppError(
    'data/mismatch',
    `${images.name} holds ${count} pictures and ${labels.name} ${labelled} labels: they do not belong together.`,
    { count, labelled },
  );
}

function stem(name: string): string {
  return name.toLowerCase().replaceAll(/images?|labels?|idx\d|\.gz$|[^a-z0-9]/g, '');
}

function splitIn(name: string): Split | null {
  const leaf = name.toLowerCase().split('/').at(-1) ?? '';
  if (/(^|[^a-z])train/.test(leaf)) return 'train';
  if (/(^|[^a-z])(t10k|test)/.test(leaf)) return 'test';
  return /(^|[^a-z])val/.test(leaf) ? 'validation' : null;
}

const order = (split: Split | null): number => (split === null ? 3 : ['train', 'validation', 'test'].indexOf(split));
