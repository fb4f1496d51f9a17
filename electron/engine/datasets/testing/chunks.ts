/** Chunks for tests: pictures, texts and rows with everything that chunk.ts promises, from a seed. */
import { createHash } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { type HostTensor, hostTensor } from '../../../../models/tensor/host-tensor';
import { randomBits } from '../../../../models/tensor/random';
import { type ChunkContent, ragged, raggedTensors, writeChunk } from '../chunk';
import { shapeOf } from '../chunk-shape';
import type { ChunkFile } from '../chunk-file';

export interface TestSample {
  name: string;
  label: string | null;
  /** 0 open, else 1 + index in `splitNames`. */
  split?: number;
  /** The one number that its content is made from. */
  value: number;
  thumb?: Uint8Array;
  text?: string;
}

/** Pixels of the picture with this value. */
export function pixelsOf(value: number, length: number): Uint8Array {
  return Uint8Array.from({ length }, (_, at) => randomBits({ seed: value, stream: 1 }, at)[0] & 255);
}

const utf8 = new TextEncoder();

function common(samples: readonly TestSample[]): { labels: string[]; tensors: Record<string, HostTensor> } {
  const count = samples.length;
  const labels = [...new Set(samples.flatMap(({ label }) => (label === null ? [] : [label])))];
  const hashes = samples.map(({ value, text }) =>
    createHash('sha256')
      .update(`${value} ${text ?? ''}`)
      .digest(),
  );
  return {
    labels,
    tensors: {
      label: hostTensor(
        'int32',
        [count],
        Int32Array.from(samples, ({ label }) => (label === null ? -1 : labels.indexOf(label))),
      ),
      split: hostTensor(
        'uint8',
        [count],
        Uint8Array.from(samples, ({ split }) => split ?? 0),
      ),
      hash: hostTensor('uint8', [count, 32], new Uint8Array(Buffer.concat(hashes))),
      ...raggedTensors('names', ragged(samples.map(({ name }) => utf8.encode(name)))),
    },
  };
}

export function imageChunk(samples: readonly TestSample[], height = 4, width = 3, channels = 1): ChunkContent {
  const count = samples.length;
  const { labels, tensors } = common(samples);
  const size = height * width * channels;
  return {
    kind: 'image',
    samples: count,
    labels,
    columns: [],
    tensors: {
      ...tensors,
      images: hostTensor(
        'uint8',
        [count, height, width, channels],
        new Uint8Array(Buffer.concat(samples.map(({ value }) => pixelsOf(value, size)))),
      ),
      look: hostTensor('uint8', [count, 8], new Uint8Array(count * 8)),
      size: hostTensor('int32', [count, 2], Int32Array.from(samples.flatMap(() => [40, 30]))),
      colour: hostTensor('uint8', [count, 3], new Uint8Array(count * 3).fill(7)),
      marks: hostTensor('uint8', [count], new Uint8Array(count)),
      ...raggedTensors('thumbs', ragged(samples.map(({ thumb }) => thumb ?? new Uint8Array(0)))),
    },
  };
}

/** Texts with one number and one text column each. */
export function textChunk(samples: readonly TestSample[]): ChunkContent {
  const { labels, tensors } = common(samples);
  return {
    kind: 'text',
    samples: samples.length,
    labels,
    columns: [
      { name: 'length', type: 'number', role: 'feature' },
      { name: 'note', type: 'text', role: 'feature' },
    ],
    tensors: {
      ...tensors,
      ...raggedTensors('text', ragged(samples.map(({ text }) => utf8.encode(text ?? '')))),
      'column.0': hostTensor(
        'float64',
        [samples.length],
        Float64Array.from(samples, ({ value }) => value),
      ),
      ...raggedTensors('column.1', ragged(samples.map(({ value }) => utf8.encode(`note ${value}`)))),
    },
  };
}

/** Writes a chunk and accepts it, as an import does. */
export function chunkFile(folder: string, name: string, content: ChunkContent): ChunkFile {
  const file = path.join(folder, `${name}.safetensors`);
  const bytes = writeChunk(content);
  writeFileSync(file, bytes);
  return { file, hash: createHash('sha256').update(bytes).digest('hex'), shape: shapeOf(content) };
}
