/** Eight Gaussians on a ring: the smallest data on which a generator can visibly fail, by dropping modes or by filling the gaps. */
import { type RandomKey, randomBits, randomNormal, streamOf } from '../../tensor/random';
import { writeScatter } from './drawing';
import { type Options, outputPath, type Report, rounded } from './options';
import type { Trained } from './run-training';

const modes = 8;
const radius = 2;
const sigma = 0.05;
/** What the data are divided by, so that both axes have a variance of about 1. */
const ringScale = 1.42;

const centres = Array.from({ length: modes }, (_, k) => {
  const angle = (2 * Math.PI * k) / modes;
  return [radius * Math.cos(angle), radius * Math.sin(angle)] as const;
});

/** Points [count, 2] of the mixture, divided by `ringScale`. */
export function ringPoints(key: RandomKey, count: number): Float32Array {
  return Float32Array.from({ length: 2 * count }, (_, k) => {
    const centre = centres[randomBits({ ...key, stream: key.stream + 1 }, k >> 1)[0] % modes];
    return ((centre?.[k % 2] ?? 0) + sigma * randomNormal(key, k)) / ringScale;
  });
}

/** How well points [count, 2] cover the mixture. */
export interface RingQuality {
  /** Modes with at least 20 points within 3 sigma. */
  readonly modesReached: number;
  /** Share of all points within 3 sigma of a mode; of true data .989. */
  readonly shareWithin3Sigma: number;
  /** Spread of those points around their mode, in sigmas; of true data .97. Less than 1 tells of modes that are too narrow. */
  readonly spread: number;
}

/** Judges generated points. */
export function ringQuality(points: Float32Array): RingQuality {
  const hits = centres.map(() => 0);
  let squares = 0;
  for (let k = 0; k < points.length; k += 2) {
    const [x, y] = [(points[k] ?? 0) * ringScale, (points[k + 1] ?? 0) * ringScale];
    const distances = centres.map(([cx, cy]) => Math.hypot(x - cx, y - cy));
    const nearest = Math.min(...distances);
    if (nearest > 3 * sigma) continue;
    const mode = distances.indexOf(nearest);
    hits[mode] = (hits[mode] ?? 0) + 1;
    squares += nearest ** 2 / 2;
  }
  const within = hits.reduce((sum, count) => sum + count, 0);
  return {
    modesReached: hits.filter((count) => count >= 20).length,
    shareWithin3Sigma: within / (points.length / 2),
    spread: within === 0 ? 0 : Math.sqrt(squares / within) / sigma,
  };
}

/** Judges generated points, and draws them (blue) over as many true ones (grey). */
export function reportRing(options: Options, file: string, run: Trained, points: Float32Array): Report {
  const picture = outputPath(options, file);
  const truth = ringPoints({ seed: options.seed, stream: streamOf('truth') }, points.length / 2);
  writeScatter(picture, [{ points: truth, colour: '#bbb' }, { points, colour: '#06c' }], 2.2); // prettier-ignore
  const { modesReached, shareWithin3Sigma, spread } = ringQuality(points);
  return {
    ...run.figures,
    modesReached,
    shareWithin3Sigma: rounded(shareWithin3Sigma),
    spread: rounded(spread),
    picture,
  };
}
