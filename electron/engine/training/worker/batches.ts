/** The batch of a step: which samples, in which order, changed in which way. It depends on the seed and the step alone. */
import { hostTensor, type HostTensor } from '../../../../models/tensor/host-tensor';
import { permutation, streamOf } from '../../../../models/tensor/random';
import { augment, type Augmentation, augments } from '../../../../models/zoo/augment';
import type { Samples, TrainingData } from './data';

export interface Batch {
  readonly x: HostTensor;
  readonly labels: HostTensor;
}

const orderStream = streamOf('order');
const changeStream = streamOf('augment');

/** Places in `0..count-1` of the samples of a step (1, 2, ...): every one once an epoch, in a new order each time. */
function orderOf(count: number, batch: number, seed: number): (step: number) => Uint32Array {
  const orders = new Map<number, Uint32Array>();
  const orderAt = (epoch: number): Uint32Array => {
    const known = orders.get(epoch);
    if (known !== undefined) return known;
    const order = permutation({ seed, stream: orderStream, step: epoch }, count);
    for (const old of orders.keys()) if (old < epoch - 1) orders.delete(old);
    orders.set(epoch, order);
    return order;
  };
  return (step) => {
    const first = (step - 1) * batch;
    return Uint32Array.from({ length: batch }, (_, k) => {
      const place = first + k;
      return orderAt(Math.floor(place / count))[place % count] ?? 0;
    });
  };
}

/** Batches of the training split as tensors. */
export function batchesOf(
  data: TrainingData,
  batch: number,
  seed: number,
  augmentation: Augmentation | undefined,
): (step: number) => Batch {
  const { train, shape } = data;
  const order = orderOf(train.indices.length, batch, seed);
  const change = augmentation !== undefined && shape.kind === 'image' && augments(augmentation);
  return (step) => {
    const places = order(step);
    const taken = data.take(places.map((place) => train.indices[place] ?? 0));
    const isChanged = change && taken instanceof Uint8Array;
    const x = isChanged ? augment(taken, shape, augmentation, { seed, stream: changeStream, step }) : taken;
    const labels = new BigInt64Array(batch);
    for (let k = 0; k < batch; k++) labels[k] = BigInt(train.labels[places[k] ?? 0] ?? 0);
    return { x: tensorOf(x, data), labels: hostTensor('int64', [batch], labels) };
  };
}

/** As step programs and graphs for evaluation take samples. */
export function tensorOf(samples: Samples, { shape }: Pick<TrainingData, 'shape'>): HostTensor {
  if (samples instanceof Uint8Array) {
    if (shape.kind !== 'image') throw new TypeError('Bytes are pictures.');
    const { height, width, channels } = shape;
    return hostTensor('uint8', [samples.length / (height * width * channels), height, width, channels], samples);
  }
  const width = shape.kind === 'vector' ? shape.width : 1;
  return hostTensor('float32', [samples.length / width, width], samples);
}
