/** Puts the data sets of an engine together: the service, proposals, the kinds of jobs, and who answers which call. */
import type { Reports } from '../reports';
import type { Studio } from '../studio/studio';
import { datasetHandlers } from './handlers';
import { importJob } from './import/import-job';
import { Proposals } from './import/proposals';
import { DatasetService } from './service';

export interface Datasets {
  readonly service: DatasetService;
  readonly handlers: ReturnType<typeof datasetHandlers>;
  dispose(): Promise<void>;
}

/** To be called before the queue starts. */
export async function openDatasets({ parts, history }: Studio, reports: Reports, clock = Date.now): Promise<Datasets> {
  const { workspace, jobs, workers, handles, decoders } = parts;
  const service = await DatasetService.start({
    workspace,
    jobs,
    history,
    clock,
    onChanged: (datasets) => reports.emit('datasets.changed', { datasets }),
    onEdited: (event) => reports.emit('datasets.edited', event),
  });
  const proposals = await Proposals.start({ workspace, datasets: service, jobs, readers: workers, clock });
  jobs.register(
    importJob({ workspace, readers: workers, decoders, clock, onPublished: (id) => service.published(id) }),
  );
  // Those in the making come and go with their jobs.
  jobs.changed.add(() => service.mark());
  const { objects, datasetsFolder } = workspace;
  return {
    service,
    handlers: datasetHandlers({ datasets: service, proposals, handles, objects, datasetsFolder }),
    dispose: async () => {
      await proposals.dispose();
      await service.dispose();
    },
  };
}
