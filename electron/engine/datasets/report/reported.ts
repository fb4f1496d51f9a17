/** What the newest reports say, looked up by data set; the reports used last stay in memory. */
import type { datasetsContract, SampleFilter } from '../../../contract/datasets';
import type { Handlers } from '../../../contract/server';
import type { JobMaker } from '../../jobs/job-kind';
import type { ObjectStore } from '../../storage/object-store';
import type { Reported } from '../handlers';
import type { Manifest } from '../manifest';
import type { DatasetService } from '../service';
import { queueCheck } from './check-job';
import { ReportFile } from './report-file';

const kept = 4;

export class ReportBook implements Reported {
  private readonly known = new Map<string, Promise<ReportFile>>();

  constructor(private readonly objects: ObjectStore) {}

  /** Undefined when the data set was never checked. */
  async of({ report }: Manifest): Promise<ReportFile | undefined> {
    if (report === null) return undefined;
    const reading = this.known.get(report) ?? this.objects.read(report).then((bytes) => ReportFile.read(bytes));
    this.known.delete(report);
    this.known.set(report, reading);
    // What could not be read is tried again the next time.
    reading.catch(() => this.known.delete(report));
    for (const hash of [...this.known.keys()].slice(0, -kept)) this.known.delete(hash);
    return reading;
  }

  /** No sample for a finding or bar that the report does not have. */
  async samplesOf(
    { manifest, table: { count } }: Parameters<Reported['samplesOf']>[0],
    filter: Pick<SampleFilter, 'finding' | 'bin'>,
  ): Promise<Uint8Array> {
    const report = await this.of(manifest);
    return report?.mask(filter, count) ?? new Uint8Array(count);
  }

  async alike({ manifest }: Parameters<Reported['alike']>[0], index: number): Promise<number[]> {
    return (await this.of(manifest))?.alike(index) ?? [];
  }
}

type Own = 'datasets.report' | 'datasets.check';

export function reportHandlers(
  book: ReportBook,
  datasets: DatasetService,
  jobs: JobMaker,
): Pick<Handlers<typeof datasetsContract>, Own> {
  return {
    'datasets.report': ({ id }) =>
      datasets.use(id, async (dataset) => {
        const file = await book.of(dataset.manifest);
        if (file === undefined) return { report: null, isCurrent: false };
        return { report: file.report, isCurrent: file.report.revision === dataset.revision() };
      }),
    'datasets.check': ({ id }) => queueCheck(jobs, datasets, id),
  };
}
