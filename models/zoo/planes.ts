/** Sizes of pictures that are halved and doubled again. */
import type { Builder } from '../graph/builder-type';
import type { Value } from '../graph/ir';
import type { ImageShape } from './data-shape';

/** Sides after `levels` halvings, rounded up, so that doubling reaches at least the whole picture. */
export function smallSides({ height, width }: ImageShape, levels: number): [number, number] {
  return [Math.ceil(height / 2 ** levels), Math.ceil(width / 2 ** levels)];
}

/** The first H x W pixels of planes [N, C, >= H, >= W]. */
export function cropped(g: Builder, planes: Value, { height, width }: ImageShape): Value {
  const isWhole = planes.shape[2] === height && planes.shape[3] === width;
  return isWhole ? planes : g.Slice(planes, [0, 0], [height, width], [2, 3]);
}
