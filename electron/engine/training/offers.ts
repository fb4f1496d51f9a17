/** The recipes as a data set is offered them: what does not fit and why, how large the net would be, which one to begin with. */
import { AppError } from '../../contract/errors';
import type { SettingValue } from '../../contract/model-card';
import { type Recipe, recipeSchema } from '../../contract/training';
import { type Configured, configured } from '../../../models/zoo/families';
import { parameterCount } from '../../../models/zoo/parameter-count';
import * as z from 'zod';
import type { DataLook } from './data-look';
import { formOf, settingsOf } from './form';
import { type RecipeDraft, recipes } from './recipes';
import { nested } from './settings-paths';

/** Measured steps a second of earlier runs; undefined where there was none. */
export type SpeedOf = (recipe: RecipeDraft, look: DataLook) => number | undefined;

const largestSide = 64;

/** Those that suit first, each group in the order of the table. */
export async function offersFor(look: DataLook | undefined, speedOf: SpeedOf): Promise<Recipe[]> {
  const offers: Recipe[] = [];
  for (const recipe of recipes) {
    // Building a graph takes some milliseconds: others get their turn in between.
    await new Promise((resolve) => setImmediate(resolve));
    offers.push(offerOf(recipe, look, speedOf));
  }
  return [...offers.filter(({ unsuited }) => unsuited === ''), ...offers.filter(({ unsuited }) => unsuited !== '')];
}

function offerOf(recipe: RecipeDraft, look: DataLook | undefined, speedOf: SpeedOf): Recipe {
  const { name, title, family, summary, steps } = recipe;
  const reason = look === undefined ? '' : obstacleTo(recipe, look);
  const fits = look?.shape !== undefined && reason === '';
  const perSecond = fits ? speedOf(recipe, look) : undefined;
  return recipeSchema.parse({
    name,
    title,
    family,
    purpose: family === 'classifier' ? 'judge' : 'generator',
    summary,
    settings: formOf(recipe),
    steps,
    parameters: fits ? parameterCount(configured(family, recipe.settings), look.shape) : null,
    seconds: perSecond === undefined ? null : steps / perSecond,
    unsuited: reason,
    isSuggested: fits && isSuggested(recipe, look),
  });
}

/** Grids of many modes need more than the recipe that does for a ring. */
function isSuggested({ name, suggestedFor }: RecipeDraft, { look, classes }: DataLook): boolean {
  if (look !== 'points') return suggestedFor.includes(look);
  return name === (classes.length > 12 ? 'flow-points-waves' : 'flow-points');
}

/** Empty, or why a recipe cannot be used with a data set, and what to do. */
export function obstacleTo({ family, from, settings }: RecipeDraft, look: DataLook): string {
  const { shape, classes, train, labelled, kind } = look;
  if (shape === undefined) return `It learns from pictures and from rows of numbers; this data set holds ${kind === 'row' ? 'no columns of numbers' : `samples of the kind "${kind}"`}.`;
  if (shape.kind === 'image' && from === 'row') return 'It is for rows of numbers; these are pictures.';
  if (shape.kind === 'vector' && from === 'image') return family === 'classifier' ? 'Judges read pictures; these are rows of numbers.' : 'It is for pictures; these are rows of numbers.';
  if (shape.kind === 'image' && Math.max(shape.height, shape.width) > largestSide) return `The pictures have ${shape.width} x ${shape.height} pixels; it takes up to ${largestSide} x ${largestSide}. Import them again with a smaller size.`;
  if (shape.kind === 'image' && Math.min(shape.height, shape.width) < 4) return 'The pictures have fewer than 4 pixels on a side.';
  if (family === 'classifier' && classes.length < 2) return 'A judge needs two classes or more. Label the samples first.';
  if (train === 0) return 'No sample is for training: all are for tests or left out.';
  const needsLabels = family === 'classifier' || (classes.length > 0 && settings['conditional'] !== false);
  if (needsLabels && labelled === 0) return 'No sample for training has a class. Label some first.';
  return '';
} // prettier-ignore

/** A recipe with a person's changes. Throws `usage/bad-argument` with the setting that is wrong. */
export function settled(
  recipe: RecipeDraft,
  changes: Readonly<Record<string, SettingValue>>,
): { settings: Record<string, SettingValue>; model: Configured } {
  const own = settingsOf(recipe);
  const unknown = Object.keys(changes).find((path) => !Object.hasOwn(own, path));
  if (unknown !== undefined)
    throw new AppError('usage/bad-argument', `The recipe "${recipe.name}" has no setting "${unknown}". It has: ${Object.keys(own).join(', ')}.`); // prettier-ignore
  const settings = { ...own, ...changes };
  try {
    return { settings, model: configured(recipe.family, nested(settings)) };
  } catch (error) {
    if (!(error instanceof z.ZodError)) throw error;
    const [issue] = error.issues;
    throw new AppError('usage/bad-argument', `The setting "${issue?.path.join('.') ?? ''}" does not fit: ${issue?.message ?? ''}.`); // prettier-ignore
  }
}
