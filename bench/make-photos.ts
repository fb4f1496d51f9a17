/**
 * Makes the photos that the benchmarks read: crops of the samples, enlarged to 1 to 12 megapixels, as JPEG, 1,000 of
 * them, the same ones on every machine. They stay in .cache/bench-photos; what is there already is kept.
 */
import { spawn } from 'node:child_process';
import { mkdirSync, readdirSync, renameSync, statSync, writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import path from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { createCanvas, ImageData, loadImage, type Canvas, type Image } from '@napi-rs/canvas';
import { photoCount, photoFolder, sampleFolder } from './photos';
import { random, type Random } from './random';

const megapixels = { least: 1, most: 12 };
const quality = 88;
const grainSide = 512;
const grainStrength = 0.1;

/**
 * Grey noise to lay over a photo. Enlarging leaves no fine detail, and a JPEG without any is far smaller, and quicker
 * to decode, than what a camera writes: with it these files have 0.3 bytes a pixel, as a camera's.
 */
function grain(next: Random): Canvas {
  const pixels = new Uint8ClampedArray(grainSide * grainSide * 4);
  for (let i = 0; i < pixels.length; i += 4) pixels.fill(next() * 256, i, i + 3).fill(255, i + 3, i + 4);
  const canvas = createCanvas(grainSide, grainSide);
  canvas.getContext('2d').putImageData(new ImageData(pixels, grainSide, grainSide), 0, 0);
  return canvas;
}

/** One photo: half to all of a sample from a random place, every fourth upright, its size drawn evenly on a log scale. */
function makePhoto(sample: Image, noise: Canvas, next: Random): Buffer {
  const aspect = next() < 0.75 ? 4 / 3 : 3 / 4;
  const share = 0.5 + 0.5 * next();
  const cropWidth = share * Math.min(sample.width, sample.height * aspect);
  const cropHeight = cropWidth / aspect;
  const [left, top] = [next() * (sample.width - cropWidth), next() * (sample.height - cropHeight)];
  const pixels = 1e6 * megapixels.least * (megapixels.most / megapixels.least) ** next();
  const canvas = createCanvas(Math.round(Math.sqrt(pixels * aspect)), Math.round(Math.sqrt(pixels / aspect)));
  const context = canvas.getContext('2d');
  context.drawImage(sample, left, top, cropWidth, cropHeight, 0, 0, canvas.width, canvas.height);
  context.globalAlpha = grainStrength;
  for (let y = 0; y < canvas.height; y += grainSide) {
    for (let x = 0; x < canvas.width; x += grainSide) context.drawImage(noise, x, y);
  }
  return canvas.toBuffer('image/jpeg', quality);
}

/** Makes every photo of one part (those with index % parts === part) that is not there yet. */
async function makePart(part: number, parts: number): Promise<void> {
  const names = readdirSync(sampleFolder).filter((name) => name.endsWith('.jpg'));
  const samples = await Promise.all(names.map((name) => loadImage(path.join(sampleFolder, name))));
  const noise = grain(random(0));
  const there = new Set(readdirSync(photoFolder));
  for (let index = part; index < photoCount; index += parts) {
    const name = `photo-${String(index).padStart(4, '0')}.jpg`;
    const sample = samples[index % samples.length];
    if (there.has(name) || sample === undefined) continue;
    const half = path.join(photoFolder, `.${name}`);
    writeFileSync(half, makePhoto(sample, noise, random(index + 1)));
    renameSync(half, path.join(photoFolder, name));
    // A canvas is freed only between turns of the event loop: without a turn, 500 photos held 9.5 GB.
    await setImmediate();
  }
}

function runPart(part: number, parts: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const args = [process.argv[1] ?? '', String(part), String(parts)];
    const child = spawn(process.execPath, args, { stdio: 'inherit' });
    child.on('exit', (code) => {
      if (code === 0) resolve();
      else reject(new Error(`part ${part} of the photos ended with code ${String(code)}`));
    });
  });
}

async function makeAll(): Promise<void> {
  mkdirSync(photoFolder, { recursive: true });
  const parts = availableParallelism();
  await Promise.all(Array.from({ length: parts }, (_, part) => runPart(part, parts)));
  const files = readdirSync(photoFolder).filter((name) => name.startsWith('photo-'));
  const bytes = files.reduce((sum, name) => sum + statSync(path.join(photoFolder, name)).size, 0);
  console.log(`${files.length} photos, ${(bytes / 1e6).toFixed(0)} MB, in ${photoFolder}`);
}

const [part, parts] = process.argv.slice(2).map(Number);
await (part === undefined || parts === undefined ? makeAll() : makePart(part, parts));
