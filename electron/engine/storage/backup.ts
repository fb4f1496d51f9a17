/** Copies a workspace to a new folder, which appears only when it is whole. The index is left out: it is made from the rest. */
import { randomBytes } from 'node:crypto';
import { lstat, mkdir, rename, rm, stat, statfs } from 'node:fs/promises';
import path from 'node:path';
import { AppError, throwIfCancelled, toFailure } from '../../contract/errors';
import type { WorkspaceFinding } from '../../contract/workspace';
import { syncFolder, writeError } from './durable-write';
import { filesOf, kindOf, type WorkspaceFile } from './layout';
import { hashInName } from './objects';
import { copyDurably, hashFile } from './pieces';
import type { Watch } from './verify';

export interface BackedUp {
  files: number;
  bytes: number;
  /** Objects that were damaged already; all else was copied. */
  findings: WorkspaceFinding[];
}

export async function backup(root: string, target: string, { signal, progress }: Watch): Promise<BackedUp> {
  await assertFree(root, target);
  const files = inOrder(await filesOf(root, signal));
  const total = files.reduce((sum, { bytes }) => sum + bytes, 0);
  await assertSpace(path.dirname(target), total);
  const draft = path.join(
    path.dirname(target),
    `.${path.basename(target).slice(0, 40)}.${randomBytes(6).toString('hex')}.part`,
  );
  const done: BackedUp = { files: 0, bytes: 0, findings: [] };
  try {
    for (const file of files) {
      throwIfCancelled(signal);
      if (!(await copyOne(root, draft, file, signal, done.findings))) continue;
      done.files += 1;
      done.bytes += file.bytes;
      progress(total === 0 ? 1 : Math.min(1, done.bytes / total));
    }
    await syncFolders(draft, files);
    await assertFree(root, target);
    await rename(draft, target);
    await syncFolder(path.dirname(target));
    return done;
  } catch (error) {
    throw writeError(error, target);
  } finally {
    await rm(draft, { recursive: true, force: true }).catch(() => undefined);
  }
}

/** What changes comes before the objects, which do not: so that whatever a copied manifest names is copied after it. */
function inOrder(files: readonly WorkspaceFile[]): WorkspaceFile[] {
  const isObject = ({ name }: WorkspaceFile): boolean => kindOf(name) === 'object';
  return [...files.filter((file) => !isObject(file)), ...files.filter(isObject)];
}

/** False for what is gone meanwhile, or no file. The copy of an object is read again. */
async function copyOne(
  root: string,
  draft: string,
  { name }: WorkspaceFile,
  signal: AbortSignal,
  findings: WorkspaceFinding[],
): Promise<boolean> {
  const [from, to] = [path.join(root, name), path.join(draft, name)];
  const stats = await lstat(from).catch(() => undefined);
  if (stats?.isFile() !== true) return false;
  const { hash } = await copyDurably(from, to, signal);
  if (kindOf(name) !== 'object') return true;
  if (hash !== hashInName(path.basename(name))) {
    const message = `${name} is not what was once written; the backup has it as it is.`;
    findings.push({ kind: 'damaged', file: name, failure: toFailure(new AppError('workspace/damaged', message)) });
  }
  if ((await hashFile(to, signal)).hash === hash) return true;
  throw new AppError('file/unreadable', `The copy of ${name} differs from what was written. Choose another disk.`);
}

async function syncFolders(draft: string, files: readonly WorkspaceFile[]): Promise<void> {
  await mkdir(draft, { recursive: true });
  const folders = new Set(['.']);
  for (const { name } of files) {
    for (let folder = path.posix.dirname(name); folder !== '.'; folder = path.posix.dirname(folder))
      folders.add(folder);
  }
  for (const folder of folders) {
    const full = path.join(draft, folder);
    if ((await stat(full).catch(() => undefined)) !== undefined) await syncFolder(full);
  }
}

async function assertFree(root: string, target: string): Promise<void> {
  const relative = path.relative(root, target);
  if (relative === '' || (!relative.startsWith('..') && !path.isAbsolute(relative))) {
    throw new AppError(
      'file/bad-name',
      'A backup cannot lie inside the workspace that it copies. Choose another folder.',
    );
  }
  if ((await lstat(target).catch(() => undefined)) === undefined) return;
  const name = path.basename(target);
  throw new AppError('file/exists', `${name} is there already. Choose a name that is not taken.`, { name });
}

async function assertSpace(folder: string, needed: number): Promise<void> {
  const free = await freeBytes(folder);
  if (free >= needed) return;
  throw new AppError(
    'file/disk-full',
    `The backup needs ${megabytes(needed)} and there are ${megabytes(free)} free. Choose another disk.`,
    { needed, free },
  );
}

/** Bytes that this user may still write on the disk of a folder. */
export async function freeBytes(folder: string): Promise<number> {
  try {
    const { bavail, bsize } = await statfs(folder);
    return bavail * bsize;
  } catch (error) {
    throw writeError(error, folder);
  }
}

function megabytes(bytes: number): string {
  return `${Math.ceil(bytes / 1e6).toLocaleString('en')} MB`;
}
