/** Drawn samples as one bitmap: u8 grey or RGB pictures side by side, ready for `drawImage`. */
import type { DrawnShape } from '../../electron/contract/model-card';

export type PictureShape = Extract<DrawnShape, { kind: 'image' }>;

/** Pictures of one size in rows of `across`, since no bitmap may be very tall. */
export interface SampleAtlas {
  readonly sheet: OffscreenCanvas;
  readonly shape: PictureShape;
  readonly count: number;
  readonly across: number;
}

/** Longest side of the bitmap that is drawn everywhere. */
const widest = 4096;

/** u8 [N, height, width, channels] to one RGBA picture with `across` samples in a row. */
export function rgbaOf(samples: Uint8Array, shape: PictureShape, across: number): Uint8ClampedArray<ArrayBuffer> {
  const { height, width, channels } = shape;
  const area = height * width;
  const count = Math.floor(samples.length / (area * channels));
  const line = across * width;
  const rgba = new Uint8ClampedArray(line * Math.ceil(count / across) * height * 4);
  for (let k = 0; k < count; k++) {
    const corner = Math.floor(k / across) * height * line + (k % across) * width;
    for (let at = 0; at < area; at++) {
      const from = (k * area + at) * channels;
      const to = (corner + Math.floor(at / width) * line + (at % width)) * 4;
      const red = samples[from] ?? 0;
      rgba[to] = red;
      rgba[to + 1] = channels === 3 ? (samples[from + 1] ?? 0) : red;
      rgba[to + 2] = channels === 3 ? (samples[from + 2] ?? 0) : red;
      rgba[to + 3] = 255;
    }
  }
  return rgba;
}

export function sampleAtlas(samples: Uint8Array, shape: PictureShape): SampleAtlas {
  const { height, width, channels } = shape;
  const count = Math.floor(samples.length / (height * width * channels));
  const across = Math.max(1, Math.min(count, Math.floor(widest / width)));
  const size = { width: across * width, height: Math.ceil(count / across) * height };
  const sheet = new OffscreenCanvas(size.width, Math.max(1, size.height));
  if (count > 0) {
    const picture = new ImageData(rgbaOf(samples, shape, across), size.width, size.height);
    sheet.getContext('2d')?.putImageData(picture, 0, 0);
  }
  return { sheet, shape, count, across };
}

/** Where and how large a picture of the atlas is drawn, in units of the context. */
export interface Target {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  readonly radius: number;
}

/** Small pictures enlarged keep their pixels; larger ones are smoothed. `scale` is device pixels for a unit of the context. */
export function drawSample(
  context: CanvasRenderingContext2D,
  { sheet, shape, across }: SampleAtlas,
  index: number,
  { x, y, width, height, radius }: Target,
  scale: number,
): void {
  context.save();
  context.beginPath();
  context.roundRect(x, y, width, height, radius);
  context.clip();
  context.imageSmoothingEnabled = (width * scale) / shape.width < 1.5 && shape.width > 16;
  context.imageSmoothingQuality = 'high';
  const left = (index % across) * shape.width;
  const top = Math.floor(index / across) * shape.height;
  context.drawImage(sheet, left, top, shape.width, shape.height, x, y, width, height);
  context.restore();
}
