/**
 * Frees objects that nothing names any more. Only those that were there when the workspace was opened and were not put again since; and
 * none at all when something that may name objects could not be read.
 */
import { lstat } from 'node:fs/promises';
import path from 'node:path';
import { AppError, throwIfCancelled } from '../../contract/errors';
import { objectNames } from './contents';
import { hashesIn, namedObjects, refusal } from './named-objects';
import type { Workspace } from './workspace';

export interface SweepOptions {
  /** Tells what would go, and deletes nothing. */
  isDryRun: boolean;
  /** What the queue names: results of jobs that are done, all that was given to the others. Asked right before anything goes. */
  inUse: () => Iterable<string>;
  /** Whether a job is at work, which may need what it does not name yet. Asked before each deletion. */
  isBusy: () => boolean;
  signal: AbortSignal;
}

export interface Swept {
  objects: number;
  bytes: number;
}

/** May be killed at any moment: what is not deleted yet is found again. Throws the reason when it must not begin or go on. */
export async function sweepObjects(workspace: Workspace, options: SweepOptions): Promise<Swept> {
  const { isDryRun, isBusy, signal } = options;
  workspace.assertWritable();
  assertOrderly(workspace);
  assertIdle(isBusy);
  const unnamed = await unnamedObjects(workspace, options);
  const gone: string[] = [];
  const swept: Swept = { objects: 0, bytes: 0 };
  try {
    for (const [hash, name] of unnamed) {
      throwIfCancelled(signal);
      const stats = await lstat(path.join(workspace.root, 'objects', hash.slice(0, 2), name)).catch(() => undefined);
      assertIdle(isBusy);
      if (stats === undefined || (!isDryRun && !(await workspace.discard(hash)))) continue;
      if (!isDryRun) gone.push(hash);
      swept.objects += 1;
      swept.bytes += stats.size;
    }
  } finally {
    workspace.index.removeObjects(gone);
  }
  return swept;
}

/** File names by hash. */
async function unnamedObjects(
  { root, objectsAtOpen }: Workspace,
  { inUse, signal }: SweepOptions,
): Promise<Map<string, string>> {
  const { needed, mentioned } = await namedObjects(root, signal);
  const there = await objectNames(root);
  for (const [hash, file] of needed) {
    // Its file may be elsewhere, or the name itself damaged: then the one it meant would go.
    if (there.has(hash)) continue;
    const name = `objects/${hash.slice(0, 2)}/${hash}`;
    throw refusal(name, `is missing, and ${file} names it. Restore it from a backup`, undefined, 'workspace/missing');
  }
  for (const text of inUse()) for (const hash of hashesIn(text)) mentioned.add(hash);
  return new Map([...objectsAtOpen].filter(([hash]) => !needed.has(hash) && !mentioned.has(hash)));
}

/** A workspace that has just lost lines of its queue, or its own description, may have lost more. */
function assertOrderly({ findings }: Workspace): void {
  const found = findings.find(({ kind }) => kind === 'journal' || kind === 'version');
  if (found !== undefined) throw refusal(found.file, 'was damaged when the workspace was opened');
}

function assertIdle(isBusy: () => boolean): void {
  if (!isBusy()) return;
  throw new AppError('job/bad-state', 'Nothing more is swept while a job is at work. Try it again afterwards.');
}
