/** Loads what the Data screen shows: the open data set, its report, and the order of its samples. */
import type { SampleFilter } from '../../electron/contract/datasets';
import { AppError, isCancelled } from '../../electron/contract/errors';
import { type DataState, initialData, noSampleFilter, type SampleOrder } from './data-state';
import { failureOf } from './messages';
import { noSelection } from './selection';
import type { Studio } from './studio';

/** The line to the engine alone: what `Studio` and the mirror have in common. */
export type DataCaller = Pick<Studio, 'store' | 'engine'>;

export function getData(studio: Pick<Studio, 'store'>): DataState {
  return studio.store.getState().data;
}

export function setData(studio: Pick<Studio, 'store'>, change: Partial<DataState>): void {
  studio.store.setState((state) => ({ data: { ...state.data, ...change } }));
}

/** The call of each kind that still counts; a newer one of the same page ends it. */
const newest = new WeakMap<Studio['store'], AbortController>();

function nextSignal(store: Studio['store']): AbortSignal {
  newest.get(store)?.abort();
  const abort = new AbortController();
  newest.set(store, abort);
  return abort.signal;
}

/** Opens a data set; what was shown of another one goes. */
export function showDataset(studio: DataCaller, id: string | null): void {
  const { shown, detail } = getData(studio);
  if (shown === id && (detail !== null || id === null)) {
    setData(studio, { isListOpen: false });
    return;
  }
  setData(studio, { ...emptyView(), shown: id, isListOpen: false });
  if (id !== null) reload(studio);
}

function emptyView(): Partial<DataState> {
  const { detail, failure, report, checking, order, isOrderOld, opened, isPicking, labelling } = initialData;
  const selection = noSelection;
  return {
    ...{ detail, failure, report, checking, order, isOrderOld, opened, isPicking, labelling },
    ...{ selection, filter: noSampleFilter },
  };
}

/** Everything of the open data set anew, without letting go of what is on the screen. */
export function reload(studio: DataCaller): void {
  const { shown, datasets } = getData(studio);
  const entry = datasets.find((one) => one.id === shown);
  if (shown === null || entry?.state !== 'ready') return;
  void loadDetail(studio, shown);
  void loadReport(studio, shown);
  void loadOrder(studio);
}

/** How often the detail was asked for: answers may come in another order, and an older one must not win. */
const asked = new WeakMap<Studio['store'], number>();

async function loadDetail(studio: DataCaller, id: string): Promise<void> {
  const turn = (asked.get(studio.store) ?? 0) + 1;
  asked.set(studio.store, turn);
  const isCurrent = (): boolean => getData(studio).shown === id && asked.get(studio.store) === turn;
  try {
    const detail = await studio.engine.call('datasets.detail', { id });
    if (isCurrent()) setData(studio, { detail, failure: null });
  } catch (error) {
    if (isCurrent() && !isCancelled(error)) setData(studio, { failure: failureOf(error) });
  }
}

export async function loadReport(studio: DataCaller, id: string): Promise<void> {
  try {
    const { report, isCurrent } = await studio.engine.call('datasets.report', { id });
    if (getData(studio).shown === id) setData(studio, { report, isReportCurrent: isCurrent });
  } catch (error) {
    // The data set itself says when it cannot be read; a missing report is only a missing report.
    if (isCancelled(error)) return;
    if (getData(studio).shown === id) setData(studio, { report: null, isReportCurrent: false });
  }
}

export async function loadOrder(studio: DataCaller): Promise<void> {
  const { shown, filter } = getData(studio);
  if (shown === null) return;
  const signal = nextSignal(studio.store);
  setData(studio, { isOrderOld: true });
  try {
    const { indices, sections } = await studio.engine.call('datasets.indices', { id: shown, filter }, { signal });
    if (signal.aborted) return;
    const order: SampleOrder = { indices: toInt32(indices), runs: sections };
    const { version } = getData(studio);
    setData(studio, { order, isOrderOld: false, version: version + 1 });
  } catch (error) {
    if (!signal.aborted && !isCancelled(error)) setData(studio, { isOrderOld: false, failure: failureOf(error) });
  }
}

/** Numbers arrive as bytes, perhaps at an odd place of a larger buffer. */
export function toInt32(bytes: Uint8Array): Int32Array {
  if (bytes.byteLength % 4 !== 0) throw new AppError('call/bad-reply', 'The list of samples was cut off.');
  const copy = bytes.slice();
  return new Int32Array(copy.buffer, 0, copy.byteLength / 4);
}

/** Narrows what is shown; a filter set to what it already is goes off again. */
export function setSampleFilter(studio: DataCaller, change: Partial<SampleFilter>): void {
  const { filter } = getData(studio);
  setData(studio, { filter: cleaned({ ...filter, ...change }), opened: null });
  void loadOrder(studio);
}

export function replaceSampleFilter(studio: DataCaller, filter: SampleFilter): void {
  setData(studio, { filter: cleaned(filter), opened: null });
  void loadOrder(studio);
}

/** Without the fields that ask for nothing, so that equal filters look equal. */
function cleaned(filter: SampleFilter): SampleFilter {
  const next = { ...filter };
  if (next.label === undefined) delete next.label;
  if (next.split === undefined) delete next.split;
  if (next.isExcluded === undefined) delete next.isExcluded;
  if (next.finding === undefined) delete next.finding;
  if (next.bin === undefined) delete next.bin;
  if (next.text === undefined || next.text === '') delete next.text;
  return next;
}

/** Makes sure that something is open when there is something. */
export function showSomething(studio: DataCaller): void {
  const { shown, datasets } = getData(studio);
  const isThere = datasets.some((entry) => entry.id === shown);
  if (!isThere) showDataset(studio, (datasets.find((entry) => entry.state === 'ready') ?? datasets[0])?.id ?? null);
  else if (getData(studio).detail === null) reload(studio);
}

export async function loadGallery(studio: DataCaller): Promise<void> {
  setData(studio, { isGalleryOpen: true, galleryFailure: null });
  try {
    const { entries } = await studio.engine.call('datasets.gallery', {});
    setData(studio, { gallery: entries });
  } catch (error) {
    if (!isCancelled(error)) setData(studio, { galleryFailure: failureOf(error) });
  }
}
