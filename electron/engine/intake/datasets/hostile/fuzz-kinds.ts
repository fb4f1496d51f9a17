/** What the fuzz puts to the intake process, kind by kind: good files to wound, and the way that they go. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { concat, tagAt, viewOf } from '../../formats/picture';
import { draw, quadrants, scene, seeded, withOrientation, writePng } from '../../testing/pictures';
import { crc32 } from '../crc32';
import { tar, zip } from '../testing/archives';
import type { FuzzKind } from './fuzz-kind';
import { countedLabels, countedPictures } from '../testing/idx';
import { tableKinds } from './table-kinds';

export const fuzzKinds: Readonly<Record<string, FuzzKind>> = {
  jpeg: { route: 'picture', files: async (root) => ({ 'a.jpg': await jpegs(root) }) },
  png: { route: 'picture', files: async () => ({ 'a.png': await pngs() }), finish: withPngSums },
  webp: {
    route: 'picture',
    files: async (root) => ({ 'a.webp': [await draw(64, 48, 'webp', scene), testImage(root, 'frames.webp')] }),
  },
  gif: { route: 'picture', files: (root) => Promise.resolve({ 'a.gif': [testImage(root, 'frames.gif')] }) },
  zip: { route: 'archive', files: async () => ({ 'a.zip': [zip(await entries()), zip((await entries()).reverse())] }) },
  'tar.gz': {
    route: 'archive',
    files: async () => ({ 'a.tar.gz': [tar(await entries()), tar((await entries()).reverse())] }),
    finish: (bytes) => gzipSync(withTarSums(bytes), { level: 1 }),
  },
  idx: {
    route: 'source',
    files: () =>
      Promise.resolve({
        'train-images-idx3-ubyte': [countedPictures(9), countedPictures(5, 6, 3)],
        'train-labels-idx1-ubyte': [countedLabels(9), countedLabels(5)],
      }),
  },
  'idx.gz': {
    route: 'source',
    files: () => Promise.resolve({ 'images-idx3-ubyte.gz': [countedPictures(9), countedPictures(40, 28, 28)] }),
    finish: (bytes) => gzipSync(bytes, { level: 1 }),
  },
  ...tableKinds,
};

const testImage = (root: string, name: string): Uint8Array =>
  new Uint8Array(readFileSync(path.join(root, 'assets', 'test-images', name)));

async function jpegs(root: string): Promise<Uint8Array[]> {
  const plain = await draw(64, 48, 'jpeg', scene);
  const xmp = Buffer.from('http://ns.adobe.com/xap/1.0/\0<x:xmpmeta>trainedAlgorithmicMedia</x:xmpmeta>', 'latin1');
  const marked = concat([
    plain.subarray(0, 2),
    Uint8Array.of(0xff, 0xe1, 0, xmp.length + 2),
    xmp,
    Uint8Array.of(0xff, 0xeb, 0, 12),
    Buffer.from('JP\0\0jumb??', 'latin1'),
    plain.subarray(2),
  ]);
  return [plain, testImage(root, 'progressive.jpg'), withOrientation(plain, 'jpeg', 6), marked];
}

async function pngs(): Promise<Uint8Array[]> {
  const random = seeded(1);
  const row = (length: number): Uint8Array => Uint8Array.from({ length }, () => random() * 256);
  const rows = (count: number, length: number): Uint8Array[] => Array.from({ length: count }, () => row(length));
  const drawn = await draw(64, 48, 'png', scene);
  return [
    drawn,
    withOrientation(drawn, 'png', 5),
    writePng({ width: 16, height: 16, depth: 8, colour: 2, rows: rows(16, 48) }),
    writePng({ width: 16, height: 16, depth: 16, colour: 6, rows: rows(16, 128) }),
    writePng({ width: 16, height: 16, depth: 1, colour: 0, rows: rows(16, 2) }),
  ];
}

async function entries(): Promise<{ name: string; bytes: Uint8Array }[]> {
  const picture = await draw(24, 16, 'png', quadrants('RGBW'));
  return [
    { name: 'train/cats/1.png', bytes: picture },
    { name: 'train/dogs/zwei.png', bytes: picture.subarray(0, 60) },
    { name: 'test/cats/1.png', bytes: picture },
    { name: 'notes.txt', bytes: Buffer.from('a text that packs, '.repeat(60)) },
  ];
}

/** Writes the sum of every chunk anew, as long as chunks follow one another (PNG, section 5.3). */
function withPngSums(bytes: Uint8Array): Uint8Array {
  const out = Uint8Array.from(bytes);
  const view = viewOf(out);
  for (let at = 8; at + 12 <= out.length;) {
    const end = at + 8 + view.getUint32(at);
    if (end + 4 > out.length) break;
    view.setUint32(end, crc32(out.subarray(at + 4, end)));
    at = end + 4;
  }
  return out;
}

/** Writes the sum of every header of a tar archive anew: all bytes added up, those of the sum itself as spaces. */
function withTarSums(bytes: Uint8Array): Uint8Array {
  const out = Uint8Array.from(bytes);
  for (let at = 0; at + 512 <= out.length; at += 512) {
    if (tagAt(out, at + 257) !== 'usta') continue;
    out.fill(32, at + 148, at + 156);
    const sum = out.subarray(at, at + 512).reduce((total, byte) => total + byte, 0);
    out.set(Buffer.from(`${sum.toString(8).padStart(6, '0')}\0 `), at + 148);
  }
  return out;
}
