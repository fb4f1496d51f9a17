/** Velocity fields: a small U-Net on patches for pictures, a few dense layers for points. */
import { ModelError } from '../../errors';
import type { Builder } from '../../graph/builder-type';
import type { Value } from '../../graph/ir';
import { silu, upsample2d } from '../../nn/functions';
import { zeros } from '../../nn/initializers';
import { conv2d, dense, embedding, groupNorm } from '../../nn/layers';
import type { Network } from '../../nn/network';
import type { DataShape, ImageShape } from '../data-shape';
import type { FlowConfig } from './config';

/** Whether the field takes labels: conditional, on data that have classes. */
export function isConditional({ conditional }: FlowConfig, { classes }: DataShape): boolean {
  return conditional && classes > 0;
}

/**
 * Velocities of the same shape as x: planes [N, C, H, W] in -1..1 or rows [N, width], at times t [N, 1] in 0..1. Labels int64 [N]; the number of
 * classes stands for "no class".
 * @throws ModelError `usage/bad-argument` for a U-Net on rows.
 */
export function velocity(
  net: Network,
  config: FlowConfig,
  shape: DataShape,
  x: Value,
  t: Value,
  labels?: Value,
): Value {
  if (config.network === 'mlp') return mlp(net, config, shape, x, t, labels);
  if (shape.kind === 'image') return unet(net, config, shape, x, t, labels);
  throw new ModelError('usage/bad-argument', 'A U-Net is for pictures, these are rows of numbers.');
}

/** sin and cos of pi k x for every number and every k: [N, 2 n numbers]. */
function waves(g: Builder, x: Value, frequencies: readonly number[]): Value {
  const angles = frequencies.map((k) => g.Mul(x, k * Math.PI));
  return g.Concat(...angles.map((angle) => g.Sin(angle)), ...angles.map((angle) => g.Cos(angle)), { axis: 1 });
}

function mlp(net: Network, config: FlowConfig, shape: DataShape, x: Value, t: Value, labels?: Value): Value {
  const { g } = net;
  const width = shape.kind === 'vector' ? shape.width : (x.dims[1] ?? 1);
  const features = [x, t, waves(g, t, [1, 2, 4, 8])];
  if (config.waves) features.push(waves(g, x, [0.5, 1, 2, 4]));
  if (labels) features.push(embedding(net, 'class', labels, shape.classes + 1, 16));
  const first = g.Concat(...features, { axis: 1 });
  const top = [1, 2, 3].reduce((h, k) => silu(g, dense(net, `hidden${k}`, h, config.width)), first);
  return dense(net, 'out', top, width);
}

/** Time as 32 sines and 32 cosines of geometric frequencies 1..1000, then two layers; the class is added. [N, embedding]. */
function condition(
  net: Network,
  { embedding: width }: FlowConfig,
  { classes }: DataShape,
  t: Value,
  labels?: Value,
): Value {
  const { g } = net;
  const frequencies = Array.from({ length: 32 }, (_, k) => 1000 ** (k / 31));
  const angles = g.Mul(t, g.floats(frequencies, [1, 32])); // [N, 32]
  const wave = g.Concat(g.Sin(angles), g.Cos(angles), { axis: 1 }); // [N, 64]
  const time = dense(net, 'time2', silu(g, dense(net, 'time1', wave, width)), width);
  return labels ? g.Add(time, embedding(net, 'class', labels, classes + 1, width)) : time;
}

const around = { kernel: 3, padding: 1 };

/** Group norm, SiLU, convolution; norm scaled and shifted by the condition, SiLU, convolution that starts at zero; added to x. */
function block(net: Network, name: string, x: Value, channels: number, code: Value): Value {
  return net.scope(name, () => {
    const { g } = net;
    const first = conv2d(net, 'conv1', silu(g, groupNorm(net, 'norm1', x, 8)), channels, around);
    const change = g.Unsqueeze(dense(net, 'change', silu(g, code), 2 * channels), [2, 3]); // [N, 2 channels, 1, 1]
    const [scale = change, shift = change] = g.Split(change, { axis: 1, num_outputs: 2 });
    const normed = groupNorm(net, 'norm2', first, 8);
    const changed = g.Add(g.Mul(normed, g.Add(scale, 1)), shift);
    const second = conv2d(net, 'conv2', silu(g, changed), channels, { ...around, weight: zeros, bias: zeros });
    const skip = x.shape[1] === channels ? x : conv2d(net, 'skip', x, channels, { kernel: 1 });
    return g.Add(second, skip);
  });
}

/** Patches to channels, one level down and up with a skip between. Sides are padded to multiples of twice the patch. */
function unet(net: Network, config: FlowConfig, shape: ImageShape, x: Value, t: Value, labels?: Value): Value {
  const { g } = net;
  const { width, patch } = config;
  const code = condition(net, config, shape, t, labels);
  const grown = padded(g, x, shape, 2 * patch);
  const patches = patch === 1 ? grown : g.SpaceToDepth(grown, { blocksize: patch }); // [N, C p p, H/p, W/p]
  const full = block(net, 'down', conv2d(net, 'in', patches, width, around), width, code);
  const half = conv2d(net, 'shrink', full, 2 * width, { ...around, stride: 2 });
  const deep = block(net, 'middle2', block(net, 'middle1', half, 2 * width, code), 2 * width, code);
  const wide = upsample2d(g, conv2d(net, 'narrow', deep, width, { kernel: 1 }), 2);
  const joined = block(net, 'up', g.Concat(wide, full, { axis: 1 }), width, code);
  const top = silu(g, groupNorm(net, 'norm', joined, 8));
  const out = conv2d(net, 'out', top, shape.channels * patch * patch, { ...around, weight: zeros, bias: zeros });
  const whole = patch === 1 ? out : g.DepthToSpace(out, { blocksize: patch, mode: 'DCR' });
  const isWhole = shape.height % (2 * patch) === 0 && shape.width % (2 * patch) === 0;
  return isWhole ? whole : g.Slice(whole, [0, 0], [shape.height, shape.width], [2, 3]);
}

/** Zeros below and to the right, up to multiples of `unit`. */
function padded(g: Builder, x: Value, { height, width }: ImageShape, unit: number): Value {
  const [down, right] = [(unit - (height % unit)) % unit, (unit - (width % unit)) % unit];
  return down === 0 && right === 0 ? x : g.Pad(x, [0, 0, 0, 0, 0, 0, down, right]);
}
