/** Many small real pictures for measuring the window rather than the decoders: crops of the samples, each under many names. */
import { linkSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { createCanvas, loadImage } from '@napi-rs/canvas';
import { sampleFolder } from './photos';
import { random } from './random';

/** Enough for a thumbnail, and quick to read. */
const size = { width: 384, height: 256 };
const distinct = 250;

/** `count` files in `folder`, of 250 different pictures. */
export async function makeCrops(folder: string, count: number): Promise<void> {
  mkdirSync(folder, { recursive: true });
  const names = readdirSync(sampleFolder).filter((name) => name.endsWith('.jpg'));
  const samples = await Promise.all(names.map((name) => loadImage(path.join(sampleFolder, name))));
  const canvas = createCanvas(size.width, size.height);
  const context = canvas.getContext('2d');
  for (let index = 0; index < count; index++) {
    const file = path.join(folder, `crop-${index}.jpg`);
    if (index >= distinct) {
      linkSync(path.join(folder, `crop-${index % distinct}.jpg`), file);
      continue;
    }
    const next = random(index + 1);
    const sample = samples[index % samples.length];
    if (sample === undefined) continue;
    const width = (0.4 + 0.6 * next()) * Math.min(sample.width, sample.height * 1.5);
    const height = width / 1.5;
    const [left, top] = [next() * (sample.width - width), next() * (sample.height - height)];
    context.drawImage(sample, left, top, width, height, 0, 0, size.width, size.height);
    writeFileSync(file, canvas.toBuffer('image/jpeg', 85));
  }
}
