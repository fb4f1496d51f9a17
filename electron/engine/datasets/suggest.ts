/** What a model takes samples for: their pixels, enlarged to what the model was made for, go the way that photos go. */
import { createCanvas, ImageData } from '@napi-rs/canvas';
import { AppError } from '../../contract/errors';
import type { Verdict } from '../../contract/photo';
import type { PixelSlot } from '../../contract/workers';
import { type SlotPool, writeSlot } from '../exchange';
import type { RunnableModel } from '../studio/pipeline';
import type { OpenDataset } from './open-dataset';
import type { ImageShape } from './packs';
import { toRgba } from './pictures';

export interface Judge {
  judge(model: RunnableModel, slots: readonly PixelSlot[], top: number): Promise<Verdict[]>;
}

export interface Suggestion {
  label: string;
  confidence: number;
}

const shown = 5;
/** Pictures judged at once; as for photos. */
const maxBatch = 4;

/** In the order of `indices`. Thumbnails are not used: they would have to be decoded, and that only intake may do. */
export async function suggest(
  dataset: OpenDataset,
  indices: readonly number[],
  model: RunnableModel,
  judge: Judge,
  slots: SlotPool,
  signal: AbortSignal,
): Promise<Suggestion[][]> {
  const { packs } = dataset;
  const { image } = packs;
  if (image === null) throw new AppError('data/unusable', `“${dataset.manifest.title}” holds no pictures to judge.`);
  const { layout, maxBatch: own, shortSide } = model.card.input;
  const batch = layout === 'HWC' ? 1 : Math.min(maxBatch, own === 0 ? Infinity : own);
  const found: Suggestion[][] = [];
  for (let from = 0; from < indices.length; from += batch) {
    const pixels = await packs.images(indices.slice(from, from + batch));
    const size = image.height * image.width * image.channels;
    const count = pixels.length / size;
    const taken: PixelSlot[] = [];
    try {
      for (let at = 0; at < count; at++) {
        const slot = await slots.acquire(signal);
        const enlarged = enlarge(pixels.subarray(at * size, (at + 1) * size), image, shortSide);
        taken.push({ slot, height: enlarged.height, width: enlarged.width });
        writeSlot(slots.dir, slot, enlarged.rgb);
      }
      const verdicts = await judge.judge(model, taken, shown);
      for (const { predictions } of verdicts) {
        found.push(predictions.slice(0, shown).map(({ label, score }) => ({ label, confidence: score })));
      }
    } finally {
      for (const { slot } of taken) slots.release(slot);
    }
  }
  return found;
}

/** u8 RGB with at least this short side, smoothly; larger pictures stay as they are, for models reduce by themselves. */
function enlarge(
  pixels: Uint8Array,
  { height, width, channels }: ImageShape,
  shortSide: number,
): { rgb: Uint8Array; height: number; width: number } {
  const scale = Math.max(1, shortSide / Math.min(height, width));
  const size = { height: Math.round(height * scale), width: Math.round(width * scale) };
  const small = createCanvas(width, height);
  const rgba = new Uint8ClampedArray(toRgba(pixels, channels).buffer);
  small.getContext('2d').putImageData(new ImageData(rgba, width, height), 0, 0);
  const large = createCanvas(size.width, size.height);
  const context = large.getContext('2d');
  context.imageSmoothingQuality = 'high';
  context.drawImage(small, 0, 0, size.width, size.height);
  return { ...size, rgb: toRgb(context.getImageData(0, 0, size.width, size.height).data) };
}

function toRgb(rgba: Uint8ClampedArray): Uint8Array {
  const rgb = new Uint8Array((rgba.length / 4) * 3);
  for (let from = 0, to = 0; from < rgba.length; from += 4, to += 3) {
    rgb[to] = rgba[from] ?? 0;
    rgb[to + 1] = rgba[from + 1] ?? 0;
    rgb[to + 2] = rgba[from + 2] ?? 0;
  }
  return rgb;
}
