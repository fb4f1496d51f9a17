/** Labels and splits from the folders that files lie in: `train/cat/1.jpg` is a training picture of the class `cat`. */
import path from 'node:path';
import type { Split } from '../../contract/samples';

export interface Placed {
  readonly label: string | null;
  readonly split: Split | null;
}

/** Of several folders that were dropped together each is the first part of the names below it; of one alone it says nothing. */
export function nameInDrop(roots: readonly string[], file: { path: string; name: string }): string {
  if (roots.length < 2) return file.name;
  const root = roots.find((one) => file.path.startsWith(one.endsWith(path.sep) ? one : one + path.sep));
  return root === undefined ? file.name : `${path.basename(root)}/${file.name}`;
}

const splitWords: Readonly<Record<string, Split>> = {
  train: 'train',
  training: 'train',
  val: 'validation',
  valid: 'validation',
  validation: 'validation',
  dev: 'validation',
  test: 'test',
  testing: 'test',
};

/** The split that a word stands for. */
export function splitOf(folder: string | undefined): Split | undefined {
  const word = folder?.toLowerCase() ?? '';
  return Object.hasOwn(splitWords, word) ? splitWords[word] : undefined;
}

interface Place {
  folders: string[];
  split: Split | null;
}

/**
 * For all files of one source, by their paths below what was dropped (forward slashes). Folders that all of them share
 * say nothing and are passed over; a folder named for a split gives the split; the next one is the label, whatever lies below it.
 */
export function labelsFromFolders(names: readonly string[]): Placed[] {
  const places = names.map((name): Place => ({ folders: name.split('/').slice(0, -1), split: null }));
  dropShared(places);
  takeSplits(places);
  dropShared(places);
  return places.map(({ folders, split }) => ({ label: tidyLabel(folders[0]), split }));
}

/** Class names are trimmed, not longer than a contract allows, and not empty. */
export function tidyLabel(text: string | undefined): string | null {
  const name = text?.trim().slice(0, 300).trim() ?? '';
  return name === '' ? null : name;
}

function dropShared(places: readonly Place[]): void {
  for (;;) {
    const [first] = places;
    const shared = first?.folders[0];
    if (shared === undefined || splitOf(shared) !== undefined) return;
    if (!places.every(({ folders }) => folders[0] === shared)) return;
    for (const { folders } of places) folders.shift();
  }
}

/** Splits stand above the classes, or else below each of them. */
function takeSplits(places: readonly Place[]): void {
  const level = [0, 1].find((at) => places.some(({ folders }) => splitOf(folders[at]) !== undefined));
  if (level === undefined) return;
  // A class that happens to be called "test" among others is a class.
  if (level === 0 && !isSplitLevel(places)) return;
  for (const place of places) {
    const split = splitOf(place.folders[level]);
    if (split === undefined) continue;
    place.split = split;
    place.folders.splice(level, 1);
  }
}

/** Above the classes either every folder is a split, or none is. */
function isSplitLevel(places: readonly Place[]): boolean {
  return places.every(({ folders }) => folders.length === 0 || splitOf(folders[0]) !== undefined);
}
