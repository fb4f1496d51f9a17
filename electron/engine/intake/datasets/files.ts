/** Reader of pictures in files: folders name the classes and the splits. */
import type { Inspection } from '../../../contract/samples';
import { labelsFromFolders } from '../../datasets/folder-labels';
import { maxPictureBytes, naturally } from '../list-files';
import { readWhole } from '../read-file';
import { decodeFiles } from './decode-files';
import { lookAt, type PictureToSee, proposePack } from './look-at-pictures';
import type { DatasetReader, ReadChunk, ReadRequest, SourceHead } from './reader';

export const pictureNames = /\.(jpe?g|jfif|png|webp|gif|avif)$/i;

const startsLikePicture = ({ head }: SourceHead): boolean => {
  const start = Buffer.from(head.subarray(0, 16)).toString('latin1');
  return /^(\xff\xd8\xff|\x89PNG|GIF8)/.test(start) || /^RIFF....WEBP/s.test(start) || start.startsWith('ftypavif', 4);
};

export const isPicture = (source: SourceHead): boolean => pictureNames.test(source.name) || startsLikePicture(source);

export const filesReader: DatasetReader = {
  name: 'files',
  match: (sources) => sources.filter(isPicture).length * 2 > sources.length || sources.filter(isPicture).length >= 8,
  inspect: inspectFiles,
  open: openFiles,
};

async function inspectFiles(sources: readonly SourceHead[], signal: AbortSignal): Promise<Omit<Inspection, 'reader'>> {
  const pictures = sources.filter(isPicture);
  const placed = labelsFromFolders(pictures.map(({ name }) => name));
  const looks = pictures.map(({ name, path }, i): PictureToSee => {
    const read = (): Promise<Uint8Array> => readWhole(path, maxPictureBytes, signal);
    return { name, label: placed[i]?.label ?? null, read };
  });
  const seen = await lookAt(looks, signal);
  const others = sources.length - pictures.length;
  return {
    kind: 'image',
    samples: pictures.length,
    isCountExact: true,
    classes: countsOf(placed.map(({ label }) => label)),
    hasGivenSplit: placed.some(({ split }) => split !== null),
    ...proposePack(seen, pictures.length),
    notes: [
      ...(others > 0 ? [`${others} other ${others === 1 ? 'file is' : 'files are'} passed over.`] : []),
      ...(seen.broken > 0
        ? [`${seen.broken} of ${seen.opened} pictures looked at cannot be read; such are left out.`]
        : []),
    ],
  };
}

/** Classes in natural order with their counts. */
export function countsOf(labels: readonly (string | null)[]): { name: string; count: number }[] {
  const counts = new Map<string, number>();
  for (const label of labels) if (label !== null) counts.set(label, (counts.get(label) ?? 0) + 1);
  return [...counts].map(([name, count]) => ({ name, count })).sort((a, b) => naturally(a.name, b.name)).slice(0, 10_000); // prettier-ignore
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
