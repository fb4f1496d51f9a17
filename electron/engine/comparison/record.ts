/** `comparisons/<id>/comparison.json`: a finished comparison. Written once, last: while it is not there, neither is the comparison. */
import { mkdir, readdir, readFile, rm } from 'node:fs/promises';
import path from 'node:path';
import * as z from 'zod';
import { comparisonIdSchema, comparisonSchema } from '../../contract/comparison';
import { AppError } from '../../contract/errors';
import { hashSchema } from '../../contract/samples';
import { durableWrite, isMissing } from '../storage/durable-write';

export const recordSchema = z.strictObject({
  format: z.literal(1),
  comparison: comparisonSchema,
  /** Objects, one for each generator: pictures, and what judges read in them (data-file.ts). */
  drawings: z.array(hashSchema),
  /** An object: which real samples were used and what judges read in them; null without real data. */
  real: hashSchema.nullable(),
  /** Removed by a person: hidden, and swept when the workspace is opened again, which is when undo ends. */
  isRemoved: z.boolean(),
});
export type ComparisonRecord = z.infer<typeof recordSchema>;

const recordName = 'comparison.json';

/** Path below the workspace. */
export const recordFile = (id: string): string => path.posix.join('comparisons', id, recordName);

export async function writeRecord(root: string, record: ComparisonRecord): Promise<void> {
  const file = path.join(root, recordFile(record.comparison.id));
  await mkdir(path.dirname(file), { recursive: true });
  await durableWrite(file, Buffer.from(`${JSON.stringify(recordSchema.parse(record), undefined, 1)}\n`, 'utf8'));
}

/** @throws AppError `workspace/damaged` for what is not a record, `comparison/unknown` when there is none. */
export async function readRecord(root: string, id: string): Promise<ComparisonRecord> {
  const text = await readFile(path.join(root, recordFile(id)), 'utf8').catch((error: unknown) => {
    throw new AppError('comparison/unknown', `There is no comparison "${id}".`, { id }, { cause: error });
  });
  const parsed = recordSchema.safeParse(parseJson(text));
  if (parsed.success && parsed.data.comparison.id === id) return parsed.data;
  throw new AppError('workspace/damaged', `The comparison ${recordFile(id)} is damaged. Restore it from a backup, or remove that folder.`, { id }); // prettier-ignore
}

export async function listRecords(root: string): Promise<string[]> {
  const entries = await readdir(path.join(root, 'comparisons'), { withFileTypes: true }).catch((error: unknown) => {
    if (isMissing(error)) return [];
    throw error;
  });
  return entries
    .flatMap((entry) => (entry.isDirectory() && comparisonIdSchema.safeParse(entry.name).success ? [entry.name] : []))
    .sort();
}

/** Takes the folder off the disk; objects that only it named are swept later. */
export async function eraseRecord(root: string, id: string): Promise<void> {
  await rm(path.join(root, 'comparisons', id), { recursive: true, force: true });
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
