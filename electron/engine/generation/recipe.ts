/** Recipes of samples: made for every sample that is written, and drawn again when a file brings one back. */
import type { Drawn, SampleRecipe } from '../../contract/drawing';
import { AppError } from '../../contract/errors';
import type { generationContract } from '../../contract/generation';
import type { DrawnShape } from '../../contract/model-card';
import type { ReplyInput } from '../../contract/rpc';
import type { CallContext } from '../../contract/server';
import type { DrawingModel } from '../models/registry';
import { shownClasses } from './asked';
import { type DrawDeps, drawThese } from './draw';

interface Asked {
  readonly model: DrawingModel;
  readonly seed: number;
  readonly controls: SampleRecipe['controls'];
}

/** Controls are written down as they were used, also those that nobody set. */
export function recipeMaker({ model, seed, controls }: Asked): (index: number, asked: number | null) => SampleRecipe {
  const { card, id, fileHash } = model;
  const labels = shownClasses(card);
  const used = Object.fromEntries(card.input.controls.map(({ name, value }) => [name, controls[name] ?? value]));
  return (index, asked) => ({
    format: 'duet-sample-1',
    model: { id, title: card.title, hash: fileHash },
    seed,
    index,
    class: asked,
    label: asked === null ? null : (labels[asked] ?? null),
    controls: used,
  });
}

type Reply = ReplyInput<typeof generationContract, 'generation.recipe'>;

/** Reads the recipe in a file, and where its model is here draws it again and compares every pixel. `name` is the file's. */
export async function readRecipe(deps: DrawDeps, file: string, name: string, context: CallContext): Promise<Reply> {
  const found = await deps.workers.recipe(file, context.signal);
  const nothing = { name, recipe: null, picture: null, model: null, redrawn: null, isSame: null };
  if (found === null) return nothing;
  const { recipe } = found;
  const picture = pictureOf(found);
  const model = modelOf(deps, recipe);
  if (model === null) return { ...nothing, recipe, picture };
  const redrawn = await redraw(deps, model, recipe, context);
  if (redrawn === null) return { ...nothing, recipe, picture, model };
  return { name, recipe, picture, model, redrawn, isSame: samePixels(found, redrawn) };
}

function modelOf({ registry }: DrawDeps, { model }: SampleRecipe): string | null {
  const known = registry
    .list()
    .filter(({ id, task }) => task === 'generate' && registry.detail(id).fileHash === model.hash);
  return (known.find(({ id }) => id === model.id) ?? known[0])?.id ?? null;
}

/** Null for a recipe that asks for what its model does not have: then it was not made by that model. */
async function redraw(
  deps: DrawDeps,
  model: string,
  { seed, index, class: asked, controls }: SampleRecipe,
  context: CallContext,
): Promise<Drawn | null> {
  const request = { model, seed, class: asked, controls, indices: [index], judge: null };
  try {
    return await drawThese(deps, request, context);
  } catch (error) {
    if (error instanceof AppError && error.code === 'usage/bad-argument') return null;
    throw error;
  }
}

interface Rgb {
  readonly height: number;
  readonly width: number;
  /** u8 RGB [height, width, 3]. */
  readonly pixels: Uint8Array<ArrayBuffer>;
}

/** Null for one that is larger than any that is drawn: then it was not drawn by this recipe. */
function pictureOf({ height, width, pixels }: Rgb): Reply['picture'] {
  if (pixels.length === 0) return null;
  return { shape: { kind: 'image', height, width, channels: 3 }, samples: pixels };
}

function samePixels({ height, width, pixels }: Rgb, { shape, samples }: Drawn): boolean {
  if (!isPicture(shape) || shape.height !== height || shape.width !== width) return false;
  const { channels } = shape;
  if (pixels.length !== height * width * 3) return false;
  return pixels.every((level, at) => level === samples[channels === 3 ? at : Math.floor(at / 3)]);
}

function isPicture(shape: DrawnShape): shape is Extract<DrawnShape, { kind: 'image' }> {
  return shape.kind === 'image';
}
