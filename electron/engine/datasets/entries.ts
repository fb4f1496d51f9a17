/** Lines of the list of data sets: ready, broken, or in the making. */
import * as z from 'zod';
import type { DatasetEntry } from '../../contract/datasets';
import type { Failure } from '../../contract/errors';
import { datasetIdSchema, sampleKindSchema } from '../../contract/samples';
import type { JobQueue } from '../jobs/queue';
import type { Manifest } from './manifest';

/** What all jobs that make a data set are given, besides what is their own. */
const makingSchema = z.object({
  id: datasetIdSchema,
  title: z.string(),
  kind: sampleKindSchema,
  origin: z.enum(['real', 'generated']),
  isAddition: z.boolean().default(false),
});

export interface Making extends z.infer<typeof makingSchema> {
  readonly job: string;
}

type Unfinished = ReturnType<JobQueue['unfinished']>[number];

/** The data set that an unfinished job is making; none for jobs of other kinds. */
export function makingOf({ id, kind, state, parameters }: Unfinished): Making[] {
  if (kind !== 'dataset.import' && kind !== 'dataset.synthesize') return [];
  // What failed is told by the queue, from where it can be tried again.
  if (state === 'failed' || state === 'set-aside') return [];
  const parsed = makingSchema.safeParse(parameters);
  return parsed.success ? [{ ...parsed.data, job: id }] : [];
}

const previewed = 9;

export function readyEntry(manifest: Manifest, job: string | null): DatasetEntry {
  const { id, title, kind, origin, parts, classCount, toLookAt, createdAt } = manifest;
  const samples = parts.reduce((sum, { count }) => sum + count, 0);
  const shown = Math.min(previewed, samples);
  return {
    id,
    title,
    kind,
    origin,
    state: 'ready',
    failure: null,
    job,
    samples,
    classes: classCount,
    bytes: parts.reduce((sum, { bytes }) => sum + bytes, 0),
    preview: Array.from({ length: shown }, (_, at) => Math.floor((at * samples) / shown)),
    toLookAt,
    createdAt,
  };
}

const nothingYet = { samples: 0, classes: 0, bytes: 0, preview: [], toLookAt: null };

export function brokenEntry(id: string, failure: Failure): DatasetEntry {
  return {
    ...nothingYet,
    id,
    title: id,
    kind: 'image',
    origin: 'real',
    state: 'broken',
    failure,
    job: null,
    createdAt: 0,
  };
}

export function makingEntry({ id, title, kind, origin, job }: Making, createdAt: number): DatasetEntry {
  return { ...nothingYet, id, title, kind, origin, state: 'importing', failure: null, job, createdAt };
}
