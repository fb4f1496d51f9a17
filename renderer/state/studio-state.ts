/** Everything the page knows: a mirror of the engine, and how the person looks at it. */
import type { Dropped, Theme } from '../../electron/contract/bridge';
import type { Failure } from '../../electron/contract/errors';
import type { JobLogLine } from '../../electron/contract/jobs';
import type { ModelDetail, ModelEntry, Proposal } from '../../electron/contract/models';
import type { Photo } from '../../electron/contract/photo';
import type { HistoryState, ProcessHealth, RunProgress, StudioInfo } from '../../electron/contract/studio';
import { type HomeState, initialHome } from './home-state';
import { initialQueue, type QueueState } from './jobs-state';
import { type DataState, initialData } from './data-state';
import { type Counts, makeEmptyCounts, type PhotoSection, type SectionKind, type SortBy } from './photo-list';
import { initialTrain, type TrainState } from './train-state';
import { noSelection, type Selection } from './selection';
import { initialWorkspace, type WorkspaceState } from './workspace-state';

export interface Job {
  id: number;
  title: string;
  /** What it is doing or what came of it, in words. */
  detail: string;
  /** 0..1; null when it cannot be told. */
  fraction: number | null;
  state: 'running' | 'done' | 'failed';
  failure: Failure | null;
  cancel: (() => void) | null;
  retry: (() => void) | null;
  /** Handle of what it wrote, for "Show in folder". */
  written: string | null;
  /** By this machine's clock, for showing only. */
  startedAt: number;
  endedAt: number | null;
  log: readonly JobLogLine[];
}

export interface Toast {
  id: number;
  text: string;
  action: { label: string; keys: string | null; run: () => void } | null;
  failure: Failure | null;
}

export interface Filter {
  standing: SectionKind | null;
  label: string | null;
  text: string;
  range: readonly [number, number] | null;
}

export const noFilter: Filter = { standing: null, label: null, text: '', range: null };

/** A picture opened large; with a queue it is the round through the doubtful ones. */
export interface Detail {
  id: string;
  review: { queue: readonly string[]; given: number } | null;
}

export type ImportStage =
  | { stage: 'checking'; file: Dropped; fraction: number | null; cancel: () => void }
  | { stage: 'refused'; file: Dropped; labels: Dropped | null; failure: Failure }
  | { stage: 'found'; file: Dropped; labels: Dropped | null; labelsFailure: Failure | null; proposal: Proposal };

export type Overlay = 'palette' | 'shortcuts' | 'about';
/** In the order of the loop, as the rail shows them. */
export const screens = ['home', 'data', 'train', 'classify', 'models'] as const;
export type Screen = (typeof screens)[number];

export interface DerivedList {
  /** All pictures as of this derivation, in the order of their arrival. */
  all: readonly Photo[];
  sections: readonly PhotoSection[];
  /** Ids in the order of the screen. */
  order: readonly string[];
  counts: Counts;
  /** Pictures on which the two models disagree; 0 with one model. */
  differing: number;
  /** How many pictures pass the filters. */
  shown: number;
}

export interface StudioState {
  connection: 'connecting' | 'loading' | 'ready';
  /** Why the engine could not be read, and how to try again. */
  loadFailure: { failure: Failure; retry: () => void } | null;
  info: StudioInfo | null;
  run: RunProgress;
  history: HistoryState;
  models: readonly ModelEntry[];
  /** One or two ids; the first gives the labels. */
  selected: readonly string[];
  details: Readonly<Record<string, ModelDetail>>;
  health: Readonly<Record<string, ProcessHealth>>;
  network: { letOut: number; refused: number };
  /** Mutated in place for the sake of 10,000 pictures; `photosVersion` tells of every change. */
  photos: ReadonlyMap<string, Photo>;
  photosVersion: number;
  list: DerivedList;

  screen: Screen;
  threshold: number;
  showsBoxes: boolean;
  layout: 'grid' | 'list';
  sort: SortBy;
  filter: Filter;
  selection: Selection;
  detail: Detail | null;
  /** The picture for which the list of labels is open, where it was asked for. */
  labelling: string | null;
  isInspectorOpen: boolean;
  /** Below 1120 px the inspector is a drawer over the screen, closed until asked for. */
  isNarrow: boolean;
  isDrawerOpen: boolean;
  isJobsOpen: boolean;
  isNetworkOpen: boolean;
  overlay: Overlay | null;
  theme: Theme;
  shownModel: string | null;
  imported: ImportStage | null;
  /** Short jobs of this page: they end with it. */
  jobs: readonly Job[];
  /** The durable queue of the engine. */
  queue: QueueState;
  workspace: WorkspaceState;
  /** The window is to be closed while these jobs are at work; null when nobody asks. */
  closing: readonly string[] | null;
  toasts: readonly Toast[];
  home: HomeState;
  /** The Data screen. */
  data: DataState;
  /** The Train screen. */
  train: TrainState;
}

export const idleRun: RunProgress = {
  state: 'idle',
  total: 0,
  done: 0,
  failed: 0,
  isListing: false,
  perSecond: null,
  remainingMs: null,
};

export const initialState: StudioState = {
  connection: 'connecting',
  loadFailure: null,
  info: null,
  run: idleRun,
  history: { undo: null, redo: null },
  models: [],
  selected: [],
  details: {},
  health: {},
  network: { letOut: 0, refused: 0 },
  photos: new Map(),
  photosVersion: 0,
  list: { all: [], sections: [], order: [], counts: makeEmptyCounts(), differing: 0, shown: 0 },
  screen: 'home',
  threshold: 0.5,
  showsBoxes: true,
  layout: 'grid',
  sort: 'confidence',
  filter: noFilter,
  selection: noSelection,
  detail: null,
  labelling: null,
  isInspectorOpen: true,
  isNarrow: false,
  isDrawerOpen: false,
  isJobsOpen: false,
  isNetworkOpen: false,
  overlay: null,
  theme: 'system',
  shownModel: null,
  imported: null,
  jobs: [],
  queue: initialQueue,
  workspace: initialWorkspace,
  closing: null,
  toasts: [],
  home: initialHome,
  data: initialData,
  train: initialTrain,
};
