/** What trials of formulations gave on this machine, in a file of the workspace's cache; a run keeps a copy, for the choice decides the rounding. */
import { mkdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import * as z from 'zod';
import type { TuningCache } from '../../../../models/lowering/compile';
import { durableWrite } from '../../storage/durable-write';

const tuningSchema = z.record(
  z.string(),
  z.record(z.string(), z.object({ choice: z.string(), ms: z.record(z.string(), z.number()) })),
);

/** The first of the files that can be read; they may be gone or damaged. */
export async function readTuning(...files: readonly string[]): Promise<TuningCache> {
  for (const file of files) {
    const known = await readFile(file, 'utf8').then(parse, () => undefined);
    if (known !== undefined) return known;
  }
  return {};
}

export async function writeTuning(cache: TuningCache, ...files: readonly string[]): Promise<void> {
  const bytes = Buffer.from(JSON.stringify(cache), 'utf8');
  for (const file of files) {
    await mkdir(path.dirname(file), { recursive: true });
    await durableWrite(file, bytes);
  }
}

function parse(text: string): TuningCache | undefined {
  try {
    return tuningSchema.parse(JSON.parse(text));
  } catch {
    return undefined;
  }
}
