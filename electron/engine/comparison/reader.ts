/** Draws and reads in slices, so that the compute process has time for others in between. */
import type { Controls } from '../../contract/drawing';
import type { Workers } from '../studio/workers';
import type { FittedGenerator, FittedJudge, PictureShape } from './fit';

export type Compute = Pick<Workers, 'draw' | 'read' | 'measure'>;

/** What a judge says of some pictures. */
export interface Reading {
  /** f32 [N, classes], of those classes that are compared: what it gives to others is not shared out. */
  readonly probabilities: Float32Array;
  /** f32 [N, width]; empty where the judge offers none. */
  readonly features: Float32Array;
  readonly width: number;
}

export interface DrawPlan {
  readonly seed: number;
  readonly classes: number;
  readonly controls: Controls;
}

/** Drawings from number `from` up to `to`: u8 [N, height, width, channels], and the time of the drawing alone. */
export function draw(
  compute: Compute,
  { model, own }: FittedGenerator,
  { seed, classes, controls }: DrawPlan,
  from: number,
  to: number,
  signal: AbortSignal,
): Promise<{ samples: Uint8Array; ms: number }> {
  const indices = Array.from({ length: to - from }, (_, k) => from + k);
  const request = {
    path: model.path,
    noise: { kind: 'numbered' as const, seed, indices },
    classes: indices.map((index) => own[index % classes] ?? 0),
    controls,
  };
  return compute.draw(request, signal);
}

export async function read(
  compute: Compute,
  { model, own }: FittedJudge,
  { height, width, channels }: Omit<PictureShape, 'kind'>,
  pixels: Uint8Array,
  signal: AbortSignal,
): Promise<Reading> {
  const count = pixels.length / (height * width * channels);
  const request = { path: model.path, height, width, channels, pixels: Uint8Array.from(pixels) };
  const reply = await compute.read(request, signal);
  const all = floatsOf(reply.probabilities);
  const features = floatsOf(reply.features);
  const given = all.length / count;
  const probabilities = new Float32Array(count * own.length);
  for (let row = 0; row < count; row++) {
    own.forEach((place, number) => (probabilities[row * own.length + number] = all[row * given + place] ?? 0));
  }
  return { probabilities, features, width: features.length / count };
}

/** Messages may bring bytes at any address. */
function floatsOf(bytes: Uint8Array): Float32Array<ArrayBuffer> {
  return new Float32Array(Uint8Array.from(bytes).buffer);
}

/** A slice is to take about so long: whoever else needs the compute process waits no longer. */
const sliceMs = 150;
const mostSlice = 256;

/** How many to take next, from how long the last slice took. Multiples of the size of one run of a generator. */
export class Pace {
  private size = 16;

  next(): number {
    return this.size;
  }

  took(ms: number, count: number): void {
    const fits = Math.floor(sliceMs / Math.max(0.01, ms / count) / 16) * 16;
    this.size = Math.max(16, Math.min(mostSlice, fits, this.size * 4));
  }
}
