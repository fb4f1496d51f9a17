/** Noise between and around numbered samples: along a great circle, and on a plane through three of them. */
import { latentsOf } from '../../../models/zoo/latents';

/** A numbered sample's place: its noise depends on both and on nothing else. */
export interface Place {
  readonly seed: number;
  readonly index: number;
}

/**
 * `count` rows [count, width] from one noise to the other along the great circle between them (Shoemake 1985, "Animating Rotation
 * with Quaternion Curves", slerp), so that no row is shorter than noise is; the ends are the noises themselves, bit for bit.
 */
export function noiseBetween(start: Place, end: Place, count: number, width: number): Float32Array {
  const from = latentsOf(start.seed, [start.index], width);
  const to = latentsOf(end.seed, [end.index], width);
  const angle = angleBetween(from, to);
  const all = new Float32Array(count * width);
  for (let row = 0; row < count; row++) {
    const share = count === 1 ? 0 : row / (count - 1);
    const [a, b] = weightsAt(share, angle);
    for (let k = 0; k < width; k++) all[row * width + k] = a * (from[k] ?? 0) + b * (to[k] ?? 0);
  }
  return all;
}

/** Along nearly one direction (or opposite ones, where no great circle is marked out) the straight line does as well. */
function weightsAt(share: number, angle: number): [number, number] {
  if (share === 0) return [1, 0];
  if (share === 1) return [0, 1];
  const sine = Math.sin(angle);
  if (sine < 1e-6) return [1 - share, share];
  return [Math.sin((1 - share) * angle) / sine, Math.sin(share * angle) / sine];
}

function angleBetween(a: Float32Array, b: Float32Array): number {
  const cosine = dot(a, b) / Math.sqrt(dot(a, a) * dot(b, b));
  return Math.acos(Math.min(1, Math.max(-1, cosine)));
}

function dot(a: Float32Array, b: Float32Array): number {
  return a.reduce((sum, value, k) => sum + value * (b[k] ?? 0), 0);
}

/**
 * Rows [points, width] on the plane through the noises z0, z1, z2 of numbers 0, 1 and 2 of the seed, at angles (u, v) in radians:
 * cos(u) cos(v) z0 + sin(u) cos(v) z1 + sin(v) z2. The squares of the weights add up to 1, so every row is as normal as noise is.
 */
export function noiseOnPlane(
  seed: number,
  points: readonly (readonly [number, number])[],
  width: number,
): Float32Array {
  const [z0, z1, z2] = [0, 1, 2].map((index) => latentsOf(seed, [index], width));
  const all = new Float32Array(points.length * width);
  points.forEach(([u, v], row) => {
    const [a, b, c] = [Math.cos(u) * Math.cos(v), Math.sin(u) * Math.cos(v), Math.sin(v)];
    for (let k = 0; k < width; k++) all[row * width + k] = a * (z0?.[k] ?? 0) + b * (z1?.[k] ?? 0) + c * (z2?.[k] ?? 0);
  });
  return all;
}
