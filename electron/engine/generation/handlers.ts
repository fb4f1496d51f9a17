/** The generation contract, call by call. */
import path from 'node:path';
import type { generationContract } from '../../contract/generation';
import type { Handlers } from '../../contract/server';
import type { Studio } from '../studio/studio';
import { shownClasses } from './asked';
import { drawBetween, type DrawDeps, drawPlane, drawThese } from './draw';
import { Drawer } from './drawer';
import { judgeFor } from './judging';
import { readRecipe } from './recipe';
import { saveSamples } from './save';

type Served = Exclude<keyof (typeof generationContract)['calls'], 'generation.estimate' | 'generation.batch'>;

/** One for an engine: what it learned of a model's speed holds for every page. */
export function generationHandlers({ parts }: Studio): Pick<Handlers<typeof generationContract>, Served> {
  const { registry, workers, handles } = parts;
  const deps: DrawDeps = { registry, workers, drawer: new Drawer(workers) };
  return {
    'generation.about': ({ model }) => {
      const generator = registry.generator(model);
      const { card } = generator;
      return {
        shape: card.outputs.shape,
        classes: shownClasses(card),
        controls: [...card.input.controls],
        msEach: deps.drawer.msEach(generator, {}),
        judge: judgeFor(registry, generator),
      };
    },
    'generation.draw': ({ from, count, ...request }, context) =>
      drawThese(deps, { ...request, indices: Array.from({ length: count }, (_, k) => from + k) }, context),
    'generation.these': (request, context) => drawThese(deps, request, context),
    'generation.between': (request, context) => drawBetween(deps, request, context),
    'generation.plane': (request, context) => drawPlane(deps, request, context),
    'generation.save': async ({ target, ...request }, context) => ({
      files: await saveSamples(deps, request, handles.path(target), context),
    }),
    'generation.recipe': ({ handle }, context) => {
      const file = handles.path(handle);
      return readRecipe(deps, file, path.basename(file), context);
    },
  };
}
