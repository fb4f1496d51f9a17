/** The small sets that come with Duet: digits 8 x 8 and emoji 32 x 32 in colour, a fifth of each class kept to judge by. */
import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { createCanvas, loadImage } from '@napi-rs/canvas';
import { unzip } from '../../electron/engine/intake/datasets/unzip';
import { permutation } from '../../models/tensor/random';
import type { ImageShape } from '../../models/zoo/data-shape';
import { picked, type Pictures } from './data';

export interface Parts {
  readonly train: Pictures;
  readonly test: Pictures;
}

/** 1,797 handwritten digits. */
function digits8(): Pictures {
  const read = (what: string): Buffer => gunzipSync(readFileSync(`assets/datasets/digits/digits-${what}-ubyte.gz`));
  const labels = read('labels-idx1').subarray(8);
  const shape: ImageShape = { kind: 'image', height: 8, width: 8, channels: 1, classes: 10 };
  return { shape, count: labels.length, pixels: read('images-idx3').subarray(16), labels };
}

/** 1,892 emoji in nine categories, on white. */
async function emoji(): Promise<Pictures> {
  const files = await unpacked('assets/datasets/emoji.zip');
  const names = [...new Set(files.map(({ folder }) => folder))].sort();
  const shape: ImageShape = { kind: 'image', height: 32, width: 32, channels: 3, classes: names.length };
  const pixels = new Uint8Array(files.length * 32 * 32 * 3);
  for (const [k, { bytes }] of files.entries()) pixels.set(await rgb(bytes), k * 32 * 32 * 3);
  return {
    shape,
    count: files.length,
    pixels,
    labels: Uint8Array.from(files, ({ folder }) => names.indexOf(folder)),
  };
}

async function rgb(bytes: Buffer): Promise<Uint8Array> {
  const context = createCanvas(32, 32).getContext('2d');
  context.fillStyle = 'white';
  context.fillRect(0, 0, 32, 32);
  context.drawImage(await loadImage(bytes), 0, 0, 32, 32);
  const { data } = context.getImageData(0, 0, 32, 32);
  return Uint8Array.from({ length: 32 * 32 * 3 }, (_, i) => data[Math.floor(i / 3) * 4 + (i % 3)] ?? 0);
}

interface Unpacked {
  readonly folder: string;
  readonly bytes: Buffer;
}

/** The pictures of an archive and the folders they lie in. */
async function unpacked(path: string): Promise<Unpacked[]> {
  const files: Unpacked[] = [];
  for await (const entry of unzip({ path, reached: () => undefined })) {
    if (!entry.name.endsWith('.png')) continue;
    const parts: Uint8Array[] = [];
    for await (const part of entry.pieces()) parts.push(part);
    files.push({ folder: entry.name.split('/')[0] ?? '', bytes: Buffer.concat(parts) });
  }
  return files;
}

/** Both parts of a set, the same in every run. */
export async function smallSet(name: 'digits' | 'emoji'): Promise<Parts> {
  const all = name === 'digits' ? digits8() : await emoji();
  const order = permutation({ seed: 0, stream: 0 }, all.count);
  const kept = Math.floor(all.count / 5);
  return { test: picked(all, order.subarray(0, kept)), train: picked(all, order.subarray(kept)) };
}
