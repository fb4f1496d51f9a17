/** IDX: pairs found by name, splits, resumed reads, and every way in which a header can lie. */
import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { ErrorCode } from '../../../contract/errors';
import type { ReadOptions } from '../../../contract/samples';
import { raggedOf, readChunk, writeChunk } from '../../datasets/chunk';
import { idxReader } from './idx';
import type { ReadChunk } from './reader';
import { sourceHeads } from './source-head';
import { countedLabels, countedPictures, idx } from './testing/idx';

let root: string;
beforeEach(() => (root = mkdtempSync(join(tmpdir(), 'idx-'))));
afterEach(() => rmSync(root, { recursive: true }));

const { signal } = new AbortController();
const put = (name: string, bytes: Uint8Array): void => writeFileSync(join(root, name), bytes);
const heads = () => sourceHeads({ paths: [root] }, signal);

function putMnist(): void {
  put('train-images-idx3-ubyte', countedPictures(10));
  put('train-labels-idx1-ubyte', countedLabels(10));
  put('t10k-images-idx3-ubyte.gz', gzipSync(countedPictures(4)));
  put('t10k-labels-idx1-ubyte.gz', gzipSync(countedLabels(4)));
}

async function read(options: ReadOptions, position = 0, samplesPerChunk = 3): Promise<ReadChunk[]> {
  const chunks: ReadChunk[] = [];
  for await (const chunk of idxReader.open({ sources: await heads(), options, position, samplesPerChunk, signal }))
    chunks.push(chunk);
  return chunks;
}

const asTheyAre: ReadOptions = { image: { height: 4, width: 5, fit: 'crop', channels: 1 } };

test('the four files of MNIST are one set with its split', async () => {
  putMnist();
  const sources = await heads();
  expect(idxReader.match(sources)).toBe(true);
  expect(await idxReader.inspect(sources, signal)).toMatchObject({
    kind: 'image', samples: 14, isCountExact: true, hasGivenSplit: true, options: asTheyAre, packBytes: 280, notes: [],
    classes: [{ name: '0', count: 6 }, { name: '1', count: 4 }, { name: '2', count: 4 }],
    sizes: { smallest: '5 x 4', areAllEqual: true, areGrey: true },
  }); // prettier-ignore
});

test('samples come in order, with labels, splits, hashes and means', async () => {
  putMnist();
  const chunks = (await read(asTheyAre)).map(({ content }) => readChunk(writeChunk(content)));
  expect(chunks.map(({ samples }) => samples)).toEqual([3, 3, 3, 1, 3, 1]);
  const [first, , , , test] = chunks;
  expect([...(first?.tensors['images']?.data as Uint8Array)].filter((_, i) => i % 20 === 0)).toEqual([0, 1, 2]);
  expect(first?.labels).toEqual(['0', '1', '2']);
  expect([...(first?.tensors['split']?.data as Uint8Array), ...(test?.tensors['split']?.data as Uint8Array)]).toEqual([1, 1, 1, 3, 3, 3]); // prettier-ignore
  const digest = createHash('sha256').update(new Uint8Array(20).fill(2)).digest();
  expect(Buffer.from(first?.tensors['hash']?.data as Uint8Array).subarray(64, 96)).toEqual(digest);
  expect([...(first?.tensors['colour']?.data as Uint8Array)]).toEqual([0, 0, 0, 1, 1, 1, 2, 2, 2]);
  if (test === undefined) throw new Error('there is no test chunk');
  const { bytes, offsets } = raggedOf(test, 'names');
  expect(Buffer.from(bytes.subarray(0, offsets[1])).toString()).toBe('t10k-images-idx3-ubyte.gz#0');
});

test('a read that stopped anywhere goes on with the same bytes', async () => {
  putMnist();
  const whole = await read(asTheyAre);
  for (const [k, { position }] of whole.entries()) {
    const rest = await read(asTheyAre, position);
    expect(rest.map(({ content }) => writeChunk(content))).toEqual(
      whole.slice(k + 1).map(({ content }) => writeChunk(content)),
    );
  }
});

test('other sizes and colours are made from them', async () => {
  put('images', countedPictures(2));
  const [chunk] = await read({ image: { height: 8, width: 8, fit: 'stretch', channels: 3 } });
  const { images } = chunk?.content.tensors ?? {};
  expect([images?.dims, (images?.data as Uint8Array)[0], (images?.data as Uint8Array)[192]]).toEqual([
    [2, 8, 8, 3],
    0,
    1,
  ]);
});

test('a file without labels says so', async () => {
  put('pictures.idx', countedPictures(2));
  expect(await idxReader.inspect(await heads(), signal)).toMatchObject({ classes: [], hasGivenSplit: false, notes: ['pictures.idx comes without labels.'] }); // prettier-ignore
});

const lies: [what: string, files: Record<string, Uint8Array>, code: ErrorCode][] = [
  ['a count of 2^31', { images: idx([2 ** 31, 4, 5], new Uint8Array(20)) }, 'data/bad-header'],
  ['a count above the file', { images: idx([5, 4, 5], new Uint8Array(99)) }, 'data/bad-header'],
  ['a count below the file', { images: idx([1, 4, 5], new Uint8Array(40)) }, 'data/bad-header'],
  ['no pixels a side', { images: idx([1, 0, 5], new Uint8Array(0)) }, 'data/bad-header'],
  ['a header that is cut', { images: Uint8Array.of(0, 0, 8, 3, 0, 0) }, 'data/bad-header'],
  ['other counts of labels', { images: countedPictures(4), labels: countedLabels(5) }, 'data/mismatch'],
  ['gzip that claims more than it can hold', { 'images.gz': gzipSync(idx([10_000_000, 64, 64], new Uint8Array(10))) }, 'data/bad-header'],
  ['gzip that ends early', { 'images.gz': gzipSync(idx([100, 4, 5], new Uint8Array(20))) }, 'data/damaged'],
]; // prettier-ignore

test.each(lies)('%s is refused', async (_what, files, code) => {
  for (const [name, bytes] of Object.entries(files)) put(name, bytes);
  const sources = await heads();
  await expect((async () => {
    await idxReader.inspect(sources, signal);
    await read(asTheyAre);
  })()).rejects.toMatchObject({ code }); // prettier-ignore
});

test('a wrong magic number is not for this reader', async () => {
  put('images', idx([1, 4, 5], new Uint8Array(20), [0, 0, 9, 3]));
  expect(idxReader.match(await heads())).toBe(false);
});
