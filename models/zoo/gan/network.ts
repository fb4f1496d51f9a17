/** Generator and discriminator, convolutional (after Radford, Metz, Chintala 2016) or dense. */
import { ModelError } from '../../errors';
import type { Value } from '../../graph/ir';
import { heUniform } from '../../nn/initializers';
import { type AffineOptions, batchNorm, conv2d, convTranspose2d, dense, embedding } from '../../nn/layers';
import type { Network } from '../../nn/network';
import { type DataShape, halvings, type ImageShape } from '../data-shape';
import { cropped, smallSides } from '../planes';
import type { GanConfig } from './config';

const halve = { kernel: 4, stride: 2, padding: 1 };

/** Whether the players take labels: conditional, on data that have classes. */
export function isConditional({ conditional }: GanConfig, { classes }: DataShape): boolean {
  return conditional && classes > 0;
}

/** Latents [N, latent] and labels int64 [N] to samples: planes [N, C, H, W] in -1..1, or rows [N, width]. */
export function generate(net: Network, config: GanConfig, shape: DataShape, latent: Value, labels?: Value): Value {
  return net.scope('G', () => {
    const { g } = net;
    const code = labels
      ? g.Concat(latent, embedding(net, 'class', labels, shape.classes, config.latent), { axis: 1 })
      : latent;
    return config.network === 'conv' ? convGenerator(net, config, pictures(shape), code) : mlp(net, config, code, shape.width, (x) => g.Relu(x)); // prettier-ignore
  });
}

/** Samples to one score each [N, 1], high for real; with labels a projection of the class is added (Miyato and Koyama 2018). */
export function discriminate(net: Network, config: GanConfig, shape: DataShape, samples: Value, labels?: Value): Value {
  return net.scope('D', () => {
    const { g } = net;
    const leaky = (x: Value): Value => g.LeakyRelu(x, { alpha: 0.2 });
    if (config.network === 'dense') {
      const code = labels
        ? g.Concat(samples, embedding(net, 'class', labels, shape.classes, 16), { axis: 1 })
        : samples;
      return mlp(net, config, code, 1, leaky);
    }
    const features = convFeatures(net, config, pictures(shape), samples); // [N, hidden]
    const score = dense(net, 'score', features, 1, { isSpectral: config.spectral });
    if (!labels) return score;
    const direction = embedding(net, 'class', labels, shape.classes, config.hidden); // [N, hidden]
    const agreement = g.ReduceSum(g.Mul(direction, features), [1]); // [N, 1]
    return g.Add(score, g.Div(agreement, Math.sqrt(config.hidden)));
  });
}

function pictures(shape: DataShape): ImageShape {
  if (shape.kind === 'image') return shape;
  throw new ModelError('usage/bad-argument', 'A convolutional network is for pictures, these are rows of numbers.');
}

/** Three hidden layers; weights uniform within sqrt(2 / fan_in), those of the last layer within sqrt(1 / fan_in). */
function mlp(
  net: Network,
  { hidden, spectral }: GanConfig,
  x: Value,
  outputs: number,
  activation: (x: Value) => Value,
): Value {
  const options: AffineOptions = { weight: heUniform(Math.sqrt(2 / 3)) };
  const isSpectral = spectral && outputs === 1;
  const top = [1, 2, 3].reduce((h, k) => activation(dense(net, `hidden${k}`, h, hidden, { ...options, isSpectral })), x); // prettier-ignore
  return dense(net, 'out', top, outputs, { isSpectral });
}

function convGenerator(net: Network, { width }: GanConfig, shape: ImageShape, code: Value): Value {
  const { g } = net;
  const levels = halvings(shape);
  const [rows, columns] = smallSides(shape, levels);
  const channels = (level: number): number => width * 2 ** Math.min(level, 3);
  const grown = dense(net, 'grow', code, channels(levels - 1) * rows * columns);
  let y = g.Reshape(grown, [-1, channels(levels - 1), rows, columns]);
  for (let level = levels - 1; level > 0; level--) {
    y = g.Relu(batchNorm(net, `norm${level + 1}`, y));
    y = convTranspose2d(net, `up${level + 1}`, y, channels(level - 1), { ...halve, bias: false });
  }
  const whole = convTranspose2d(net, 'up1', g.Relu(batchNorm(net, 'norm1', y)), shape.channels, halve);
  return cropped(g, g.Tanh(whole), shape);
}

function convFeatures(net: Network, { width, hidden, spectral }: GanConfig, shape: ImageShape, planes: Value): Value {
  const { g } = net;
  const leaky = (x: Value): Value => g.LeakyRelu(x, { alpha: 0.2 });
  let y = planes;
  for (let level = 0; level < halvings(shape); level++) {
    const options = { ...halve, isSpectral: spectral };
    y = leaky(conv2d(net, `down${level + 1}`, y, width * 2 ** Math.min(level, 3), options));
  }
  return leaky(dense(net, 'hidden', g.Flatten(y), hidden, { isSpectral: spectral }));
}
