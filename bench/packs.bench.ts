/**
 * What a data set of 100,000 small pictures costs in use: random batches from the pack, loading its table, listing, filtering,
 * the hash of a revision. No aim depends on another measurement, so medians are enough.
 */
import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { hostTensor } from '../models/tensor/host-tensor';
import { ragged, raggedTensors, writeChunk } from '../electron/engine/datasets/chunk';
import { shapeOf } from '../electron/engine/datasets/chunk-shape';
import { publishPart } from '../electron/engine/datasets/import/publish';
import { OpenDataset } from '../electron/engine/datasets/open-dataset';
import type { ChunkFile } from '../electron/engine/datasets/chunk-file';
import { Workspace } from '../electron/engine/storage/workspace';
import { random } from './random';

const count = 100_000;
const perChunk = 5000;
const side = 32;
const classes = Array.from({ length: 100 }, (_, k) => `class ${k}`);
const next = random(1);
const utf8 = new TextEncoder();

function chunk(folder: string, number: number): ChunkFile {
  const bytes = (length: number): Uint8Array => Uint8Array.from({ length }, () => Math.floor(next() * 256));
  const hashes = new Uint8Array(perChunk * 32);
  const names = Array.from({ length: perChunk }, (_, i) => utf8.encode(`folder ${number}/picture ${i}.png`));
  names.forEach((name, i) => hashes.set(createHash('sha256').update(name).digest(), 32 * i));
  const none = ragged(names.map(() => new Uint8Array(0)));
  const content = {
    kind: 'image' as const,
    samples: perChunk,
    labels: classes,
    columns: [],
    tensors: {
      label: hostTensor(
        'int32',
        [perChunk],
        Int32Array.from({ length: perChunk }, () => Math.floor(next() * 100)),
      ),
      split: hostTensor('uint8', [perChunk], new Uint8Array(perChunk)),
      hash: hostTensor('uint8', [perChunk, 32], hashes),
      ...raggedTensors('names', ragged(names)),
      images: hostTensor('uint8', [perChunk, side, side, 3], bytes(perChunk * side * side * 3)),
      look: hostTensor('uint8', [perChunk, 8], bytes(perChunk * 8)),
      size: hostTensor('int32', [perChunk, 2], new Int32Array(perChunk * 2).fill(side)),
      colour: hostTensor('uint8', [perChunk, 3], bytes(perChunk * 3)),
      marks: hostTensor('uint8', [perChunk], new Uint8Array(perChunk)),
      ...raggedTensors('thumbs', none),
    },
  };
  const file = path.join(folder, `${number}.safetensors`);
  const written = writeChunk(content);
  writeFileSync(file, written);
  return { file, hash: createHash('sha256').update(written).digest('hex'), shape: shapeOf(content) };
}

async function time(what: string, rounds: number, work: () => unknown): Promise<void> {
  const times: number[] = [];
  for (let round = 0; round < rounds; round++) {
    const begin = performance.now();
    await work();
    times.push(performance.now() - begin);
  }
  const [first = 0] = times;
  const median = times.sort((a, b) => a - b)[Math.floor(rounds / 2)] ?? 0;
  console.log(`  ${what}: median ${median.toFixed(2)} ms of ${rounds}, first ${first.toFixed(2)} ms`);
}

async function main(folder: string): Promise<void> {
  const chunks = Array.from({ length: count / perChunk }, (_, number) => chunk(folder, number));
  const workspace = await Workspace.open(path.join(folder, 'workspace'));
  const begin = performance.now();
  const image = { height: side, width: side, fit: 'crop', channels: 3 } as const;
  const plan = { method: 'given', seed: 1, validation: 0.1, test: 0.1 } as const;
  const manifest = await publishPart(
    workspace,
    {
      ...{ id: 'bench', title: 'Bench', isAddition: false, kind: 'image', origin: 'real', plan, image, columns: [] },
      ...{ sampleRate: null, provenance: '', licence: '', chunks, leftOut: [], job: 'j1', folder },
      signal: new AbortController().signal,
      onSamples: () => undefined,
    },
    () => 0,
  );
  console.log(`  ${count} pictures of ${side} x ${side} packed in ${Math.round(performance.now() - begin)} ms`);
  await time('open', 5, async () => (await OpenDataset.open(workspace, manifest)).close());
  const dataset = await OpenDataset.open(workspace, manifest);
  const { packs, selector, state } = dataset;
  await time('random batch of 128', 500, () =>
    packs.imagesSync(Array.from({ length: 128 }, () => Math.floor(next() * count))),
  );
  // Every change of the state makes all of it anew.
  const changed =
    <Result>(work: () => Result) =>
    () => {
      state.version++;
      return work();
    };
  await time(
    'order of all',
    20,
    changed(() => selector.select({})),
  );
  await time(
    'one class of one split',
    20,
    changed(() => selector.select({ label: 'class 7', split: 'train' })),
  );
  await time(
    'search in names',
    20,
    changed(() => selector.select({ text: '99' })),
  );
  await time(
    'counts',
    20,
    changed(() => selector.counts()),
  );
  await time(
    'revision',
    20,
    changed(() => dataset.revision()),
  );
  await dataset.close();
  await workspace.close();
}

const folder = mkdtempSync(path.join(os.tmpdir(), 'duet-bench-'));
try {
  await main(folder);
} finally {
  rmSync(folder, { recursive: true, force: true });
}
