/**
 * What the whole import of MNIST costs, from its gzip files to a data set that is there after a power cut, beside reading, unpacking and
 * hashing every picture in one process. Both take turns after a round for warming up; the files are those that set-up fetches.
 */
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { gunzipSync } from 'node:zlib';
import { type Client, connect } from '../electron/contract/client';
import type { Chunk } from '../electron/contract/dataset-intake';
import { defaultSplitPlan } from '../electron/contract/samples';
import { type IntakeContract, intakeContract } from '../electron/contract/workers';
import { bundledSets } from '../electron/engine/datasets/builtin/catalog';
import { importJob } from '../electron/engine/datasets/import/import-job';
import type { ImportReaders } from '../electron/engine/datasets/import/readers';
import { Workspace } from '../electron/engine/storage/workspace';
import { createNodeHost } from '../electron/hosts/node-host';
import { processorTime, usedBetween } from './processor-time';

const set = bundledSets.find(({ name }) => name === 'mnist');
const files = (set?.files ?? []).map(({ path: place }) => path.resolve('assets/datasets', place));
const pictureBytes = 28 * 28;

/** What nobody can do without who wants to know equal pictures. */
function hashPictures(): void {
  for (const file of files) {
    const bytes = gunzipSync(readFileSync(file));
    if (!file.includes('images')) continue;
    for (let at = 16; at < bytes.length; at += pictureBytes) {
      createHash('sha256')
        .update(bytes.subarray(at, at + pictureBytes))
        .digest();
    }
  }
}

function readersOf(intake: Client<IntakeContract>): ImportReaders {
  const listeners = new Map<number, (number: number, chunk: Chunk) => void>();
  intake.on('chunk', ({ ticket, number, chunk }) => listeners.get(ticket)?.(number, chunk));
  const notHere = (): Promise<never> => Promise.reject(new Error('MNIST is read as one stream.'));
  return {
    list: notHere,
    unpack: notHere,
    decodeFiles: notHere,
    readDataset: (request, signal, onChunk) => {
      const ticket = listeners.size + 1;
      listeners.set(ticket, onChunk);
      return intake.call('dataset.read', { ...request, ticket }, { signal });
    },
    killStopping: () => undefined,
  };
}

interface Place {
  readonly folder: string;
  readonly readers: ImportReaders;
}

let imports = 0;

/** Gives what happened when, in milliseconds since the beginning. */
async function importMnist({ folder, readers }: Place): Promise<Map<string, number>> {
  if (set === undefined) throw new Error('MNIST is not in the catalogue.');
  const workspace = await Workspace.open(path.join(folder, 'workspace'));
  const id = `mnist-${++imports}`;
  const job = path.join(folder, id);
  mkdirSync(job);
  const marks = new Map<string, number>();
  const started = performance.now();
  const mark = (what: string): void => void marks.set(what, performance.now() - started);
  const kind = importJob({ workspace, readers, decoders: 2, clock: () => 1000, onPublished: () => undefined });
  const { options, bytes } = set;
  await kind.run({
    id,
    parameters: {
      ...{ id, title: id, isAddition: false, kind: 'image', origin: 'real', reader: 'idx', paths: files },
      ...{ isArchive: false, unpacked: null, options, plan: defaultSplitPlan, packBytes: bytes },
      ...{ provenance: '', licence: '' },
    },
    attempt: 1,
    folder: job,
    signal: new AbortController().signal,
    progress: (_done, _total, _unit, doing) => mark(doing.replace(/[\d,]+ ?/g, '')),
    slice: () => Promise.resolve(),
    log: () => undefined,
  });
  mark('done');
  await workspace.close();
  rmSync(job, { recursive: true });
  return marks;
}

const median = (values: readonly number[]): number => [...values].sort((a, b) => a - b)[values.length >> 1] ?? 0;

const rounds = 9;

async function main(folder: string): Promise<void> {
  const host = await createNodeHost(path.resolve('dist')).spawn('intake');
  const place = { folder, readers: readersOf(connect(intakeContract, host.transport)) };
  const walls: Record<'hashing' | 'import', number[]> = { hashing: [], import: [] };
  const processor: typeof walls = { hashing: [], import: [] };
  const took = async (what: 'hashing' | 'import', work: () => unknown): Promise<void> => {
    const before = processorTime(process.pid);
    const started = performance.now();
    await work();
    walls[what].push(performance.now() - started);
    const used = [...usedBetween(before, processorTime(process.pid)).values()];
    processor[what].push(1000 * used.reduce((sum, seconds) => sum + seconds, 0));
  };
  hashPictures();
  await importMnist(place);
  let marks = new Map<string, number>();
  for (let round = 0; round < rounds; round++) {
    await took('hashing', hashPictures);
    await took('import', async () => (marks = await importMnist(place)));
  }
  host.kill();
  const line = (what: 'hashing' | 'import'): string =>
    `wall ${median(walls[what]).toFixed(0)} ms (${Math.min(...walls[what]).toFixed(0)} to ${Math.max(...walls[what]).toFixed(0)}), processor ${median(processor[what]).toFixed(0)} ms`;
  console.log(`MNIST, 70,000 pictures, medians of ${rounds}`);
  console.log(`  reading, unpacking, hashing: ${line('hashing')}`);
  console.log(`  the whole import:            ${line('import')}`);
  console.log(`  last of each, ms: ${[...marks].map(([what, at]) => `${what} ${at.toFixed(0)}`).join(', ')}`);
  const ratio = ({ hashing, import: whole }: typeof walls): string => (median(whole) / median(hashing)).toFixed(2);
  console.log(`  import / reading, unpacking and hashing: wall ${ratio(walls)}, processor ${ratio(processor)}`);
}

if (!files.every((file) => existsSync(file))) throw new Error('MNIST is not here: run npm run setup with a network.');
const folder = mkdtempSync(path.join(os.tmpdir(), 'duet-bench-'));
try {
  await main(folder);
} finally {
  rmSync(folder, { recursive: true, force: true });
}
