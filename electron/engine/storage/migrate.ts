/** Brings an older workspace to this version's format: a copy of what changes first, then one transaction for each step. */
import { randomUUID } from 'node:crypto';
import { mkdir, readdir, stat } from 'node:fs/promises';
import path from 'node:path';
import { AppError } from '../../contract/errors';
import { copyDurably } from './pieces';
import { syncFolder } from './durable-write';
import { manifestBytes, manifestName, readManifest } from './manifest';
import { type Change, commit, finish } from './transaction';

export interface Migration {
  from: number;
  /** What changes; one of the writes is a `duet.json` of format `from + 1`. Nothing may be changed here. */
  plan(root: string): Promise<Change>;
}

/** Before format 1 a workspace was a folder with `models` and `settings.json`. Neither changes; the folder gets its name. */
const nameTheFolder: Migration = {
  from: 0,
  plan: async (root) => {
    const { birthtimeMs, mtimeMs } = await stat(root);
    const createdAt = Math.round(birthtimeMs > 0 ? birthtimeMs : mtimeMs);
    const manifest = { format: 1, id: randomUUID(), createdAt };
    return { writes: [{ path: manifestName, bytes: manifestBytes(manifest) }], removes: [] };
  },
};

export const migrations: readonly Migration[] = [nameTheFolder];

/** Copied before every migration, whether or not it changes them. */
const alwaysKept = [manifestName, 'settings.json'];

/** The format of what is there; 0 for a workspace from before there was one; undefined for a folder that is none yet. */
export async function formatOf(root: string): Promise<number | undefined> {
  const found = await readManifest(root);
  if (found.state === 'known') return found.manifest.format;
  if (found.state === 'newer') return found.format;
  if (found.state === 'damaged') return undefined;
  const names = new Set(await readdir(root));
  const isLater = ['objects', 'datasets', 'jobs'].some((name) => names.has(name));
  return !isLater && (names.has('models') || names.has('settings.json')) ? 0 : undefined;
}

/** Finishes what a kill interrupted, then takes step after step up to `format`. */
export async function migrate(root: string, format: number, steps = migrations): Promise<void> {
  await finish(root);
  const first = await formatOf(root);
  if (first === undefined) return;
  for (let current = first; current < format; current++) {
    const step = steps.find(({ from }) => from === current);
    if (step === undefined) {
      throw new AppError('workspace/damaged', `A workspace of format ${current} cannot be brought to ${current + 1}.`);
    }
    const change = await step.plan(root);
    await keepCopies(root, current, change);
    await commit(root, change);
  }
}

/** The files of a former format are kept in `backups/format-<number>`. */
async function keepCopies(root: string, format: number, { writes, removes }: Change): Promise<void> {
  const folder = path.join(root, 'backups', `format-${format}`);
  await mkdir(folder, { recursive: true });
  const names = new Set([...alwaysKept, ...writes.map((write) => write.path), ...removes]);
  for (const name of names) {
    const stats = await stat(path.join(root, name)).catch(() => undefined);
    if (stats?.isFile() === true) await copyDurably(path.join(root, name), path.join(folder, name));
  }
  await syncFolder(path.dirname(folder));
  await syncFolder(root);
}
