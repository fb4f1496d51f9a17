/** What readers share whose samples are files: sounds and music. */
import type { Inspection } from '../../../contract/samples';
import { labelsFromFolders } from '../../datasets/folder-labels';
import { countsOf } from './files';
import { readWhole } from '../read-file';
import { leaveOut, type Outcome } from './outcomes';
import type { SourceHead } from './reader';

/** The largest sound or piece of music; a sound of ten minutes in CD quality has 100 MB. */
export const maxFileBytes = 256 * 1024 * 1024;

/** One outcome a file, in order; a file that cannot be read is left out. `decode` makes the payload of a chunk. */
export async function* eachFile(
  sources: readonly SourceHead[],
  signal: AbortSignal,
  decode: (bytes: Uint8Array) => Uint8Array,
): AsyncGenerator<Outcome[]> {
  const places = labelsFromFolders(sources.map(({ name }) => name));
  for (const [i, source] of sources.entries()) {
    const { label = null, split = null } = places[i] ?? {};
    try {
      const bytes = await readWhole(source.path, maxFileBytes, signal);
      yield [{ name: source.name, label, split, own: bytes, payload: decode(bytes) }];
    } catch (error) {
      if (signal.aborted) throw error;
      yield [leaveOut(source.name, error)];
    }
  }
}

/** Classes and splits, which the names of the files tell alone. */
export function fromNames(sources: readonly SourceHead[]): Pick<Inspection, 'classes' | 'hasGivenSplit'> {
  const places = labelsFromFolders(sources.map(({ name }) => name));
  return {
    classes: countsOf(places.map(({ label }) => label)),
    hasGivenSplit: places.some(({ split }) => split !== null),
  };
}

/** At most `count` of them, evenly. */
export function spread<T>(all: readonly T[], count: number): T[] {
  if (all.length <= count) return [...all];
  const step = all.length / count;
  return all.filter((_, i) => Math.floor(i / step) > Math.floor((i - 1) / step));
}
