/** Several files of the workspace replaced or removed as one: after a kill at any moment all of it happened, or nothing. */
import { createHash } from 'node:crypto';
import { mkdir, readFile, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import * as z from 'zod';
import { AppError } from '../../contract/errors';
import { durableWrite, isMissing, syncFolder } from './durable-write';

export interface Change {
  /** Paths below the workspace, forward slashes, and what will be there. */
  writes: { path: string; bytes: Uint8Array }[];
  removes: string[];
}

const folderName = 'transaction';
const planName = 'plan.json';

/** The plan may have been touched by foreign hands: no path in it leads out of the workspace. */
const inside = z
  .string()
  .min(1)
  .refine((name) => !path.isAbsolute(name) && !/\\|\0|:/.test(name) && !name.split('/').includes('..'));
const planSchema = z.strictObject({
  writes: z.array(
    z.strictObject({ path: inside, staged: z.string().regex(/^\d+$/), hash: z.string().regex(/^[0-9a-f]{64}$/) }),
  ),
  removes: z.array(inside),
});
type Plan = z.infer<typeof planSchema>;

/** Writes the new files beside the old ones, then the plan, which is the moment it counts, then carries it out. */
export async function commit(root: string, { writes, removes }: Change): Promise<void> {
  const folder = path.join(root, folderName);
  await mkdir(folder, { recursive: true });
  await syncFolder(root);
  const plan: Plan = { writes: [], removes };
  for (const [number, { path: target, bytes }] of writes.entries()) {
    const staged = String(number);
    await durableWrite(path.join(folder, staged), bytes);
    plan.writes.push({ path: target, staged, hash: hashOf(bytes) });
  }
  await durableWrite(path.join(folder, planName), Buffer.from(JSON.stringify(planSchema.parse(plan))));
  await carryOut(root, plan);
}

/** What was decided before a kill is finished; what was not is forgotten. */
export async function finish(root: string): Promise<void> {
  const plan = await readPlan(root);
  if (plan === undefined) await rm(path.join(root, folderName), { recursive: true, force: true });
  else await carryOut(root, plan);
}

async function readPlan(root: string): Promise<Plan | undefined> {
  try {
    return planSchema.parse(JSON.parse(await readFile(path.join(root, folderName, planName), 'utf8')));
  } catch (error) {
    if (isMissing(error)) return undefined;
    const reason = error instanceof Error ? error.message : String(error);
    throw new AppError(
      'workspace/damaged',
      `A change of this workspace was begun and cannot be finished: ${folderName}/${planName} is damaged. Restore the workspace from a backup.`,
      { reason: reason.slice(0, 500) },
    );
  }
}

/** Can be done again from the start after a kill at any point. */
async function carryOut(root: string, { writes, removes }: Plan): Promise<void> {
  const folder = path.join(root, folderName);
  for (const { path: target, staged, hash } of writes) {
    const file = path.join(root, target);
    await mkdir(path.dirname(file), { recursive: true });
    await rename(path.join(folder, staged), file).catch(async (error: unknown) => {
      // It was moved before the kill.
      if (!isMissing(error) || hashOf(await readFile(file)) !== hash) throw error;
    });
    await syncFolder(path.dirname(file));
  }
  for (const name of removes) {
    await rm(path.join(root, name), { recursive: true, force: true });
    await syncFolder(path.dirname(path.join(root, name)));
  }
  await rm(path.join(folder, planName));
  await syncFolder(folder);
  await rm(folder, { recursive: true, force: true });
}

function hashOf(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}
