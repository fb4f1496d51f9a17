/** Puts training together: the book of runs, the kind of job, the recipes, and who answers which call. */
import path from 'node:path';
import { AppError } from '../../contract/errors';
import type { Handlers } from '../../contract/server';
import type { trainingContract } from '../../contract/training';
import type { DatasetService } from '../datasets/service';
import type { JobQueue } from '../jobs/queue';
import type { ModelRegistry } from '../models/registry';
import type { ProcessHost } from '../processes/process-host';
import type { Reports } from '../reports';
import type { Workspace } from '../storage/workspace';
import { type DataLook, lookAt } from './data-look';
import { settingsOf } from './form';
import { offersFor } from './offers';
import type { RecipeDraft } from './recipes';
import { RunBook } from './run-book';
import { runFolder } from './run-file';
import { readSheet } from './sheet-file';
import { Speeds } from './speeds';
import { startTraining } from './start';
import { assertKeepable, trainJob } from './train-job';

export interface TrainingOptions {
  readonly workspace: Workspace;
  readonly jobs: JobQueue;
  readonly registry: ModelRegistry;
  readonly datasets: DatasetService;
  readonly host: ProcessHost;
  readonly reports: Reports;
  readonly onNetwork: (refused: number) => void;
  /** Milliseconds since 1970. */
  readonly clock?: () => number;
}

export interface Training {
  readonly handlers: Handlers<typeof trainingContract>;
  dispose(): Promise<void>;
}

/** To be called before the queue starts. */
export async function openTraining(options: TrainingOptions): Promise<Training> {
  const { workspace, jobs, registry, datasets, host, reports, onNetwork, clock = Date.now } = options;
  const book = await RunBook.open({
    workspace,
    clock,
    onProgress: (progress) => reports.emit('training.progress', progress),
    onRuns: (runs) => reports.emit('training.runsChanged', { runs }),
  });
  const speeds = await Speeds.open(path.join(workspace.root, 'cache', 'training-speeds.json'));
  const lookOf = (id: string): Promise<DataLook> => datasets.use(id, (dataset) => lookAt(dataset, dataset.content())); // prettier-ignore
  const train = trainJob({
    workspace, registry, host, book, onNetwork,
    isGentle: () => jobs.list().isGentle,
    onSpeed: ({ settings, dataset }, perSecond) => {
      lookOf(dataset.id).then(({ shape }) => shape && speeds.note(settings, shape, perSecond)).catch(() => undefined);
    },
  }); // prettier-ignore
  jobs.register(train.kind);
  for (const job of jobs.list().jobs) book.jobChanged(job);
  jobs.ended.add((job) => book.jobChanged(job));
  jobs.changed.add(({ jobs: changed, isGentle }) => {
    for (const job of changed) book.jobChanged(job);
    train.setGentle(isGentle);
  });
  const speedOf = (recipe: RecipeDraft, { shape }: DataLook): number | undefined => shape && speeds.of(settingsOf(recipe), shape); // prettier-ignore
  return {
    handlers: {
      'training.recipes': async ({ dataset }) => ({ recipes: await offersFor(dataset === null ? undefined : await lookOf(dataset), speedOf) }), // prettier-ignore
      'training.start': (request) => startTraining({ workspace, jobs, registry, datasets, book }, request),
      'training.runs': () => ({ runs: book.list() }),
      'training.run': ({ job }) => book.get(job).run,
      'training.sheet': async ({ job, step }) => readSheet(runFolder(workspace.root, book.get(job).run.job), step),
      'training.keep': async ({ job }) => {
        await keep(jobs, book, job);
        await train.keep(job);
        return {};
      },
    },
    dispose: () => book.dispose(),
  };
}

/** A run that rests or has failed is woken, to end with what its last checkpoint holds. */
async function keep(jobs: JobQueue, book: RunBook, id: string): Promise<void> {
  assertKeepable(book.get(id));
  const state = jobs.list().jobs.find((job) => job.id === id)?.state;
  if (state === undefined) throw new AppError('job/unknown', 'There is no such job any more.', { id });
  if (state === 'done') return;
  await book.note(id, { isKept: true });
  if (state === 'paused') await jobs.resume(id);
  if (state === 'failed' || state === 'set-aside') await jobs.retry(id);
}
