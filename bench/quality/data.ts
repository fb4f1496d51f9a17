/** What the figures are trained and judged on: MNIST and Fashion-MNIST as `npm run setup` leaves them, and endless points of a plane. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { gunzipSync } from 'node:zlib';
import { augment, type Augmentation } from '../../models/zoo/augment';
import type { ImageShape } from '../../models/zoo/data-shape';
import { type HostTensor, hostTensor } from '../../models/tensor/host-tensor';
import { permutation, type RandomKey, randomBits, randomNormal, streamOf } from '../../models/tensor/random';
import type { Mixture } from '../../models/metrics/modes';

/** Pictures u8 [count, height, width, channels] and their classes. */
export interface Pictures {
  readonly shape: ImageShape;
  readonly count: number;
  readonly pixels: Uint8Array;
  readonly labels: Uint8Array;
}

/** A part of one of the two sets: 60,000 pictures to train on, 10,000 to judge by. */
export function pictures(set: 'mnist' | 'fashion-mnist', part: 'train' | 't10k'): Pictures {
  const read = (what: string): Buffer =>
    gunzipSync(readFileSync(path.join('assets/datasets/fetched', set, `${part}-${what}-ubyte.gz`)));
  const images = read('images-idx3');
  const [count, height, width] = [4, 8, 12].map((at) => images.readUInt32BE(at));
  if (count === undefined || height === undefined || width === undefined) throw new Error(`${set} is damaged.`);
  const shape: ImageShape = { kind: 'image', height, width, channels: 1, classes: 10 };
  return { shape, count, pixels: images.subarray(16), labels: read('labels-idx1').subarray(8) };
}

/** Some of the pictures, copied. */
export function picked({ shape, pixels, labels }: Pictures, places: ArrayLike<number>): Pictures {
  const size = shape.height * shape.width * shape.channels;
  const chosen = new Uint8Array(places.length * size);
  for (let k = 0; k < places.length; k++) {
    const from = (places[k] ?? 0) * size;
    chosen.set(pixels.subarray(from, from + size), k * size);
  }
  const count = places.length;
  return { shape, count, pixels: chosen, labels: Uint8Array.from(places, (place) => labels[place] ?? 0) };
}

/** The first `each` pictures of every class after `skipped` ones, class by class. */
export function firstOfEach(all: Pictures, each: number, skipped = 0): Pictures {
  const places = Array.from({ length: all.shape.classes }, (): number[] => []);
  all.labels.forEach((label, k) => {
    if ((places[label]?.length ?? Infinity) < skipped + each) places[label]?.push(k);
  });
  return picked(
    all,
    places.flatMap((own) => own.slice(skipped)),
  );
}

/** As a program takes them. */
export function feedsOf({ shape, count, pixels, labels }: Pictures): { x: HostTensor; labels: HostTensor } {
  return {
    x: hostTensor('uint8', [count, shape.height, shape.width, shape.channels], pixels),
    labels: whole(labels),
  };
}

/** Labels as a tensor. */
export function whole(labels: ArrayLike<number>): HostTensor {
  return hostTensor('int64', [labels.length], BigInt64Array.from(Array.from(labels, BigInt)));
}

/** Batches of a step (1, 2, ...): every picture once a pass, in a new order at each; changed as `how` says. */
export function shuffled(all: Pictures, batch: number, seed: number, how?: Augmentation) {
  const perPass = Math.floor(all.count / batch);
  let order: Uint32Array = new Uint32Array();
  let current = -1;
  return (step: number): Record<string, HostTensor> => {
    const pass = Math.floor((step - 1) / perPass);
    if (pass !== current) order = permutation({ seed, stream: streamOf('order'), step: pass }, all.count);
    current = pass;
    const start = ((step - 1) % perPass) * batch;
    const chosen = picked(all, order.subarray(start, start + batch));
    if (!how) return feedsOf(chosen);
    const key = { seed, stream: streamOf('augment'), step };
    return feedsOf({ ...chosen, pixels: augment(chosen.pixels, chosen.shape, how, key) });
  };
}

const divisor = 1.42;
const plane = (centres: readonly (readonly [number, number])[]): Mixture => ({
  centres: centres.map((centre) => centre.map((value) => value / divisor)),
  deviation: 0.05 / divisor,
});

/** Eight Gaussians on a circle of radius 2 and 25 on a grid from -2 to 2, sigma .05, all divided by 1.42, their own deviation. */
export const mixtures = {
  ring: plane(
    Array.from({ length: 8 }, (_, k) => [2 * Math.cos((k * Math.PI) / 4), 2 * Math.sin((k * Math.PI) / 4)] as const),
  ),
  grid: plane(Array.from({ length: 25 }, (_, k) => [(k % 5) - 2, Math.floor(k / 5) - 2] as const)),
};

/** Fresh points of a mixture, [count, 2]. */
export function points({ centres, deviation }: Mixture, key: RandomKey, count: number): HostTensor {
  const data = Float32Array.from({ length: 2 * count }, (_, k) => {
    const mode = randomBits({ ...key, stream: key.stream + 1 }, k >> 1)[0] % centres.length;
    return (centres[mode]?.[k % 2] ?? 0) + deviation * randomNormal(key, k);
  });
  return hostTensor('float32', [count, 2], data);
}
