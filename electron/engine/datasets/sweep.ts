/** Takes removed data sets off the disk: their folders, and the objects that nothing else refers to. */
import { readFile, rm } from 'node:fs/promises';
import path from 'node:path';
import { isMissing, syncFolder } from '../storage/durable-write';
import type { Workspace } from '../storage/workspace';
import { type Manifest, objectsOf } from './manifest';
import { listRevisions } from './revision';

/** Objects go first: a kill in between leaves a manifest that says "removed", and the next start goes on. */
export async function sweepRemoved(
  workspace: Workspace,
  removed: readonly Manifest[],
  kept: readonly Manifest[],
): Promise<void> {
  const { datasetsFolder, objects } = workspace;
  const needed = new Set<string>();
  for (const manifest of kept) for (const hash of await allObjects(datasetsFolder, manifest)) needed.add(hash);
  for (const manifest of removed) {
    for (const hash of await allObjects(datasetsFolder, manifest)) {
      if (needed.has(hash) || !(await objects.has(hash))) continue;
      await rm(await objects.path(hash), { force: true });
    }
    await rm(path.join(datasetsFolder, manifest.id), { recursive: true, force: true });
  }
  await syncFolder(datasetsFolder);
}

/** Also those that edits and sealed revisions refer to. */
async function allObjects(datasets: string, manifest: Manifest): Promise<string[]> {
  const folder = path.join(datasets, manifest.id);
  const edits = await readFile(path.join(folder, 'edits.jsonl'), 'utf8').catch((error: unknown) => {
    if (isMissing(error)) return '';
    throw error;
  });
  const drawn = [...edits.matchAll(/"drawn":"([0-9a-f]{64})"/g)].map(([, hash]) => hash ?? '');
  const sealed = (await listRevisions(folder)).flatMap(({ columns, parts }) => [
    columns,
    ...parts.flatMap(({ pack, samples, thumbs }) => (thumbs === null ? [pack, samples] : [pack, samples, thumbs])),
  ]);
  return [...objectsOf(manifest), ...drawn, ...sealed];
}
