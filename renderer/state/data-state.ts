/** What the Data screen knows: the list, the data set that is open, which of its samples are shown, and how. */
import type { Dropped } from '../../electron/contract/bridge';
import type { DatasetDetail, DatasetEntry, GalleryEntry, Report, SampleFilter } from '../../electron/contract/datasets';
import type { Failure } from '../../electron/contract/errors';
import type { Inspection } from '../../electron/contract/samples';
import { noSelection, type Selection } from './selection';

/** A run of samples of one class in the order of the screen; `null`: without a label. */
export interface SampleRun {
  label: string | null;
  count: number;
}

/** All samples that pass the filter, class by class. */
export interface SampleOrder {
  indices: Int32Array;
  runs: readonly SampleRun[];
}

export interface Suggestion {
  label: string;
  confidence: number;
}

/** The round that gives labels by key. */
export interface Labelling {
  queue: Int32Array;
  at: number;
  /** What was answered in this round, by sample. */
  given: ReadonlyMap<number, string>;
  /** The model that is asked, or null for none. */
  model: string | null;
  suggestions: ReadonlyMap<number, readonly Suggestion[]>;
  failure: Failure | null;
}

interface Source {
  dropped: readonly Dropped[];
  /** What was dropped, in words. */
  name: string;
  /** The data set that it is added to, or null for a new one. */
  into: { id: string; title: string } | null;
}

export type DataImport =
  | (Source & { stage: 'looking'; fraction: number | null; cancel: () => void })
  | (Source & { stage: 'refused'; failure: Failure })
  | (Source & { stage: 'found'; proposal: string; inspection: Inspection; title: string; freeBytes: number });

export type TileSize = 'small' | 'medium' | 'large';

export interface DataState {
  datasets: readonly DatasetEntry[];
  isListed: boolean;
  listFailure: Failure | null;
  /** Part of the titles to show in the list. */
  query: string;
  gallery: readonly GalleryEntry[] | null;
  galleryFailure: Failure | null;
  isGalleryOpen: boolean;

  shown: string | null;
  detail: DatasetDetail | null;
  failure: Failure | null;
  report: Report | null;
  isReportCurrent: boolean;
  /** The job that makes a new report. */
  checking: string | null;

  filter: SampleFilter;
  order: SampleOrder | null;
  isOrderOld: boolean;
  /** Rises whenever labels, splits or exclusions of samples may have changed. */
  version: number;
  selection: Selection<number>;
  tileSize: TileSize;
  showsFigures: boolean;
  /** The sample that is shown large: over the grid, or in its place. */
  opened: { index: number; how: 'preview' | 'view' } | null;
  /** Whether the list of classes is open in the inspector. */
  isPicking: boolean;
  labelling: Labelling | null;
  imported: DataImport | null;
  /** Below 1120 px the list of data sets is a drawer. */
  isListOpen: boolean;
}

export const noSampleFilter: SampleFilter = {};

export const initialData: DataState = {
  datasets: [],
  isListed: false,
  listFailure: null,
  query: '',
  gallery: null,
  galleryFailure: null,
  isGalleryOpen: false,
  shown: null,
  detail: null,
  failure: null,
  report: null,
  isReportCurrent: false,
  checking: null,
  filter: noSampleFilter,
  order: null,
  isOrderOld: false,
  version: 0,
  selection: noSelection,
  tileSize: 'medium',
  showsFigures: false,
  opened: null,
  isPicking: false,
  labelling: null,
  imported: null,
  isListOpen: false,
};

/** What one says of how many samples: "images", "rows". */
const nouns = {
  image: ['image', 'images'],
  text: ['text', 'texts'],
  molecule: ['molecule', 'molecules'],
  sound: ['sound', 'sounds'],
  music: ['piece', 'pieces'],
  row: ['row', 'rows'],
} as const;

export function nounOf(kind: DatasetEntry['kind']): readonly [one: string, many: string] {
  return nouns[kind];
}

export function isSampleFilterOn(filter: SampleFilter): boolean {
  return Object.values(filter).some((value) => value !== undefined);
}
