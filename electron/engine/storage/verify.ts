/** Reads everything in the workspace and tells what is missing, damaged, unknown or doubled. Changes nothing. */
import path from 'node:path';
import { AppError, type ErrorCode, isCancelled, throwIfCancelled, toFailure } from '../../contract/errors';
import type { WorkspaceFinding } from '../../contract/workspace';
import { readDataset, survey } from './contents';
import { filesOf, kindOf } from './layout';
import { hashInName } from './objects';
import { hashFile } from './pieces';

export interface Verified {
  objects: number;
  bytes: number;
  findings: WorkspaceFinding[];
}

/** As many as a person will look at; a message must end somewhere. */
const mostFindings = 1000;

export interface Watch {
  signal: AbortSignal;
  /** How far, in 0..1. */
  progress: (fraction: number) => void;
}

export async function verify(root: string, { signal, progress }: Watch): Promise<Verified> {
  const files = await filesOf(root, signal);
  const found = new Findings();
  const total = files.reduce((sum, file) => sum + (kindOf(file.name) === 'object' ? file.bytes : 0), 0);
  const verified = { objects: 0, bytes: 0 };
  for (const { name, bytes } of files) {
    throwIfCancelled(signal);
    const kind = kindOf(name);
    if (kind === 'unknown') found.add(kind, name, 'workspace/damaged', 'is not of Duet; it is left alone');
    if (kind === 'conflict') {
      const what =
        'is a second copy, left by a program that keeps folders in step. Look whether it holds something you miss, then delete it';
      found.add(kind, name, 'workspace/damaged', what);
    }
    if (kind !== 'object') continue;
    await checkObject(root, name, found, signal);
    verified.objects += 1;
    verified.bytes += bytes;
    progress(total === 0 ? 1 : verified.bytes / total);
  }
  await checkDatasets(root, found, signal);
  return { ...verified, findings: found.list };
}

class Findings {
  readonly list: WorkspaceFinding[] = [];

  add(kind: WorkspaceFinding['kind'], file: string, code: ErrorCode, what: string): void {
    this.put(kind, file, new AppError(code, `${file} ${what}.`));
  }

  put(kind: WorkspaceFinding['kind'], file: string, error: unknown): void {
    if (this.list.length < mostFindings) this.list.push({ kind, file, failure: toFailure(error) });
  }
}

async function checkObject(root: string, name: string, found: Findings, signal: AbortSignal): Promise<void> {
  try {
    const { hash } = await hashFile(path.join(root, name), signal);
    if (hash !== hashInName(path.basename(name))) {
      found.add('damaged', name, 'workspace/damaged', 'is not what was once written. Restore it from a backup');
    }
  } catch (error) {
    if (isCancelled(error)) throw error;
    const reason = error instanceof Error ? error.message : String(error);
    found.add('damaged', name, 'file/unreadable', `could not be read: ${reason.slice(0, 500)}`);
  }
}

async function checkDatasets(root: string, found: Findings, signal: AbortSignal): Promise<void> {
  const { datasets, objects } = await survey(root);
  for (const [id, stamp] of datasets) {
    throwIfCancelled(signal);
    try {
      const { needs, isRemoved } = await readDataset(root, id, stamp);
      if (isRemoved) continue;
      for (const hash of new Set(needs)) {
        if (objects.has(hash)) continue;
        const file = `objects/${hash.slice(0, 2)}/${hash}`;
        found.add(
          'missing',
          file,
          'workspace/missing',
          `is missing, and the data set "${id}" needs it. Restore it from a backup`,
        );
      }
    } catch (error) {
      found.put('damaged', `datasets/${id}/dataset.json`, error);
    }
  }
}
