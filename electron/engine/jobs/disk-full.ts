/** A full disk, told in words that help: how much more a job needs, as far as can be known. */
import type { Dirent } from 'node:fs';
import { readdir, stat, statfs } from 'node:fs/promises';
import path from 'node:path';
import { AppError, type Failure } from '../../contract/errors';
import type { JobRecord } from './state';

export function isDiskFull(error: unknown): boolean {
  if (error instanceof AppError) return error.code === 'file/disk-full' || error.code === 'data/no-space';
  return error instanceof Error && 'code' in error && (error.code === 'ENOSPC' || error.code === 'EDQUOT');
}

/** The failure with which a job rests: what is needed, and what to do. */
export async function diskFullFailure(
  error: unknown,
  folder: string,
  progress: JobRecord['progress'],
): Promise<Failure> {
  const details = error instanceof AppError ? error.details : {};
  const told = details['neededBytes'];
  const needed = typeof told === 'number' ? told : await estimate(folder, progress);
  const what = needed === undefined ? 'Free some space' : `${sizeText(needed)} more are needed. Free some space`;
  const message = `The disk is full. ${what}, then resume the job: what it finished is kept.`;
  return {
    code: 'file/disk-full',
    message,
    details: needed === undefined ? details : { ...details, neededBytes: needed },
  };
}

/** As much for each unit to come as for each one done, less what is free. */
async function estimate(folder: string, { done, total }: JobRecord['progress']): Promise<number | undefined> {
  if (total === null || done <= 0 || total <= done) return undefined;
  const used = await bytesBelow(folder);
  const free = await freeBytes(folder);
  const needed = Math.ceil((used / done) * (total - done)) - (free ?? 0);
  return used > 0 && needed > 0 ? needed : undefined;
}

async function freeBytes(folder: string): Promise<number | undefined> {
  try {
    const { bavail, bsize } = await statfs(folder);
    return bavail * bsize;
  } catch {
    return undefined;
  }
}

async function bytesBelow(folder: string): Promise<number> {
  let bytes = 0;
  for (const entry of await entriesOf(folder)) {
    const file = path.join(folder, entry.name);
    if (entry.isDirectory()) bytes += await bytesBelow(file);
    else if (entry.isFile()) bytes += (await stat(file).catch(() => ({ size: 0 }))).size;
  }
  return bytes;
}

function entriesOf(folder: string): Promise<Dirent[]> {
  return readdir(folder, { withFileTypes: true }).catch(() => []);
}

function sizeText(bytes: number): string {
  const units = ['bytes', 'kB', 'MB', 'GB', 'TB'];
  const power = Math.min(units.length - 1, Math.floor(Math.log10(Math.max(1, bytes)) / 3));
  const value = bytes / 1000 ** power;
  return `${value.toFixed(power === 0 || value >= 100 ? 0 : 1)} ${units[power] ?? ''}`;
}
