/** Picture files to chunks: all decoders at once, each chunk written down when it is whole, one bad picture never more than itself. */
import { stat } from 'node:fs/promises';
import path from 'node:path';
import type { LeftOut } from '../../../contract/dataset-intake';
import { AppError, isCancelled, throwIfCancelled } from '../../../contract/errors';
import type { ReadOptions } from '../../../contract/samples';
import type { ChunkLog, ChunkRecord } from './chunk-log';
import type { ImportReaders } from './readers';
import type { ListedFile, SourceList } from './source-list';

interface FilesRequest {
  /** Files and folders that the list was made of. */
  readonly roots: readonly string[];
  readonly list: SourceList;
  readonly options: ReadOptions;
  readonly readers: ImportReaders;
  readonly log: ChunkLog;
  /** How many chunks are decoded at the same time. */
  readonly decoders: number;
  readonly signal: AbortSignal;
  /** Told after each chunk: files handled so far. */
  readonly onChunk: (handled: number) => Promise<void>;
}

export async function readFiles(request: FilesRequest): Promise<void> {
  const { list, log, decoders, signal } = request;
  const chunks = Math.ceil(list.files.length / list.chunkFiles);
  const waiting = Array.from({ length: chunks }, (_, number) => number).filter((number) => !log.has(number));
  // The first failure stops the others at their next safe point.
  const stop = new AbortController();
  const abort = (): void => stop.abort();
  signal.addEventListener('abort', abort);
  if (signal.aborted) abort();
  const failures: unknown[] = [];
  const work = async (): Promise<void> => {
    try {
      for (let number = waiting.shift(); number !== undefined; number = waiting.shift()) {
        throwIfCancelled(stop.signal);
        await readChunkOf({ ...request, signal: stop.signal }, number);
        await request.onChunk(log.handled);
      }
    } catch (error) {
      failures.push(error);
      stop.abort();
    }
  };
  await Promise.all(Array.from({ length: Math.min(decoders, waiting.length) }, work));
  signal.removeEventListener('abort', abort);
  if (failures.length > 0) throw failures.find((error) => !isCancelled(error)) ?? failures[0];
}

async function readChunkOf(request: FilesRequest, number: number): Promise<void> {
  const { list, log } = request;
  const first = number * list.chunkFiles;
  const files = list.files.slice(first, first + list.chunkFiles);
  const record = await decodeUnchanged(request, `${number}`, files);
  if (record.leftOut.some(({ failure }) => failure.code === 'file/missing'))
    await assertRootsThere(request.roots, files);
  await log.add({ number, ...record, position: Math.min(list.files.length, first + files.length) });
}

/**
 * Single files may go, and are left out; a whole folder that went (a card taken out, a disk not mounted) is no reason to
 * import what is left of it: the job stops, and goes on from here once the folder is back.
 */
async function assertRootsThere(roots: readonly string[], files: readonly ListedFile[]): Promise<void> {
  for (const root of roots) {
    if (!files.some((file) => file.path.startsWith(root + path.sep)) || (await isThere(root))) continue;
    const message = `The folder “${path.basename(root)}” is not there any more. Bring it back and retry: what was read is kept.`;
    throw new AppError('file/missing', message, { folder: root });
  }
}

function isThere(file: string): Promise<boolean> {
  return stat(file).then(
    () => true,
    () => false,
  );
}

type Decoded = Pick<ChunkRecord, 'files' | 'leftOut'>;

/** What changes while it is read is left out: nobody knows what of it was read. */
async function decodeUnchanged(request: FilesRequest, name: string, files: readonly ListedFile[]): Promise<Decoded> {
  const before = await Promise.all(files.map(stateOf));
  const isSame = files.map(({ bytes }, index) => before[index] === undefined || before[index].bytes === bytes);
  const steady = files.filter((_, index) => isSame[index] === true);
  const decoded = steady.length === 0 ? none : await decode(request, name, steady);
  const after = await Promise.all(files.map(stateOf));
  const changed = files.filter((_, index) => isSame[index] !== true || differs(before[index], after[index]));
  const stillSteady = steady.filter((file) => !changed.includes(file));
  const told: LeftOut[] = changed.map((file) => ({ name: file.name, failure: changedFailure }));
  if (stillSteady.length === steady.length) return { files: decoded.files, leftOut: [...told, ...decoded.leftOut] };
  const again = await decodeUnchanged(request, `${name}+`, stillSteady);
  return { files: again.files, leftOut: [...told, ...again.leftOut] };
}

const none: Decoded = { files: [], leftOut: [] };
const changedFailure = new AppError(
  'data/changed',
  'It changed while it was being imported, so it was left out. Import it again when it is finished.',
).toFailure();

interface FileState {
  readonly bytes: number;
  readonly modified: number;
}

/** Undefined when it is not there: the decoder says so. */
function stateOf({ path: file }: ListedFile): Promise<FileState | undefined> {
  return stat(file).then(
    ({ size, mtimeMs }) => ({ bytes: size, modified: mtimeMs }),
    () => undefined,
  );
}

function differs(before: FileState | undefined, after: FileState | undefined): boolean {
  if (before === undefined || after === undefined) return false;
  return before.bytes !== after.bytes || before.modified !== after.modified;
}

/** A chunk that ends its decoder is read again file by file, so that only the one to blame is lost. */
async function decode(request: FilesRequest, name: string, files: readonly ListedFile[]): Promise<Decoded> {
  try {
    return await decodeOnce(request, name, files);
  } catch (error) {
    if (!isDeath(error)) throw error;
    if (files.length === 1) return { files: [], leftOut: [{ name: files[0]?.name ?? '', failure: blamed }] };
  }
  const all: Decoded = { files: [], leftOut: [] };
  for (const [index, file] of files.entries()) {
    throwIfCancelled(request.signal);
    const one = await decode(request, `${name}.${index}`, [file]);
    all.files.push(...one.files);
    all.leftOut.push(...one.leftOut);
  }
  return all;
}

async function decodeOnce(request: FilesRequest, name: string, files: readonly ListedFile[]): Promise<Decoded> {
  const { readers, log, options, signal } = request;
  const file = `${name}.safetensors`;
  const sources = files.map(({ path: from, name: own, label, split }) => ({ path: from, name: own, label, split }));
  const { leftOut } = await readers.decodeFiles({ files: sources, options, chunk: log.pathOf(file) }, signal);
  return { files: [await log.look(file)], leftOut };
}

const blamed = new AppError(
  'image/decoder-died',
  'It ended the decoder, so it was left out. The other pictures went on.',
).toFailure();

function isDeath(error: unknown): boolean {
  return error instanceof AppError && (error.code === 'data/reader-died' || error.code === 'engine/crashed');
}
