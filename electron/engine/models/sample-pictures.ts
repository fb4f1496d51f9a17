/** The sample photos as pixels, for the preview of a model that is being imported. */
import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { throwIfCancelled } from '../../contract/errors';
import type { PixelSlot } from '../../contract/workers';
import type { SlotPool } from '../exchange';
import type { Workers } from '../studio/workers';
import type { SamplePicture } from './importer';

const shown = 8;

export interface SampleSource {
  samples: string;
  workers: Workers;
  slots: SlotPool;
  /** Folder of the thumbnails that the page may show. */
  thumbs: string;
}

/** Decodes the first few samples one by one; each lies in a slot only while `use` runs. */
export async function eachSample(
  source: SampleSource,
  shortSide: number,
  signal: AbortSignal,
  use: (sample: SamplePicture, slot: PixelSlot) => Promise<void>,
): Promise<void> {
  const { samples, workers, slots, thumbs } = source;
  const names = (await readdir(samples)).filter((name) => /\.jpe?g$/i.test(name)).sort();
  for (const name of names.slice(0, shown)) {
    throwIfCancelled(signal);
    const slot = await slots.acquire(signal);
    try {
      // A sample has its own thumbnail, apart from those of the pictures in the list.
      const id = `s-${path.parse(name).name}`;
      const decoded = await workers.decode(
        path.join(samples, name),
        [shortSide],
        [slot],
        path.join(thumbs, `${id}.jpg`),
      );
      const [pixels] = decoded.slots;
      if (pixels !== undefined) await use({ name, url: `duet://thumb/${id}` }, pixels);
    } finally {
      slots.release(slot);
    }
  }
}
