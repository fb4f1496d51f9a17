/** The first steps into a workspace: who may write, which version it is, what must be migrated or mended before use. */
import { randomUUID } from 'node:crypto';
import { mkdir, rename, stat } from 'node:fs/promises';
import path from 'node:path';
import { AppError, toFailure } from '../../contract/errors';
import type { WorkspaceFinding } from '../../contract/workspace';
import { durableWrite, writeError } from './durable-write';
import { type Lock, type LockHolder, takeLock } from './lock';
import { manifestBytes, manifestName, readManifest, workspaceFormat } from './manifest';
import { formatOf, migrate } from './migrate';

export interface OpenOptions {
  /** `read` takes no lock and changes nothing, not even by making the folder. */
  access?: 'write' | 'read';
  /** What opens it, as another process will name it: "the window of Duet". */
  program?: string;
}

export interface Opened {
  id: string;
  format: number;
  /** Held while this process may write. */
  lock: Lock | undefined;
  /** Why nothing can be written; undefined when it can. */
  reason: AppError | undefined;
  findings: WorkspaceFinding[];
}

export async function openFolder(root: string, { access = 'write', program = 'Duet' }: OpenOptions): Promise<Opened> {
  if (access === 'read') {
    return openToRead(root, new AppError('workspace/read-only', 'This workspace was opened for reading only.'));
  }
  const taken = await lockOrReason(root, program);
  if (taken instanceof AppError) return openToRead(root, taken);
  try {
    const opened = await openToWrite(root, taken);
    if (opened.lock === undefined) await taken.release();
    return opened;
  } catch (error) {
    await taken.release();
    throw error;
  }
}

async function lockOrReason(root: string, program: string): Promise<Lock | AppError> {
  try {
    await mkdir(root, { recursive: true });
    const taken = await takeLock(root, program);
    return 'token' in taken ? lockedBy(taken) : taken;
  } catch (error) {
    const reason = writeError(error, path.join(root, 'lock'));
    if (!(reason instanceof AppError)) throw reason;
    // A workspace that is there can be read; one that cannot be made is of no use.
    if (!(await isFolder(root))) throw reason;
    const why = reason.code === 'file/disk-full' ? 'its disk is full' : 'its disk takes no writing';
    return new AppError(
      reason.code === 'file/disk-full' ? 'file/disk-full' : 'workspace/read-only',
      `The workspace ${path.basename(root)} is open for reading only, because ${why}. Mend that and open it again.`,
      reason.details,
    );
  }
}

function lockedBy({ program, pid, host, since }: LockHolder): AppError {
  const when = new Date(since).toLocaleString('en-GB', { dateStyle: 'medium', timeStyle: 'short' });
  return new AppError(
    'workspace/locked',
    `${program} (process ${pid} on ${host}, since ${when}) is writing to this workspace, so it is open for reading only. Close it there and open the workspace again; if nothing of Duet runs there, delete the file "lock".`,
    { pid, host, since },
  );
}

async function openToRead(root: string, reason: AppError): Promise<Opened> {
  const found = await readManifest(root);
  const id = found.state === 'known' ? found.manifest.id : found.state === 'newer' ? found.id : '';
  const format = (await isFolder(root)) ? ((await formatOf(root)) ?? 0) : 0;
  return { id, format, lock: undefined, reason, findings: [] };
}

async function openToWrite(root: string, lock: Lock): Promise<Opened> {
  const found = await readManifest(root);
  if (found.state === 'newer') {
    const message = `This workspace was made by a newer version of Duet (format ${found.format}; this one knows ${workspaceFormat}), so it is open for reading only. Update Duet to change it.`;
    const reason = new AppError('workspace/newer', message, { format: found.format });
    return { id: found.id, format: found.format, lock: undefined, reason, findings: [] };
  }
  const findings: WorkspaceFinding[] = [];
  const report = (message: string): void => {
    const failure = toFailure(new AppError('workspace/damaged', message));
    findings.push({ kind: 'version', file: manifestName, failure });
  };
  await migrate(root, workspaceFormat);
  const { id, format } = await nameFolder(root, report);
  return { id, format, lock, reason: undefined, findings };
}

/** Reads `duet.json`, or writes one: for a new workspace, and for one that lost its own. */
async function nameFolder(root: string, report: (message: string) => void): Promise<{ id: string; format: number }> {
  const found = await readManifest(root);
  if (found.state === 'known') return found.manifest;
  const file = path.join(root, manifestName);
  if (found.state === 'damaged') {
    const aside = `${manifestName}.damaged-${randomUUID().slice(0, 8)}`;
    await rename(file, path.join(root, aside));
    report(`${manifestName} was damaged and made anew; the damaged one is ${aside}.`);
  } else if (await hasContent(root)) report(`${manifestName} was missing and made anew; the rest is as it was.`);
  const manifest = { format: workspaceFormat, id: randomUUID(), createdAt: Date.now() };
  await durableWrite(file, manifestBytes(manifest));
  return manifest;
}

async function hasContent(root: string): Promise<boolean> {
  const folders = await Promise.all(['objects', 'datasets', 'jobs'].map((name) => isFolder(path.join(root, name))));
  return folders.includes(true);
}

function isFolder(folder: string): Promise<boolean> {
  return stat(folder).then(
    (stats) => stats.isDirectory(),
    () => false,
  );
}
