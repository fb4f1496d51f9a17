/**
 * How much of a stretch of time the main thread of a process spent on a core, and how much it stood ready while others had
 * them (Linux, /proc/PID/schedstat): a task that is long because of its own work is told from one that only had to wait.
 */
import { readFileSync } from 'node:fs';

const intervalMs = 4;

/** Milliseconds. */
export interface Spent {
  /** On a core. */
  busy: number;
  /** Ready, while others had the cores; the rest of the time it slept. */
  ready: number;
}

interface Sample extends Spent {
  /** Milliseconds since 1970, fractions kept. */
  at: number;
}

export interface ThreadClock {
  /** Between two moments (since 1970); what lies between two samples is shared out evenly. */
  between(from: number, to: number): Spent;
  stop(): void;
}

function now(): number {
  return performance.timeOrigin + performance.now();
}

function look(pid: number): Sample {
  const [busy = '0', ready = '0'] = readFileSync(`/proc/${pid}/schedstat`, 'utf8').split(' ');
  return { at: now(), busy: Number(busy) / 1e6, ready: Number(ready) / 1e6 };
}

export function startThreadClock(pid: number): ThreadClock {
  const samples: Sample[] = [look(pid)];
  const timer = setInterval(() => samples.push(look(pid)), intervalMs);
  return {
    between: (from, to) => {
      const [first, last] = [spentAt(samples, from), spentAt(samples, to)];
      return { busy: last.busy - first.busy, ready: last.ready - first.ready };
    },
    stop: () => {
      clearInterval(timer);
      samples.push(look(pid));
    },
  };
}

function spentAt(samples: readonly Sample[], at: number): Spent {
  let low = 0;
  let high = samples.length - 1;
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if ((samples[middle]?.at ?? 0) <= at) low = middle;
    else high = middle;
  }
  const [before, after] = [samples[low], samples[high]];
  if (before === undefined || after === undefined || after.at === before.at) return before ?? { busy: 0, ready: 0 };
  const share = Math.min(1, Math.max(0, (at - before.at) / (after.at - before.at)));
  const mix = (from: number, to: number): number => from + share * (to - from);
  return { busy: mix(before.busy, after.busy), ready: mix(before.ready, after.ready) };
}
