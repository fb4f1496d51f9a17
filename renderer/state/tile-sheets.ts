/** Turns answers of the engine into bitmaps: pixels as one tall sheet, encoded pictures one by one. */
import { framed } from '../engine/frame-batch';
import type { Studio } from './studio';
import { type Pictures, type Sheet, TileStore } from './tile-store';

/** Bitmaps taller than this are not drawn everywhere. */
const tallest = 8192;

async function pixelSheet(pictures: Extract<Pictures, { form: 'pixels' }>, count: number): Promise<Sheet> {
  const { width, height, pixels } = pictures;
  const perSheet = Math.max(1, Math.floor(tallest / height));
  const bytes = width * height * 4;
  const bitmaps: ImageBitmap[] = [];
  for (let from = 0; from < count; from += perSheet) {
    const rows = Math.min(perSheet, count - from);
    const part = new Uint8ClampedArray(pixels.slice(from * bytes, (from + rows) * bytes));
    bitmaps.push(await createImageBitmap(new ImageData(part, width, rows * height)));
  }
  return {
    pictures: Array.from({ length: count }, (_, place) => {
      const sheet = bitmaps[Math.floor(place / perSheet)];
      return sheet === undefined ? null : { sheet, x: 0, y: (place % perSheet) * height, width, height };
    }),
    close: () => bitmaps.forEach((bitmap) => bitmap.close()),
  };
}

async function encodedSheet(parts: readonly Uint8Array[]): Promise<Sheet> {
  const decoded = await Promise.all(parts.map((part) => createImageBitmap(new Blob([part.slice()])).catch(() => null)));
  return {
    pictures: decoded.map((sheet) =>
      sheet === null ? null : { sheet, x: 0, y: 0, width: sheet.width, height: sheet.height },
    ),
    close: () => decoded.forEach((bitmap) => bitmap?.close()),
  };
}

export function drawSheet(pictures: Pictures, count: number): Promise<Sheet> {
  return pictures.form === 'pixels' ? pixelSheet(pictures, count) : encodedSheet(pictures.parts);
}

const stores = new WeakMap<Studio, TileStore>();

/** The one store of tiles of a page. */
export function tilesOf(studio: Studio): TileStore {
  const known = stores.get(studio);
  if (known !== undefined) return known;
  const store = new TileStore({
    fetch: (id, indices, signal) =>
      studio.engine.call('datasets.pictures', { id, indices: [...indices], size: 'tile' }, { signal }),
    draw: drawSheet,
    schedule: framed,
  });
  stores.set(studio, store);
  return store;
}
