/** Google's Noto emoji as a small set of labelled pictures: ten kinds, 24 pictures each to learn from and 12 to judge by. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createCanvas, loadImage } from '@napi-rs/canvas';
import { fetchPackage } from '../../../scripts/fetch-package.mjs';
import { permutation } from '../../tensor/random';

const integrity = 'sha512-ZRexfzs7MVoLnmzZmNsO4TKhnAJp5D++Vm6PpUpH/jEQQlemp3l88CjZ+DoZ2faM9R4QxZkOPJCoT8DlPhfQ3A==';
const pictures = 'img/google/64';
const [forTraining, forTest] = [24, 12];

/** Kinds, and the package's subcategories that belong to them. */
const kinds: readonly RegExp[] = [
  /^face-/,
  /^hands?(-|$)/,
  /^person-role$/,
  /^animal-mammal$/,
  /^food-(fruit|vegetable)$/,
  /^food-(prepared|asian)$/,
  /^transport-ground$/,
  /^clothing$/,
  /^sky & weather$/,
  /^country-flag$/,
];

/** Colour pictures as the classifier wants them, float32 [3, side, side] each, and their kinds. */
export interface ColourPictures {
  readonly pixels: readonly Float32Array[];
  readonly labels: readonly number[];
}

/** Both parts; no emoji is in both. */
export interface EmojiData {
  readonly train: ColourPictures;
  readonly test: ColourPictures;
}

/** Reads the pictures, scaled to `side`; fetches the package (73 MB) where it is not there yet. */
export async function readEmoji(side: number): Promise<EmojiData> {
  const folder = fetchPackage('emoji-datasource-google@16.0.0', integrity, ['emoji.json', pictures]);
  const entries = readEntries(join(folder, 'emoji.json'));
  const files = kinds.map((kind) => {
    const ours = entries.filter(({ subcategory }) => kind.test(subcategory));
    const order = permutation({ seed: 0, stream: 0 }, ours.length); // the same split in every run
    return Array.from(order.subarray(0, forTraining + forTest), (k) => join(folder, pictures, ours[k]?.image ?? ''));
  });
  const part = async (from: number, to: number): Promise<ColourPictures> => ({
    pixels: await Promise.all(files.flatMap((paths) => paths.slice(from, to)).map((path) => readPicture(path, side))),
    labels: files.flatMap((paths, label) => paths.slice(from, to).map(() => label)),
  });
  return { train: await part(0, forTraining), test: await part(forTraining, forTraining + forTest) };
}

/** The pictures and their mirror images. */
export function withMirrorImages({ pixels, labels }: ColourPictures): ColourPictures {
  return { pixels: [...pixels, ...pixels.map(mirrored)], labels: [...labels, ...labels] };
}

function mirrored(pixels: Float32Array): Float32Array {
  const side = Math.sqrt(pixels.length / 3);
  return pixels.map((_, k) => pixels[k - 2 * (k % side) + side - 1] ?? 0);
}

interface Entry {
  readonly image: string;
  readonly subcategory: string;
}

function readEntries(path: string): Entry[] {
  const list: unknown = JSON.parse(readFileSync(path, 'utf8'));
  if (!Array.isArray(list)) throw new Error(`${path} holds no list.`);
  return list.filter(isEntry);
}

function isEntry(value: unknown): value is Entry {
  if (typeof value !== 'object' || value === null || !('image' in value) || !('subcategory' in value)) return false;
  return typeof value.image === 'string' && typeof value.subcategory === 'string';
}

/** On white, planes red, green, blue, scaled as EfficientNet-Lite0 was trained: (v - 127) / 128. */
async function readPicture(path: string, side: number): Promise<Float32Array> {
  const context = createCanvas(side, side).getContext('2d');
  context.fillStyle = 'white';
  context.fillRect(0, 0, side, side);
  context.drawImage(await loadImage(path), 0, 0, side, side);
  const { data } = context.getImageData(0, 0, side, side);
  const area = side * side;
  return Float32Array.from(
    { length: 3 * area },
    (_, k) => ((data[4 * (k % area) + Math.floor(k / area)] ?? 0) - 127) / 128,
  );
}
