/** Tells one process from any other, also from a later one with the same number. */
import { readFileSync } from 'node:fs';
import os from 'node:os';
import * as z from 'zod';

export const processMarkSchema = z.strictObject({
  host: z.string().max(300),
  pid: z.int().min(1),
  /** When the process began, in a form that only makes sense when compared; empty where the system does not tell. */
  started: z.string().max(100),
  /** Seconds that the machine had been up when this was written. */
  uptime: z.number(),
});
export type ProcessMark = z.infer<typeof processMarkSchema>;

export function ownMark(): ProcessMark {
  const { pid } = process;
  return { host: os.hostname(), pid, started: startOf(pid) ?? '', uptime: os.uptime() };
}

/** `elsewhere`: on another computer, where nobody can look from here. */
export function lifeOf(mark: ProcessMark): 'alive' | 'dead' | 'elsewhere' {
  if (mark.host !== os.hostname()) return 'elsewhere';
  if (!isRunning(mark.pid)) return 'dead';
  const started = startOf(mark.pid);
  if (started !== undefined && mark.started !== '') return started === mark.started ? 'alive' : 'dead';
  // Where the start is not told, only a machine that has been up for less time than then has certainly been started anew.
  return os.uptime() < mark.uptime ? 'dead' : 'alive';
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // EPERM: it lives, but belongs to someone else.
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}

/**
 * Linux only: the boot's id and the ticks from the boot to the start of the process (proc_pid_stat(5), field 22). Empty for a
 * process that has ended and only waits for its parent to notice; undefined where there is no such file.
 */
function startOf(pid: number): string | undefined {
  try {
    const line = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The name, in parentheses, may hold anything; the state is field 3.
    const [state, ...rest] = line.slice(line.lastIndexOf(')') + 2).split(' ');
    if (state === 'Z' || state === 'X') return '';
    const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
    return `${boot} ${rest[18] ?? ''}`;
  } catch {
    return undefined;
  }
}
