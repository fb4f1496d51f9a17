/** `compare.run`: draws what was asked for, has every judge read it, and measures how far from real data it is. */
import { AppError } from '../../contract/errors';
import type { JobContext, JobKind, JobResult } from '../jobs/job-kind';
import { CompareRun } from './compare-run';
import { type Fitted, fitted } from './fit';
import { type CompareParameters, compareParametersSchema } from './parameters';
import type { CompareParts } from './parts';

export function compareJob(parts: CompareParts): JobKind<CompareParameters> {
  return {
    kind: 'compare.run',
    parameters: compareParametersSchema,
    lane: 'compute',
    run: (context) => run(parts, context),
  };
}

async function run(parts: CompareParts, context: JobContext<CompareParameters>): Promise<JobResult> {
  const { parameters } = context;
  const models = sameModels(parts.registry, parameters);
  const { real } = parameters;
  if (real === null) return new CompareRun(parts, context, models, undefined).run();
  return parts.datasets.use(real.id, (dataset) => {
    if (dataset.revision() === real.revision) return new CompareRun(parts, context, models, dataset).run();
    throw new AppError('data/changed', `“${real.title}” was changed after this comparison was asked for. Start it again.`, { id: real.id }); // prettier-ignore
  });
}

/** @throws AppError where a model is not the one that the comparison was made for any more. */
function sameModels(registry: CompareParts['registry'], { generators, judges }: CompareParameters): Fitted {
  for (const { id, title, hash } of [...generators, ...judges]) {
    if (registry.detail(id).fileHash === hash) continue;
    throw new AppError('data/changed', `${title} is another file than when this comparison was asked for. Start it again.`, { id }); // prettier-ignore
  }
  return fitted(
    generators.map(({ id }) => registry.generator(id)),
    judges.map(({ id }) => registry.runnable(id)),
  );
}
