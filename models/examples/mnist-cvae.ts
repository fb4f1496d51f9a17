/**
 * A variational autoencoder that is told the class (Kingma and Welling 2014; Sohn, Lee, Yan 2015): afterwards its decoder draws any digit asked
 * for. All random numbers of a step are made inside the graph, from seed and step.
 */
import type { Value } from '../graph/ir';
import { dense, embedding } from '../nn/layers';
import { binaryCrossEntropy, gaussianKl } from '../nn/losses';
import { Network } from '../nn/network';
import { randomNormalTensor } from '../nn/random';
import { adam } from '../optim/adam';
import { averageWeights } from '../optim/gradient-transforms';
import { minimize } from '../optim/optimizer';
import { constantThenCosine, warmUp } from '../optim/schedules';
import { type StepProgram, stepProgram } from '../optim/step-program';
import { normals, streamOf } from '../tensor/random';
import { floats, floatsOf, integers, range, shuffledBatches } from './lib/batches';
import { writeSheet } from './lib/drawing';
import { averagesOf, type Weights, withInference } from './lib/load-program';
import { area, digitBatch, type LabelledPictures, type PictureData, readMnist, side } from './lib/mnist';
import { type Options, outputPath, type Report, rounded } from './lib/options';
import { runTraining } from './lib/run-training';

const classes = 10;
const latents = 16;
const width = 512;
/** Latents are drawn with this deviation, not 1: fewer kinds of digits, but nearly all of them legible. */
const priorScale = 0.8;

const classVector = (net: Network, labels: Value): Value => embedding(net, 'class', labels, classes, 64);

/** Two hidden layers. */
function mlp(net: Network, name: string, x: Value, outputs: number): Value {
  return net.scope(name, () => {
    const hidden = [0, 1].reduce((h, layer) => net.g.Relu(dense(net, `${layer}`, h, width)), x);
    return dense(net, 'out', hidden, outputs);
  });
}

/**
 * Latents [N, 16] and labels int64 [N] to logits of the pixels [N, 784]. A class is a learnt vector: 64 numbers of about 1 cannot be overlooked
 * beside 16 latents. With a single 1 among ten zeros, only 68 of 100 digits drawn were of the class asked for (after 2,000 steps), now all are.
 */
const decoder = (net: Network, latent: Value, labels: Value): Value =>
  mlp(net, 'decoder', net.g.Concat(latent, classVector(net, labels), { axis: 1 }), area);

/** Minus the evidence lower bound of a batch, a mean per picture in nats. Inputs: x float32 [batch, 784] in 0..1, labels int64 [batch]. */
function negativeElbo(net: Network, batch: number): Value {
  const { g } = net;
  const x = g.input('x', 'float32', [batch, area]);
  const labels = g.input('labels', 'int64', [batch]);
  const code = mlp(net, 'encoder', g.Concat(g.Sub(g.Mul(x, 2), 1), classVector(net, labels), { axis: 1 }), 2 * latents);
  const [mean = code, logVariance = code] = g.Split(code, { axis: 1, num_outputs: 2 }); // [batch, 16] each
  const noise = randomNormalTensor(net, 'noise', [batch, latents]);
  const logits = decoder(net, g.Add(mean, g.Mul(noise, g.Exp(g.Mul(logVariance, 0.5)))), labels);
  const loss = g.Add(binaryCrossEntropy(g, logits, x, 'sum'), gaussianKl(g, mean, logVariance, 'sum'));
  return g.Div(loss, batch);
}

function trainingStep(seed: number, batch: number): StepProgram {
  const net = new Network({ seed });
  const loss = negativeElbo(net, batch);
  minimize(net, loss, adam());
  averageWeights(net, 0.998);
  return stepProgram(net, 'mnist-cvae', { loss });
}

async function testLoss(weights: Weights, data: LabelledPictures, seed: number): Promise<number> {
  const count = data.labels.length;
  const scalars = { seed: integers([], [seed]), step: integers([], [0]) };
  const feeds = { ...digitBatch(data, range(0, count), [area]), ...scalars };
  const results = await withInference(
    (net) => ({ loss: negativeElbo(net, count) }),
    weights,
    (run) => run(feeds),
  );
  return floatsOf(results, 'loss')[0] ?? NaN;
}

/** Ten digits of each class, a row each: [100, 28, 28] in 0..1. */
async function draw(weights: Weights, seed: number): Promise<Float32Array> {
  const count = 10 * classes;
  const forward = (net: Network): Record<string, Value> => {
    const latent = net.g.input('latent', 'float32', [count, latents]);
    const logits = decoder(net, latent, net.g.input('labels', 'int64', [count]));
    return { pixels: net.g.Sigmoid(logits) };
  };
  const latent = floats([count, latents], normals({ seed, stream: streamOf('sample') }, count * latents, 0, priorScale)); // prettier-ignore
  const labels = integers(
    [count],
    Array.from({ length: count }, (_, k) => Math.floor(k / 10)),
  );
  return floatsOf(await withInference(forward, weights, (run) => run({ latent, labels })), 'pixels');
}

/** Trains on 60,000 digits, judges on 10,000, draws a hundred. */
export async function mnistCvae(options: Options, data: PictureData = readMnist(), batch = 128): Promise<Report> {
  const next = shuffledBatches(data.train.labels.length, batch, options.seed);
  const run = await runTraining(
    trainingStep(options.seed, batch),
    {
      rate: warmUp(30, constantThenCosine(1e-3, 970, 0.5)),
      batch: (step) => digitBatch(data.train, next(step), [area]),
    },
    options,
  );
  const weights = averagesOf(run.weights);
  const picture = outputPath(options, 'mnist-cvae.png');
  writeSheet(picture, await draw(weights, options.seed), 10, side);
  const testNegativeElbo = rounded(await testLoss(weights, data.test, options.seed), 2);
  return { ...run.figures, testNegativeElbo, picture };
}
