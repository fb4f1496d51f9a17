/** Takes the folders of removed data sets off the disk; the objects that only they named are swept by storage/sweep-objects.ts. */
import { mkdir, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { syncFolder } from '../storage/durable-write';
import type { Workspace } from '../storage/workspace';

/** Each goes at once: a kill in between leaves no half of a data set, for what lies in `staging` goes at the next opening. */
export async function sweepRemoved({ root, datasetsFolder, index }: Workspace, ids: readonly string[]): Promise<void> {
  const staging = path.join(root, 'staging');
  await mkdir(staging, { recursive: true });
  for (const id of ids) {
    const aside = path.join(staging, `removed-${id}`);
    await rename(path.join(datasetsFolder, id), aside);
    await rm(aside, { recursive: true, force: true });
    await index.upsertDataset(id);
  }
  await syncFolder(datasetsFolder);
}
