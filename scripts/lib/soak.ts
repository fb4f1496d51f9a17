/** Kills an engine at random moments, again and again, and holds it to everything that it acknowledged before. */
import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { build } from 'esbuild';
import {
  soakBytes,
  type SoakLine,
  soakLineSchema,
  type SoakOrders,
  soakSeed,
} from '../../electron/engine/jobs/testing/soak-words';
import { randomUniform } from '../../models/tensor/random';

export interface SoakOptions {
  /** Engines to kill, alone or with their whole process group; now and then a worker is killed besides. */
  kills: number;
  seed: number;
  /** The workspace; made when it is not there. */
  workspace: string;
  /** Where the bundled child goes; below the checkout, so that it finds the packages. */
  scratch: string;
  onKill?: (kills: number) => void;
}

export interface SoakReport {
  kills: Record<Victim, number>;
  /** Jobs taken, done and cancelled. */
  added: number;
  done: number;
  cancelled: number;
  /** Shards that were on disk before a kill and were not made again after it. */
  shards: number;
  /** Every broken promise, in a sentence. */
  broken: string[];
}

type Victim = 'engine' | 'group' | 'worker';
type Random = () => number;

/** What was acknowledged, and every line that does not agree with it. */
class Ledger {
  readonly added = new Map<string, number>();
  /** Asked for, perhaps without an answer: such a job may end either way. */
  readonly cancelling = new Set<string>();
  readonly cancelled = new Set<string>();
  readonly done = new Map<string, string>();
  readonly kept = new Set<string>();
  readonly broken: string[] = [];

  read(line: SoakLine): void {
    if (line.t === 'added') this.added.set(line.id, line.count);
    else if (line.t === 'cancelling') this.cancelling.add(line.id);
    else if (line.t === 'cancelled') this.cancelled.add(line.id);
    else if (line.t === 'kept') this.kept.add(`${line.id} ${line.key}`);
    else if (line.t === 'opened') this.compare(line);
    else if (line.t === 'ended') this.end(line);
    else if (line.t === 'run' && this.done.has(line.id)) this.broken.push(`${line.id} was done and ran again`);
    else if (line.t === 'make' && this.kept.has(`${line.id} ${line.key}`)) {
      this.broken.push(`${line.id} made shard ${line.key.slice(0, 8)} twice`);
    }
  }

  private end({ id, state, hash }: Extract<SoakLine, { t: 'ended' }>): void {
    if (state === 'done') this.done.set(id, hash);
    else if (state === 'failed') this.broken.push(`${id} failed`);
  }

  private compare({ jobs, findings }: Extract<SoakLine, { t: 'opened' }>): void {
    const found = new Map(jobs.map((job) => [job.id, job]));
    if (findings > 0) this.broken.push(`the workspace opened with ${findings} findings`);
    for (const id of this.added.keys()) if (!found.has(id)) this.broken.push(`${id} was taken and is gone`);
    for (const id of this.cancelled) {
      const state = found.get(id)?.state;
      if (state !== 'cancelled' && state !== 'done') this.broken.push(`${id} was cancelled and is ${String(state)}`);
    }
    for (const [id, hash] of this.done) {
      const job = found.get(id);
      if (job?.state !== 'done' || job.hash !== hash) this.broken.push(`${id} was done and is ${String(job?.state)}`);
    }
    // Done before the kill, though nobody heard of it any more.
    for (const { id, state, hash } of jobs) if (state === 'done') this.done.set(id, hash);
  }
}

export async function soak(options: SoakOptions): Promise<SoakReport> {
  const child = await bundledChild(options.scratch);
  mkdirSync(options.workspace, { recursive: true });
  const ledger = new Ledger();
  const kills = { engine: 0, group: 0, worker: 0 };
  let cycle = 0;
  for (; kills.engine + kills.group < options.kills; cycle++) {
    const random = randomOf(options.seed, cycle);
    const victim = victimOf(random);
    const orders = ordersOf(cycle, ledger.added.size - ledger.done.size - ledger.cancelling.size, random);
    if (await oneLife(child, options.workspace, orders, ledger, { victim, random })) kills[victim] += 1;
    options.onKill?.(kills.engine + kills.group);
  }
  // Left in peace, it finishes everything.
  await oneLife(child, options.workspace, { cycle, adds: [], cancels: [] }, ledger, undefined);
  checkResults(options.workspace, ledger);
  return {
    kills,
    added: ledger.added.size,
    done: ledger.done.size,
    cancelled: ledger.cancelled.size,
    shards: ledger.kept.size,
    broken: ledger.broken,
  };
}

/** A life's numbers depend on the seed and its own number alone. */
function randomOf(seed: number, cycle: number): Random {
  let index = 0;
  return () => randomUniform({ seed, stream: cycle }, index++);
}

function victimOf(random: Random): Victim {
  const place = random();
  if (place < 0.1) return 'worker';
  return place < 0.55 ? 'engine' : 'group';
}

/** A few more jobs when the queue runs low; one in five is cancelled at once. */
function ordersOf(cycle: number, left: number, random: Random): SoakOrders {
  const count = left > 4 ? 0 : 2 + Math.floor(random() * 4);
  const adds = Array.from({ length: count }, () => 1 + Math.floor(random() * 60));
  return { cycle, adds, cancels: adds.flatMap((_, number) => (random() < 0.2 ? [number] : [])) };
}

interface Kill {
  victim: Victim;
  random: Random;
}

/**
 * From start to kill: either so many lines after the start, when it is at work, or so many milliseconds, which may be
 * while it opens the workspace. Returns whether it was killed before it had finished by itself.
 */
function oneLife(
  file: string,
  workspace: string,
  orders: SoakOrders,
  ledger: Ledger,
  kill: Kill | undefined,
): Promise<boolean> {
  const child = spawn(process.execPath, [file, workspace, JSON.stringify(orders)], {
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const state = { worker: 0, isKilled: false, hasFinished: false, errors: '' };
  const strike = (): void => {
    if (kill === undefined || state.isKilled) return;
    state.isKilled = true;
    strikeDown(child, kill.victim, state.worker);
  };
  const early = kill !== undefined && kill.random() < 0.3;
  let linesLeft = kill === undefined || early ? Infinity : 1 + Math.floor(kill.random() * 40);
  const timer = early ? setTimeout(strike, kill.random() * 250) : undefined;
  readLines(child, (line) => {
    ledger.read(line);
    if (line.t === 'worker') state.worker = line.pid;
    if (line.t === 'empty') state.hasFinished = true;
    if (--linesLeft <= 0) strike();
  });
  child.stderr.on('data', (chunk: Buffer) => (state.errors += chunk.toString('utf8')));
  return new Promise((resolve) => {
    child.once('close', (code, signal) => {
      clearTimeout(timer);
      // A worker's death is not the engine's: it goes on, and ends by itself.
      const isWell = state.hasFinished || (state.isKilled && signal === 'SIGKILL');
      if (!isWell) ledger.broken.push(`the engine ended by itself (${String(code ?? signal)}): ${state.errors}`);
      resolve(state.isKilled);
    });
  });
}

function strikeDown(child: ChildProcess, victim: Victim, worker: number): void {
  const pid = child.pid ?? 0;
  const target = victim === 'group' ? -pid : victim === 'worker' && worker > 0 ? worker : pid;
  try {
    process.kill(target, 'SIGKILL');
  } catch {
    // It has just ended by itself.
  }
}

/** What a killed process wrote before its death is read to the end; only a line that it could not finish is left out. */
function readLines(child: ChildProcess, onLine: (line: SoakLine) => void): void {
  let rest = '';
  child.stdout?.on('data', (chunk: Buffer) => {
    const lines = (rest + chunk.toString('utf8')).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) onLine(soakLineSchema.parse(JSON.parse(line)));
  });
}

/** Every job that was not cancelled is done, once, with exactly the bytes of a run that nobody disturbed. */
function checkResults(workspace: string, ledger: Ledger): void {
  const journal = readFileSync(path.join(workspace, 'jobs', 'journal.jsonl'), 'utf8');
  for (const [id, count] of ledger.added) {
    const hash = ledger.done.get(id);
    if (hash === undefined) {
      if (!ledger.cancelling.has(id)) ledger.broken.push(`${id} was never finished`);
      continue;
    }
    const times = journal
      .split('\n')
      .filter((line) => line.includes('"event":"done"') && line.includes(`"${id}"`)).length;
    if (times !== 1) ledger.broken.push(`${id} was done ${times} times`);
    const file = path.join(workspace, 'objects', hash.slice(0, 2), `${hash}.bin`);
    if (!existsSync(file)) ledger.broken.push(`${id} is done without its file`);
    else if (!readFileSync(file).equals(soakBytes(soakSeed(id), 0, count))) ledger.broken.push(`${id} has other bytes`);
  }
  const left = readdirSync(path.join(workspace, 'jobs'), { withFileTypes: true }).filter((entry) =>
    entry.isDirectory(),
  );
  for (const { name } of left) ledger.broken.push(`the folder of ${name} was left behind`);
}

async function bundledChild(scratch: string): Promise<string> {
  const outfile = path.join(scratch, 'soak-child.cjs');
  await build({
    entryPoints: [path.join('electron', 'engine', 'jobs', 'testing', 'soak-child.ts')],
    outfile,
    bundle: true,
    platform: 'node',
    format: 'cjs',
    target: 'node18',
    external: ['libsql'],
    logLevel: 'warning',
  });
  return outfile;
}
