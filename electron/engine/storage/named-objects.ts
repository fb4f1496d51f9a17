/** Which objects the files of a workspace name: each of these files is read whole, or nothing is believed at all. */
import { readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import { AppError, type ErrorCode, throwIfCancelled } from '../../contract/errors';
import { editRecordSchema } from '../datasets/edit-state';
import { objectsOf, readManifest } from '../datasets/manifest';
import { parseRevision } from '../datasets/revision';
import { Journal } from './journal';
import { filesOf } from './layout';

export interface NamedObjects {
  /** What cannot be missing, and a file that names it. */
  needed: Map<string, string>;
  /** Hashes that stand somewhere, whatever they are of. */
  mentioned: Set<string>;
}

/** All that looks like a hash. */
export function hashesIn(text: string): string[] {
  return text.match(/(?<![0-9a-f])[0-9a-f]{64}(?![0-9a-f])/g) ?? [];
}

const ownFiles =
  /^datasets\/([a-z0-9][a-z0-9-]{0,62})\/(?:(dataset)\.json|(edits)\.jsonl|(revisions)\/[0-9a-f]{64}\.json)$/;
/** Their jobs are asked of the queue, which knows what became of them. */
const queueJournal = 'jobs/journal.jsonl';

/** Throws `workspace/damaged` with the file that could not be read. */
export async function namedObjects(root: string, signal: AbortSignal): Promise<NamedObjects> {
  const names = (await filesOf(root, signal)).map(({ name }) => name);
  assertWhole(names);
  const named: NamedObjects = { needed: new Map(), mentioned: new Set() };
  for (const name of names) {
    throwIfCancelled(signal);
    if (/^datasets\/[^/]+$/.test(name)) await assertNoFolder(root, name);
    const [, id = '', manifest, edits] = ownFiles.exec(name) ?? [];
    if (id === '') await readOther(root, name, named);
    else if (manifest !== undefined) await readOwnManifest(root, id, name, named);
    else if (edits !== undefined) await readEdits(root, name, named);
    else await readRevision(root, name, named);
  }
  return named;
}

/** What was put aside as damaged may be restored, and what has lost its manifest too. */
function assertWhole(names: readonly string[]): void {
  const manifests = new Set(names.filter((name) => name.endsWith('/dataset.json')).map((name) => path.dirname(name)));
  for (const name of names) {
    if (/^(datasets|jobs\/journal)\b.*\.damaged-[0-9a-f]+$/.test(name)) {
      throw refusal(name, 'holds what was damaged. Delete it when you need it no more');
    }
    const [, id, manifest] = ownFiles.exec(name) ?? [];
    if (id === undefined || manifest !== undefined || manifests.has(`datasets/${id}`)) continue;
    throw refusal(`datasets/${id}/dataset.json`, 'is missing. Restore it from a backup, or remove that folder');
  }
}

/** Links are not followed, so nobody knows what lies behind one. */
async function assertNoFolder(root: string, name: string): Promise<void> {
  const stats = await stat(path.join(root, name)).catch(() => undefined);
  if (stats?.isDirectory() !== false) throw refusal(name, 'is a link to elsewhere. Put the folder itself in its place');
}

async function readOwnManifest(root: string, id: string, name: string, { needed, mentioned }: NamedObjects) {
  const manifest = await readManifest(path.join(root, 'datasets'), id).catch((error: unknown) => {
    throw refusal(name, 'could not be read. Restore it from a backup, or remove that folder', error);
  });
  for (const hash of objectsOf(manifest)) {
    // A removed one may have lost objects; until it is swept it can come back.
    if (manifest.isRemoved) mentioned.add(hash);
    else needed.set(hash, name);
  }
}

async function readEdits(root: string, name: string, { needed }: NamedObjects): Promise<void> {
  const { replay } = await Journal.open(path.join(root, name), editRecordSchema, false).catch((error: unknown) => {
    throw refusal(name, 'could not be read', error);
  });
  if (replay.damagedLines > 0) throw refusal(name, 'has lines that could not be read. Restore it from a backup');
  for (const { patch } of replay.records) {
    const drawn = patch.plan?.drawn ?? null;
    if (drawn !== null) needed.set(drawn, name);
  }
}

async function readRevision(root: string, name: string, { needed }: NamedObjects): Promise<void> {
  const revision = parseRevision(await read(root, name), path.basename(name));
  if (revision === undefined) throw refusal(name, 'is damaged. Restore it from a backup');
  needed.set(revision.columns, name);
  for (const { pack, samples, thumbs } of revision.parts) {
    for (const hash of [pack, samples, thumbs]) if (hash !== null) needed.set(hash, name);
  }
}

/** Second copies, backups, what jobs keep in their folders, and what a later Duet may write: every hash in it counts. */
async function readOther(root: string, name: string, { mentioned }: NamedObjects): Promise<void> {
  if (!/\.jsonl?$/.test(name) || name.startsWith('objects/') || name === queueJournal) return;
  for (const hash of hashesIn(await read(root, name))) mentioned.add(hash);
}

async function read(root: string, name: string): Promise<string> {
  return readFile(path.join(root, name), 'utf8').catch((error: unknown) => {
    throw refusal(name, 'could not be read', error);
  });
}

/** Why nothing is swept. */
export function refusal(file: string, what: string, cause?: unknown, code: ErrorCode = 'workspace/damaged'): AppError {
  return new AppError(code, `Nothing was swept, because ${file} ${what}.`, { file }, { cause });
}
