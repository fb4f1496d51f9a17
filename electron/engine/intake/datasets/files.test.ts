/** Picture files as a data set: labels from folders, sizes, fits, fingerprints, marks; what is broken is left out by name. */
import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { SourceFile } from '../../../contract/dataset-intake';
import type { ImageOptions } from '../../../contract/samples';
import { raggedOf, readChunk, writeChunk } from '../../datasets/chunk';
import { draw, quadrants, readQuadrants, scene } from '../testing/pictures';
import { decodeFiles } from './decode-files';
import { filesReader } from './files';
import { pictureSample } from './picture-sample';
import { sourceHeads } from './source-head';

let root: string;
beforeEach(() => (root = mkdtempSync(join(tmpdir(), 'files-'))));
afterEach(() => rmSync(root, { recursive: true }));

const { signal } = new AbortController();
const square: ImageOptions = { height: 8, width: 8, fit: 'crop', channels: 3 };

function put(name: string, bytes: Uint8Array): string {
  const path = join(root, name);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, bytes);
  return path;
}

const heads = () => sourceHeads({ paths: [root] }, signal);
const source = (name: string, bytes: Uint8Array, label: string | null = null): SourceFile => ({ path: put(name, bytes), name, label, split: null }); // prettier-ignore

test('a folder of folders is inspected: counts, classes, splits, sizes, what is passed over', async () => {
  const red = await draw(200, 100, 'png', quadrants('RRRR'));
  for (const split of ['train', 'test']) {
    for (const name of ['cat/1.png', 'cat/2.png', 'dog/10.png']) put(`${split}/${name}`, red);
  }
  put('train/dog/broken.jpg', Buffer.from('\xff\xd8\xff nothing', 'latin1'));
  put('readme.txt', Buffer.from('hello'));
  const sources = await heads();
  expect(filesReader.match(sources)).toBe(true);
  const found = await filesReader.inspect(sources, signal);
  expect(found).toMatchObject({
    kind: 'image', samples: 7, isCountExact: true, hasGivenSplit: true,
    classes: [{ name: 'cat', count: 4 }, { name: 'dog', count: 3 }],
    options: { image: { height: 64, width: 64, fit: 'crop', channels: 3 } },
    sizes: { smallest: '200 x 100', largest: '200 x 100', areAllEqual: true, areGrey: false },
  }); // prettier-ignore
  expect(found.notes).toEqual(['1 other file is passed over.', '1 of 7 pictures looked at cannot be read; such are left out.']); // prettier-ignore
  expect(found.pictures.map(({ label }) => label)).toEqual(['cat', 'cat', 'dog', 'cat', 'cat', 'dog']);
});

test('small grey pictures of one size are packed as they are', async () => {
  const grey = await draw(28, 28, 'png', (context) => {
    context.fillStyle = '#888';
    context.fillRect(4, 4, 20, 20);
  });
  put('0/a.png', grey);
  put('1/b.png', grey);
  const found = await filesReader.inspect(await heads(), signal);
  expect(found.options.image).toEqual({ height: 28, width: 28, fit: 'crop', channels: 1 });
});

test('a chunk holds pixels, labels, hashes and what was left out', async () => {
  const files = [
    source('cat/1.png', await draw(40, 40, 'png', quadrants('RGBW')), 'cat'),
    source('cat/2.png', Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'), 'cat'),
    source('dog/3.jpg', await draw(300, 200, 'jpeg', quadrants('WBGR')), 'dog'),
    { path: join(root, 'gone.png'), name: 'gone.png', label: null, split: null },
  ];
  const { content, leftOut } = await decodeFiles(files, { image: square }, signal);
  expect(leftOut.map(({ name, failure }) => [name, failure.code])).toEqual([
    ['cat/2.png', 'image/damaged'],
    ['gone.png', 'file/missing'],
  ]);
  const chunk = readChunk(writeChunk(content));
  const { images, label, size, hash } = chunk.tensors;
  expect([chunk.samples, chunk.labels, [...(label?.data as Int32Array)], [...(size?.data as Int32Array)]]).toEqual([
    2, ['cat', 'dog'], [0, 1], [40, 40, 200, 300],
  ]); // prettier-ignore
  const pixels = images?.data as Uint8Array;
  expect([readQuadrants(pixels.subarray(0, 192), 8, 8), readQuadrants(pixels.subarray(192), 8, 8)]).toEqual(['RGBW', 'WBGR']); // prettier-ignore
  const digest = createHash('sha256').update(await draw(40, 40, 'png', quadrants('RGBW'))).digest('hex'); // prettier-ignore
  expect(Buffer.from((hash?.data as Uint8Array).subarray(0, 32)).toString('hex')).toBe(digest);
  const { offsets, bytes } = raggedOf(chunk, 'thumbs');
  expect([offsets[1], bytes.subarray(0, 2)]).toEqual([0, Uint8Array.of(0xff, 0xd8)]); // the small one needs none
});

test.each([
  ['crop', 'RGBW'],
  ['stretch', 'RGBW'],
] as const)('%s fills the square', async (fit, letters) => {
  const { pixels } = await pictureSample(await draw(120, 40, 'png', quadrants('RGBW')), { ...square, fit });
  expect(readQuadrants(pixels, 8, 8)).toBe(letters);
});

test('pad puts the picture into the middle of black', async () => {
  const { pixels } = await pictureSample(await draw(80, 40, 'png', quadrants('WWWW')), { ...square, fit: 'pad' });
  const rows = Array.from({ length: 8 }, (_, y) => pixels[y * 24]);
  expect(rows).toEqual([0, 0, 255, 255, 255, 255, 0, 0]);
});

test('grey is the luma of ITU-R BT.601', async () => {
  const { pixels } = await pictureSample(await draw(8, 8, 'png', quadrants('RGBW')), { ...square, channels: 1 });
  expect([pixels[0], pixels[7], pixels[56], pixels[63]]).toEqual([76, 150, 29, 255]);
});

const distance = (a: Uint8Array, b: Uint8Array): number => {
  const bits = (byte: number): number => byte.toString(2).replaceAll('0', '').length;
  return a.reduce((sum, byte, i) => sum + bits(byte ^ (b[i] ?? 0)), 0);
};

test('copies that were scaled and recompressed look alike, another picture does not', async () => {
  const big = await pictureSample(await draw(320, 240, 'png', scene), square);
  const small = await pictureSample(await draw(320, 240, 'jpeg', scene), square);
  const other = await pictureSample(await draw(320, 240, 'png', quadrants('RGBW')), square);
  expect(distance(big.look, small.look)).toBeLessThanOrEqual(4);
  expect(distance(big.look, other.look)).toBeGreaterThan(12);
});

/** A JPEG with a segment put in after its first two bytes. */
function withSegment(jpeg: Uint8Array, marker: number, body: string): Uint8Array {
  const text = Buffer.from(body, 'latin1');
  const length = Buffer.alloc(2);
  length.writeUInt16BE(text.length + 2);
  return Buffer.concat([jpeg.subarray(0, 2), Buffer.from([0xff, marker]), length, text, jpeg.subarray(2)]);
}

test('pictures that declare themselves generated are marked, in metadata alone', async () => {
  const jpeg = await draw(16, 16, 'jpeg', scene);
  const type = 'http://cv.iptc.org/newscodes/digitalsourcetype/trainedAlgorithmicMedia';
  const isMarked = async (bytes: Uint8Array) => (await pictureSample(bytes, square)).isMarkedSynthetic;
  expect(await isMarked(jpeg)).toBe(false);
  expect(
    await isMarked(withSegment(jpeg, 0xe1, `http://ns.adobe.com/xap/1.0/\0<x DigitalSourceType="${type}"/>`)),
  ).toBe(true);
  expect(await isMarked(withSegment(jpeg, 0xeb, `JP\0\0jumb c2pa ${type}`))).toBe(true);
  expect(await isMarked(withSegment(jpeg, 0xfe, type))).toBe(false); // a comment is no declaration
  expect(await isMarked(Buffer.concat([jpeg, Buffer.from(type)]))).toBe(false);
});

test('nothing is done for a job that was cancelled', async () => {
  const abort = new AbortController();
  abort.abort();
  const file = source('a.png', await draw(8, 8, 'png', scene));
  await expect(decodeFiles([file], { image: square }, abort.signal)).rejects.toMatchObject({ code: 'call/cancelled' });
});
