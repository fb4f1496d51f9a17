/** What belongs where in a workspace, and what somebody else put there. */
import { lstat, readdir } from 'node:fs/promises';
import path from 'node:path';
import { throwIfCancelled } from '../../contract/errors';
import { isMissing } from './durable-write';
import { hashInName } from './objects';

export interface WorkspaceFile {
  /** Below the workspace, forward slashes. */
  name: string;
  bytes: number;
}

/** Made anew at any time, or only of use to the process that writes: neither verified nor backed up. */
const passing =
  /^(cache|staging|transaction)\/|^(lock(\.|$)|\.lock\.|index\.(seal$|(damaged\.)?sqlite))|(^|\/)\.[^/]*\.part$/;

function isPassing(name: string): boolean {
  return passing.test(name);
}

/** All files below the workspace, sorted; links are told as files and never followed. */
export async function filesOf(root: string, signal?: AbortSignal): Promise<WorkspaceFile[]> {
  const found: WorkspaceFile[] = [];
  const open = [''];
  for (let folder = open.pop(); folder !== undefined; folder = open.pop()) {
    if (signal !== undefined) throwIfCancelled(signal);
    for (const entry of await entriesOf(path.join(root, folder))) {
      const name = folder + entry.name;
      if (entry.isDirectory()) {
        if (!isPassing(`${name}/`)) open.push(`${name}/`);
      } else if (!isPassing(name)) {
        const stats = await lstat(path.join(root, name)).catch(() => undefined);
        if (stats !== undefined) found.push({ name, bytes: stats.size });
      }
    }
  }
  return found.sort((a, b) => (a.name < b.name ? -1 : 1));
}

async function entriesOf(folder: string): ReturnType<typeof readFolder> {
  try {
    return await readFolder(folder);
  } catch (error) {
    if (isMissing(error)) return [];
    throw error;
  }
}

function readFolder(folder: string) {
  return readdir(folder, { withFileTypes: true });
}

/** Names that Duet gives, by place. Jobs may keep what they like in their own folders. */
const known: readonly RegExp[] = [
  /^(duet|settings)\.json$/,
  /^datasets\/[a-z0-9][a-z0-9-]{0,62}\/(dataset\.json|edits\.jsonl|revisions\/[0-9a-f]{64}\.json)$/,
  /^comparisons\/c[0-9a-z]{1,24}\/comparison\.json$/,
  /^jobs\/(journal\.jsonl|j[0-9a-z]{1,24}\.log|j[0-9a-z]{1,24}\/.+)$/,
  /^runs\/j[0-9a-z]{1,24}\/(run\.json|sheet-\d+\.safetensors)$/,
  /^models\/(removed\/)?[^/]+\.onnx$/,
  /^backups\//,
  // What was damaged and is kept aside is told when it happens, not for ever.
  /\.damaged-[0-9a-f]+$/,
  // Of file managers.
  /(^|\/)(\.DS_Store|Thumbs\.db|desktop\.ini|\.directory)$/,
];

/** `object`: its bytes must have the hash in its name. */
export function kindOf(name: string): 'known' | 'object' | 'unknown' | 'conflict' {
  const base = name.slice(name.lastIndexOf('/') + 1);
  const hash = hashInName(base);
  if (hash !== undefined && name === `objects/${hash.slice(0, 2)}/${base}`) return 'object';
  if (known.some((pattern) => pattern.test(name))) return 'known';
  return isConflict(base) ? 'conflict' : 'unknown';
}

/** As programs that keep folders in step name the loser: "a (Anna's conflicted copy).json", "a.sync-conflict-2026.json", "a (1).json", "a 2.json", "a-LAPTOP.json". */
function isConflict(base: string): boolean {
  return (
    /conflict|\(\d+\)| \d+\.[a-z0-9]+$/i.test(base) ||
    /^(duet|settings|dataset|edits|journal|[0-9a-f]{64})[ ._-][^/]*\.[a-z0-9]+$/.test(base)
  );
}
