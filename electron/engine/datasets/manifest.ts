/** `datasets/<id>/dataset.json`: what a data set is made of. Small, replaced whole, written last: while it is not there, neither is the data set. */
import { mkdir, readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import * as z from 'zod';
import { AppError } from '../../contract/errors';
import {
  columnSchema,
  datasetIdSchema,
  hashSchema,
  imageOptionsSchema,
  sampleKindSchema,
  splitPlanSchema,
} from '../../contract/samples';
import { durableWrite } from '../storage/durable-write';

const manifestName = 'dataset.json';

/** What one import brought. Its samples follow those of the parts before it. */
export const partSchema = z.strictObject({
  /** The data itself: one column of images, texts, sounds, notes or table columns (see pack-writer.ts). */
  pack: hashSchema,
  /** What is known of each sample (see sample-table.ts). */
  samples: hashSchema,
  /** JPEG thumbnails, where the pack's own pixels do not do. */
  thumbs: hashSchema.nullable(),
  /** The split of each sample as the import gave or drew it: u8, index in `splitNames`. */
  splits: hashSchema,
  /** Files that were left out, as JSON lines; null when there were none. */
  leftOut: hashSchema.nullable(),
  leftOutCount: z.int().min(0),
  count: z.int().min(0),
  /** Of all objects together. */
  bytes: z.number().min(0),
  /** The job that made it: an import that is run again finds its part here. */
  job: z.string().max(100),
});
export type Part = z.infer<typeof partSchema>;

export const manifestSchema = z.strictObject({
  format: z.literal(1),
  id: datasetIdSchema,
  title: z.string().min(1).max(200),
  kind: sampleKindSchema,
  origin: z.enum(['real', 'generated']),
  createdAt: z.number(),
  parts: z.array(partSchema).min(1),
  /** Class names over all parts in natural order, as imported; edits come on top. */
  classes: z.array(z.string()),
  /** How many classes there are after all edits, for the list. */
  classCount: z.int().min(0),
  /** How the splits of the first part came about; edits come on top. */
  plan: splitPlanSchema,
  image: imageOptionsSchema.nullable(),
  columns: z.array(columnSchema),
  /** For sounds: samples a second. */
  sampleRate: z.int().min(1).nullable(),
  provenance: z.string().max(1000),
  licence: z.string().max(200),
  /** Newest report, an object; written by the check. */
  report: hashSchema.nullable(),
  /** What the report found that wants a look. */
  toLookAt: z.int().nullable(),
  /** Removed by a person: hidden, and swept when the workspace is opened again, which is when undo ends. */
  isRemoved: z.boolean(),
});
export type Manifest = z.infer<typeof manifestSchema>;

/** Hashes of all objects that a manifest refers to. */
export function objectsOf({ parts, report }: Manifest): string[] {
  const hashes = parts.flatMap(({ pack, samples, thumbs, splits, leftOut }) => [
    pack,
    samples,
    thumbs,
    splits,
    leftOut,
  ]);
  return [...hashes, report].filter((hash) => hash !== null);
}

export const manifestFile = (folder: string, id: string): string => path.join(folder, id, manifestName);

/** `folder` is the workspace's `datasets`. */
export async function writeManifest(folder: string, manifest: Manifest): Promise<void> {
  const text = `${JSON.stringify(manifestSchema.parse(manifest), undefined, 1)}\n`;
  await mkdir(path.join(folder, manifest.id), { recursive: true });
  await durableWrite(manifestFile(folder, manifest.id), Buffer.from(text, 'utf8'));
}

/** Throws `workspace/damaged` for what is not a manifest, and `data/unknown` when there is none. */
export async function readManifest(folder: string, id: string): Promise<Manifest> {
  const text = await readFile(manifestFile(folder, id), 'utf8').catch((error: unknown) => {
    throw new AppError('data/unknown', `There is no data set "${id}".`, { id }, { cause: error });
  });
  const parsed = manifestSchema.safeParse(parseJson(text));
  if (parsed.success && parsed.data.id === id) return parsed.data;
  throw new AppError(
    'workspace/damaged',
    `The description of the data set "${id}" (datasets/${id}/${manifestName}) is damaged. Restore it from a backup, or remove that folder.`,
    { id },
  );
}

/** Names of the folders below `datasets` that look like data sets, in natural order of their names. */
export async function listIds(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
  return entries
    .flatMap((entry) => (entry.isDirectory() && datasetIdSchema.safeParse(entry.name).success ? [entry.name] : []))
    .sort();
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
