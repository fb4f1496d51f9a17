/** Priorities of worker processes, set from outside: a worker that stands back leaves the cores to whoever else wants them. */
import { readdirSync } from 'node:fs';
import { constants, getPriority, setPriority } from 'node:os';

/** Windows has classes, and this is its lowest; elsewhere a thirtieth of the share of others. */
const backPriority = process.platform === 'win32' ? constants.priority.PRIORITY_LOW : 15;

/** On Linux a priority belongs to a thread; those that a process starts later have that of the thread that starts them. */
function threadsOf(pid: number): number[] {
  if (process.platform !== 'linux') return [pid];
  try {
    return readdirSync(`/proc/${pid}/task`).map(Number);
  } catch {
    return [];
  }
}

/** Returns how to take it back; that tells whether it could: most systems let only their administrator raise a priority. */
export function standBackFor(pid: number): () => boolean {
  const before = new Map<number, number>();
  for (const thread of threadsOf(pid)) {
    attempt(() => {
      before.set(thread, getPriority(thread));
      setPriority(thread, backPriority);
    });
  }
  return () => {
    const main = before.get(pid);
    if (main === undefined) return true;
    return threadsOf(pid).every((thread) => attempt(() => setPriority(thread, before.get(thread) ?? main)));
  };
}

/** Some machines allow none of this; everything works all the same. */
function attempt(set: () => void): boolean {
  try {
    set();
    return true;
  } catch {
    return false;
  }
}
