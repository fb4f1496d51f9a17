/** Networks that classify: from stored samples to features and logits. */
import { ModelError } from '../../errors';
import type { Value } from '../../graph/ir';
import { batchNorm, conv2d, dense, sizeAt } from '../../nn/layers';
import type { Network } from '../../nn/network';
import { dropout } from '../../nn/random';
import { picturesOf } from '../batch';
import { type DataShape, halvings, type ImageShape } from '../data-shape';
import type { ClassifierConfig } from './config';

/** What a classifier computes of a batch. */
export interface Classified {
  /** What the last layer sees, [N, features]: the space in which pictures are compared. */
  readonly features: Value;
  /** [N, classes]. */
  readonly logits: Value;
}

/**
 * Stored samples to features and logits: pictures u8 [N, H, W, C], or vectors float32 [N, width].
 * @throws ModelError `usage/bad-argument` for a convolutional net on vectors, or without classes.
 */
export function classify(net: Network, config: ClassifierConfig, shape: DataShape, stored: Value): Classified {
  if (shape.classes < 2) throw new ModelError('usage/bad-argument', `A classifier needs two classes or more, here are ${shape.classes}.`); // prettier-ignore
  const features = featuresOf(net, config, shape, stored);
  const logits = dense(net, 'logits', dropout(net, 'dropout', features, config.dropout), shape.classes);
  return { features, logits };
}

function featuresOf(net: Network, config: ClassifierConfig, shape: DataShape, stored: Value): Value {
  const { network } = config;
  if (network === 'softmax') return flat(net, shape, stored);
  if (network === 'mlp') return mlp(net, config, flat(net, shape, stored));
  if (shape.kind !== 'image') throw new ModelError('usage/bad-argument', `The network "${network}" is for pictures, these are rows of ${shape.width} numbers.`); // prettier-ignore
  const pictures = picturesOf(net.g, stored, shape, 0, 1);
  return network === 'cnn' ? cnn(net, config, shape, pictures) : residual(net, config, shape, pictures);
}

function flat(net: Network, shape: DataShape, stored: Value): Value {
  return shape.kind === 'image' ? net.g.Flatten(picturesOf(net.g, stored, shape, -1, 1)) : stored;
}

function mlp(net: Network, { layers, hidden }: ClassifierConfig, x: Value): Value {
  const units = Array.from({ length: layers }, (_, k) => `hidden${k + 1}`);
  return units.reduce((h, name) => net.g.Relu(dense(net, name, h, hidden)), x); // [N, hidden]
}

const halve = (net: Network, x: Value): Value => net.g.MaxPool(x, { kernel_shape: [2, 2], strides: [2, 2] });
const channelsAt = (width: number, level: number): number => width * 2 ** Math.min(level, 3);

/** Convolution, ReLU and pooling down to about 7 x 7 pixels, then one hidden layer. */
function cnn(net: Network, { width, hidden }: ClassifierConfig, shape: ImageShape, pictures: Value): Value {
  const levels = Array.from({ length: halvings(shape) }, (_, level) => level);
  const small = levels.reduce((x, level) => {
    const around = { kernel: 3, padding: 1 };
    return halve(net, net.g.Relu(conv2d(net, `conv${level + 1}`, x, channelsAt(width, level), around)));
  }, pictures); // [N, channels, H / 2^levels, W / 2^levels]
  return net.g.Relu(dense(net, 'hidden', net.g.Flatten(small), hidden));
}

/**
 * Stem, then at each level one convolution that widens and one with a skip around it (He et al. 2016), pooled in between; a last one with a
 * skip, then the mean over all places.
 */
function residual(net: Network, { width }: ClassifierConfig, shape: ImageShape, pictures: Value): Value {
  const wide = 2 * width;
  const skipped = (name: string, x: Value): Value => net.g.Add(x, convNorm(net, name, x, sizeAt(x, 1)));
  let x = halve(net, convNorm(net, 'stem', pictures, width)); // [N, width, H/2, W/2]
  for (let level = 1; level < halvings(shape); level++) {
    x = convNorm(net, `widen${level}`, x, channelsAt(width, Math.min(level, 2)));
    x = halve(net, skipped(`block${level}`, x));
  }
  if (sizeAt(x, 1) !== wide && halvings(shape) === 1) x = convNorm(net, 'widen', x, wide);
  return net.g.ReduceMean(skipped('last', x), [2, 3], { keepdims: 0 }); // [N, channels]
}

/** Convolution 3x3 without bias, batch normalisation, ReLU. */
function convNorm(net: Network, name: string, x: Value, channels: number): Value {
  return net.scope(name, () => {
    const y = conv2d(net, 'conv', x, channels, { kernel: 3, padding: 1, bias: false });
    return net.g.Relu(batchNorm(net, 'norm', y));
  });
}
