/** The files of an import in a fixed order, written down before the first is opened: what comes later does not get in, what goes is told. */
import { mkdir, readFile, rename, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import * as z from 'zod';
import { leftOutSchema, type LeftOut, unpackedSchema } from '../../../contract/dataset-intake';
import { AppError, errorCodeSchema } from '../../../contract/errors';
import { splitSchema } from '../../../contract/samples';
import type { FoundFile } from '../../../contract/workers';
import { durableStream, syncFolder } from '../../storage/durable-write';
import { labelsFromFolders, nameInDrop } from '../folder-labels';
import type { ImportParameters } from './parameters';
import type { ImportReaders } from './readers';

const listedSchema = z.strictObject({
  path: z.string(),
  name: z.string(),
  label: z.string().nullable(),
  split: splitSchema.nullable(),
  bytes: z.int(),
});
export type ListedFile = z.infer<typeof listedSchema>;

const listSchema = z.strictObject({
  /** Files to a chunk. */
  chunkFiles: z.int().min(1),
  files: z.array(listedSchema),
  leftOut: z.array(leftOutSchema),
});
export type SourceList = z.infer<typeof listSchema>;

const listName = 'sources.json';
const pictureNames = /\.(jpe?g|jfif|png|webp|gif|avif)$/i;
const maxUnpackedBytes = 256 * 1024 ** 3;
const maxUnpackedFiles = 1_000_000;

interface ListRequest {
  readonly parameters: ImportParameters;
  readonly folder: string;
  readonly root: string;
  readonly readers: ImportReaders;
  readonly chunkFiles: (files: number) => number;
  readonly signal: AbortSignal;
}

/** Lists once; the second time it reads what the first one wrote down. */
export async function sourceList(request: ListRequest): Promise<SourceList> {
  const file = path.join(request.folder, listName);
  const known = await readFile(file, 'utf8').catch(() => undefined);
  if (known !== undefined) return listSchema.parse(JSON.parse(known));
  const listed = request.parameters.isArchive ? await fromArchive(request) : await fromFolders(request);
  if (listed.files.length === 0) throw new AppError('data/empty', 'There is no picture in it that could be imported.');
  const list = { ...listed, chunkFiles: request.chunkFiles(listed.files.length) };
  await durableStream(file, { replace: true }, (sink) => sink.write(JSON.stringify(list)));
  return list;
}

async function fromFolders({ parameters, readers, signal }: ListRequest): Promise<Omit<SourceList, 'chunkFiles'>> {
  const found: FoundFile[] = [];
  await readers.list(parameters.paths, signal, (files) => {
    for (const file of files) found.push({ ...file, name: nameInDrop(parameters.paths, file) });
  });
  const leftOut: LeftOut[] = [];
  const files = found.filter(({ name, refused }) => {
    if (refused === undefined) return true;
    const code = errorCodeSchema.safeParse(refused.code);
    const failure = new AppError(code.success ? code.data : 'file/unreadable', refused.message).toFailure();
    leftOut.push({ name, failure });
    return false;
  });
  return { files: withLabels(files), leftOut };
}

/** Only pictures say which folders name classes: a README beside them must not. */
function withLabels(found: readonly { path: string; name: string; bytes: number }[]): ListedFile[] {
  const isCounted = found.map(({ name }) => pictureNames.test(name));
  const counted = found.filter((_, index) => isCounted[index] === true);
  const labels = labelsFromFolders(counted.map(({ name }) => name));
  let next = 0;
  return found.map(({ path: place, name, bytes }, index) => {
    const placed = isCounted[index] === true ? labels[next++] : undefined;
    return { path: place, name, bytes, label: placed?.label ?? null, split: placed?.split ?? null };
  });
}

async function fromArchive(request: ListRequest): Promise<Omit<SourceList, 'chunkFiles'>> {
  const { listing, leftOut } = await unpackedArchive(request);
  const folder = path.dirname(listing);
  const lines = (await readFile(listing, 'utf8')).split('\n').filter((line) => line !== '');
  const entries = lines.map((line) => unpackedSchema.parse(JSON.parse(line)));
  return {
    files: withLabels(entries.map(({ file, name, bytes }) => ({ path: path.join(folder, file), name, bytes }))),
    leftOut,
  };
}

const unpackedRecordSchema = z.strictObject({ listing: z.string(), leftOut: z.array(leftOutSchema) });

/** The archive's files in this job's own folder: unpacked by the inspection before, by an earlier attempt, or now. */
export async function unpackedArchive({
  parameters,
  folder,
  root,
  readers,
  signal,
}: Omit<ListRequest, 'chunkFiles'>): Promise<{ listing: string; leftOut: LeftOut[] }> {
  const own = path.join(folder, 'unpacked');
  if (parameters.unpacked !== null) {
    const before = path.join(root, parameters.unpacked);
    if ((await isThere(path.join(before, unpackedName))) && !(await isThere(own))) await rename(before, own);
  }
  const record = path.join(own, unpackedName);
  if (!(await isThere(record))) {
    // What an attempt began and did not finish.
    await rm(own, { recursive: true, force: true });
    await unpackInto(own, parameters.paths[0] ?? '', readers, signal);
  }
  const { listing, leftOut } = unpackedRecordSchema.parse(JSON.parse(await readFile(record, 'utf8')));
  return { listing: path.join(own, listing), leftOut };
}

const unpackedName = 'unpacked.json';

/** Unpacks into a folder that is not there yet; a record in it says that it is whole. */
export async function unpackInto(
  folder: string,
  archive: string,
  readers: Pick<ImportReaders, 'unpack'>,
  signal: AbortSignal,
  onProgress: (share: number) => void = () => undefined,
): Promise<{ listing: string }> {
  await mkdir(folder, { recursive: true });
  const request = { path: archive, folder, maxBytes: maxUnpackedBytes, maxFiles: maxUnpackedFiles };
  const { listing, leftOut } = await readers.unpack(request, signal, onProgress);
  const record = { listing: path.relative(folder, listing), leftOut };
  await durableStream(path.join(folder, unpackedName), { replace: true }, (sink) => sink.write(JSON.stringify(record)));
  await syncFolder(path.dirname(folder));
  return { listing };
}

function isThere(file: string): Promise<boolean> {
  return stat(file).then(
    () => true,
    () => false,
  );
}
