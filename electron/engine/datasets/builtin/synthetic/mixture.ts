/**
 * Mixtures of Gaussians in the plane, the smallest data on which a generator can visibly drop modes or fill the gaps between
 * them: eight on a ring and 25 on a grid (Metz, Poole, Pfau and Sohl-Dickstein 2017, "Unrolled Generative Adversarial Networks").
 */
import { createHash } from 'node:crypto';
import { randomBits, randomNormal, streamOf } from '../../../../../models/tensor/random';
import type { Column } from '../../../../contract/samples';
import { byteColumn, commonColumns } from '../../../intake/datasets/image-chunk';
import type { ChunkContent } from '../../chunk';
import type { Generator } from './generator';

interface Mode {
  readonly name: string;
  readonly x: number;
  readonly y: number;
}

const columns: readonly Column[] = [
  { name: 'x', type: 'number', role: 'feature' },
  { name: 'y', type: 'number', role: 'feature' },
];

/** Coordinates are rounded: cosines and logarithms differ in their last bit from one engine to the next. */
const rounded = (value: number): number => Math.round(value * 1e6) / 1e6;

const two = (number: number): string => String(number).padStart(2, '0');

const ring = Array.from({ length: 8 }, (_, k): Mode => {
  const angle = (2 * Math.PI * k) / 8;
  return { name: `mode ${k}`, x: rounded(2 * Math.cos(angle)), y: rounded(2 * Math.sin(angle)) };
});
const grid = Array.from({ length: 25 }, (_, k): Mode => {
  return { name: `mode ${two(k)}`, x: 2 * (k % 5) - 4, y: 2 * Math.floor(k / 5) - 4 };
});

export const mixtures: readonly Generator[] = [
  mixture('ring-8', 'Ring of 8', ring, 'Points of the plane around eight places on a circle of radius 2, sigma 0.05.'),
  mixture('grid-25', 'Grid of 25', grid, 'Points of the plane around 25 places, two apart, from -4 to 4, sigma 0.05.'),
];

function mixture(name: string, title: string, modes: readonly Mode[], summary: string): Generator {
  const sigma = 0.05;
  return {
    name,
    title,
    kind: 'row',
    summary,
    samples: 10_000,
    classes: modes.length,
    bytesPerSample: 80,
    version: 1,
    parameters: { sigma, modes: modes.length },
    image: null,
    columns,
    make: (seed, from, to) => makePoints(name, modes, sigma, seed, from, to),
  };
}

function makePoints(
  name: string,
  modes: readonly Mode[],
  sigma: number,
  seed: number,
  from: number,
  to: number,
): ChunkContent {
  const stream = streamOf(name);
  const count = to - from;
  const [xs, ys] = [new Float64Array(count), new Float64Array(count)];
  const labels = Array.from({ length: count }, (_, k) => {
    const index = from + k;
    const mode = modes[randomBits({ seed, stream, step: 0 }, index)[0] % modes.length];
    xs[k] = rounded((mode?.x ?? 0) + sigma * randomNormal({ seed, stream, step: 1 }, index));
    ys[k] = rounded((mode?.y ?? 0) + sigma * randomNormal({ seed, stream, step: 2 }, index));
    return { name: String(index), label: mode?.name ?? null, split: null };
  });
  const hashes = labels.map(({ label }, k) => createHash('sha256').update(`${xs[k]},${ys[k]},${label}`).digest());
  const { names, tensors } = commonColumns(labels, byteColumn(hashes, 32));
  return {
    kind: 'row',
    samples: count,
    labels: names,
    columns,
    tensors: {
      ...tensors,
      'column.0': { dtype: 'float64', dims: [count], data: xs },
      'column.1': { dtype: 'float64', dims: [count], data: ys },
    },
  };
}
