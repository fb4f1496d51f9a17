/** One writer at a time: the file `lock` names the process that may write to the workspace. */
import { randomUUID } from 'node:crypto';
import { link, open, readdir, readFile, rename, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import * as z from 'zod';
import { isMissing } from './durable-write';
import { lifeOf, ownMark, processMarkSchema } from './process-mark';

const holderSchema = processMarkSchema.extend({
  /** What the process is: "the window of Duet". */
  program: z.string().max(200),
  /** Milliseconds since 1970, for showing only. */
  since: z.number(),
  /** Never used twice. */
  token: z.uuid(),
});
export type LockHolder = z.infer<typeof holderSchema>;

export interface Lock {
  release(): Promise<void>;
}

/** Takes the lock of the workspace in `root`, or tells who has it. Throws what the disk says when it takes no writing. */
export async function takeLock(root: string, program: string): Promise<Lock | LockHolder> {
  const mine: LockHolder = { ...ownMark(), program, since: Date.now(), token: randomUUID() };
  const file = path.join(root, 'lock');
  const draft = path.join(root, `.lock.${mine.token}.part`);
  try {
    const handle = await open(draft, 'wx');
    await handle.writeFile(`${JSON.stringify(mine)}\n`);
    await handle.close();
    const holder = await contend(file, draft, mine);
    if (holder.token !== mine.token) return holder;
    await sweep(root).catch(() => undefined);
    return held(file, mine);
  } finally {
    await rm(draft, { force: true }).catch(() => undefined);
  }
}

async function contend(file: string, draft: string, mine: LockHolder): Promise<LockHolder> {
  for (;;) {
    if (await placeNew(draft, file)) return mine;
    const other = await read(file);
    const winner = other === undefined ? undefined : await succeed(file, other, draft, mine);
    if (winner !== undefined) return winner;
  }
}

/**
 * Replaces the lock of a dead process. Whoever wants to do that first makes a file named by that lock's token, which only one
 * can; it then looks once more whether the lock is still the dead one's, for only who made that file may replace it. Should
 * it die in between, the same is done with its file. Gives the holder; undefined when all has changed meanwhile.
 */
async function succeed(
  file: string,
  first: LockHolder,
  draft: string,
  mine: LockHolder,
): Promise<LockHolder | undefined> {
  const claims: string[] = [];
  let dead = first;
  for (;;) {
    if (!isDead(dead)) return dead;
    const claim = `${file}.${dead.token}`;
    if (await placeNew(draft, claim)) {
      const now = await read(file);
      if (now?.token !== first.token) {
        await rm(claim, { force: true });
        return undefined;
      }
      await rename(draft, file);
      for (const one of [...claims, claim]) await rm(one, { force: true });
      return mine;
    }
    claims.push(claim);
    const next = await read(claim);
    if (next === undefined) return undefined;
    dead = next;
  }
}

function held(file: string, { token }: LockHolder): Lock {
  return {
    release: async () => {
      // Somebody may have deleted it, and another process taken it since.
      if ((await read(file))?.token === token) await rm(file, { force: true });
    },
  };
}

/** What dead processes left beside the lock; the holder alone may clear it away. */
async function sweep(root: string): Promise<void> {
  for (const name of await readdir(root)) {
    if (!/^(\.lock\.[0-9a-f-]{36}\.part|lock\.[0-9a-f-]{36})$/.test(name)) continue;
    const file = path.join(root, name);
    const left = await read(file);
    // One that names nobody may be being written at this very moment.
    if (left === undefined || (left.token === nobody.token && !(await isOld(file)))) continue;
    if (isDead(left)) await rm(file, { force: true });
  }
}

const hourMs = 3_600_000;

/** Whether whoever began the file an hour ago must have ended in the middle of it. */
async function isOld(file: string): Promise<boolean> {
  const { mtimeMs } = await stat(file);
  return Date.now() - mtimeMs > hourMs;
}

/** True when `target` was not there and now has what is in `draft`, all at once; the draft stays. */
async function placeNew(draft: string, target: string): Promise<boolean> {
  try {
    await link(draft, target);
    return true;
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return false;
    if (!linkless.has(codeOf(error))) throw error;
  }
  // FAT and some network drives have no links: there the file is empty for a moment.
  try {
    const handle = await open(target, 'wx');
    await handle.writeFile(await readFile(draft));
    await handle.close();
    return true;
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return false;
    throw error;
  }
}

const linkless = new Set(['EPERM', 'ENOSYS', 'ENOTSUP', 'EOPNOTSUPP', 'EISDIR', 'UNKNOWN']);

/** A file that names nobody is a dead process's: it was cut short by a kill or a full disk. */
async function read(file: string): Promise<LockHolder | undefined> {
  try {
    return parse(await readFile(file, 'utf8')) ?? nobody;
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
}

const nobody: LockHolder = {
  host: '',
  pid: 1,
  started: '',
  uptime: 0,
  program: '',
  since: 0,
  token: '00000000-0000-0000-0000-000000000000',
};

function isDead(holder: LockHolder): boolean {
  return holder.token === nobody.token || lifeOf(holder) === 'dead';
}

function parse(text: string): LockHolder | undefined {
  try {
    const parsed = holderSchema.safeParse(JSON.parse(text));
    return parsed.success ? parsed.data : undefined;
  } catch {
    return undefined;
  }
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : '';
}
