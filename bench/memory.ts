/** Peak memory of a process and all its descendants, sampled from /proc (Linux): proportional set size, shared pages counted once. */
import { readdirSync, readFileSync } from 'node:fs';

/** A look makes the kernel walk every page of every process: five looks a second cost a tenth of a core. */
const intervalMs = 2000;

function parentOf(pid: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]);
}

/** The process and everything below it. */
export function descendants(root: number): number[] {
  const children = new Map<number, number[]>();
  for (const name of readdirSync('/proc')) {
    const pid = Number(name);
    if (!Number.isInteger(pid)) continue;
    try {
      const parent = parentOf(pid);
      children.set(parent, [...(children.get(parent) ?? []), pid]);
    } catch {
      // It ended between the listing and the look.
    }
  }
  const found = [root];
  for (const pid of found) found.push(...(children.get(pid) ?? []));
  return found;
}

/** Megabytes. */
export function memoryOf(pids: readonly number[]): number {
  let kilobytes = 0;
  for (const pid of pids) {
    try {
      kilobytes += Number(/^Pss:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8'))?.[1] ?? 0);
    } catch {
      // gone
    }
  }
  return kilobytes / 1024;
}

export function startMemoryWatch(root: number | undefined): { stop(): number } {
  let peak = 0;
  const look = (): void => {
    if (root !== undefined) peak = Math.max(peak, memoryOf(descendants(root)));
  };
  const timer = setInterval(look, intervalMs);
  look();
  return {
    stop: () => {
      clearInterval(timer);
      look();
      return peak;
    },
  };
}
