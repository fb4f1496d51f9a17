/** The data of a data set, sample by sample, over all of its parts. */
import { AppError } from '../../contract/errors';
import type { ObjectStore } from '../storage/object-store';
import type { Part } from './manifest';
import { packFormat, thumbsFormat } from './pack-writer';
import { TensorFile } from './tensor-file';

export interface ImageShape {
  readonly height: number;
  readonly width: number;
  readonly channels: number;
}

interface OpenPart {
  readonly start: number;
  readonly count: number;
  readonly pack: TensorFile;
  readonly thumbs: TensorFile | undefined;
}

/** A part by the paths of its files. */
export interface PartFiles {
  readonly pack: string;
  readonly thumbs: string | null;
  readonly count: number;
}

export class Packs {
  private constructor(private readonly parts: readonly OpenPart[]) {}

  static async open(objects: ObjectStore, parts: readonly Part[]): Promise<Packs> {
    const files: PartFiles[] = [];
    for (const { pack, thumbs, count } of parts) {
      files.push({
        pack: await objects.path(pack),
        thumbs: thumbs === null ? null : await objects.path(thumbs),
        count,
      });
    }
    return Packs.openFiles(files);
  }

  /** For processes that know no workspace. */
  static async openFiles(parts: readonly PartFiles[]): Promise<Packs> {
    const opened: OpenPart[] = [];
    const packs = new Packs(opened);
    try {
      let start = 0;
      for (const { pack, thumbs, count } of parts) {
        const file = await TensorFile.open(pack, packFormat);
        opened.push({ start, count, pack: file, thumbs: thumbs === null ? undefined : await openThumbs(thumbs, file) });
        start += count;
      }
      return packs;
    } catch (error) {
      await packs.close();
      throw error;
    }
  }

  /** Samples in all parts. */
  get count(): number {
    return this.parts.reduce((sum, { count }) => sum + count, 0);
  }

  /** Size of all pictures; null for other kinds. */
  get image(): ImageShape | null {
    const pack = this.parts[0]?.pack;
    if (pack?.has('images') !== true) return null;
    const [, height = 0, width = 0, channels = 0] = pack.place('images').dims;
    return { height, width, channels };
  }

  /** Pixels as stored, u8 [indices, H, W, C]. Blocks: for batches of training. */
  imagesSync(indices: ArrayLike<number>): Uint8Array {
    const { height, width, channels } = this.imageOrThrow();
    const size = height * width * channels;
    const all = new Uint8Array(indices.length * size);
    for (const { part, rows, from } of this.byPart(indices)) {
      part.pack.rowsSync('images', rows, all.subarray(from * size, (from + rows.length) * size));
    }
    return all;
  }

  /** Pixels as stored, u8 [indices, H, W, C]. */
  async images(indices: ArrayLike<number>): Promise<Uint8Array> {
    const { height, width, channels } = this.imageOrThrow();
    const size = height * width * channels;
    const all = new Uint8Array(indices.length * size);
    for (const { part, rows, from } of this.byPart(indices)) all.set(await part.pack.rows('images', rows), from * size);
    return all;
  }

  /** The JPEG thumbnail of a picture; undefined where the pack's own pixels do. */
  async thumb(index: number): Promise<Uint8Array<ArrayBuffer> | undefined> {
    const { part, row } = this.find(index);
    const bytes = await part.thumbs?.value('thumbs', row);
    return bytes === undefined || bytes.length === 0 ? undefined : bytes;
  }

  /** A ragged value (`text`, `sound`, `notes`, `column.k`), or its first `limit` bytes. */
  value(name: string, index: number, limit = Infinity): Promise<Uint8Array> {
    const { part, row } = this.find(index);
    return part.pack.value(name, row, limit);
  }

  /** Several ragged values, each cut to `limit` bytes. */
  async values(name: string, indices: readonly number[], limit: number): Promise<Uint8Array[]> {
    const found: Uint8Array[] = [];
    for (const { part, rows } of this.byPart(indices)) found.push(...(await part.pack.values(name, rows, limit)));
    return found;
  }

  valueBytes(name: string, index: number): Promise<number> {
    const { part, row } = this.find(index);
    return part.pack.valueBytes(name, row);
  }

  /** The number in `column.k`. */
  async number(name: string, index: number): Promise<number> {
    const { part, row } = this.find(index);
    const bytes = await part.pack.rows(name, [row]);
    return new DataView(bytes.buffer).getFloat64(0, true);
  }

  /** A whole column of numbers, over all parts. */
  async numbers(name: string): Promise<Float64Array> {
    const columns = await Promise.all(this.parts.map(({ pack }) => pack.whole(name)));
    const all = new Float64Array(columns.reduce((sum, { byteLength }) => sum + byteLength / 8, 0));
    let at = 0;
    for (const column of columns) {
      all.set(new Float64Array(column.buffer), at);
      at += column.byteLength / 8;
    }
    return all;
  }

  async close(): Promise<void> {
    for (const { pack, thumbs } of this.parts) {
      await pack.close();
      await thumbs?.close();
    }
  }

  private imageOrThrow(): ImageShape {
    if (this.image !== null) return this.image;
    throw new AppError('data/unusable', 'This data set holds no pictures.');
  }

  private find(index: number): { part: OpenPart; row: number } {
    const part = this.parts.find(({ start, count }) => index >= start && index < start + count);
    if (part !== undefined) return { part, row: index - part.start };
    throw new AppError('call/bad-request', `There is no sample ${index} in this data set.`, { index });
  }

  /** Neighbours in `indices` that lie in one part. */
  private *byPart(indices: ArrayLike<number>): Generator<{ part: OpenPart; rows: number[]; from: number }> {
    for (let from = 0; from < indices.length;) {
      const { part } = this.find(indices[from] ?? -1);
      const rows: number[] = [];
      for (let at = from; at < indices.length; at++) {
        const row = (indices[at] ?? -1) - part.start;
        if (row < 0 || row >= part.count) break;
        rows.push(row);
      }
      yield { part, rows, from };
      from += rows.length;
    }
  }
}

async function openThumbs(thumbs: string, pack: TensorFile): Promise<TensorFile> {
  try {
    return await TensorFile.open(thumbs, thumbsFormat);
  } catch (error) {
    await pack.close();
    throw error;
  }
}
