/** How a step program takes a batch: pictures as they are stored, u8 [N, H, W, C], and vectors float32 [N, width]; labels int64 [N]. */
import type { Builder } from '../graph/builder-type';
import type { Value } from '../graph/ir';
import type { Network } from '../nn/network';
import { dtypeNumber } from '../tensor/dtype';
import type { DataShape, ImageShape } from './data-shape';

/** The batch axis: a number in training, a symbol in files that are shared. */
export type BatchSize = number | string;

/** Declares the input `x` of a batch as it is stored. */
export function storedInput(net: Network, shape: DataShape, batch: BatchSize): Value {
  return shape.kind === 'image'
    ? net.g.input('x', 'uint8', [batch, shape.height, shape.width, shape.channels])
    : net.g.input('x', 'float32', [batch, shape.width]);
}

/** Declares the input `labels`. */
export function labelsInput(net: Network, batch: BatchSize): Value {
  return net.g.input('labels', 'int64', [batch]);
}

const toFloat = { to: dtypeNumber('float32') };

/** Stored pictures u8 [N, H, W, C] to float32 [N, C, H, W], as `value / 255 * (high - low) + low`. */
export function picturesOf(
  g: Builder,
  stored: Value,
  { channels, height, width }: ImageShape,
  low: number,
  high: number,
): Value {
  const scaled = g.Mul(g.Cast(stored, toFloat), (high - low) / 255);
  const shifted = low === 0 ? scaled : g.Add(scaled, low); // [N, H, W, C]
  return channels === 1 ? g.Reshape(shifted, [-1, 1, height, width]) : g.Transpose(shifted, { perm: [0, 3, 1, 2] });
}

/** The way back: float32 [N, C, H, W] in low..high to u8 [N, H, W, C], rounded to the nearest, ties to even. */
export function storedPictures(
  g: Builder,
  pictures: Value,
  { channels, height, width }: ImageShape,
  low: number,
  high: number,
): Value {
  const unit = g.Div(g.Sub(pictures, low), high - low);
  const levels = g.Round(g.Mul(g.Clip(unit, 0, 1), 255));
  const bytes = g.Cast(levels, { to: dtypeNumber('uint8') });
  return channels === 1 ? g.Reshape(bytes, [-1, height, width, 1]) : g.Transpose(bytes, { perm: [0, 2, 3, 1] });
}

/** Rows of zeros with a single 1: labels int64 [N] to float32 [N, classes]. */
export function oneHot(g: Builder, labels: Value, classes: number): Value {
  return g.OneHot(labels, g.ints([classes], []), g.floats([0, 1]));
}
