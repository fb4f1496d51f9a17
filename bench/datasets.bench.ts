/**
 * What imports cost beside what they cannot do without: folders of JPEGs into chunk files by two intake processes against decoding
 * alone by two processes, and 70,000 IDX pictures against reading and hashing them. Both take turns, after a round for warming up.
 */
import { fork } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { connect } from '../electron/contract/client';
import type { ImageOptions } from '../electron/contract/samples';
import { intakeContract } from '../electron/contract/workers';
import { uprightPixels } from '../electron/engine/intake/decode';
import { sizeForLongSide } from '../electron/engine/intake/pixels';
import { openPicture } from '../electron/engine/intake/sniff';
import { createNodeHost } from '../electron/hosts/node-host';
import { makeCrops } from './crops';
import { photoCount, photoFolder } from './photos';
import { processorTime, usedBetween } from './processor-time';
import { random } from './random';

const workers = 2;
const perChunk = 64;
const image: ImageOptions = { height: 64, width: 64, fit: 'crop', channels: 3 };
/** As large as a thumbnail needs it: what an import decodes too. */
const thumbLongSide = 192;

/** Does `work` for shares of the files, all at once; each worker takes the next share when it is done. */
async function shareOut(
  files: readonly string[],
  works: readonly ((share: string[]) => Promise<void>)[],
): Promise<void> {
  const shares = Array.from({ length: Math.ceil(files.length / perChunk) }, (_, i) =>
    files.slice(i * perChunk, (i + 1) * perChunk),
  );
  await Promise.all(
    works.map(async (work) => {
      for (let share = shares.shift(); share !== undefined; share = shares.shift()) await work(share);
    }),
  );
}

interface Part {
  run(files: readonly string[]): Promise<void>;
  stop(): void;
}

/** What a child of this script does: reads and decodes, and keeps nothing. */
async function decodeFiles(files: readonly string[]): Promise<void> {
  for (const file of files) {
    const picture = openPicture(new Uint8Array(readFileSync(file)));
    const thumb = sizeForLongSide(picture.width, picture.height, thumbLongSide);
    const height = Math.max(thumb.height, image.height);
    await uprightPixels(picture, { height, width: Math.max(thumb.width, image.width) });
  }
}

function startDecoding(): Part {
  const children = Array.from({ length: workers }, () => fork(process.argv[1] ?? '', ['decode']));
  const works = children.map(
    (child) => (share: string[]) =>
      new Promise<void>((resolve, reject) => {
        child.once('message', () => {
          child.removeListener('exit', reject);
          resolve();
        });
        child.once('exit', reject);
        child.send(share);
      }),
  );
  return {
    run: (files) => shareOut(files, works),
    stop: () => {
      for (const child of children) child.kill();
    },
  };
}

async function startImporting(folder: string): Promise<Part> {
  const host = createNodeHost(path.resolve('dist'));
  const processes = await Promise.all(Array.from({ length: workers }, () => host.spawn('intake')));
  const works = processes.map(({ transport }, worker) => {
    const client = connect(intakeContract, transport);
    return async (share: string[]): Promise<void> => {
      const files = share.map((file) => ({ path: file, name: path.basename(file), label: null, split: null }));
      const { leftOut } = await client.call('dataset.files', {
        files,
        options: { image },
        chunk: path.join(folder, `${worker}`),
      });
      if (leftOut.length > 0) throw new Error(`${leftOut[0]?.name ?? ''} was left out`);
    };
  });
  return {
    run: (files) => shareOut(files, works),
    stop: () => {
      for (const one of processes) one.kill();
    },
  };
}

class Measured {
  seconds = 0;
  processorSeconds = 0;

  constructor(readonly part: Part) {}

  async round(files: readonly string[]): Promise<void> {
    const before = processorTime(process.pid);
    const started = performance.now();
    await this.part.run(files);
    this.seconds += (performance.now() - started) / 1000;
    for (const used of usedBetween(before, processorTime(process.pid)).values()) this.processorSeconds += used;
  }
}

async function compare(what: string, files: readonly string[], folder: string): Promise<void> {
  const decoding = new Measured(startDecoding());
  const importing = new Measured(await startImporting(folder));
  const roundSize = perChunk * workers * 2;
  for (const { part } of [decoding, importing]) await part.run(files.slice(0, roundSize));
  for (let from = 0; from < files.length; from += roundSize) {
    for (const one of [decoding, importing]) await one.round(files.slice(from, from + roundSize));
  }
  for (const { part } of [decoding, importing]) part.stop();
  const each = ({ processorSeconds }: Measured): string =>
    `${((1000 * processorSeconds) / files.length).toFixed(2)} ms`;
  console.log(`${what}, ${files.length} files`);
  console.log(`  decoding alone ${decoding.seconds.toFixed(1)} s, ${each(decoding)} of processor time a file`);
  console.log(`  import         ${importing.seconds.toFixed(1)} s, ${each(importing)}`);
  printRatio('decoding', importing, decoding);
}

const mnist = { train: 60_000, t10k: 10_000 };
const pictureBytes = 28 * 28;

/** The files of MNIST with other contents: blots, so that bytes repeat as in digits. */
function makeIdx(folder: string): string[] {
  mkdirSync(folder, { recursive: true });
  const next = random(1);
  return Object.entries(mnist).flatMap(([part, count]) => {
    const pictures = Buffer.alloc(16 + count * pictureBytes);
    [0x803, count, 28, 28].forEach((value, i) => pictures.writeUInt32BE(value, 4 * i));
    for (let at = 16; at < pictures.length; at += 40) pictures.fill(next() * 256, at, at + Math.floor(20 * next()));
    const labels = Buffer.alloc(8 + count);
    [0x801, count].forEach((value, i) => labels.writeUInt32BE(value, 4 * i));
    for (let at = 8; at < labels.length; at++) labels[at] = next() * 10;
    const files = [`${part}-images-idx3-ubyte`, `${part}-labels-idx1-ubyte`].map((name) => path.join(folder, name));
    [pictures, labels].forEach((bytes, i) => writeFileSync(files[i] ?? '', bytes));
    return files;
  });
}

/** Reads the files and hashes every picture, as an import must to know equal ones. */
function hashPictures(files: readonly string[]): Promise<void> {
  for (const file of files) {
    const bytes = readFileSync(file);
    if (!file.includes('images')) continue;
    for (let at = 16; at < bytes.length; at += pictureBytes) {
      createHash('sha256')
        .update(bytes.subarray(at, at + pictureBytes))
        .digest();
    }
  }
  return Promise.resolve();
}

async function compareIdx(folder: string): Promise<void> {
  const paths = makeIdx(path.join(folder, 'idx'));
  const chunks = path.join(folder, 'chunks');
  mkdirSync(chunks);
  const intake = await createNodeHost(path.resolve('dist')).spawn('intake');
  const client = connect(intakeContract, intake.transport);
  const options = { image: { height: 28, width: 28, fit: 'crop', channels: 1 } } as const;
  const rest = { ticket: 1, folder: chunks, firstChunk: 0, position: 0, samplesPerChunk: 5000 };
  const hashing = new Measured({ run: () => hashPictures(paths), stop: () => undefined });
  const run = async (): Promise<void> => {
    const { samples } = await client.call('dataset.read', { reader: 'idx', paths, options, ...rest });
    if (samples !== 70_000) throw new Error(`${samples} samples were read`);
  };
  const importing = new Measured({ run, stop: () => intake.kill() });
  for (const { part } of [hashing, importing]) await part.run([]);
  const rounds = 5;
  for (let round = 0; round < rounds; round++) {
    for (const one of [hashing, importing]) await one.round([]);
  }
  importing.part.stop();
  const each = ({ seconds, processorSeconds }: Measured): string =>
    `${(seconds / rounds).toFixed(2)} s, ${(processorSeconds / rounds).toFixed(2)} s of processor time`;
  console.log(`IDX, 70,000 pictures of 28 x 28, mean of ${rounds}`);
  console.log(`  reading and hashing ${each(hashing)}`);
  console.log(`  import              ${each(importing)}`);
  printRatio('reading and hashing', importing, hashing);
}

function printRatio(what: string, one: Measured, other: Measured): void {
  const wall = (one.seconds / other.seconds).toFixed(2);
  const processor = (one.processorSeconds / other.processorSeconds).toFixed(2);
  console.log(`  import / ${what}: wall ${wall}, processor ${processor}`);
}

const jpegsIn = (folder: string): string[] =>
  readdirSync(folder)
    .filter((name) => name.endsWith('.jpg'))
    .sort()
    .map((name) => path.join(folder, name));

async function main(): Promise<void> {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'duet-bench-'));
  try {
    await compareIdx(folder);
    const crops = path.join(folder, 'crops');
    await makeCrops(crops, Number(process.env['DUET_BENCH_CROPS'] ?? 10_000));
    await compare('384 x 256', jpegsIn(crops), folder);
    const photos = jpegsIn(photoFolder);
    const count = Number(process.env['DUET_BENCH_PHOTOS'] ?? photoCount);
    await compare('1 to 12 megapixels', Array.from({ length: count }, (_, i) => photos[i % photos.length] ?? ''), folder); // prettier-ignore
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

if (process.argv[2] === 'decode') {
  process.on('message', (files: string[]) => void decodeFiles(files).then(() => process.send?.('done')));
} else {
  await main();
}
