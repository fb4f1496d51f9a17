/** The job `dataset.check`: makes the report of a data set as it is, keeps it as an object, and names it in the manifest. */
import * as z from 'zod';
import { datasetIdSchema, hashSchema } from '../../../contract/samples';
import type { JobContext, JobKind, JobMaker, JobResult } from '../../jobs/job-kind';
import type { ObjectStore } from '../../storage/object-store';
import type { OpenDataset } from '../open-dataset';
import type { DatasetService } from '../service';
import { leftOutOf } from '../left-out';
import { checkDataset, toLookAt } from './check';
import { writeReport } from './report-file';
import { noun, type Subject, type Watch } from './subject';

const checkParametersSchema = z.strictObject({
  id: datasetIdSchema,
  /** For which it was asked; what is checked is the data set as it is when the job runs. */
  revision: hashSchema,
  /** Of the check: a newer one looks again at what an older one has seen. */
  version: z.int(),
});
type CheckParameters = z.infer<typeof checkParametersSchema>;

const version = 1;
/** A queue that is to go easy gets its rests so many times in a check. */
const rests = 20;

export interface CheckOptions {
  readonly objects: ObjectStore;
  readonly datasets: Pick<DatasetService, 'use' | 'update'>;
  /** Milliseconds since 1970. */
  readonly clock: () => number;
}

export function checkJob({ objects, datasets, clock }: CheckOptions): JobKind<CheckParameters> {
  return {
    kind: 'dataset.check',
    lane: 'disk',
    parameters: checkParametersSchema,
    run: async (context): Promise<JobResult> => {
      const { id } = context.parameters;
      const checked = await datasets.use(id, async (dataset) => {
        const subject = await subjectOf(objects, dataset);
        return checkDataset(subject, clock(), watchOf(subject, context));
      });
      const hash = await objects.put(writeReport(checked), 'report');
      const open = toLookAt(checked.report);
      await datasets.update(id, (manifest) => ({ ...manifest, report: hash, toLookAt: open }));
      const summary = open === 0 ? 'Nothing that wants a look' : `${open.toLocaleString('en-US')} to look at`;
      return { dataset: id, summary, files: [hash] };
    },
  };
}

/** Queues a check of the data set as it is; one that is queued or done already is given back. */
export async function queueCheck(
  jobs: JobMaker,
  datasets: Pick<DatasetService, 'use'>,
  id: string,
): Promise<{ job: string }> {
  const { revision, title, total, unit } = await datasets.use(id, (dataset) => ({
    revision: dataset.revision(),
    title: dataset.manifest.title,
    total: dataset.table.count,
    unit: noun(dataset.manifest.kind, 2),
  }));
  const parameters: CheckParameters = { id, revision, version };
  const request = { kind: 'dataset.check' as const, title: `Check ${title}`, parameters, inputs: [revision], seed: 0 };
  const { id: job } = await jobs.add({ ...request, expected: { total, unit } });
  return { job };
}

/** Columns are copied where edits change them in place. */
async function subjectOf(objects: ObjectStore, dataset: OpenDataset): Promise<Subject> {
  const { manifest, table, packs } = dataset;
  const { classes, label, split, excluded } = dataset.content();
  return {
    kind: manifest.kind,
    count: table.count,
    revision: dataset.revision(),
    classes,
    label: label.slice(),
    split: split.slice(),
    excluded: excluded.slice(),
    hash: table.hash,
    size: table.size,
    marks: table.marks,
    columns: manifest.columns,
    sampleRate: manifest.sampleRate,
    leftOut: {
      count: manifest.parts.reduce((sum, { leftOutCount }) => sum + leftOutCount, 0),
      first: await leftOutOf(objects, manifest, 1),
    },
    data: packs,
  };
}

function watchOf({ kind, count }: Subject, { signal, progress, slice }: JobContext<CheckParameters>): Watch {
  let rested = 0;
  return {
    signal,
    breathe: async (share) => {
      progress(
        Math.round(share * count),
        count,
        noun(kind, 2),
        `looking at ${count.toLocaleString('en-US')} ${noun(kind, count)}`,
      );
      await new Promise((resolve) => setImmediate(resolve));
      if (share * rests < rested + 1) return;
      rested = Math.floor(share * rests);
      await slice(Math.round(share * count));
    },
  };
}
