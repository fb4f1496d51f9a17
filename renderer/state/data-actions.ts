/** What a person does with a data set: label, exclude, move between splits, rename, check, seal, export, remove. */
import type { DatasetEdit } from '../../electron/contract/datasets';
import type { Split } from '../../electron/contract/samples';
import { getData, loadOrder, setData, showDataset } from './data-load';
import { say, sayFailure } from './messages';
import { undo } from './photo-actions';
import { noSelection } from './selection';
import type { Studio } from './studio';
import type { Toast } from './studio-state';

/** What one message may carry. */
const mostIndices = 100_000;

function undoOffer(studio: Studio): NonNullable<Toast['action']> {
  return { label: 'Undo', keys: 'Ctrl Z', run: () => void undo(studio) };
}

/** Makes a change to the open data set and says what it was; gives whether it succeeded. */
export async function edit(studio: Studio, change: DatasetEdit, isTold = true): Promise<boolean> {
  const { shown } = getData(studio);
  if (shown === null) return false;
  try {
    const { what } = await studio.engine.call('datasets.edit', { id: shown, change });
    if (isTold) say(studio, what, undoOffer(studio));
    return true;
  } catch (error) {
    sayFailure(studio, 'That was not changed.', error);
    return false;
  }
}

async function editMany(
  studio: Studio,
  indices: readonly number[],
  make: (part: number[]) => DatasetEdit,
): Promise<boolean> {
  for (let from = 0; from < indices.length; from += mostIndices) {
    const part = indices.slice(from, from + mostIndices);
    if (!(await edit(studio, make(part)))) return false;
  }
  return indices.length > 0;
}

export function labelSamples(studio: Studio, indices: readonly number[], label: string | null): Promise<boolean> {
  setData(studio, { isPicking: false });
  return editMany(studio, indices, (part) => ({ edit: 'label', indices: part, label }));
}

export function excludeSamples(studio: Studio, indices: readonly number[], isExcluded: boolean): Promise<boolean> {
  return editMany(studio, indices, (part) => ({ edit: 'exclude', indices: part, isExcluded }));
}

export function moveSamples(studio: Studio, indices: readonly number[], split: Split): Promise<boolean> {
  return editMany(studio, indices, (part) => ({ edit: 'split', indices: part, split }));
}

/** The samples that a command means: the selected ones, or the one that is open. */
export function meantSamples(studio: Studio): number[] {
  const { selection, opened } = getData(studio);
  if (opened !== null) return [opened.index];
  if (selection.ids.size > 0) return [...selection.ids];
  return selection.active === null ? [] : [selection.active];
}

export function excludeMeant(studio: Studio): void {
  const indices = meantSamples(studio);
  if (indices.length === 0) return;
  // On a view of excluded samples the same key brings them back.
  void excludeSamples(studio, indices, getData(studio).filter.isExcluded !== true);
}

/** The classes that the keys 1 to 9 stand for. */
export function keyClasses(studio: Studio): readonly string[] {
  return (getData(studio).detail?.classes ?? []).slice(0, 9).map((row) => row.name);
}

export async function renameDataset(studio: Studio, id: string, title: string): Promise<void> {
  try {
    await studio.engine.call('datasets.rename', { id, title });
    const { detail } = getData(studio);
    if (detail?.entry.id === id) setData(studio, { detail: { ...detail, entry: { ...detail.entry, title } } });
  } catch (error) {
    sayFailure(studio, 'The data set was not renamed.', error);
  }
}

export async function removeDataset(studio: Studio, id: string): Promise<void> {
  const { datasets, shown } = getData(studio);
  const title = datasets.find((entry) => entry.id === id)?.title ?? id;
  try {
    await studio.engine.call('datasets.remove', { id });
    const rest = getData(studio).datasets.filter((entry) => entry.id !== id);
    setData(studio, { datasets: rest });
    if (shown === id) showDataset(studio, rest[0]?.id ?? null);
    say(studio, `${title} removed`, undoOffer(studio));
  } catch (error) {
    sayFailure(studio, `${title} was not removed.`, error);
  }
}

export async function checkDataset(studio: Studio): Promise<void> {
  const { shown } = getData(studio);
  if (shown === null) return;
  try {
    const { job } = await studio.engine.call('datasets.check', { id: shown });
    setData(studio, { checking: job });
  } catch (error) {
    sayFailure(studio, 'The data set was not checked.', error);
  }
}

export async function sealDataset(studio: Studio): Promise<void> {
  const { shown, detail } = getData(studio);
  if (shown === null) return;
  try {
    const { revision } = await studio.engine.call('datasets.seal', { id: shown, note: '' });
    const action = { label: 'Copy', keys: null, run: () => void studio.bridge.copyText(revision) };
    say(studio, `Revision ${revision.slice(0, 10)} sealed: it stays as it is from now on`, action);
    if (detail !== null) {
      const again = await studio.engine.call('datasets.detail', { id: shown });
      if (getData(studio).shown === shown) setData(studio, { detail: again });
    }
  } catch (error) {
    sayFailure(studio, 'The revision was not sealed.', error);
  }
}

export type DataExport = 'folders' | 'zip' | 'csv' | 'parquet';

/** Writes the data set, or what the filters leave of it, as a job. */
export async function exportDataset(studio: Studio, format: DataExport): Promise<void> {
  const { shown, detail, filter } = getData(studio);
  if (shown === null || detail === null) return;
  try {
    const { title } = detail.entry;
    const name = format === 'folders' ? title : `${title}.${format}`;
    const target = await studio.bridge.saveDialog(format === 'folders' ? 'newFolder' : format, name);
    if (target === null) return;
    await studio.engine.call('datasets.export', { id: shown, format, target: target.handle, filter });
    say(studio, `Exporting ${title}`, {
      label: 'Jobs',
      keys: 'Ctrl J',
      run: () => studio.store.setState({ isJobsOpen: true }),
    });
  } catch (error) {
    sayFailure(studio, 'The data set was not exported.', error);
  }
}

/** Leaves only the first of each group of samples that look alike. */
export async function keepFirstOfEach(studio: Studio, groups: readonly (readonly number[])[]): Promise<void> {
  const rest = groups.flatMap((group) => group.slice(1));
  if (rest.length === 0) return;
  if (await excludeSamples(studio, rest, true)) void loadOrder(studio);
}

export function clearSamples(studio: Studio): void {
  setData(studio, { selection: noSelection, opened: null, isPicking: false });
}
