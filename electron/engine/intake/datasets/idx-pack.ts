/** Pictures that all have one size and lie one after the other, as in IDX files, to the content of a chunk. */
import { setImmediate } from 'node:timers/promises';
import type { ImageOptions } from '../../../contract/samples';
import type { HostTensor } from '../../../../models/tensor/host-tensor';
import { type ChunkContent, raggedTensors } from '../../datasets/chunk';
import type { Pixels } from '../pixels';
import { digestInto } from './digest';
import { fitPixels } from './fit';
import { greyLooks } from './grey-looks';
import { commonColumns, type SampleLabel } from './image-chunk';
import { hashGrid, lumaOf, perceptualHash } from './perceptual-hash';
import { channelsOf } from './picture-sample';

export interface Frame {
  readonly height: number;
  readonly width: number;
  readonly channels: 1 | 3;
}

/** So many pictures are looked at before what waits gets its turn: unpacking the next ones, writing the last. */
const perTurn = 256;

/** The chunk of these pictures, one for each of `labels`. It may share the memory of `bytes`. */
export async function packFrames(
  bytes: Uint8Array,
  labels: readonly SampleLabel[],
  frame: Frame,
  target: ImageOptions,
): Promise<ChunkContent> {
  const size = frame.height * frame.width * frame.channels;
  const packed = target.height * target.width * target.channels;
  const isSame = frame.height === target.height && frame.width === target.width && frame.channels === target.channels;
  const count = labels.length;
  const images = isSame ? bytes : new Uint8Array(count * packed);
  const hashes = Buffer.alloc(count * 32);
  const [looks, colours] = [new Uint8Array(count * 8), new Uint8Array(count * 3)];
  const look = frame.channels === 1 ? greyMarks(bytes, frame, looks, colours) : colourMarks(bytes, frame, looks, colours); // prettier-ignore
  for (let k = 0; k < count; k++) {
    if (k % perTurn === perTurn - 1) await setImmediate();
    const one = bytes.subarray(k * size, (k + 1) * size);
    if (!isSame) images.set(refit(one, frame, target), k * packed);
    digestInto(hashes, k * 32, one);
    look(k);
  }
  const { names, tensors } = commonColumns(
    labels,
    bytesTensor(new Uint8Array(hashes.buffer, hashes.byteOffset, hashes.length), count, 32),
  );
  return {
    kind: 'image',
    samples: count,
    labels: names,
    columns: [],
    tensors: {
      ...tensors,
      images: { dtype: 'uint8', dims: [count, target.height, target.width, target.channels], data: images },
      look: bytesTensor(looks, count, 8),
      size: { dtype: 'int32', dims: [count, 2], data: sizesOf(count, frame) },
      colour: bytesTensor(colours, count, 3),
      marks: { dtype: 'uint8', dims: [count], data: new Uint8Array(count) },
      ...raggedTensors('thumbs', { bytes: new Uint8Array(0), offsets: new Uint32Array(count + 1) }),
    },
  };
}

function bytesTensor(data: Uint8Array, count: number, width: number): HostTensor {
  return { dtype: 'uint8', dims: [count, width], data };
}

function sizesOf(count: number, { height, width }: Frame): Int32Array<ArrayBuffer> {
  const sizes = new Int32Array(2 * count);
  for (let k = 0; k < count; k++) {
    sizes[2 * k] = height;
    sizes[2 * k + 1] = width;
  }
  return sizes;
}

/** Writes fingerprint and mean colour of one picture after the other. */
type Marks = (bytes: Uint8Array, frame: Frame, looks: Uint8Array, colours: Uint8Array) => (k: number) => void;

const greyMarks: Marks = (bytes, { height, width }, looks, colours) => {
  const look = greyLooks(bytes, height, width);
  return (k) => void colours.fill(look(k * height * width, looks, 8 * k), 3 * k, 3 * k + 3);
};

const colourMarks: Marks = (bytes, { height, width }, looks, colours) => {
  const grid = hashGrid(height, width);
  const grey = new Float32Array(height * width);
  return (k) => {
    const sums = [0, 0, 0];
    for (let i = 0, at = 3 * k * grey.length; i < grey.length; i++, at += 3) {
      const [red = 0, green = 0, blue = 0] = [bytes[at], bytes[at + 1], bytes[at + 2]];
      grey[i] = lumaOf(red | (green << 8) | (blue << 16));
      sums[0] = (sums[0] ?? 0) + red;
      sums[1] = (sums[1] ?? 0) + green;
      sums[2] = (sums[2] ?? 0) + blue;
    }
    looks.set(perceptualHash(grey, grid), 8 * k);
    sums.forEach((sum, channel) => (colours[3 * k + channel] = Math.round(sum / grey.length)));
  };
};

/** Grey levels become all three colours. */
export function framePixels(bytes: Uint8Array, { height, width, channels }: Frame): Pixels {
  const data = new Int32Array(height * width);
  for (let i = 0; i < data.length; i++) {
    const at = i * channels;
    const [red = 0, green = 0, blue = 0] = channels === 1 ? [bytes[at], bytes[at], bytes[at]] : [bytes[at], bytes[at + 1], bytes[at + 2]]; // prettier-ignore
    data[i] = 0xff000000 | (blue << 16) | (green << 8) | red;
  }
  return { data, height, width };
}

/** Another size or number of channels. */
function refit(bytes: Uint8Array, frame: Frame, target: ImageOptions): Uint8Array {
  return channelsOf(fitPixels(framePixels(bytes, frame), target), target.channels);
}
