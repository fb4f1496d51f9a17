/** The engine's folder for things that need not survive it: thumbnails, previews, pixel slots, pasted pictures, trial models. */
import { mkdir, mkdtemp, readdir, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';

export interface TemporaryFolders {
  root: string;
  thumbs: string;
  previews: string;
  exchange: string;
  pasted: string;
  models: string;
  remove(): Promise<void>;
}

const prefix = 'duet-session-';

/** Below the system's temporary folder, one for each user: what another user made cannot be written to. */
export function temporaryBase(): string {
  return path.join(os.tmpdir(), process.getuid === undefined ? 'duet' : `duet-${process.getuid()}`);
}

/** Makes a fresh set of folders below `base`, and sweeps those whose process is gone (it was killed). */
export async function makeTemporaryFolders(base: string): Promise<TemporaryFolders> {
  await mkdir(base, { recursive: true, mode: 0o700 });
  await sweep(base);
  const root = await mkdtemp(path.join(base, `${prefix}${process.pid}-`));
  const folder = async (name: string): Promise<string> => {
    const full = path.join(root, name);
    await mkdir(full, { mode: 0o700 });
    return full;
  };
  return {
    root,
    thumbs: await folder('thumbs'),
    previews: await folder('previews'),
    exchange: await folder('exchange'),
    pasted: await folder('pasted'),
    models: await folder('models'),
    remove: () => rm(root, { recursive: true, force: true }),
  };
}

async function sweep(base: string): Promise<void> {
  for (const name of await readdir(base)) {
    if (!name.startsWith(prefix)) continue;
    const pid = Number.parseInt(name.slice(prefix.length), 10);
    if (Number.isNaN(pid) || !isAlive(pid)) await rm(path.join(base, name), { recursive: true, force: true });
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // EPERM: it lives, but belongs to someone else.
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}
