/** Processor seconds that a process and all its descendants have used, by role, and what the cores did else (Linux: /proc). */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { descendants } from './memory';

/** Kernel ticks a second, as Linux tells them to every program (USER_HZ). */
const ticks = 100;

/** Seconds by role: the name of the script that a process runs. */
export type ProcessorTime = ReadonlyMap<string, number>;

function secondsOf(pid: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[11]) + Number(fields[12])) / ticks;
}

function roleOf(pid: number): string {
  const words = readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0');
  return path.parse(words.find((word) => /\.[cm]?js$/.test(word)) ?? words[0] ?? '').name;
}

export function processorTime(root: number): ProcessorTime {
  const used = new Map<string, number>();
  for (const pid of descendants(root)) {
    try {
      const role = roleOf(pid);
      used.set(role, (used.get(role) ?? 0) + secondsOf(pid));
    } catch {
      // It ended between the listing and the look.
    }
  }
  return used;
}

/** What was used between two looks. */
export function usedBetween(before: ProcessorTime, after: ProcessorTime): ProcessorTime {
  return new Map([...after].map(([role, seconds]) => [role, seconds - (before.get(role) ?? 0)]));
}

export function addTimes(left: ProcessorTime, right: ProcessorTime): ProcessorTime {
  return new Map(
    [...left.keys(), ...right.keys()].map((role) => [role, (left.get(role) ?? 0) + (right.get(role) ?? 0)]),
  );
}

/** `engine 1.2 s, intake 48.0 s, all 50.1 s`, in milliseconds for each of `count` photos behind it. */
export function describeProcessorTime(used: ProcessorTime, count: number): string {
  const all = [...used.values()].reduce((sum, one) => sum + one, 0);
  const parts = [...used, ['all', all] as const].filter(([, seconds]) => seconds >= 0.05);
  return parts
    .map(([role, seconds]) => `${role} ${seconds.toFixed(1)} s (${((seconds * 1000) / count).toFixed(1)} ms a photo)`)
    .join(', ');
}

/** Seconds of all cores since the machine started: doing nothing, and all in all. */
export function coreTime(): { idle: number; all: number } {
  const line = readFileSync('/proc/stat', 'utf8').split('\n')[0] ?? '';
  const fields = line.trim().split(/\s+/).slice(1, 9).map(Number); // user nice system idle iowait irq softirq steal
  const all = fields.reduce((sum, one) => sum + one, 0);
  return { idle: ((fields[3] ?? 0) + (fields[4] ?? 0)) / ticks, all: all / ticks };
}
