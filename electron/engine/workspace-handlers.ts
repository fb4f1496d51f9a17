/** The workspace contract, call by call. */
import { stat } from 'node:fs/promises';
import path from 'node:path';
import { AppError } from '../contract/errors';
import type { JobView } from '../contract/jobs';
import type { Handlers } from '../contract/server';
import type { workspaceContract } from '../contract/workspace';
import type { Handles } from './handles';
import type { JobQueue } from './jobs/queue';
import { backup, freeBytes } from './storage/backup';
import { filesOf } from './storage/layout';
import { verify } from './storage/verify';
import type { JobRow } from './storage/index-rows';
import type { Workspace } from './storage/workspace';
import type { Sweeper } from './sweeper';
import type { WorkspaceIndex } from './storage/workspace-index';

/** `changed` is called when there is something new to tell about the workspace. */
export function workspaceHandlers(
  workspace: Workspace,
  handles: Handles,
  sweeper: Sweeper,
  changed: () => void,
): Handlers<typeof workspaceContract> {
  const { root } = workspace;
  return {
    'workspace.info': () => workspace.info(),
    'workspace.verify': async (_request, watch) => {
      await assertThere(root);
      return verify(root, watch);
    },
    'workspace.rebuild': async () => {
      workspace.assertWritable();
      const before = workspace.findings.length;
      const counts = await workspace.index.rebuild();
      changed();
      return { ...counts, findings: workspace.findings.slice(before) };
    },
    'workspace.sweep': ({ isDryRun }, { signal }) => sweeper.sweep(isDryRun, signal),
    'workspace.backup': async ({ target }, watch) => {
      const folder = handles.path(target);
      await assertThere(root);
      return { ...(await backup(root, folder, watch)), name: path.basename(folder) };
    },
    'workspace.space': async (_request, { signal }) => {
      const files = await filesOf(root, signal);
      await assertThere(root);
      return { freeBytes: await freeBytes(root), usedBytes: files.reduce((sum, { bytes }) => sum + bytes, 0) };
    },
  };
}

/** Whoever only looks does not make the folder. */
async function assertThere(root: string): Promise<void> {
  const stats = await stat(root).catch(() => undefined);
  if (stats?.isDirectory() === true) return;
  throw new AppError('workspace/missing', `There is no workspace at ${root}.`);
}

/** Keeps the index in step with the queue. */
export function indexJobs(index: WorkspaceIndex, jobs: JobQueue): void {
  index.followJobs(() => jobs.list().jobs.map(indexRow));
  jobs.changed.add((view) => {
    for (const job of view.jobs) index.upsertJob(indexRow(job));
  });
  jobs.removed.add((ids) => {
    for (const id of ids) index.removeJob(id);
  });
}

function indexRow({ id, kind, title, state, addedAt, endedAt }: JobView): JobRow {
  return { id, kind, title, state, addedAt, endedAt };
}
