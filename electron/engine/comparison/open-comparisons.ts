/** Puts the comparisons of an engine together: what there is, the kind of job, and who answers which call. */
import type { DatasetService } from '../datasets/service';
import type { Reports } from '../reports';
import type { Studio } from '../studio/studio';
import { ComparisonBook } from './book';
import { compareJob } from './compare-job';
import { type ComparisonHandlers, comparisonHandlers } from './handlers';

export interface Comparisons {
  readonly handlers: ComparisonHandlers;
  dispose(): void;
}

/** To be called before the queue starts. */
export async function openComparisons(
  { parts, history }: Studio,
  datasets: DatasetService,
  reports: Reports,
  onProblem: (file: string, error: unknown) => void,
  clock = Date.now,
): Promise<Comparisons> {
  const { workspace, jobs, registry, workers, now } = parts;
  const book = await ComparisonBook.start({
    workspace,
    jobs,
    history,
    onChanged: (comparison) => reports.emit('comparisons.changed', { comparison }),
    onListChanged: (comparisons) => reports.emit('comparisons.listChanged', { comparisons }),
    onProblem,
  });
  jobs.register(compareJob({ book, registry, datasets, objects: workspace.objects, compute: workers, now }));
  return {
    handlers: comparisonHandlers({ book, registry, datasets, jobs, clock }),
    dispose: () => book.dispose(),
  };
}
