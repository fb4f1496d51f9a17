/** Opens some of the pictures of a source and proposes how they become a pack. */
import { throwIfCancelled } from '../../../contract/errors';
import type { Inspection } from '../../../contract/samples';
import { uprightPixels } from '../decode';
import { openPicture } from '../sniff';
import { type Pixels, resize, sizeForLongSide, swapsSides } from '../pixels';
import { encodeThumb } from './thumb';

/** So many files are opened for their sizes, spread over all. */
const lookedAt = 200;
const shown = 24;
const shownLongSide = 128;
/** Equal pictures up to this size are packed as they are. */
const smallSide = 96;
const usualSide = 64;
/** About what a thumbnail takes. */
const thumbBytes = 6000;

/** A picture in a file of its own or inside a table. */
export interface PictureToSee {
  readonly name: string;
  readonly label: string | null;
  readonly read: () => Promise<Uint8Array>;
}

interface Size {
  readonly height: number;
  readonly width: number;
}

const sizeText = (size: Size | undefined): string => (size === undefined ? '' : `${size.width} x ${size.height}`);

export interface Seen {
  sizes: Size[];
  areAllEqual: boolean;
  areGrey: boolean;
  previews: Inspection['pictures'];
  opened: number;
  broken: number;
}

/** Opens some pictures, spread evenly over all. */
export async function lookAt(pictures: readonly PictureToSee[], signal: AbortSignal): Promise<Seen> {
  const seen: Seen = { sizes: [], areAllEqual: true, areGrey: true, previews: [], opened: 0, broken: 0 };
  const count = Math.min(lookedAt, pictures.length);
  const previewEvery = Math.max(1, Math.floor(count / shown));
  for (let k = 0; k < count; k++) {
    throwIfCancelled(signal);
    const index = Math.floor((k * pictures.length) / count);
    const picture = pictures[index];
    if (picture === undefined) continue;
    seen.opened++;
    const isShown = k % previewEvery === 0 && seen.previews.length < shown;
    await look(seen, picture, isShown).catch((error: unknown) => {
      throwIfCancelled(signal);
      if (error instanceof Error) seen.broken++;
    });
  }
  const [first] = seen.sizes;
  seen.areAllEqual = seen.sizes.every(({ height, width }) => height === first?.height && width === first.width);
  if (seen.sizes.length === 0) seen.areGrey = false;
  return seen;
}

async function look(seen: Seen, { name, label, read }: PictureToSee, isShown: boolean): Promise<void> {
  const picture = openPicture(await read());
  const swaps = swapsSides(picture.orientation);
  const size = swaps
    ? { height: picture.width, width: picture.height }
    : { height: picture.height, width: picture.width };
  const { height, width } = sizeForLongSide(size.width, size.height, shownLongSide);
  const pixels = resize(await uprightPixels(picture, { height, width }), width, height);
  seen.sizes.push(size);
  if (seen.areGrey && !isGrey(pixels)) seen.areGrey = false;
  if (isShown) seen.previews.push({ name, label, ...size, bytes: encodeThumb(pixels) });
}

/** Whether red, green and blue are nearly equal everywhere; JPEG's colours differ by a little in grey pictures too. */
function isGrey({ data }: Pixels): boolean {
  return data.every((word) => {
    const green = (word >>> 8) & 255;
    return Math.abs((word & 255) - green) <= 4 && Math.abs(((word >>> 16) & 255) - green) <= 4;
  });
}

type Proposal = Pick<Inspection, 'options' | 'sizes' | 'pictures' | 'rows' | 'packBytes'>;

/** How `count` pictures of these looks would lie in a pack. */
export function proposePack({ sizes, areAllEqual, areGrey, previews }: Seen, count: number): Proposal {
  const side = areAllEqual ? sizes[0] : undefined;
  const isSmall = side !== undefined && Math.max(side.height, side.width) <= smallSide;
  const [height, width] = isSmall ? [side.height, side.width] : [usualSide, usualSide];
  const channels = areGrey ? 1 : 3;
  const ordered = [...sizes].sort((a, b) => a.height * a.width - b.height * b.width);
  return {
    options: { image: { height, width, fit: 'crop', channels } },
    sizes: { smallest: sizeText(ordered[0]), largest: sizeText(ordered.at(-1)), areAllEqual, areGrey },
    pictures: previews,
    rows: [],
    packBytes: count * (height * width * channels + (isSmall ? 0 : thumbBytes)),
  };
}
