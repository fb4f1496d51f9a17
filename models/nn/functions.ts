/** Small functions without weights that networks are made of. */
import type { Builder } from '../graph/builder-type';
import type { Value } from '../graph/ir';

/** x sigmoid(x), also called swish (Elfwing, Uchibe, Doya 2018). */
export function silu(g: Builder, x: Value): Value {
  return g.Mul(x, g.Sigmoid(x));
}

/** Every pixel `factor` times as wide and high: [N, C, H, W] -> [N, C, H factor, W factor]. */
export function upsample2d(g: Builder, x: Value, factor: number): Value {
  const scales = g.floats([1, 1, factor, factor]);
  return g.Resize(x, undefined, scales, {
    mode: 'nearest',
    coordinate_transformation_mode: 'asymmetric',
    nearest_mode: 'floor',
  });
}

/** Means of blocks of pixels: [N, C, H, W] -> [N, C, H / factor, W / factor]. */
export function downsample2d(g: Builder, x: Value, factor: number): Value {
  return g.AveragePool(x, { kernel_shape: [factor, factor], strides: [factor, factor] });
}
