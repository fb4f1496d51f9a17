/**
 * Graph fragment that turns a picture of any size into a network's fixed size: antialiased linear resampling as two matrix
 * products, valid from operator set 9 on. (The Resize operator antialiases only since 18; its filter is the same triangle.)
 */
import { dtypeNumber } from '../tensor/dtype';
import { filledTensor } from '../tensor/filled-tensor';
import type { Builder } from './builder-type';
import type { Value } from './ir';

/** `crop`: the centre in the target's proportions; `stretch`: everything, proportions lost; `pad`: everything, on black. */
export type Fit = 'crop' | 'stretch' | 'pad';

/** What the network wants. */
export interface PictureTarget {
  readonly height: number;
  readonly width: number;
  readonly fit: Fit;
  /** Share of the largest centred rectangle that `crop` keeps, 0..1. */
  readonly cropShare: number;
}

/** How target pixels lie in the picture: source = (target + 0.5) * step + offset, in source pixels; float32 [1]. */
export interface PictureMap {
  readonly height: Value;
  readonly width: Value;
  readonly stepY: Value;
  readonly stepX: Value;
  readonly offsetY: Value;
  readonly offsetX: Value;
}

const toFloat = { to: dtypeNumber('float32') };

/** Lowest operator set whose operators the fragment uses. */
export const lowestPictureOpset = 9;

/** Where the resampled picture is, and how its pixels map back to the source. */
export interface PlacedPicture {
  /** float32 [N, 3, height, width] in 0..255; N is 1 for a single picture. */
  readonly pixels: Value;
  readonly map: PictureMap;
}

/**
 * Adds the fragment. `image` is uint8 [N, H, W, 3] (layout NHWC) or [H, W, 3] (HWC), RGB.
 * Weight of source pixel j for target pixel i: max(0, 1 - |j + 0.5 - c(i)| / max(step, 1)), rows normalised to sum 1, where
 * c(i) is the target pixel's centre in the source. With `pad`, targets whose centre lies outside are black.
 */
export function addPicture(g: Builder, image: Value, layout: 'NHWC' | 'HWC', target: PictureTarget): PlacedPicture {
  const map = addMap(g, image, layout, target);
  const isPadded = target.fit === 'pad';
  const rows = addWeights(g, { size: map.height, step: map.stepY, offset: map.offsetY }, target.height, isPadded); // [h, H]
  const columns = addWeights(g, { size: map.width, step: map.stepX, offset: map.offsetX }, target.width, isPadded); // [w, W]
  const isBatch = layout === 'NHWC';
  const real = g.Cast(image, toFloat);
  const flat = g.Reshape(real, isBatch ? [0, 0, -1] : [0, -1]); // [N, H, W*3] or [H, W*3]
  const low = g.MatMul(rows, flat); // [N, h, W*3] or [h, W*3]
  const apart = g.Reshape(low, isBatch ? [0, 0, -1, 3] : [0, -1, 3]); // [N, h, W, 3] or [h, W, 3]
  const planes = g.Transpose(apart, { perm: isBatch ? [0, 3, 1, 2] : [2, 0, 1] }); // [N, 3, h, W] or [3, h, W]
  const turned = g.Transpose(columns, { perm: [1, 0] }); // [W, w]
  const small = g.MatMul(planes, turned); // [N, 3, h, w] or [3, h, w]
  const pixels = isBatch ? small : g.Reshape(small, [1, 3, target.height, target.width]);
  return { pixels, map };
}

function addMap(g: Builder, image: Value, layout: 'NHWC' | 'HWC', target: PictureTarget): PictureMap {
  const shape = g.Shape(image);
  const first = layout === 'NHWC' ? 1 : 0;
  const side = (axis: number): Value => g.Cast(g.Gather(shape, [axis]), toFloat); // [1]
  const height = side(first);
  const width = side(first + 1);
  const stepY = g.Div(height, target.height);
  const stepX = g.Div(width, target.width);
  if (target.fit === 'stretch') {
    const zero = g.floats([0]);
    return { height, width, stepY, stepX, offsetY: zero, offsetX: zero };
  }
  const step = target.fit === 'pad' ? g.Max(stepY, stepX) : g.Mul(g.Min(stepY, stepX), target.cropShare);
  const offset = (size: Value, wanted: number): Value => g.Mul(g.Sub(size, g.Mul(step, wanted)), 0.5);
  const offsetY = offset(height, target.height);
  const offsetX = offset(width, target.width);
  return { height, width, stepY: step, stepX: step, offsetY, offsetX };
}

/** One axis of the map, all float32 [1]. */
interface AxisMap {
  readonly size: Value;
  readonly step: Value;
  readonly offset: Value;
}

/** Resampling matrix [targets, sources] of one axis. */
function addWeights(g: Builder, { size, step, offset }: AxisMap, targets: number, isPadded: boolean): Value {
  const middles = Array.from({ length: targets }, (_, i) => i + 0.5);
  const centres = g.Add(g.Mul(g.floats(middles, [targets, 1]), step), offset); // [targets, 1]
  const distance = g.Abs(g.Sub(sourceMiddles(g, size), centres)); // [targets, L]
  const reach = g.Max(step, 1);
  const raw = g.Relu(g.Sub(1, g.Div(distance, reach)));
  const sum = g.Max(sumRows(g, raw), 0.01); // 0 only outside the picture
  const weights = g.Div(raw, sum);
  if (!isPadded) return weights;
  const inside = g.And(g.Greater(centres, 0), g.Less(centres, size));
  return g.Mul(weights, g.Cast(inside, toFloat));
}

/** [1, L] of 0.5, 1.5, ... : the positions of all ones in a vector of L ones (Range exists only since operator set 11). */
function sourceMiddles(g: Builder, size: Value): Value {
  const length = g.Cast(size, { to: dtypeNumber('int64') });
  const all = g.ConstantOfShape(length, { value: filledTensor('float32', [1], 1) });
  return g.Add(g.Cast(g.NonZero(all), toFloat), 0.5);
}

/** Row sums [targets, 1]; before operator set 13 the axes were an attribute. */
function sumRows(g: Builder, matrix: Value): Value {
  if (g.opset >= 13) return g.ReduceSum(matrix, [1]);
  const types = [{ dtype: matrix.dtype, shape: [matrix.shape[0] ?? 1, 1] }];
  const [sums = matrix] = g.node({ op: 'ReduceSum', inputs: [matrix], attributes: { axes: [1] }, types });
  return sums;
}
