/** A worker stands back with all of its threads, and comes forward again where the system lets it. */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { getPriority } from 'node:os';
import { afterEach, expect, test } from 'vitest';
import { standBackFor } from './priority';

let child: ChildProcess | undefined;
afterEach(() => void child?.kill('SIGKILL'));

/** A process with a few threads, once it says that it is there. */
async function start(command: string, ...words: string[]): Promise<number> {
  const script = 'setInterval(() => undefined, 1000); require("fs").readFile(__filename, () => console.log("up"))';
  const started = spawn(command, [...words, '-e', script], { stdio: ['ignore', 'pipe', 'inherit'] });
  child = started;
  await new Promise((resolve) => started.stdout.once('data', resolve));
  return started.pid ?? 0;
}

const priorities = (pid: number) => [...new Set(readdirSync(`/proc/${pid}/task`).map((id) => getPriority(Number(id))))];

test('every thread stands back and comes forward', async () => {
  const pid = await start(process.execPath);
  expect(readdirSync(`/proc/${pid}/task`).length).toBeGreaterThan(4);
  const before = priorities(pid);
  const callForward = standBackFor(pid);
  expect(priorities(pid)).toEqual([15]);
  const isAllowed = execFileSync('id', ['-u'], { encoding: 'utf8' }).trim() === '0';
  expect(callForward()).toBe(isAllowed);
  expect(priorities(pid)).toEqual(isAllowed ? before : [15]);
});

test('a process that is gone is no trouble', () => {
  expect(standBackFor(2 ** 22 + 7)()).toBe(true);
});
