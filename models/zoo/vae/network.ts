/** Encoder and decoder of a variational autoencoder. */
import { ModelError } from '../../errors';
import type { Builder } from '../../graph/builder-type';
import type { Value } from '../../graph/ir';
import { silu } from '../../nn/functions';
import type { Initializer } from '../../nn/initializers';
import { conv2d, convTranspose2d, dense } from '../../nn/layers';
import type { Network } from '../../nn/network';
import { hostTensor } from '../../tensor/host-tensor';
import { oneHot } from '../batch';
import { type DataShape, halvings, type ImageShape, sampleSize } from '../data-shape';
import { cropped, smallSides } from '../planes';
import type { VaeConfig } from './config';

const halve = { kernel: 4, stride: 2, padding: 1 };

/** What the two halves need to know. */
export interface VaeParts {
  readonly config: VaeConfig;
  readonly shape: DataShape;
  /** Labels int64 [N] of a conditional model. */
  readonly labels?: Value;
}

/** Whether the model takes labels: conditional, on data that have classes. */
export function isConditional({ conditional }: VaeConfig, { classes }: DataShape): boolean {
  return conditional && classes > 0;
}

const activate = (g: Builder, x: Value, { activation }: VaeConfig): Value =>
  activation === 'relu' ? g.Relu(x) : activation === 'tanh' ? g.Tanh(x) : silu(g, x);

function mlp(net: Network, config: VaeConfig, x: Value): Value {
  const names = Array.from({ length: config.layers }, (_, k) => `hidden${k + 1}`);
  return names.reduce((h, name) => activate(net.g, dense(net, name, h, config.hidden), config), x);
}

const joined = (g: Builder, x: Value, { labels, shape }: VaeParts): Value =>
  labels ? g.Concat(x, oneHot(g, labels, shape.classes), { axis: 1 }) : x;

/**
 * Samples to the posterior: x float32 [N, size] (vectors, or the planes of pictures in 0..1) to mean and log-variance [N, latent] each.
 * @throws ModelError `usage/bad-argument` for convolutions on vectors.
 */
export function encode(net: Network, x: Value, parts: VaeParts): { mean: Value; logVariance: Value } {
  const { config, shape } = parts;
  return net.scope('encoder', () => {
    const { g } = net;
    const centred = shape.kind === 'image' && config.centre ? g.Sub(g.Mul(x, 2), 1) : x;
    const hidden = config.network === 'conv' ? convEncoder(net, imageOf(shape), centred, parts) : mlp(net, config, joined(g, centred, parts)); // prettier-ignore
    const code = dense(net, 'code', hidden, 2 * config.latent);
    const [mean = code, logVariance = code] = g.Split(code, { axis: 1, num_outputs: 2 });
    return { mean, logVariance };
  });
}

/** Latents [N, latent] to what the likelihood takes, [N, size]: logits of pixels, or the numbers of a vector. */
export function decode(net: Network, latent: Value, parts: VaeParts, outputBias?: Float32Array): Value {
  const { config, shape } = parts;
  return net.scope('decoder', () => {
    const input = joined(net.g, latent, parts);
    if (config.network === 'conv') return convDecoder(net, imageOf(shape), input, config);
    const bias = outputBias ? { bias: known(outputBias) } : {};
    return dense(net, 'out', mlp(net, config, input), sampleSize(shape), bias);
  });
}

/** An initial value that is known. */
const known =
  (values: Float32Array): Initializer =>
  (dims) =>
    hostTensor('float32', dims, values.slice());

function imageOf(shape: DataShape): ImageShape {
  if (shape.kind === 'image') return shape;
  throw new ModelError('usage/bad-argument', 'A convolutional autoencoder is for pictures, these are rows of numbers.');
}

function convEncoder(net: Network, shape: ImageShape, x: Value, { config, labels }: VaeParts): Value {
  const { g } = net;
  const planes = g.Reshape(x, [-1, shape.channels, shape.height, shape.width]);
  const input = labels ? g.Concat(planes, classPlanes(g, labels, shape), { axis: 1 }) : planes;
  let y = input;
  for (let level = 0; level < halvings(shape); level++) {
    y = activate(g, conv2d(net, `down${level + 1}`, y, config.width * 2 ** Math.min(level, 2), halve), config);
  }
  return activate(g, dense(net, 'hidden', g.Flatten(y), config.hidden), config);
}

/** One plane a class, all 1 for the sample's own: [N, classes, H, W]. */
function classPlanes(g: Builder, labels: Value, { classes, height, width }: ImageShape): Value {
  const flags = g.Reshape(oneHot(g, labels, classes), [-1, classes, 1, 1]);
  return g.Expand(flags, [1, classes, height, width]);
}

function convDecoder(net: Network, shape: ImageShape, input: Value, config: VaeConfig): Value {
  const { g } = net;
  const levels = halvings(shape);
  const [rows, columns] = smallSides(shape, levels);
  const deepest = config.width * 2 ** Math.min(levels - 1, 2);
  const first = activate(g, dense(net, 'hidden', input, config.hidden), config);
  let y = g.Reshape(activate(g, dense(net, 'grow', first, deepest * rows * columns), config), [-1, deepest, rows, columns]); // prettier-ignore
  for (let level = levels - 1; level > 0; level--) {
    y = activate(g, convTranspose2d(net, `up${level + 1}`, y, deepest, halve), config);
    const around = { kernel: 3, padding: 1 };
    y = activate(g, conv2d(net, `smooth${level + 1}`, y, config.width * 2 ** Math.min(level - 1, 2), around), config);
  }
  const whole = convTranspose2d(net, 'up1', y, shape.channels, halve); // [N, C, at least H, at least W]
  return g.Flatten(cropped(g, whole, shape)); // [N, C H W]
}
