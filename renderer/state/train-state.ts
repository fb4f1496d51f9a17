/** What the Train screen knows: how the next run is set up, the runs there are, and the one that is looked at. */
import type { Failure } from '../../electron/contract/errors';
import type { SettingValue } from '../../electron/contract/model-card';
import type { Budget, Purpose, Recipe, TrainingEntry, TrainingRun } from '../../electron/contract/training';

/** How the next run will be; what is null is left to the recipe or to the engine. */
export interface TrainSetup {
  dataset: string | null;
  purpose: Purpose;
  /** Null: the one that is suggested. */
  recipe: string | null;
  /** Only what differs from the recipe. */
  changes: Readonly<Record<string, SettingValue>>;
  budget: Budget | null;
  seed: number;
  /** Empty: made from data set and family. */
  name: string;
  judge: string | null;
}

/** What is shown large of a run. */
export type RunView = 'look' | 'log';

export interface TrainState {
  setup: TrainSetup;
  /** Recipes as they fit the data set of the set-up. */
  recipes: { dataset: string | null; list: readonly Recipe[] } | null;
  recipesFailure: Failure | null;
  /** Why the run that was asked for last did not start. */
  startFailure: Failure | null;
  isStarting: boolean;
  runs: readonly TrainingEntry[];
  isListed: boolean;
  /** The run that is looked at; null while one is set up. */
  shown: string | null;
  run: TrainingRun | null;
  runFailure: Failure | null;
  /** The step whose drawings are shown; null: the newest. */
  at: number | null;
  view: RunView;
  /** Cancelled by a person who can still change their mind. */
  leaving: ReadonlySet<string>;
}

export const initialSetup: TrainSetup = {
  dataset: null,
  purpose: 'judge',
  recipe: null,
  changes: {},
  budget: null,
  seed: 7,
  name: '',
  judge: null,
};

export const initialTrain: TrainState = {
  setup: initialSetup,
  recipes: null,
  recipesFailure: null,
  startFailure: null,
  isStarting: false,
  runs: [],
  isListed: false,
  shown: null,
  run: null,
  runFailure: null,
  at: null,
  view: 'look',
  leaving: new Set(),
};

type Phase = TrainingRun['phase'];

/** Not over yet. */
export function isLive({ phase }: { phase: Phase }): boolean {
  return phase !== 'kept' && phase !== 'failed' && phase !== 'stopped';
}
