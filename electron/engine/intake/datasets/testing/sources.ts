/** Source heads and whole reads for tests of readers. */
import { createHash } from 'node:crypto';
import { closeSync, mkdirSync, mkdtempSync, openSync, readSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { afterAll, beforeAll } from 'vitest';
import { AppError } from '../../../../contract/errors';
import type { ReadOptions } from '../../../../contract/samples';
import { raggedOf, readChunk, writeChunk } from '../../../datasets/chunk';
import type { DatasetReader, ReadChunk, SourceHead } from '../reader';

export const never: AbortSignal = new AbortController().signal;

interface Folder {
  /** Writes a file and tells its head, as the frame does. */
  source(name: string, content: string | Uint8Array): SourceHead;
  path(name: string): string;
}

/** A folder for the tests of one file, removed at their end. */
export function testFolder(): Folder {
  let dir = '';
  beforeAll(() => {
    dir = mkdtempSync(join(tmpdir(), 'readers-'));
  });
  afterAll(() => rmSync(dir, { recursive: true, force: true }));
  return {
    path: (name) => join(dir, name),
    source(name, content) {
      const path = join(dir, name);
      mkdirSync(dirname(path), { recursive: true });
      writeFileSync(path, content);
      return headOf(path, name);
    },
  };
}

export function headOf(path: string, name: string): SourceHead {
  const bytes = statSync(path).size;
  const head = Buffer.alloc(Math.min(4096, bytes));
  const file = openSync(path, 'r');
  readSync(file, head, 0, head.length, 0);
  closeSync(file);
  const isGzip = head[0] === 0x1f && head[1] === 0x8b;
  return { path, name, bytes, isGzip, head: isGzip ? unpackedHead(head) : head };
}

function unpackedHead(head: Buffer): Uint8Array {
  try {
    return gunzipSync(head, { finishFlush: 2 }).subarray(0, 4096);
  } catch {
    return new Uint8Array(0);
  }
}

interface Read {
  kind: string;
  names: string[];
  labels: (string | null)[];
  splits: number[];
  texts: string[];
  /** Values of the chunk's columns by name. */
  columns: Record<string, (number | string)[]>;
  leftOut: { name: string; code: string; message: string }[];
  /** Of everything that was read, so that two reads can be compared. */
  digest: string;
  positions: number[];
}

interface ReadArguments {
  options?: ReadOptions;
  position?: number;
  samplesPerChunk?: number;
  signal?: AbortSignal;
}

export async function readChunks(
  reader: DatasetReader,
  sources: readonly SourceHead[],
  { options = {}, position = 0, samplesPerChunk = 100, signal = never }: ReadArguments = {},
): Promise<ReadChunk[]> {
  const chunks: ReadChunk[] = [];
  for await (const chunk of reader.open({ sources, options, position, samplesPerChunk, signal })) {
    // What the engine will see of it.
    chunks.push({ ...chunk, content: readChunk(writeChunk(chunk.content)) });
  }
  return chunks;
}

/** Reads everything and puts it together. */
export async function readAll(
  reader: DatasetReader,
  sources: readonly SourceHead[],
  settings: ReadArguments = {},
): Promise<Read> {
  return joined(await readChunks(reader, sources, settings));
}

function joined(chunks: readonly ReadChunk[]): Read {
  const all: Read = {
    kind: '',
    names: [],
    labels: [],
    splits: [],
    texts: [],
    columns: {},
    leftOut: [],
    digest: '',
    positions: [],
  };
  // A column may be called __proto__.
  Object.setPrototypeOf(all.columns, null);
  const hash = createHash('sha256');
  for (const { content, leftOut, position } of chunks) {
    all.kind = content.kind;
    all.positions.push(position);
    all.names.push(...textsOf(content, 'names'));
    const label = content.tensors['label']?.data;
    if (label instanceof Int32Array) all.labels.push(...[...label].map((index) => content.labels[index] ?? null));
    const split = content.tensors['split']?.data;
    if (split instanceof Uint8Array) all.splits.push(...split);
    if (content.tensors['text.bytes'] !== undefined) all.texts.push(...textsOf(content, 'text'));
    content.columns.forEach(({ name, type }, k) => {
      const data = content.tensors[`column.${k}`]?.data;
      const values = type === 'number' && data instanceof Float64Array ? [...data] : textsOf(content, `column.${k}`);
      (all.columns[name] ??= []).push(...values);
    });
    all.leftOut.push(...leftOut.map(({ name, failure }) => ({ name, code: failure.code, message: failure.message })));
    const own = content.tensors['hash']?.data;
    if (own instanceof Uint8Array) hash.update(own);
    for (const name of ['sound', 'notes']) {
      if (content.tensors[`${name}.bytes`] !== undefined) hash.update(raggedOf(content, name).bytes);
    }
  }
  hash.update(JSON.stringify([all.names, all.labels, all.splits, all.texts, all.columns, all.leftOut]));
  return { ...all, digest: hash.digest('hex') };
}

function textsOf(content: ReadChunk['content'], name: string): string[] {
  const { bytes, offsets } = raggedOf(content, name);
  return Array.from({ length: content.samples }, (_, i) =>
    Buffer.from(bytes.subarray(offsets[i], offsets[i + 1])).toString(),
  );
}

/** The code that reading and inspecting end with, or how many samples there were; anything else thrown is a defect. */
export async function outcomeOf(reader: DatasetReader, sources: readonly SourceHead[]): Promise<string> {
  try {
    if (!reader.match(sources)) return 'no match';
    const { options } = await reader.inspect(sources, never);
    const { names, leftOut } = await readAll(reader, sources, { options });
    return `${names.length} samples, ${leftOut.length} left out`;
  } catch (error) {
    if (error instanceof AppError && error.code !== 'engine/internal') return error.code;
    throw error;
  }
}

/** Reads on after each chunk, as after a kill, and expects the same as from one read. */
export async function readInPieces(
  reader: DatasetReader,
  sources: readonly SourceHead[],
  settings: ReadArguments = {},
): Promise<Read> {
  const chunks: ReadChunk[] = [];
  for (let position = settings.position ?? 0; ;) {
    let next: ReadChunk | undefined;
    const request = { sources, options: {}, samplesPerChunk: 100, signal: never, ...settings, position };
    for await (const chunk of reader.open(request)) {
      next = chunk;
      break;
    }
    if (next === undefined) return joined(chunks);
    chunks.push({ ...next, content: readChunk(writeChunk(next.content)) });
    position = next.position;
  }
}
