/** Draws in slices, so that the compute process has time for others in between, and remembers how long a sample takes. */
import type { Controls } from '../../contract/drawing';
import { throwIfCancelled } from '../../contract/errors';
import type { DrawingModel } from '../models/registry';
import type { Workers } from '../studio/workers';

/** Noise of numbered samples, or noise that is given: float32 [N, noiseWidth]. */
export type Noise =
  | { readonly kind: 'numbered'; readonly seed: number; readonly indices: readonly number[] }
  | { readonly kind: 'given'; readonly numbers: Float32Array };

export interface DrawWork {
  readonly model: DrawingModel;
  readonly noise: Noise;
  /** One for each sample; none where the model cannot be asked. */
  readonly classes: readonly number[];
  readonly controls: Controls;
}

export interface Samples {
  /** u8 [N, height, width, channels], or float32 little-endian [N, width]. */
  readonly samples: Uint8Array<ArrayBuffer>;
  /** Time of the drawing alone. */
  readonly ms: number;
}

/** A slice is to take about so long: whoever else needs the compute process waits no longer. */
const sliceMs = 150;
/** Samples of one slice: as many as one run of the model takes, or several of those. */
const leastSlice = 16;
const mostSlice = 256;

export class Drawer {
  private readonly msEachOf = new Map<string, number>();

  constructor(private readonly workers: Pick<Workers, 'draw'>) {}

  /** Milliseconds for a sample, as measured on earlier drawings with these controls; null before the first. */
  msEach(model: DrawingModel, controls: Controls): number | null {
    return this.msEachOf.get(keyOf(model, controls)) ?? null;
  }

  /** How many samples to draw at once. */
  sliceOf(model: DrawingModel, controls: Controls): number {
    const each = this.msEach(model, controls);
    if (each === null) return leastSlice;
    return Math.min(mostSlice, Math.max(1, Math.floor(sliceMs / each / leastSlice)) * leastSlice);
  }

  /** `onProgress` is told the share that is drawn. */
  async draw(work: DrawWork, signal: AbortSignal, onProgress: (share: number) => void): Promise<Samples> {
    const count = work.noise.kind === 'numbered' ? work.noise.indices.length : rowsOf(work, work.noise.numbers);
    const parts: Uint8Array<ArrayBuffer>[] = [];
    let ms = 0;
    for (let from = 0; from < count;) {
      throwIfCancelled(signal);
      const to = Math.min(count, from + this.sliceOf(work.model, work.controls));
      const part = await this.slice(work, from, to, signal);
      parts.push(part.samples);
      ms += part.ms;
      from = to;
      onProgress(to / count);
    }
    return { samples: parts.length === 1 && parts[0] !== undefined ? parts[0] : Buffer.concat(parts), ms };
  }

  private async slice(work: DrawWork, from: number, to: number, signal: AbortSignal): Promise<Samples> {
    const { model, noise, classes, controls } = work;
    const width = model.card.input.noiseWidth;
    const part =
      noise.kind === 'numbered'
        ? { ...noise, indices: noise.indices.slice(from, to) }
        : { kind: noise.kind, numbers: bytesOf(noise.numbers.subarray(from * width, to * width)) };
    const request = { path: model.path, noise: part, classes: classes.slice(from, to), controls };
    const drawn = await this.workers.draw(request, signal);
    this.remember(keyOf(model, controls), drawn.ms / (to - from));
    return drawn;
  }

  private remember(key: string, each: number): void {
    const known = this.msEachOf.get(key);
    this.msEachOf.set(key, known === undefined ? each : (known + each) / 2);
  }
}

function rowsOf({ model }: DrawWork, numbers: Float32Array): number {
  return numbers.length / model.card.input.noiseWidth;
}

function bytesOf(numbers: Float32Array): Uint8Array<ArrayBuffer> {
  return new Uint8Array(Float32Array.from(numbers).buffer);
}

function keyOf({ fileHash, card }: DrawingModel, controls: Controls): string {
  const values = card.input.controls.map(({ name, value }) => controls[name] ?? value);
  return `${fileHash} ${values.join(' ')}`;
}
