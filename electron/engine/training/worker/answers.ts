/** How a classifier in training answers for a split: loss, accuracy, and the matrix of true and answered classes. */
import { encodeModel } from '../../../../models/graph/encode';
import { encodeGraph } from '../../../../models/graph/encode-graph';
import { createSession } from '../../../../models/runtime/session';
import type { HostTensor } from '../../../../models/tensor/host-tensor';
import type { ClassifierConfig } from '../../../../models/zoo/classifier/config';
import { classifierGraph } from '../../../../models/zoo/classifier/sampler';
import { tensorOf } from './batches';
import type { SplitOf, TrainingData } from './data';

export interface Answers {
  readonly samples: number;
  /** Mean cross-entropy, nats. */
  readonly loss: number;
  readonly accuracy: number;
  /** Counts [true class][answered class]. */
  readonly confusion: number[][];
}

const batchSize = 250;

/** On the first `most` samples of a split, taken evenly. `weights`: as they are used. */
export async function answersOn(
  split: SplitOf,
  most: number,
  data: TrainingData,
  { config, weights, threads }: { config: ClassifierConfig; weights: Readonly<Record<string, HostTensor>>; threads: number }, // prettier-ignore
): Promise<Answers> {
  const places = evenly(split.indices.length, most);
  const { classes } = data.shape;
  const confusion = Array.from({ length: classes }, () => new Array<number>(classes).fill(0));
  let [loss, right] = [0, 0];
  const model = encodeModel(encodeGraph(classifierGraph(config, data.shape, weights)));
  const session = await createSession(model, { threads });
  try {
    for (let from = 0; from < places.length; from += batchSize) {
      const own = places.subarray(from, from + batchSize);
      const x = tensorOf(data.take(own.map((place) => split.indices[place] ?? 0)), data);
      const { logits } = await session.run({ x }, ['logits']);
      if (logits?.dtype !== 'float32') continue;
      own.forEach((place, k) => {
        const truth = split.labels[place] ?? 0;
        const row = logits.data.subarray(k * classes, (k + 1) * classes);
        const answer = largest(row);
        loss += logSumExp(row) - (row[truth] ?? 0);
        if (answer === truth) right += 1;
        const counts = confusion[truth];
        if (counts) counts[answer] = (counts[answer] ?? 0) + 1;
      });
    }
  } finally {
    await session.dispose();
  }
  const samples = Math.max(1, places.length);
  return { samples: places.length, loss: loss / samples, accuracy: right / samples, confusion };
}

/** `most` of `count` places, at equal distances. */
export function evenly(count: number, most: number): Uint32Array {
  const length = Math.min(count, most);
  return Uint32Array.from({ length }, (_, k) => Math.floor((k * count) / length));
}

function largest(row: Float32Array): number {
  let best = 0;
  for (let k = 1; k < row.length; k++) if ((row[k] ?? 0) > (row[best] ?? 0)) best = k;
  return best;
}

function logSumExp(row: Float32Array): number {
  const most = row[largest(row)] ?? 0;
  return most + Math.log(row.reduce((sum, value) => sum + Math.exp(value - most), 0));
}
