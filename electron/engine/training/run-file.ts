/** `runs/<job>/run.json`: what there is to know of a training run, also once its job is over and forgotten. */
import { mkdir, readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import * as z from 'zod';
import { jobIdSchema } from '../../contract/jobs';
import { modelIdSchema } from '../../contract/photo';
import { hashSchema } from '../../contract/samples';
import { trainingRunSchema } from '../../contract/training';
import { durableWrite, isMissing } from '../storage/durable-write';

const runFileSchema = z.strictObject({
  format: z.literal(1),
  startedAt: z.number(),
  run: trainingRunSchema,
  /** A person wants it to end, and what it has learned as a model. */
  isKept: z.boolean(),
  /** The model file that is about to be there, or is: noted before it appears, so that it appears once. */
  published: z.strictObject({ name: modelIdSchema, hash: hashSchema }).nullable(),
});
export type RunFile = z.infer<typeof runFileSchema>;

const runsFolder = (root: string): string => path.join(root, 'runs');

export function runFolder(root: string, job: string): string {
  return path.join(runsFolder(root), job);
}

export async function writeRunFile(root: string, file: RunFile): Promise<void> {
  const folder = runFolder(root, file.run.job);
  await mkdir(folder, { recursive: true });
  await durableWrite(path.join(folder, 'run.json'), Buffer.from(JSON.stringify(file), 'utf8'));
}

/** All that can be read; what cannot is passed over: the models that came of those runs are elsewhere. */
export async function readRunFiles(root: string): Promise<RunFile[]> {
  const names = await readdir(runsFolder(root)).catch((error: unknown) => {
    if (isMissing(error)) return [];
    throw error;
  });
  const found = await Promise.all(names.filter((name) => jobIdSchema.safeParse(name).success).map((name) => readRunFile(root, name))); // prettier-ignore
  return found.filter((one) => one !== undefined);
}

function readRunFile(root: string, job: string): Promise<RunFile | undefined> {
  return readFile(path.join(runFolder(root, job), 'run.json'), 'utf8').then(
    (text) => {
      const parsed = runFileSchema.safeParse(JSON.parse(text));
      return parsed.success && parsed.data.run.job === job ? parsed.data : undefined;
    },
    () => undefined,
  ).catch(() => undefined); // prettier-ignore
}
