/** A run that is being set up: which recipe, what differs from it, how long it will take, and why it cannot start; pure. */
import type { SettingValue } from '../../electron/contract/model-card';
import type { Budget, Purpose, Recipe, Setting, TrainingRun } from '../../electron/contract/training';
import { formatCount, formatDuration, formatMany } from '../ui/format';
import type { TrainSetup } from './train-state';

export type Group = Setting['group'];
export const groups: readonly Group[] = ['network', 'learning', 'objective', 'data'];

export function recipesFor(recipes: readonly Recipe[], purpose: Purpose): Recipe[] {
  return recipes.filter((recipe) => recipe.purpose === purpose);
}

/** The recipe that a set-up means: the chosen one, else the suggested one, else the first that fits. */
export function chosenRecipe(setup: TrainSetup, recipes: readonly Recipe[]): Recipe | undefined {
  const fitting = recipesFor(recipes, setup.purpose);
  return (
    fitting.find(({ name }) => name === setup.recipe) ??
    fitting.find(({ isSuggested, unsuited }) => isSuggested && unsuited === '') ??
    fitting.find(({ unsuited }) => unsuited === '') ??
    fitting[0]
  );
}

export function valueOf(setting: Setting, changes: TrainSetup['changes']): SettingValue {
  return changes[setting.path] ?? setting.value;
}

export function isChanged(setting: Setting, changes: TrainSetup['changes']): boolean {
  return valueOf(setting, changes) !== setting.value;
}

/** What of `changes` the recipe knows and has otherwise. */
export function settingsToSend(recipe: Recipe, changes: TrainSetup['changes']): Record<string, SettingValue> {
  const differing = recipe.settings.filter((setting) => isChanged(setting, changes));
  return Object.fromEntries(differing.map((setting) => [setting.path, valueOf(setting, changes)]));
}

/** Seconds that a run will take by the measured speed of its recipe; null when it was never measured. */
function estimatedSeconds(recipe: Recipe, budget: Budget | null): number | null {
  if (budget?.unit === 'seconds') return budget.amount;
  if (recipe.seconds === null || budget?.unit === 'epochs') return null;
  return budget === null ? recipe.seconds : (recipe.seconds * budget.amount) / recipe.steps;
}

export function durationWords(recipe: Recipe, budget: Budget | null): string {
  const seconds = estimatedSeconds(recipe, budget);
  return seconds === null ? 'time not measured yet' : `about ${formatDuration(seconds * 1000)}`;
}

export function budgetWords(budget: Budget | null, steps: number): string {
  if (budget === null) return `${formatCount(steps)} steps`;
  const { unit, amount } = budget;
  if (unit === 'steps') return `${formatCount(amount)} steps`;
  if (unit === 'seconds') return formatDuration(amount * 1000);
  return amount === 1 ? '1 epoch' : `${formatCount(amount)} epochs`;
}

/** A number as short as it can be told: "0.002", "2e-4", "1,700". */
export function formatSetting(value: SettingValue): string {
  if (typeof value === 'boolean') return value ? 'on' : 'off';
  if (typeof value === 'string') return value;
  if (Number.isInteger(value)) return formatCount(value);
  return Math.abs(value) < 0.001 ? value.toExponential().replace('e+', 'e') : String(Number(value.toPrecision(4)));
}

/** A number as typed; undefined when it is not one that the setting allows. */
export function parseSetting(setting: Setting, text: string): number | undefined {
  const value = Number(text.trim().replaceAll(',', ''));
  if (text.trim() === '' || !Number.isFinite(value)) return undefined;
  if (setting.kind === 'integer' && !Number.isInteger(value)) return undefined;
  if (setting.least !== null && value < setting.least) return undefined;
  return setting.most !== null && value > setting.most ? undefined : value;
}

export function limitWords({ kind, least, most }: Setting): string {
  const what = kind === 'integer' ? 'A whole number' : 'A number';
  if (least !== null && most !== null) return `${what} from ${formatSetting(least)} to ${formatSetting(most)}`;
  if (least !== null) return `${what} from ${formatSetting(least)}`;
  return most === null ? what : `${what} up to ${formatSetting(most)}`;
}

/** What stands for a group on its closed row: what was changed, else its first values. */
const mostInSummary = 2;
/** Settings that say most of their group, where a recipe has them. */
const telling = ['network', 'learningRate', 'batch', 'loss', 'augmentation.shift', 'augmentation.flip'];

function rank({ path }: Setting): number {
  const place = telling.indexOf(path);
  return place < 0 ? telling.length : place;
}

export function groupSummary(
  settings: readonly Setting[],
  changes: TrainSetup['changes'],
  parameters: number | null,
): string {
  const isNetwork = settings[0]?.group === 'network';
  const changed = settings.filter((setting) => isChanged(setting, changes));
  const first = [...settings].sort((a, b) => rank(a) - rank(b));
  const told = [...changed, ...first.filter((setting) => !changed.includes(setting))];
  const words = told.slice(0, isNetwork && parameters !== null ? 1 : mostInSummary).map((setting) => {
    const value = formatSetting(valueOf(setting, changes));
    return setting.kind === 'choice' ? value : `${setting.title.toLowerCase().replace(/^learning /, '')} ${value}`;
  });
  return [...words, ...(isNetwork && parameters !== null ? [`${formatMany(parameters)} weights`] : [])].join(', ');
}

const namePattern = /^[a-z0-9][a-z0-9-]{0,63}$/;

/** Empty, or why a model cannot be called so. */
export function nameFault(name: string): string {
  return name === '' || namePattern.test(name) ? '' : 'Small letters, digits and hyphens, up to 64.';
}

/** What a run was, as the set-up of the next one. */
export function setupOf(run: TrainingRun): TrainSetup {
  const { dataset, purpose, recipe, settings, budget, seed, judge } = run;
  return { dataset: dataset.id, purpose, recipe, changes: settings, budget, seed, judge, name: '' };
}

/** Without what only repeats the recipe. */
export function tidied(setup: TrainSetup, recipe: Recipe): TrainSetup {
  const { budget } = setup;
  const isRecipes = budget?.unit === 'steps' && budget.amount === recipe.steps;
  return { ...setup, changes: settingsToSend(recipe, setup.changes), budget: isRecipes ? null : budget };
}
