/** The emoji data set as an archive: one folder for each category, 32 x 32 RGB pictures of Google's 64 x 64 ones on white. */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { createCanvas, loadImage } from '@napi-rs/canvas';
import * as z from 'zod';
import { ZipFile } from 'yazl';
import { fetchPackage } from '../fetch-package.mjs';
import { smallPng } from './small-png';

const specifier = 'emoji-datasource-google@16.0.0';
const integrity = 'sha512-ZRexfzs7MVoLnmzZmNsO4TKhnAJp5D++Vm6PpUpH/jEQQlemp3l88CjZ+DoZ2faM9R4QxZkOPJCoT8DlPhfQ3A==';
const pictures = 'img/google/64';
const side = 32;

const entrySchema = z.object({
  image: z.string(),
  short_name: z.string(),
  category: z.string(),
  sort_order: z.number(),
  has_img_google: z.boolean(),
});

/** The archive's bytes, and how many pictures each category has; categories as the package names them, without the five skin tones. */
export async function emojiArchive(): Promise<{ bytes: Buffer; counts: Map<string, number> }> {
  const folder = fetchPackage(specifier, integrity, ['emoji.json', pictures]);
  const all = z.array(entrySchema).parse(JSON.parse(readFileSync(path.join(folder, 'emoji.json'), 'utf8')));
  const wanted = all.filter(({ category, has_img_google }) => has_img_google && category !== 'Component');
  wanted.sort((a, b) => a.sort_order - b.sort_order);
  const zip = new ZipFile();
  const counts = new Map<string, number>();
  const seen = new Set<string>();
  for (const { image, short_name, category } of wanted) {
    const png = smallPng(await halved(path.join(folder, pictures, image)), side, side);
    const hash = createHash('sha256').update(png).digest('hex');
    if (seen.has(hash)) continue; // a few emoji look exactly alike
    seen.add(hash);
    counts.set(category, (counts.get(category) ?? 0) + 1);
    const name = `${category}/${short_name.replaceAll(/[^a-z0-9_+-]/g, '_')}.png`;
    zip.addBuffer(Buffer.from(png), name, { compress: false, mtime: new Date(2024, 0, 1), forceDosTimestamp: true });
  }
  zip.end();
  const parts: Buffer[] = [];
  for await (const part of zip.outputStream) parts.push(Buffer.from(part));
  return { bytes: Buffer.concat(parts), counts };
}

/** Drawn on white without scaling, then each 2 x 2 pixels averaged: no scaler's version changes a byte. */
async function halved(file: string): Promise<Uint8Array> {
  const context = createCanvas(2 * side, 2 * side).getContext('2d');
  context.fillStyle = 'white';
  context.fillRect(0, 0, 2 * side, 2 * side);
  context.drawImage(await loadImage(file), 0, 0);
  const { data } = context.getImageData(0, 0, 2 * side, 2 * side);
  return Uint8Array.from({ length: 3 * side * side }, (_, k) => {
    const [row, column, channel] = [Math.floor(k / 3 / side), Math.floor(k / 3) % side, k % 3];
    const at = 4 * (2 * row * 2 * side + 2 * column) + channel;
    const sum = [0, 4, 8 * side, 8 * side + 4].reduce((total, offset) => total + (data[at + offset] ?? 0), 0);
    return Math.round(sum / 4);
  });
}
