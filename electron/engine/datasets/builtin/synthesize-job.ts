/** The job `dataset.synthesize`: a seeded program makes a data set, shard by shard; finished shards are never made again. */
import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import * as z from 'zod';
import { AppError } from '../../../contract/errors';
import { datasetIdSchema, sampleKindSchema, splitPlanSchema } from '../../../contract/samples';
import type { JobContext, JobKind, JobResult } from '../../jobs/job-kind';
import { makeShards } from '../../jobs/make-shards';
import { assertWhole } from '../../jobs/shards';
import type { Workspace } from '../../storage/workspace';
import { writeChunk } from '../chunk';
import { lookAtChunk } from '../chunk-file';
import { publishedBy, publishPart } from '../import/publish';
import { manifestFile, type Manifest, objectsOf } from '../manifest';
import { type Generator, generatorHash } from './synthetic/generator';
import { mixtures } from './synthetic/mixture';
import { shapes } from './synthetic/shapes';

export const generators: readonly Generator[] = [...mixtures, shapes];

const synthesizeParametersSchema = z.strictObject({
  id: datasetIdSchema,
  title: z.string().min(1).max(200),
  kind: sampleKindSchema,
  origin: z.literal('generated'),
  generator: z.string(),
  /** sha256 of what the program is: another version does not go on with what this one began. */
  hash: z.string(),
  samples: z.int().min(1).max(1_000_000),
  seed: z.int().min(0).max(0xffff_ffff),
  plan: splitPlanSchema,
  provenance: z.string().max(1000),
  licence: z.string().max(200),
});
export type SynthesizeParameters = z.infer<typeof synthesizeParametersSchema>;

/** Small enough that others get their turn between two shards. */
const shardSize = 256;

export interface SynthesizeOptions {
  readonly workspace: Workspace;
  /** Milliseconds since 1970. */
  readonly clock: () => number;
  readonly onPublished: (id: string) => Promise<void>;
}

export function synthesizeJob(options: SynthesizeOptions): JobKind<SynthesizeParameters> {
  return {
    kind: 'dataset.synthesize',
    lane: 'disk',
    parameters: synthesizeParametersSchema,
    run: async (context): Promise<JobResult> => {
      const { workspace } = options;
      const { id, parameters } = context;
      workspace.assertWritable();
      const manifest = (await publishedBy(workspace, parameters.id, id)) ?? (await make(options, context));
      await options.onPublished(parameters.id);
      const count = manifest.parts.reduce((sum, part) => sum + part.count, 0);
      return {
        dataset: parameters.id,
        summary: `${count.toLocaleString('en-US')} samples in ${manifest.classes.length} classes, seed ${parameters.seed}`,
        files: [
          ...objectsOf({ ...manifest, report: null }),
          path.relative(workspace.root, manifestFile(workspace.datasetsFolder, manifest.id)),
        ],
      };
    },
  };
}

async function make(
  { workspace, clock }: SynthesizeOptions,
  context: JobContext<SynthesizeParameters>,
): Promise<Manifest> {
  const { parameters, signal } = context;
  const generator = generatorOf(parameters);
  const folder = path.join(context.folder, 'shards');
  await mkdir(folder, { recursive: true });
  const unit = generator.kind === 'image' ? 'images' : 'rows';
  const work = { generator: parameters.hash, seed: parameters.seed, count: parameters.samples, shardSize };
  const made = await makeShards(
    {
      ...work,
      extension: 'safetensors',
      unit,
      make: ({ seed, from, to }) => writeChunk(generator.make(seed, from, to)),
    },
    { ...context, folder },
  );
  const chunks = await Promise.all(made.map(({ file }) => lookAtChunk(file)));
  assertWhole(
    work,
    made.map(({ shard: { key } }, k) => ({ key, samples: chunks[k]?.shape.samples ?? 0 })),
  );
  return publishPart(
    workspace,
    {
      ...parameters,
      isAddition: false,
      image: generator.image === null ? null : { ...generator.image, fit: 'stretch' },
      columns: generator.columns,
      sampleRate: null,
      chunks,
      leftOut: [],
      job: context.id,
      folder: context.folder,
      signal,
      onSamples: (done) => context.progress(done, parameters.samples, unit, 'packing'),
    },
    clock,
  );
}

function generatorOf({ generator: name, hash }: SynthesizeParameters): Generator {
  const found = generators.find((one) => one.name === name);
  if (found !== undefined && generatorHash(found) === hash) return found;
  throw new AppError('job/unusable', `This Duet draws "${name}" in another way than the one that queued it. Add it anew.`); // prettier-ignore
}
