/** The evidence lower bound, as Kingma and Welling 2014 have it (equation 10, one sample), and the training step. */
import type { Builder } from '../../graph/builder-type';
import type { Value } from '../../graph/ir';
import { binaryCrossEntropy, gaussianKl, meanSquaredError } from '../../nn/losses';
import { Network } from '../../nn/network';
import { randomNormalTensor, randomShortsTensor } from '../../nn/random';
import { adam } from '../../optim/adam';
import { averageWeights } from '../../optim/gradient-transforms';
import { minimize } from '../../optim/optimizer';
import { stepProgram } from '../../optim/step-program';
import { dtypeNumber } from '../../tensor/dtype';
import { labelsInput, picturesOf, storedInput } from '../batch';
import { type DataShape, sampleSize } from '../data-shape';
import { rateOf } from '../training-fields';
import type { TrainingPlan } from '../training-plan';
import type { VaeConfig } from './config';
import { decode, encode, isConditional, type VaeParts } from './network';

/** Means over the batch, in nats a sample. */
export interface Bound {
  /** Minus the bound: reconstruction + KL (the divergence unweighted). */
  readonly loss: Value;
  readonly reconstruction: Value;
  readonly kl: Value;
}

/** Mean of every pixel over the training data in 0..1, [C H W]: the decoder's first bias, so that training begins at the mean picture. */
function logOdds(means: Float32Array): Float32Array {
  return means.map((mean) => {
    const inside = Math.min(0.999, Math.max(0.001, mean));
    return Math.log(inside / (1 - inside));
  });
}

/**
 * Builds encoder, one latent sample and decoder for a batch of stored samples. Random numbers come from the inputs `seed` and `step`.
 * `x` u8 [N, H, W, C] or float32 [N, width]; `labels` where conditional.
 */
export function negativeBound(
  net: Network,
  config: VaeConfig,
  shape: DataShape,
  batch: number,
  bias?: Float32Array,
): Bound {
  const { g } = net;
  const stored = storedInput(net, shape, batch);
  const parts: VaeParts = { config, shape, ...(isConditional(config, shape) && { labels: labelsInput(net, batch) }) };
  const grey = shape.kind === 'image' ? g.Flatten(picturesOf(g, stored, shape, 0, 1)) : stored; // [N, size]
  const x = config.binarize && shape.kind === 'image' ? drawn(net, grey, [batch, sampleSize(shape)]) : grey;
  const { mean, logVariance } = encode(net, x, parts);
  const noise = randomNormalTensor(net, 'noise', [batch, config.latent]);
  const latent = g.Add(mean, g.Mul(noise, g.Exp(g.Mul(logVariance, 0.5))));
  const decoded = decode(net, latent, parts, bias);
  const reconstruction = g.Div(minusLogLikelihood(g, decoded, x, config, shape), batch);
  const kl = g.Div(gaussianKl(g, mean, logVariance, 'sum'), batch);
  return { loss: g.Add(reconstruction, kl), reconstruction, kl };
}

/** Black or white, with the grey value as probability. */
function drawn(net: Network, grey: Value, dims: readonly number[]): Value {
  const isWhite = net.g.Less(randomShortsTensor(net, 'binarize', dims), grey);
  return net.g.Cast(isWhite, { to: dtypeNumber('float32') });
}

/** Summed over the batch, in nats. */
function minusLogLikelihood(g: Builder, decoded: Value, x: Value, config: VaeConfig, shape: DataShape): Value {
  if (config.likelihood === 'bernoulli' && shape.kind === 'image') return binaryCrossEntropy(g, decoded, x, 'sum');
  const { deviation } = config;
  const mean = shape.kind === 'image' ? g.Sigmoid(decoded) : decoded;
  const squares = g.Mul(meanSquaredError(g, mean, x, 'sum'), 0.5 / deviation ** 2);
  const count = (x.dims[0] ?? 1) * sampleSize(shape);
  return g.Add(squares, count * (Math.log(deviation) + 0.5 * Math.log(2 * Math.PI)));
}

/** The plan: a step reports `loss`, `reconstruction` and `kl` in nats. */
export function vaePlan(config: VaeConfig, shape: DataShape, seed: number, pixelMeans?: Float32Array): TrainingPlan {
  const { batch, klWeight, average } = config;
  const net = new Network({ seed });
  const bias = pixelMeans && config.likelihood === 'bernoulli' ? logOdds(pixelMeans) : undefined;
  const { loss, reconstruction, kl } = negativeBound(net, config, shape, batch, bias);
  const weighted = klWeight === 1 ? loss : net.g.Add(reconstruction, net.g.Mul(kl, klWeight));
  minimize(net, weighted, adam());
  if (average > 0) averageWeights(net, average);
  return {
    main: stepProgram(net, 'vae-step', { loss, reconstruction, kl }),
    variants: {},
    variantAt: () => undefined,
    batch,
    rate: (total) => rateOf(config, total),
    usesAverage: average > 0,
  };
}
