/**
 * The index's file between two sessions. Native code that reads a damaged database may end the process (libsql does, for a text
 * that is not UTF-8), so SQLite is given only a file that is byte for byte what it was when it was closed in order.
 */
import { readFile, rename, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import * as z from 'zod';
import { AppError } from '../../contract/errors';
import type { WorkspaceFinding } from '../../contract/workspace';
import { durableWrite, isMissing } from './durable-write';
import { IndexFile, schemaVersion } from './index-file';
import { isOnNetwork } from './network-drive';
import { hashFile } from './pieces';

export const indexName = 'index.sqlite';
/** Says what the closed file was; taken away while it is open. */
const sealName = 'index.seal';
/** The newest damaged one, for whoever wants to know what happened to it. */
const asideName = 'index.damaged.sqlite';
/** SQLite's own files beside a database. */
const endings = ['', '-wal', '-shm', '-journal'];

const sealSchema = z.strictObject({ schema: z.int(), hash: z.string(), bytes: z.int() });

export type Report = (kind: WorkspaceFinding['kind'], file: string, error: unknown) => void;

/** Undefined where the disk does not let it be opened, which is reported: then it is kept in memory. */
export async function openOnDisk(root: string, report: Report): Promise<IndexFile | undefined> {
  try {
    const state = await stateOf(root);
    if (state === 'damaged') await setAside(root, report);
    else if (state === 'unknown') await removeFiles(root, indexName);
    await rm(path.join(root, sealName), { force: true });
    return IndexFile.open(path.join(root, indexName), (await isOnNetwork(root)) ? 'truncate' : 'wal');
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    const message = `The index could not be opened on disk (${reason}), so it is kept in memory until the workspace is closed.`;
    report('index', indexName, new AppError('workspace/damaged', message, { reason }));
    return undefined;
  }
}

/** To be called once the file is closed. Where that cannot be written down, the index is made anew the next time. */
export async function seal(root: string): Promise<void> {
  try {
    if ((await sizeOf(path.join(root, `${indexName}-wal`))) > 0) return;
    const { hash, bytes } = await hashFile(path.join(root, indexName));
    const text = JSON.stringify({ schema: schemaVersion, hash, bytes });
    await durableWrite(path.join(root, sealName), Buffer.from(text));
  } catch {
    await rm(path.join(root, sealName), { force: true }).catch(() => undefined);
  }
}

/** `unknown`: there is none, or its process was killed, or another Duet made it: nothing is wrong, nothing is to be believed. */
async function stateOf(root: string): Promise<'good' | 'damaged' | 'unknown'> {
  const text = await readFile(path.join(root, sealName), 'utf8').catch(() => undefined);
  if (text === undefined || (await sizeOf(path.join(root, indexName))) === 0) return 'unknown';
  const sealed = sealSchema.safeParse(parseJson(text));
  if (!sealed.success) return 'damaged';
  if (sealed.data.schema !== schemaVersion) return 'unknown';
  if ((await sizeOf(path.join(root, `${indexName}-wal`))) > 0) return 'damaged';
  const { hash } = await hashFile(path.join(root, indexName));
  return hash === sealed.data.hash ? 'good' : 'damaged';
}

async function setAside(root: string, report: Report): Promise<void> {
  await removeFiles(root, asideName);
  for (const end of endings) {
    await rename(path.join(root, indexName + end), path.join(root, asideName + end)).catch((error: unknown) => {
      if (!isMissing(error)) throw error;
    });
  }
  const message = `The index was damaged and has been made anew from the other files; nothing is lost. The damaged one is ${asideName}.`;
  report('index', indexName, new AppError('workspace/damaged', message));
}

async function removeFiles(root: string, name: string): Promise<void> {
  for (const end of endings) await rm(path.join(root, name + end), { force: true });
}

/** 0 for what is not there. */
function sizeOf(file: string): Promise<number> {
  return stat(file).then(
    ({ size }) => size,
    () => 0,
  );
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
