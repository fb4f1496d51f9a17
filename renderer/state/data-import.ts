/** Data on its way in: looked at by the engine, shown to the person, imported as a job or let go; built-in data sets. */
import type { Dropped } from '../../electron/contract/bridge';
import { isCancelled } from '../../electron/contract/errors';
import type { ReaderName, ReadOptions, SplitPlan } from '../../electron/contract/samples';
import { countOf } from '../ui/format';
import { getData, setData, showDataset } from './data-load';
import type { DataImport } from './data-state';
import { failureOf, sayFailure } from './messages';
import type { Studio } from './studio';
import { goTo } from './view-actions';

function letGo(studio: Studio, imported: DataImport | null): void {
  if (imported?.stage === 'looking') imported.cancel();
  if (imported?.stage !== 'found') return;
  studio.engine.call('datasets.discard', { proposal: imported.proposal }).catch(() => undefined);
}

export function closeDataImport(studio: Studio): void {
  const { imported } = getData(studio);
  setData(studio, { imported: null });
  letGo(studio, imported);
}

export async function chooseData(studio: Studio, kind: 'data' | 'dataFolder', isAdding = false): Promise<void> {
  try {
    const dropped = await studio.bridge.openDialog(kind);
    if (dropped.length > 0) await openData(studio, dropped, { isAdding });
  } catch (error) {
    sayFailure(studio, 'The data could not be opened.', error);
  }
}

interface OpenOptions {
  /** Adds to the data set that is open. */
  isAdding?: boolean;
  /** Asks for one reader in particular. */
  reader?: ReaderName | undefined;
}

/** Looks at what was dropped or chosen, and shows what it found; an open import makes room. */
export async function openData(studio: Studio, dropped: readonly Dropped[], options: OpenOptions = {}): Promise<void> {
  goTo(studio, 'data');
  // The panel would lie over the foot of the sheet, where the button is.
  studio.store.setState({ isJobsOpen: false });
  const before = getData(studio).imported;
  letGo(studio, before);
  const { detail } = getData(studio);
  const isAdding = options.isAdding === true && detail !== null;
  const into = isAdding ? { id: detail.entry.id, title: detail.entry.title } : null;
  const [first] = dropped;
  const name = dropped.length === 1 && first !== undefined ? first.name : countOf(dropped.length, 'item');
  await look(studio, { dropped, name, into }, options.reader);
}

/** The same sources through another reader. */
export async function readAs(studio: Studio, reader: ReaderName): Promise<void> {
  const { imported } = getData(studio);
  if (imported === null) return;
  letGo(studio, imported);
  await look(studio, imported, reader);
}

type Source = Pick<DataImport, 'dropped' | 'name' | 'into'>;

async function look(studio: Studio, from: Source, reader: ReaderName | undefined): Promise<void> {
  const source: Source = { dropped: from.dropped, name: from.name, into: from.into };
  const abort = new AbortController();
  const cancel = (): void => abort.abort();
  const isCurrent = (): boolean => {
    const { imported } = getData(studio);
    return imported?.stage === 'looking' && imported.cancel === cancel;
  };
  const show = (fraction: number | null): void =>
    setData(studio, { imported: { ...source, stage: 'looking', fraction, cancel } });
  show(null);
  const onProgress = (fraction: number): void => {
    if (isCurrent()) show(fraction);
  };
  const request = { handles: source.dropped.map((one) => one.handle), ...(reader === undefined ? {} : { reader }) };
  try {
    const found = await studio.engine.call('datasets.inspect', request, { signal: abort.signal, onProgress });
    const imported: DataImport = { ...source, stage: 'found', ...found };
    if (isCurrent()) setData(studio, { imported });
    else letGo(studio, imported);
  } catch (error) {
    if (!isCurrent()) return;
    setData(studio, {
      imported: isCancelled(error) ? null : { ...source, stage: 'refused', failure: failureOf(error) },
    });
  }
}

export interface ImportChoices {
  title: string;
  options: ReadOptions;
  splits: SplitPlan;
}

/** Makes the job; throws when the engine refuses, so that the sheet can say why where it happened. */
export async function importData(studio: Studio, choices: ImportChoices): Promise<void> {
  const { imported } = getData(studio);
  if (imported?.stage !== 'found') return;
  const { proposal, into } = imported;
  const request = { proposal, ...choices, ...(into === null ? {} : { into: into.id }) };
  const { id } = await studio.engine.call('datasets.import', request);
  setData(studio, { imported: null });
  showDataset(studio, id);
}

/** Adds a built-in data set; throws when the engine refuses. */
export async function addBuiltIn(
  studio: Studio,
  request: { name: string; title: string; samples?: number; seed?: number },
): Promise<void> {
  const { id } = await studio.engine.call('datasets.add', request);
  goTo(studio, 'data');
  setData(studio, { isGalleryOpen: false });
  showDataset(studio, id);
}
