/** Pictures that a table names or holds: decoded like those of folders, with labels and splits from its columns. */
import type { LeftOut } from '../../../contract/dataset-intake';
import { throwIfCancelled } from '../../../contract/errors';
import type { Column, ImageOptions, Inspection } from '../../../contract/samples';
import { maxPictureBytes } from '../list-files';
import { readWhole } from '../read-file';
import { blamedOnFile, imageOptionsOf } from './decode-files';
import { countsOf } from './files';
import { imageChunk, type SampleLabel } from './image-chunk';
import { lookAt, type PictureToSee, proposePack } from './look-at-pictures';
import { badRow, leaveOut, nothing } from './outcomes';
import { pictureSample, type PictureSample } from './picture-sample';
import type { ReadChunk, ReadRequest } from './reader';
import type { TableItem, TableRow } from './table-read';
import { checkLength, labelIn, type RowRules, splitIn } from './table-rows';

/** A picture of a table; its bytes are read when their turn comes. */
export interface TablePicture extends SampleLabel {
  readonly read: () => Promise<Uint8Array>;
}

export type PictureItem = TablePicture | LeftOut;

/** Rows that hold a picture, or whose path column names one; its name is then that of the file. */
export async function* picturesNamed(
  rules: RowRules,
  batches: AsyncIterable<readonly TableItem[]>,
  signal: AbortSignal,
): AsyncGenerator<PictureItem[]> {
  const at = rules.columns.findIndex(({ role }) => role === 'path');
  for await (const batch of batches) {
    yield batch.map((item) => ('failure' in item ? item : pictureNamed(item, at, rules, signal)));
  }
}

function pictureNamed(row: TableRow, at: number, rules: RowRules, signal: AbortSignal): PictureItem {
  const { values, split, resolve } = row;
  try {
    checkLength(values, rules);
    const labels = { label: labelIn(values, rules), split: splitIn(values, rules.columns) ?? split };
    if (at < 0) {
      if (row.picture === undefined) throw badRow('It has no picture.');
      const bytes = row.picture;
      return { name: row.name, ...labels, read: () => Promise.resolve(bytes) };
    }
    const named = String(values[at] ?? '').trim();
    const read = async (): Promise<Uint8Array> => {
      if (resolve === undefined) throw badRow('It names a file, but its table lies in no folder.');
      return readWhole(await resolve(named), maxPictureBytes, signal);
    };
    const name = named === '' ? row.name : named.slice(0, 1000);
    return { name, ...labels, read };
  } catch (error) {
    return leaveOut(row.name, error);
  }
}

/** More decoded pixels than this are not gathered before a chunk is closed. */
const maxChunkBytes = 128 * 1024 * 1024;
const maxLeftOut = 1000;

/** Skips `position` pictures, then decodes one after the other into chunks. */
export async function* toPictureChunks(
  { options, position, samplesPerChunk, signal }: Omit<ReadRequest, 'sources'>,
  items: AsyncIterable<readonly PictureItem[]>,
): AsyncGenerator<ReadChunk> {
  const image = imageOptionsOf(options);
  const most = Math.min(samplesPerChunk, Math.ceil(maxChunkBytes / (image.height * image.width * image.channels)));
  let at = 0;
  let total = 0;
  let first: LeftOut | undefined;
  let gathered = new Gathered(image);
  for await (const batch of items) {
    for (const item of batch) {
      throwIfCancelled(signal);
      if (at++ < position) continue;
      await gathered.add(item);
      first ??= gathered.leftOut[0];
      if (gathered.samples.length < most && gathered.leftOut.length < maxLeftOut) continue;
      total += gathered.samples.length;
      yield gathered.finish(at);
      gathered = new Gathered(image);
    }
  }
  total += gathered.samples.length;
  if (position === 0 && total === 0) throw nothing(first);
  if (gathered.samples.length + gathered.leftOut.length > 0) yield gathered.finish(at);
}

class Gathered {
  readonly samples: PictureSample[] = [];
  readonly leftOut: LeftOut[] = [];
  private readonly labels: SampleLabel[] = [];

  constructor(private readonly image: ImageOptions) {}

  async add(item: PictureItem): Promise<void> {
    if ('failure' in item) {
      this.leftOut.push(item);
      return;
    }
    try {
      this.samples.push(await pictureSample(await item.read(), this.image));
      this.labels.push(item);
    } catch (error) {
      this.leftOut.push(leaveOut(item.name, blamedOnFile(error)));
    }
  }

  finish(position: number): ReadChunk {
    return { content: imageChunk(this.samples, this.labels, this.image), leftOut: this.leftOut, position };
  }
}

/** Names and labels of at most this many pictures are kept to look at some of them. */
const maxToSee = 100_000;

/** What an inspection says of the pictures of a table; `total`: how many there are when not all were passed in. */
export async function inspectPictures(
  columns: readonly Column[],
  items: AsyncIterable<readonly PictureItem[]>,
  total: number | undefined,
  notes: readonly string[],
  signal: AbortSignal,
): Promise<Omit<Inspection, 'reader'>> {
  const pictures: PictureToSee[] = [];
  let first: LeftOut | undefined;
  let hasGivenSplit = false;
  for await (const batch of items) {
    throwIfCancelled(signal);
    for (const item of batch) {
      if ('failure' in item) first ??= item;
      else if (pictures.length < maxToSee) {
        pictures.push(item);
        hasGivenSplit ||= item.split !== null;
      }
    }
    if (pictures.length >= maxToSee) break;
  }
  if (pictures.length === 0) throw nothing(first);
  const seen = await lookAt(pictures, signal);
  const samples = total ?? pictures.length;
  const { options, ...proposal } = proposePack(seen, samples);
  const broken = `${seen.broken} of ${seen.opened} pictures looked at cannot be read; such are left out.`;
  return {
    kind: 'image',
    samples,
    isCountExact: total === undefined && pictures.length < maxToSee,
    classes: countsOf(pictures.map(({ label }) => label)),
    hasGivenSplit,
    ...proposal,
    options: { ...options, columns: [...columns] },
    notes: [...notes, ...(seen.broken > 0 ? [broken] : [])].slice(0, 50),
  };
}
