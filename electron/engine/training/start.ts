/** Starts a run: checks that recipe, data and judge fit each other, seals the data, and queues the job. */
import { AppError } from '../../contract/errors';
import type { ReplyOf, RequestOf } from '../../contract/rpc';
import type { trainingContract } from '../../contract/training';
import { parameterCount } from '../../../models/zoo/parameter-count';
import type { DatasetService } from '../datasets/service';
import type { JobMaker } from '../jobs/job-kind';
import type { ModelRegistry } from '../models/registry';
import type { Workspace } from '../storage/workspace';
import { lookAt } from './data-look';
import { chooseJudge } from './judges';
import { obstacleTo, settled } from './offers';
import type { TrainParameters } from './parameters';
import { freeName } from './place-model';
import { type RecipeDraft, recipeNamed, recipes } from './recipes';
import type { RunBook } from './run-book';

type StartRequest = RequestOf<typeof trainingContract, 'training.start'>;
type StartReply = ReplyOf<typeof trainingContract, 'training.start'>;

export interface StartOptions {
  readonly workspace: Workspace;
  readonly jobs: JobMaker;
  readonly registry: ModelRegistry;
  readonly datasets: DatasetService;
  readonly book: RunBook;
}

export async function startTraining(options: StartOptions, request: StartRequest): Promise<StartReply> {
  const { workspace, jobs, registry, datasets, book } = options;
  workspace.assertWritable();
  const recipe = recipeNamed(request.recipe);
  if (recipe === undefined)
    throw new AppError('usage/bad-argument', `There is no recipe "${request.recipe}". There are: ${recipes.map(({ name }) => name).join(', ')}.`); // prettier-ignore
  const { settings, model } = settled(recipe, request.settings);
  const manifest = datasets.manifest(request.dataset);
  const look = await datasets.use(request.dataset, (dataset) => lookAt(dataset, dataset.content()));
  const reason = obstacleTo({ ...recipe, settings }, look);
  const { shape } = look;
  if (reason !== '' || shape === undefined) throw new AppError('training/unsuited', reason, { recipe: recipe.name });
  const judge = recipe.family === 'classifier' || shape.kind === 'vector' ? null : chooseJudge(registry, { id: manifest.id, classes: look.classes }, request.judge); // prettier-ignore
  const isTaken = async (name: string): Promise<boolean> => book.isReserved(name) || (await registry.isTaken(name));
  const parameters: TrainParameters = {
    dataset: {
      id: manifest.id,
      title: manifest.title,
      revision: await datasets.seal(manifest.id, `Training with ${recipe.name}`),
      samples: look.train,
    },
    classes: [...look.classes],
    kind: shape.kind === 'image' ? 'image' : 'row',
    features: [...look.features],
    recipe: recipe.name,
    family: recipe.family,
    settings,
    budget: request.budget ?? { unit: 'steps', amount: recipe.steps },
    seed: request.seed,
    model: await freeName(request.name ?? nameFor(manifest.id, recipe), isTaken),
    title: `${manifest.title}: ${recipe.title}`.slice(0, 120),
    parameters: parameterCount(model, shape),
    judge,
    licence: manifest.licence,
  };
  const { id } = await jobs.add({
    kind: 'train.run',
    title: `Train ${parameters.title}`,
    parameters,
    inputs: [parameters.dataset.revision, ...(judge === null ? [] : [judge.hash])],
    seed: request.seed,
    ...(parameters.budget.unit === 'steps' && { expected: { total: parameters.budget.amount, unit: 'steps' } }),
  });
  await book.create(id, parameters);
  return { job: id, model: parameters.model };
}

/** `mnist-judge`, `mnist-gan`. */
function nameFor(dataset: string, { family }: RecipeDraft): string {
  return `${dataset.slice(0, 50)}-${family === 'classifier' ? 'judge' : family}`;
}
