/** Loads what the Train screen shows: the recipes for a data set, the runs there are, and the run that is looked at. */
import type { TrainingEntry } from '../../electron/contract/training';
import { isCancelled } from '../../electron/contract/errors';
import { type DataCaller, getData } from './data-load';
import { failureOf } from './messages';
import type { Studio } from './studio';
import { initialTrain, isLive, type TrainSetup, type TrainState } from './train-state';

export function getTrain(studio: Pick<Studio, 'store'>): TrainState {
  return studio.store.getState().train;
}

export function setTrain(studio: Pick<Studio, 'store'>, change: Partial<TrainState>): void {
  studio.store.setState((state) => ({ train: { ...state.train, ...change } }));
}

export function setSetup(studio: DataCaller, change: Partial<TrainSetup>): void {
  const { setup } = getTrain(studio);
  const isOther = change.recipe !== undefined || change.purpose !== undefined;
  // Changes and budget belong to the recipe that they were made for.
  const fresh = isOther ? { changes: {}, budget: null } : {};
  setTrain(studio, { setup: { ...setup, ...fresh, ...change }, startFailure: null });
  if (change.dataset !== undefined) void loadRecipes(studio);
}

/** Data that something can be learned from by a recipe of today. */
export function canTeach({ kind, state, samples }: { kind: string; state: string; samples: number }): boolean {
  return state === 'ready' && samples > 0 && (kind === 'image' || kind === 'row');
}

/** Makes sure that there is a data set to learn from when there is one: the open one first. */
export function chooseSomething(studio: DataCaller): void {
  const { datasets, shown } = getData(studio);
  const { setup } = getTrain(studio);
  const fit = datasets.filter(canTeach);
  if (setup.dataset !== null && fit.some(({ id }) => id === setup.dataset)) {
    // It may have come in after the recipes were asked for.
    if (getTrain(studio).recipes?.dataset !== setup.dataset) void loadRecipes(studio);
    return;
  }
  const chosen = fit.find(({ id }) => id === shown) ?? fit.find(({ kind }) => kind === 'image') ?? fit[0];
  const dataset = chosen?.id ?? null;
  if (dataset !== setup.dataset || getTrain(studio).recipes === null) setSetup(studio, { dataset });
}

export async function loadRecipes(studio: DataCaller): Promise<void> {
  const { dataset } = getTrain(studio).setup;
  const isCurrent = (): boolean => getTrain(studio).setup.dataset === dataset;
  setTrain(studio, { recipesFailure: null });
  try {
    const { recipes } = await studio.engine.call('training.recipes', { dataset });
    if (isCurrent()) setTrain(studio, { recipes: { dataset, list: recipes } });
  } catch (error) {
    if (isCurrent() && !isCancelled(error)) setTrain(studio, { recipesFailure: failureOf(error) });
  }
}

/** Looks at a run; null: sets up a new one. */
export function showRun(studio: DataCaller, job: string | null): void {
  if (getTrain(studio).shown === job && job !== null) return;
  const { run, runFailure, at, view } = initialTrain;
  setTrain(studio, { run, runFailure, at, view, shown: job });
  if (job !== null) void loadRun(studio);
}

export async function loadRun(studio: DataCaller): Promise<void> {
  const { shown } = getTrain(studio);
  if (shown === null) return;
  const isCurrent = (): boolean => getTrain(studio).shown === shown;
  try {
    const run = await studio.engine.call('training.run', { job: shown });
    if (isCurrent()) setTrain(studio, { run, runFailure: null });
  } catch (error) {
    if (isCurrent() && !isCancelled(error)) setTrain(studio, { runFailure: failureOf(error) });
  }
}

/** The list as the engine has it; a page that just began shows the run that is under way. */
export function takeRuns(studio: DataCaller, runs: readonly TrainingEntry[]): void {
  const { shown, isListed } = getTrain(studio);
  setTrain(studio, { runs, isListed: true });
  if (shown !== null && !runs.some(({ job }) => job === shown)) showRun(studio, null);
  const live = runs.find(isLive);
  if (!isListed && shown === null && live !== undefined) showRun(studio, live.job);
}
