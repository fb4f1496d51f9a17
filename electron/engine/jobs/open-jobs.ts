/** The queue of a workspace: its journal, its folder, and what "there" means for the files of a result. */
import { stat } from 'node:fs/promises';
import path from 'node:path';
import { hashSchema } from '../../contract/samples';
import type { Workspace } from '../storage/workspace';
import { jobEventSchema } from './events';
import { JobQueue } from './queue';

/** `now` is monotonic; the wall clock only dates what is shown. */
export async function openJobs(workspace: Workspace, now: () => number, clock = Date.now): Promise<JobQueue> {
  const { journal, records } = await workspace.openJournal('jobs/journal.jsonl', jobEventSchema);
  return JobQueue.open({
    journal: {
      append: async (event) => {
        workspace.assertWritable();
        await journal.append(event);
      },
    },
    records,
    folder: path.join(workspace.root, 'jobs'),
    isWritable: workspace.isWritable,
    isThere: (file) => isThere(workspace, file),
    now,
    clock,
  });
}

/** An object by its hash, or any file by its path below the workspace; nothing outside of it counts. */
async function isThere({ root, objects }: Workspace, file: string): Promise<boolean> {
  if (hashSchema.safeParse(file).success) return objects.has(file);
  const below = path.relative(root, path.resolve(root, file));
  if (below === '' || below.startsWith('..') || path.isAbsolute(below)) return false;
  return stat(path.join(root, below)).then(
    () => true,
    () => false,
  );
}
