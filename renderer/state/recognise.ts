/** What was dropped, in words, and the one or two sensible things to do with it; pure. */
import type { Dropped } from '../../electron/contract/bridge';
import { countOf } from '../ui/format';
import type { Screen } from './studio-state';

/** What happens to a drop: pictures are judged, data becomes a data set, a model is checked, or gets its labels. */
export type DropAction = 'judge' | 'dataset' | 'model' | 'labels';

export interface Recognised {
  what: string;
  /** The first is done when it is let go anywhere. */
  actions: readonly [DropAction] | readonly [DropAction, DropAction];
}

type Kind = Dropped['kind'];

const words: Readonly<Record<Kind, readonly [one: string, many: string]>> = {
  folder: ['folder', 'folders'],
  picture: ['picture', 'pictures'],
  model: ['ONNX model', 'ONNX models'],
  archive: ['archive', 'archives'],
  table: ['table', 'tables'],
  text: ['text', 'texts'],
  sound: ['sound', 'sounds'],
  music: ['piece of music', 'pieces of music'],
  other: ['file or folder', 'files or folders'],
};

/** These hold many samples, or none that could be judged: always data. */
const dataKinds: readonly Kind[] = ['archive', 'table', 'text', 'sound', 'music'];
const labelKinds: readonly Kind[] = ['text', 'table', 'other'];

/** "3 pictures and 1 folder". */
export function inWords(kinds: readonly Kind[]): string {
  const counts = new Map<Kind, number>();
  for (const kind of kinds) counts.set(kind, (counts.get(kind) ?? 0) + 1);
  const parts = [...counts].map(([kind, count]) => countOf(count, ...words[kind]));
  const last = parts.pop() ?? '';
  return parts.length === 0 ? last : `${parts.join(', ')} and ${last}`;
}

export interface DropPlace {
  screen: Screen;
  /** A model is being imported: a file of words can only be its labels. */
  isModelOpen: boolean;
}

export function recognise(kinds: readonly Kind[], { screen, isModelOpen }: DropPlace): Recognised {
  const what = inWords(kinds);
  const [only] = kinds;
  if (isModelOpen && kinds.length === 1 && only !== undefined && labelKinds.includes(only)) {
    return { what, actions: ['labels'] };
  }
  const rest = kinds.filter((kind) => kind !== 'model');
  if (rest.length === 0) return { what, actions: ['model'] };
  if (rest.some((kind) => dataKinds.includes(kind))) return { what, actions: ['dataset'] };
  return { what, actions: screen === 'data' ? ['dataset', 'judge'] : ['judge', 'dataset'] };
}

const byType: readonly (readonly [RegExp, Kind])[] = [
  [/^image\//, 'picture'],
  [/^(application\/(zip|gzip|x-(tar|gzip|compressed-tar)))/, 'archive'],
  [/^(text\/(csv|tab-separated-values)|application\/json)/, 'table'],
  [/^text\/plain/, 'text'],
  [/^audio\/(midi|x-midi|mid)/, 'music'],
  [/^audio\/(x-)?wav/, 'sound'],
];

/** While something hovers, only its type is known, and for folders and models not even that. */
export function kindOfType(type: string): Kind {
  return byType.find(([pattern]) => pattern.test(type))?.[1] ?? 'other';
}
