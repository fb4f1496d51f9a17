/**
 * Handwritten digits with a small convolutional network: the whole of what a classifier takes. Define the net, add the loss and the optimiser,
 * run steps, then build the net a second time without them to see how it does on pictures it has not met.
 */
import type { Value } from '../graph/ir';
import { Network } from '../nn/network';
import { crossEntropy } from '../nn/losses';
import { adam } from '../optim/adam';
import { minimize } from '../optim/optimizer';
import { constantRate, cosine, warmUp } from '../optim/schedules';
import { type StepProgram, stepProgram } from '../optim/step-program';
import { cnnLogits } from '../reference/cnn';
import { streamOf } from '../tensor/random';
import { integersOf, range, shuffledBatches } from './lib/batches';
import { type Weights, withInference } from './lib/load-program';
import { digitBatch, type LabelledPictures, type PictureData, readMnist, type Shifts } from './lib/mnist';
import { type Options, type Report, rounded } from './lib/options';
import { runTraining } from './lib/run-training';

const shape = [1, 28, 28];
const recipes = {
  plain: { labelSmoothing: 0, reach: 0, rate: constantRate(1e-3) },
  best: { labelSmoothing: 0.05, reach: 2, rate: warmUp(150, cosine(3e-3, 850)) },
};

/** One training step as a graph: pictures and labels in, loss out, every weight replaced by its next value. */
function trainingStep(seed: number, batch: number, labelSmoothing: number): StepProgram {
  const net = new Network({ seed });
  const x = net.g.input('x', 'float32', [batch, ...shape]);
  const labels = net.g.input('labels', 'int64', [batch]);
  const loss = crossEntropy(net.g, cnnLogits(net, x), labels, { labelSmoothing });
  minimize(net, loss, adam());
  return stepProgram(net, 'mnist-cnn', { loss });
}

/** Share of the pictures whose class gets the largest logit. */
async function accuracyOf(weights: Weights, pictures: LabelledPictures): Promise<number> {
  const batch = Math.min(1000, pictures.labels.length);
  const forward = (net: Network): Record<string, Value> => {
    const x = net.g.input('x', 'float32', [batch, ...shape]);
    return { answer: net.g.ArgMax(cnnLogits(net, x), { axis: 1, keepdims: 0 }) };
  };
  return withInference(forward, weights, async (run) => {
    let hits = 0;
    for (let first = 0; first + batch <= pictures.labels.length; first += batch) {
      const { x } = digitBatch(pictures, range(first, batch), shape);
      const answers = integersOf(await run({ x }), 'answer');
      hits += answers.filter((answer, k) => answer === pictures.labels[first + k]).length;
    }
    return hits / pictures.labels.length;
  });
}

/** Trains on 60,000 digits, judges on 10,000. */
export async function mnistCnn(options: Options, data: PictureData = readMnist(), batch = 128): Promise<Report> {
  const { recipe = 'plain', seed } = options;
  const { labelSmoothing, reach, rate } = recipes[recipe];
  const next = shuffledBatches(data.train.labels.length, batch, seed);
  const shifts = (step: number): Shifts => ({ reach, key: { seed, stream: streamOf('shift'), step } });
  const run = await runTraining(
    trainingStep(seed, batch, labelSmoothing),
    { rate, batch: (step) => digitBatch(data.train, next(step), shape, shifts(step)) },
    options,
  );
  return { recipe, ...run.figures, testAccuracy: rounded(await accuracyOf(run.weights, data.test)) };
}
