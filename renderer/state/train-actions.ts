/** What a person does with runs: start, pause, end and keep, cancel with a way back, and begin again from what was. */
import type { Purpose, TrainingRun } from '../../electron/contract/training';
import { getData, setData } from './data-load';
import { selectModels } from './import-actions';
import { failureOf, say, sayFailure } from './messages';
import type { Studio } from './studio';
import type { StudioState } from './studio-state';
import { getTrain, loadRecipes, setSetup, setTrain, showRun } from './train-load';
import { chosenRecipe, nameFault, settingsToSend, setupOf, tidied } from './train-setup';
import { initialSetup, isLive } from './train-state';
import { goTo } from './view-actions';

/** As long as its notice stands, a cancelled run only rests. */
const undoMs = 8000;

/** Why the run that is set up cannot start; null when it can. */
export function whyNotTrain({ train }: Pick<StudioState, 'train'>): string | null {
  const { setup, recipes, isStarting } = train;
  if (isStarting) return 'It is being started.';
  if (setup.dataset === null) return 'Choose a data set first.';
  if (recipes?.dataset !== setup.dataset) return 'The recipes are being read.';
  const recipe = chosenRecipe(setup, recipes.list);
  if (recipe === undefined) return 'There is no recipe for this yet.';
  if (recipe.unsuited !== '') return recipe.unsuited;
  return nameFault(setup.name) === '' ? null : 'The name has signs that it cannot have.';
}

export async function startTraining(studio: Studio): Promise<void> {
  const { setup, recipes } = getTrain(studio);
  const recipe = recipes === null ? undefined : chosenRecipe(setup, recipes.list);
  if (whyNotTrain(studio.store.getState()) !== null || recipe === undefined || setup.dataset === null) return;
  setTrain(studio, { isStarting: true, startFailure: null });
  try {
    const { dataset, budget, seed, name, judge } = setup;
    const settings = settingsToSend(recipe, setup.changes);
    const asked = { dataset, recipe: recipe.name, settings, budget, seed, name: name === '' ? null : name };
    const { job } = await studio.engine.call('training.start', {
      ...asked,
      judge: setup.purpose === 'generator' ? judge : null,
    });
    setTrain(studio, { isStarting: false, setup: { ...setup, name: '' } });
    showRun(studio, job);
  } catch (error) {
    setTrain(studio, { isStarting: false, startFailure: failureOf(error) });
  }
}

type JobCall = 'jobs.pause' | 'jobs.resume' | 'jobs.cancel' | 'jobs.retry';

async function ask(studio: Studio, call: JobCall, id: string, refusal: string): Promise<boolean> {
  try {
    await studio.engine.call(call, { id });
    return true;
  } catch (error) {
    sayFailure(studio, refusal, error);
    return false;
  }
}

export function pauseRun(studio: Studio, job: string): Promise<boolean> {
  return ask(studio, 'jobs.pause', job, 'The run was not paused.');
}

export function resumeRun(studio: Studio, job: string): Promise<boolean> {
  return ask(studio, 'jobs.resume', job, 'The run does not go on.');
}

export function retryRun(studio: Studio, job: string): Promise<boolean> {
  return ask(studio, 'jobs.retry', job, 'The run was not tried again.');
}

export async function keepRun(studio: Studio, job: string): Promise<void> {
  try {
    await studio.engine.call('training.keep', { job });
  } catch (error) {
    sayFailure(studio, 'The run was not ended.', error);
  }
}

function setLeaving(studio: Studio, job: string, isLeaving: boolean): void {
  const leaving = new Set(getTrain(studio).leaving);
  if (isLeaving) leaving.add(job);
  else leaving.delete(job);
  setTrain(studio, { leaving });
}

/** Cancels a run: it rests at once, and is let go when it is too late to change one's mind. */
export async function cancelRun(studio: Studio, job: string, title: string): Promise<void> {
  const isResting = isPaused(studio.store.getState(), job);
  if (!isResting && !(await pauseRun(studio, job))) return;
  setLeaving(studio, job, true);
  const timer = setTimeout(() => {
    void ask(studio, 'jobs.cancel', job, `${title} was not cancelled.`).then(() => setLeaving(studio, job, false));
  }, undoMs);
  const run = (): void => {
    clearTimeout(timer);
    setLeaving(studio, job, false);
    if (!isResting) void resumeRun(studio, job);
  };
  say(studio, `${title} cancelled, nothing of it is kept`, { label: 'Undo', keys: null, run });
}

/** Begins the set-up of a run: empty, or as the run that is looked at was. */
export async function setUpAgain(studio: Studio, isCopy: boolean): Promise<void> {
  const { run, setup } = getTrain(studio);
  showRun(studio, null);
  if (!isCopy || run === null) return;
  setTrain(studio, { setup: setupOf(run), startFailure: null });
  if (getData(studio).datasets.every(({ id }) => id !== run.dataset.id)) {
    setTrain(studio, { setup: { ...setupOf(run), dataset: setup.dataset } });
    say(studio, `${run.dataset.title} is not here any more: choose another data set`);
  }
  await loadRecipes(studio);
  const { recipes, setup: copied } = getTrain(studio);
  const recipe = recipes === null ? undefined : chosenRecipe(copied, recipes.list);
  if (recipe !== undefined) setTrain(studio, { setup: tidied(copied, recipe) });
}

/** The run that diverged again, more carefully. */
export async function againSlower(studio: Studio): Promise<void> {
  const rate = getTrain(studio).run?.settings['learningRate'];
  await setUpAgain(studio, true);
  const { setup } = getTrain(studio);
  if (typeof rate !== 'number') return;
  setSetup(studio, { changes: { ...setup.changes, learningRate: Number((rate / 3).toPrecision(2)) } });
  await startTraining(studio);
}

/** From elsewhere: teaches a judge or a generator with this data set. */
export function teachWith(studio: Studio, dataset: string, purpose: Purpose): void {
  showRun(studio, null);
  goTo(studio, 'train');
  setTrain(studio, { setup: { ...initialSetup, purpose } });
  setSetup(studio, { dataset });
}

export async function addToLearnFrom(studio: Studio, name: string, title: string): Promise<void> {
  const { id } = await studio.engine.call('datasets.add', { name, title });
  setTrain(studio, { setup: { ...getTrain(studio).setup, dataset: id } });
}

/** What comes with Duet, for the invitation to begin; the sheet of the Data screen stays closed. */
export async function lookForBuiltIn(studio: Studio): Promise<void> {
  try {
    const { entries } = await studio.engine.call('datasets.gallery', {});
    setData(studio, { gallery: entries, galleryFailure: null });
  } catch (error) {
    setData(studio, { galleryFailure: failureOf(error) });
  }
}

/** The run that commands mean: the one that is looked at, while it is not over. */
export function liveRun({ train }: Pick<StudioState, 'train'>): string | null {
  const { run, leaving } = train;
  return run !== null && isLive(run) && !leaving.has(run.job) ? run.job : null;
}

export async function togglePause(studio: Studio): Promise<void> {
  const job = liveRun(studio.store.getState());
  if (job === null) return;
  if (isPaused(studio.store.getState(), job)) await resumeRun(studio, job);
  else await pauseRun(studio, job);
}

export async function keepShown(studio: Studio): Promise<void> {
  const job = liveRun(studio.store.getState());
  if (job !== null) await keepRun(studio, job);
}

/** Asked to rest, also when it does not yet. */
export function isPaused({ queue }: Pick<StudioState, 'queue'>, job: string): boolean {
  const state = queue.jobs[job]?.state;
  return state === 'paused' || state === 'pausing';
}

/** Shows the model that came of a run at work: a judge on the Classify screen, a generator in the library. */
export function tryModel(studio: Studio, { purpose, model }: Pick<TrainingRun, 'purpose' | 'model'>): void {
  if (purpose === 'judge') {
    goTo(studio, 'classify');
    void selectModels(studio, [model]);
    return;
  }
  goTo(studio, 'models');
  studio.store.setState({ shownModel: model });
}
