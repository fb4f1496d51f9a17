/** Reader of pictures in files: folders name the classes and the splits. */
import type { Inspection } from '../../../contract/samples';
import { throwIfCancelled } from '../../../contract/errors';
import { labelsFromFolders } from '../../datasets/folder-labels';
import { maxPictureBytes, naturally } from '../list-files';
import { readWhole } from '../read-file';
import { uprightPixels } from '../decode';
import { openPicture } from '../sniff';
import { type Pixels, resize, sizeForLongSide, swapsSides } from '../pixels';
import { decodeFiles } from './decode-files';
import { encodeThumb } from './picture-sample';
import type { DatasetReader, ReadChunk, ReadRequest, SourceHead } from './reader';

const pictureNames = /\.(jpe?g|jfif|png|webp|gif|avif)$/i;
/** So many files are opened for their sizes, spread over all. */
const lookedAt = 200;
const shown = 24;
const shownLongSide = 128;
/** Equal pictures up to this size are packed as they are. */
const smallSide = 96;
const usualSide = 64;
/** About what a thumbnail takes. */
const thumbBytes = 6000;

const startsLikePicture = ({ head }: SourceHead): boolean => {
  const start = Buffer.from(head.subarray(0, 16)).toString('latin1');
  return /^(\xff\xd8\xff|\x89PNG|GIF8)/.test(start) || /^RIFF....WEBP/s.test(start) || start.startsWith('ftypavif', 4);
};

const isPicture = (source: SourceHead): boolean => pictureNames.test(source.name) || startsLikePicture(source);

export const filesReader: DatasetReader = {
  name: 'files',
  match: (sources) => sources.filter(isPicture).length * 2 > sources.length || sources.filter(isPicture).length >= 8,
  inspect: inspectFiles,
  open: openFiles,
};

async function inspectFiles(sources: readonly SourceHead[], signal: AbortSignal): Promise<Omit<Inspection, 'reader'>> {
  const pictures = sources.filter(isPicture);
  const placed = labelsFromFolders(pictures.map(({ name }) => name));
  const seen = await lookAt(pictures, placed.map(({ label }) => label), signal); // prettier-ignore
  const { sizes, areAllEqual, areGrey } = seen;
  const side = areAllEqual ? sizes[0] : undefined;
  const isSmall = side !== undefined && Math.max(side.height, side.width) <= smallSide;
  const [height, width] = isSmall ? [side.height, side.width] : [usualSide, usualSide];
  const channels = areGrey ? 1 : 3;
  const others = sources.length - pictures.length;
  const ordered = [...sizes].sort((a, b) => a.height * a.width - b.height * b.width);
  return {
    kind: 'image',
    samples: pictures.length,
    isCountExact: true,
    classes: countsOf(placed.map(({ label }) => label)),
    hasGivenSplit: placed.some(({ split }) => split !== null),
    options: { image: { height, width, fit: 'crop', channels } },
    sizes: { smallest: sizeText(ordered[0]), largest: sizeText(ordered.at(-1)), areAllEqual, areGrey },
    pictures: seen.previews,
    rows: [],
    packBytes: pictures.length * (height * width * channels + (isSmall ? 0 : thumbBytes)),
    notes: [
      ...(others > 0 ? [`${others} other ${others === 1 ? 'file is' : 'files are'} passed over.`] : []),
      ...(seen.broken > 0
        ? [`${seen.broken} of ${seen.opened} pictures looked at cannot be read; such are left out.`]
        : []),
    ],
  };
}

interface Size {
  readonly height: number;
  readonly width: number;
}

const sizeText = (size: Size | undefined): string => (size === undefined ? '' : `${size.width} x ${size.height}`);

/** Classes in natural order with their counts. */
export function countsOf(labels: readonly (string | null)[]): { name: string; count: number }[] {
  const counts = new Map<string, number>();
  for (const label of labels) if (label !== null) counts.set(label, (counts.get(label) ?? 0) + 1);
  return [...counts].map(([name, count]) => ({ name, count })).sort((a, b) => naturally(a.name, b.name)).slice(0, 10_000); // prettier-ignore
}

interface Seen {
  sizes: Size[];
  areAllEqual: boolean;
  areGrey: boolean;
  previews: Inspection['pictures'];
  opened: number;
  broken: number;
}

/** Opens some pictures, spread evenly over all. */
async function lookAt(
  pictures: readonly SourceHead[],
  labels: readonly (string | null)[],
  signal: AbortSignal,
): Promise<Seen> {
  const seen: Seen = { sizes: [], areAllEqual: true, areGrey: true, previews: [], opened: 0, broken: 0 };
  const count = Math.min(lookedAt, pictures.length);
  const previewEvery = Math.max(1, Math.floor(count / shown));
  for (let k = 0; k < count; k++) {
    throwIfCancelled(signal);
    const index = Math.floor((k * pictures.length) / count);
    const source = pictures[index];
    if (source === undefined) continue;
    seen.opened++;
    const isShown = k % previewEvery === 0 && seen.previews.length < shown;
    await look(seen, source, labels[index] ?? null, isShown, signal).catch((error: unknown) => {
      throwIfCancelled(signal);
      if (error instanceof Error) seen.broken++;
    });
  }
  const [first] = seen.sizes;
  seen.areAllEqual = seen.sizes.every(({ height, width }) => height === first?.height && width === first.width);
  if (seen.sizes.length === 0) seen.areGrey = false;
  return seen;
}

async function look(
  seen: Seen,
  source: SourceHead,
  label: string | null,
  isShown: boolean,
  signal: AbortSignal,
): Promise<void> {
  const picture = openPicture(await readWhole(source.path, maxPictureBytes, signal));
  const swaps = swapsSides(picture.orientation);
  const size = swaps
    ? { height: picture.width, width: picture.height }
    : { height: picture.height, width: picture.width };
  const { height, width } = sizeForLongSide(size.width, size.height, shownLongSide);
  const pixels = resize(await uprightPixels(picture, { height, width }), width, height);
  seen.sizes.push(size);
  if (seen.areGrey && !isGrey(pixels)) seen.areGrey = false;
  if (isShown) seen.previews.push({ name: source.name, label, ...size, bytes: await encodeThumb(pixels) });
}

/** Whether red, green and blue are nearly equal everywhere; JPEG's colours differ by a little in grey pictures too. */
function isGrey({ data }: Pixels): boolean {
  return data.every((word) => {
    const green = (word >>> 8) & 255;
    return Math.abs((word & 255) - green) <= 4 && Math.abs(((word >>> 16) & 255) - green) <= 4;
  });
}

async function* openFiles({
  sources,
  options,
  position,
  samplesPerChunk,
  signal,
}: ReadRequest): AsyncGenerator<ReadChunk> {
  const pictures = sources.filter(isPicture);
  const placed = labelsFromFolders(pictures.map(({ name }) => name));
  const files = pictures.map(({ path, name }, i) => ({
    path,
    name,
    label: placed[i]?.label ?? null,
    split: placed[i]?.split ?? null,
  }));
  for (let from = position; from < files.length; from += samplesPerChunk) {
    const { content, leftOut } = await decodeFiles(files.slice(from, from + samplesPerChunk), options, signal);
    yield { content, leftOut, position: Math.min(files.length, from + samplesPerChunk) };
  }
}
