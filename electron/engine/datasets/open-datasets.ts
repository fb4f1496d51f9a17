/** Puts the data sets of an engine together: the service, proposals, the kinds of jobs, and who answers which call. */
import path from 'node:path';
import type { Reports } from '../reports';
import type { Studio } from '../studio/studio';
import { BuiltIn, builtInHandlers } from './builtin/built-in';
import { synthesizeJob } from './builtin/synthesize-job';
import { exportJob } from './export/export-job';
import { datasetHandlers } from './handlers';
import { importJob } from './import/import-job';
import { Proposals } from './import/proposals';
import { checkJob, queueCheck } from './report/check-job';
import { ReportBook, reportHandlers } from './report/reported';
import { DatasetService } from './service';
import { suggest } from './suggest';

export interface Datasets {
  readonly service: DatasetService;
  readonly handlers: ReturnType<typeof datasetHandlers> &
    ReturnType<typeof reportHandlers> &
    ReturnType<typeof builtInHandlers>;
  dispose(): Promise<void>;
}

/** To be called before the queue starts. `assets` is the folder of what Duet brings along. */
export async function openDatasets(
  { parts, history }: Studio,
  reports: Reports,
  assets: string,
  clock = Date.now,
): Promise<Datasets> {
  const { workspace, jobs, workers, handles, decoders, registry, slots } = parts;
  const service = await DatasetService.start({
    workspace,
    jobs,
    history,
    clock,
    onChanged: (datasets) => reports.emit('datasets.changed', { datasets }),
    onEdited: (event) => reports.emit('datasets.edited', event),
  });
  const proposals = await Proposals.start({ workspace, datasets: service, jobs, readers: workers, clock });
  const { objects, datasetsFolder } = workspace;
  const onPublished = async (id: string): Promise<void> => {
    await service.published(id);
    // The data set is there, whether or not it can be checked.
    await queueCheck(jobs, service, id).catch(() => undefined);
  };
  jobs.register(importJob({ workspace, readers: workers, decoders, clock, onPublished }));
  jobs.register(synthesizeJob({ workspace, clock, onPublished }));
  jobs.register(exportJob(service));
  jobs.register(checkJob({ objects, datasets: service, clock }));
  // Those in the making come and go with their jobs.
  jobs.changed.add(() => service.mark());
  const reported = new ReportBook(objects);
  const builtIn = new BuiltIn({ folder: path.join(assets, 'datasets'), datasets: service, jobs, clock });
  return {
    service,
    handlers: {
      ...datasetHandlers({
        ...{ datasets: service, proposals, handles, objects, datasetsFolder, reported, jobs, clock },
        suggest: (dataset, indices, model, signal) =>
          suggest(dataset, indices, registry.runnable(model), workers, slots, signal),
      }),
      ...reportHandlers(reported, service, jobs),
      ...builtInHandlers(builtIn),
    },
    dispose: async () => {
      await proposals.dispose();
      await service.dispose();
    },
  };
}
