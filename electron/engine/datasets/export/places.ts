/** Where each sample goes below the chosen folder: `<split>/<class>/<name>`, in names that every file system takes, none twice. */
import path from 'node:path';
import { safeName } from '../../services/export/folders';
import type { OpenDataset } from '../open-dataset';

export interface Place {
  readonly index: number;
  /** With forward slashes. */
  readonly path: string;
}

/** Splits make folders where there is more than one among the samples; samples without a label lie beside the classes. */
export function placesOf(dataset: OpenDataset, indices: readonly number[], extension: string): Place[] {
  const { state, table } = dataset;
  const hasSplits = new Set(indices.map((index) => state.split[index])).size > 1;
  const folders = new Map<string, string>();
  const taken = new Set<string>();
  return indices.map((index) => {
    const label = state.labelOf(index);
    const split = hasSplits ? [state.splitOf(index)] : [];
    const folder = [...split, ...(label === null ? [] : [folderOf(label, folders)])].join('/');
    const { name } = path.posix.parse(table.name(index).split('/').at(-1) ?? '');
    return { index, path: free(folder, safeName(name === '' ? String(index) : name), extension, taken) };
  });
}

/** Two classes that would share a folder (`a/b` and `a_b`, `A` and `a`) get two. */
function folderOf(label: string, folders: Map<string, string>): string {
  const known = folders.get(label);
  if (known !== undefined) return known;
  const used = new Set([...folders.values()].map((name) => name.toLowerCase()));
  const name = safeName(label);
  let folder = name;
  for (let number = 2; used.has(folder.toLowerCase()); number++) folder = `${name} (${number})`;
  folders.set(label, folder);
  return folder;
}

function free(folder: string, name: string, extension: string, taken: Set<string>): string {
  const stem = folder === '' ? name : `${folder}/${name}`;
  let place = `${stem}${extension}`;
  // Case does not tell files apart everywhere.
  for (let number = 2; taken.has(place.toLowerCase()); number++) place = `${stem} (${number})${extension}`;
  taken.add(place.toLowerCase());
  return place;
}
