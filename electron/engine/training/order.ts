/** What the training process is told: the job's parameters with the files of this workspace in place of hashes. */
import path from 'node:path';
import { AppError } from '../../contract/errors';
import type { TrainingOrder } from '../../contract/training-worker';
import { listRevisions } from '../datasets/revision';
import type { JobContext } from '../jobs/job-kind';
import type { ModelRegistry } from '../models/registry';
import type { Workspace } from '../storage/workspace';
import { judgeClasses } from './judges';
import type { TrainParameters } from './parameters';
import { runFolder } from './run-file';

/** Throws `data/unknown` when the revision is not there any more, and `model/unknown` for its judge. */
export async function orderOf(
  { workspace, registry }: { workspace: Workspace; registry: ModelRegistry },
  { id, parameters, folder }: JobContext<TrainParameters>,
  isToEnd: boolean,
): Promise<TrainingOrder> {
  const { dataset, classes, kind, features, family, settings, budget, seed } = parameters;
  const revisions = await listRevisions(path.join(workspace.datasetsFolder, dataset.id));
  const revision = revisions.find(({ hash }) => hash === dataset.revision);
  if (revision === undefined)
    throw new AppError('data/unknown', `The data set "${dataset.title}" is not there any more as it was when this run was started. Start another run.`, { id: dataset.id }); // prettier-ignore
  const { objects, root } = workspace;
  const packs: TrainingOrder['data']['packs'] = [];
  for (const { pack, count } of revision.parts) packs.push({ file: await objects.path(pack), count });
  return {
    folder,
    sheets: runFolder(root, id),
    tuning: path.join(root, 'cache', 'tuning.json'),
    data: { packs, columns: await objects.path(revision.columns), classes, kind, features },
    family,
    settings,
    budget,
    seed,
    judge: judgeOf(registry, parameters),
    threads: 0,
    isToEnd,
  };
}

/** The same file as when the run was started, or the one of that name now: what it says is noted with the verdicts. */
function judgeOf(registry: ModelRegistry, { judge, classes }: TrainParameters): TrainingOrder['judge'] {
  if (judge === null) return null;
  const { path: file, card } = registry.runnable(judge.id);
  const known = judgeClasses(card, classes);
  return known === undefined ? null : { path: file, classes: known };
}
