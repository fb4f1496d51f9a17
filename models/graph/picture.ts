/**
 * Graph fragment that turns a picture of any size into a network's fixed size: antialiased linear resampling as two matrix
 * products, valid from operator set 9 on. (The Resize operator antialiases only since 18; its filter is the same triangle.)
 */
import { hostTensor } from '../tensor/host-tensor';
import { int, ints, tensor } from './attributes';
import type { GraphBuilder } from './build';

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

/** How target pixels lie in the picture: source = (target + 0.5) * step + offset, in source pixels; names of float32 [1] values. */
export interface PictureMap {
  readonly height: string;
  readonly width: string;
  readonly stepY: string;
  readonly stepX: string;
  readonly offsetY: string;
  readonly offsetX: string;
}

const float32 = 1;

/** Lowest operator set whose operators the fragment uses. */
export const lowestPictureOpset = 9;

/** Where the resampled picture is, and how its pixels map back to the source. */
export interface PlacedPicture {
  /** float32 [N, 3, height, width] in 0..255; N is 1 for a single picture. */
  readonly pixels: string;
  readonly map: PictureMap;
}

/**
 * Adds the fragment. `image` is uint8 [N, H, W, 3] (layout NHWC) or [H, W, 3] (HWC), RGB.
 * Weight of source pixel j for target pixel i: max(0, 1 - |j + 0.5 - c(i)| / max(step, 1)), rows normalised to sum 1, where
 * c(i) is the target pixel's centre in the source. With `pad`, targets whose centre lies outside are black.
 */
export function addPicture(
  builder: GraphBuilder,
  image: string,
  layout: 'NHWC' | 'HWC',
  target: PictureTarget,
  opset: number,
): PlacedPicture {
  const map = addMap(builder, image, layout, target);
  const isPadded = target.fit === 'pad';
  const rows = addWeights(builder, map.height, map.stepY, map.offsetY, target.height, isPadded, opset); // [h, H]
  const columns = addWeights(builder, map.width, map.stepX, map.offsetX, target.width, isPadded, opset); // [w, W]
  const isBatch = layout === 'NHWC';
  const real = builder.node('Cast', [image], { attributes: { to: int(float32) } });
  const flat = reshape(builder, real, isBatch ? [0, 0, -1] : [0, -1]); // [N, H, W*3] or [H, W*3]
  const low = builder.node('MatMul', [rows, flat]); // [N, h, W*3] or [h, W*3]
  const apart = reshape(builder, low, isBatch ? [0, 0, -1, 3] : [0, -1, 3]); // [N, h, W, 3] or [h, W, 3]
  const order = isBatch ? [0, 3, 1, 2] : [2, 0, 1];
  const planes = builder.node('Transpose', [apart], { attributes: { perm: ints(order) } }); // [N, 3, h, W] or [3, h, W]
  const turned = builder.node('Transpose', [columns], { attributes: { perm: ints([1, 0]) } }); // [W, w]
  const small = builder.node('MatMul', [planes, turned]); // [N, 3, h, w] or [3, h, w]
  const pixels = isBatch ? small : reshape(builder, small, [1, 3, target.height, target.width]);
  return { pixels, map };
}

/** Adds a Reshape to constant sizes; 0 keeps an axis, -1 takes what is left. */
export function reshape(builder: GraphBuilder, value: string, sizes: readonly number[]): string {
  return builder.node('Reshape', [value, builder.ints('sizes', sizes)]);
}

function addMap(builder: GraphBuilder, image: string, layout: 'NHWC' | 'HWC', target: PictureTarget): PictureMap {
  const shape = builder.node('Shape', [image]);
  const first = layout === 'NHWC' ? 1 : 0;
  const side = (axis: number): string => {
    const size = builder.node('Gather', [shape, builder.ints('axis', [axis])]);
    return builder.node('Cast', [size], { attributes: { to: int(float32) } }); // [1]
  };
  const height = side(first);
  const width = side(first + 1);
  const perPixel = (size: string, wanted: number): string =>
    builder.node('Div', [size, builder.floats('target', [wanted])]);
  const stepY = perPixel(height, target.height);
  const stepX = perPixel(width, target.width);
  if (target.fit === 'stretch') {
    const zero = builder.floats('zero', [0]);
    return { height, width, stepY, stepX, offsetY: zero, offsetX: zero };
  }
  const step = commonStep(builder, stepY, stepX, target);
  const offset = (size: string, wanted: number): string => {
    const covered = builder.node('Mul', [step, builder.floats('target', [wanted])]);
    return builder.node('Mul', [builder.node('Sub', [size, covered]), builder.floats('half', [0.5])]);
  };
  const offsetY = offset(height, target.height);
  const offsetX = offset(width, target.width);
  return { height, width, stepY: step, stepX: step, offsetY, offsetX };
}

function commonStep(builder: GraphBuilder, stepY: string, stepX: string, target: PictureTarget): string {
  if (target.fit === 'pad') return builder.node('Max', [stepY, stepX]);
  const whole = builder.node('Min', [stepY, stepX]);
  return builder.node('Mul', [whole, builder.floats('crop_share', [target.cropShare])]);
}

/** Resampling matrix [targets, sources] of one axis; `size`, `step` and `offset` are float32 [1]. */
function addWeights(
  builder: GraphBuilder,
  size: string,
  step: string,
  offset: string,
  targets: number,
  isPadded: boolean,
  opset: number,
): string {
  const middles = Array.from({ length: targets }, (_, i) => i + 0.5);
  const scaled = builder.node('Mul', [builder.floats('middles', middles, [targets, 1]), step]);
  const centres = builder.node('Add', [scaled, offset]); // [targets, 1]
  const distance = builder.node('Abs', [builder.node('Sub', [sourceMiddles(builder, size), centres])]); // [targets, L]
  const one = builder.floats('one', [1]);
  const reach = builder.node('Max', [step, one]);
  const raw = builder.node('Relu', [builder.node('Sub', [one, builder.node('Div', [distance, reach])])]);
  const sum = builder.node('Max', [sumRows(builder, raw, opset), builder.floats('tiny', [0.01])]); // 0 only outside the picture
  const weights = builder.node('Div', [raw, sum]);
  if (!isPadded) return weights;
  const above = builder.node('Greater', [centres, builder.floats('zero', [0])]);
  const below = builder.node('Less', [centres, size]);
  const inside = builder.node('Cast', [builder.node('And', [above, below])], { attributes: { to: int(float32) } });
  return builder.node('Mul', [weights, inside]);
}

/** [1, L] of 0.5, 1.5, ... : the positions of all ones in a vector of L ones (Range exists only since operator set 11). */
function sourceMiddles(builder: GraphBuilder, size: string): string {
  const length = builder.node('Cast', [size], { attributes: { to: int(7) } });
  const value = tensor(hostTensor('float32', [1], Float32Array.of(1)));
  const all = builder.node('ConstantOfShape', [length], { attributes: { value } });
  const positions = builder.node('Cast', [builder.node('NonZero', [all])], { attributes: { to: int(float32) } });
  return builder.node('Add', [positions, builder.floats('half', [0.5])]);
}

/** Row sums [targets, 1]; since operator set 13 the axes are an input. */
function sumRows(builder: GraphBuilder, matrix: string, opset: number): string {
  if (opset < 13) return builder.node('ReduceSum', [matrix], { attributes: { axes: ints([1]), keepdims: int(1) } });
  return builder.node('ReduceSum', [matrix, builder.ints('axes', [1])], { attributes: { keepdims: int(1) } });
}
