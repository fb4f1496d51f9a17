/** A safetensors file of our own, open for reading single rows: no decoding, and never more in memory than what was asked for. */
import { readSync } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import path from 'node:path';
import { AppError } from '../../contract/errors';
import { headerLength, readPlaces, type TensorPlace } from '../../../models/tensor/safetensors';

/** Neighbours on disk are read together, but not more than this at once. */
const longestRead = 8 * 1024 * 1024;

const nearBytes = 256 * 1024;

interface Piece {
  /** Place in the file. */
  readonly from: number;
  readonly bytes: number;
  /** Place in the result. */
  readonly to: number;
}

export class TensorFile {
  private readonly offsets = new Map<string, Promise<Float64Array>>();

  private constructor(
    private readonly handle: FileHandle,
    private readonly name: string,
    private readonly places: ReadonlyMap<string, TensorPlace>,
    readonly metadata: Readonly<Record<string, string>>,
    readonly bytes: number,
  ) {}

  /** Throws `workspace/damaged` where the file is not what `format` says. */
  static async open(file: string, format: string): Promise<TensorFile> {
    const handle = await open(file, 'r');
    try {
      const { size } = await handle.stat();
      const start = Buffer.alloc(8);
      await handle.read(start, 0, 8, 0);
      const head = Buffer.alloc(8 + headerLength(start, size));
      await handle.read(head, 0, head.length, 0);
      const { places, metadata } = readPlaces(head, size);
      if (metadata['format'] !== format) throw new Error(`it is not of the format ${format}`);
      return new TensorFile(handle, path.basename(file), places, metadata, size);
    } catch (error) {
      await handle.close();
      throw damaged(path.basename(file), error);
    }
  }

  has(name: string): boolean {
    return this.places.has(name);
  }

  place(name: string): TensorPlace {
    const place = this.places.get(name);
    if (place !== undefined) return place;
    throw damaged(this.name, new Error(`"${name}" is missing`));
  }

  /** Rows of a tensor one after the other, in the order of `indices`. Blocks this thread: for batches, from local disks. */
  rowsSync(name: string, indices: ArrayLike<number>, target?: Uint8Array): Uint8Array {
    const place = this.place(name);
    const result = target ?? new Uint8Array(indices.length * rowBytes(place));
    for (const { from, bytes, to } of pieces(place, indices)) {
      let done = 0;
      while (done < bytes) {
        const count = readSync(this.handle.fd, result, to + done, bytes - done, from + done);
        if (count === 0) throw damaged(this.name, new Error('it ends too early'));
        done += count;
      }
    }
    return result;
  }

  /** The same without blocking. */
  async rows(name: string, indices: ArrayLike<number>): Promise<Uint8Array> {
    const place = this.place(name);
    const result = new Uint8Array(indices.length * rowBytes(place));
    for (const { from, bytes, to } of pieces(place, indices)) await this.fill(result.subarray(to, to + bytes), from);
    return result;
  }

  /** The whole of a tensor's bytes. */
  async whole(name: string): Promise<Uint8Array> {
    const { from, to } = this.place(name);
    const bytes = new Uint8Array(to - from);
    await this.fill(bytes, from);
    return bytes;
  }

  /** One ragged value, or its first `limit` bytes. */
  async value(name: string, index: number, limit = Infinity): Promise<Uint8Array<ArrayBuffer>> {
    const offsets = await this.offsetsOf(name);
    const begin = offsets[index] ?? 0;
    const end = offsets[index + 1] ?? begin;
    const { from, to } = this.place(`${name}.bytes`);
    const bytes = Math.max(0, Math.min(end, to - from) - begin);
    const result = new Uint8Array(Math.min(bytes, limit));
    await this.fill(result, from + begin);
    return result;
  }

  /** Several ragged values, each cut to `limit` bytes; neighbours that are short are read together. */
  async values(name: string, indices: readonly number[], limit: number): Promise<Uint8Array[]> {
    const offsets = await this.offsetsOf(name);
    const found: Uint8Array[] = [];
    for (let at = 0; at < indices.length;) {
      const first = indices[at] ?? 0;
      const begin = offsets[first] ?? 0;
      let count = 1;
      const isNear = (): boolean => (offsets[first + count + 1] ?? Infinity) - begin <= nearBytes;
      while (indices[at + count] === first + count && isNear()) count++;
      if (count === 1) found.push(await this.value(name, first, limit));
      else {
        const bytes = new Uint8Array((offsets[first + count] ?? begin) - begin);
        await this.fill(bytes, this.place(`${name}.bytes`).from + begin);
        for (let k = first; k < first + count; k++) {
          const start = (offsets[k] ?? 0) - begin;
          found.push(bytes.subarray(start, Math.min((offsets[k + 1] ?? 0) - begin, start + limit)));
        }
      }
      at += count;
    }
    return found;
  }

  /** Length in bytes of one ragged value. */
  async valueBytes(name: string, index: number): Promise<number> {
    const offsets = await this.offsetsOf(name);
    return (offsets[index + 1] ?? 0) - (offsets[index] ?? 0);
  }

  /** Where each ragged value begins; the last one is where all end. Loaded once. */
  offsetsOf(name: string): Promise<Float64Array> {
    const known = this.offsets.get(name);
    if (known !== undefined) return known;
    const loading = this.whole(`${name}.offsets`).then(toNumbers);
    this.offsets.set(name, loading);
    return loading;
  }

  async close(): Promise<void> {
    await this.handle.close();
  }

  private async fill(target: Uint8Array, from: number): Promise<void> {
    let done = 0;
    while (done < target.length) {
      const { bytesRead } = await this.handle.read(target, done, target.length - done, from + done);
      if (bytesRead === 0) throw damaged(this.name, new Error('it ends too early'));
      done += bytesRead;
    }
  }
}

function rowBytes({ from, to, dims }: TensorPlace): number {
  return (to - from) / Math.max(1, dims[0] ?? 1);
}

/** Runs of neighbouring rows become one piece each. */
function* pieces(place: TensorPlace, indices: ArrayLike<number>): Generator<Piece> {
  const size = rowBytes(place);
  const rows = place.dims[0] ?? 0;
  for (let start = 0; start < indices.length;) {
    const first = indices[start] ?? -1;
    let end = start + 1;
    while (end < indices.length && indices[end] === first + end - start && (end - start) * size < longestRead) end++;
    if (!(first >= 0 && first + end - start <= rows)) {
      throw new AppError('call/bad-request', `There is no sample ${first}.`, { index: first });
    }
    yield { from: place.from + first * size, bytes: (end - start) * size, to: start * size };
    start = end;
  }
}

/** u64, little-endian, to ordinary numbers, without making a BigInt of each. */
export function toNumbers(bytes: Uint8Array): Float64Array {
  const words = new Uint32Array(bytes.slice().buffer);
  const numbers = new Float64Array(words.length / 2);
  for (let i = 0; i < numbers.length; i++) numbers[i] = (words[2 * i] ?? 0) + (words[2 * i + 1] ?? 0) * 2 ** 32;
  return numbers;
}

function damaged(name: string, cause: unknown): AppError {
  const reason = cause instanceof Error ? cause.message : String(cause);
  const message = `A file of this workspace is damaged (${name}). Restore it from a backup, or import the data again.`;
  return new AppError('workspace/damaged', message, { reason }, { cause });
}
