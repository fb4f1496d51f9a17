/** Noise of numbered samples: what generators turn into samples, the same for a number whatever is drawn with it. */
import { randomNormal, streamOf } from '../tensor/random';

const stream = streamOf('latent');

/** Standard normal numbers float32 [indices, width]; row k depends on the seed and `indices[k]` alone. */
export function latentsOf(seed: number, indices: ArrayLike<number>, width: number): Float32Array {
  const all = new Float32Array(indices.length * width);
  for (let row = 0; row < indices.length; row++) {
    const key = { seed, stream, step: indices[row] ?? 0 };
    for (let k = 0; k < width; k++) all[row * width + k] = randomNormal(key, k);
  }
  return all;
}

/** Class that sample `index` is drawn with when all classes are to come alike often. */
export function classOfIndex(index: number, classes: number): number {
  return classes > 0 ? index % classes : 0;
}
