/**
 * An engine for the soak: the real workspace, lock, journal and queue, with jobs that write real files through a worker
 * process, and nothing else, so that it starts in a moment. It says on stdout, line by line, what it acknowledges; whoever
 * started it kills it whenever it likes and holds it to its word. `worker` as argument makes it the worker.
 */
import { type ChildProcess, fork } from 'node:child_process';
import { readFileSync, writeFileSync, writeSync } from 'node:fs';
import path from 'node:path';
import * as z from 'zod';
import { AppError } from '../../../contract/errors';
import { Workspace } from '../../storage/workspace';
import type { JobContext, JobKind, JobResult } from '../job-kind';
import { makeShards } from '../make-shards';
import { openJobs } from '../open-jobs';
import type { JobQueue } from '../queue';
import { assertWhole, type Shard } from '../shards';
import { soakBytes, type SoakLine, type SoakOrders, soakOrdersSchema, soakSeed, soakShardSize } from './soak-words';

function say(line: SoakLine): void {
  writeSync(1, `${JSON.stringify(line)}\n`);
}

/** Makes shards on request, and dies with its parent. */
function work(): void {
  process.on('message', (message) => {
    const { seed, from, to } = z.object({ seed: z.number(), from: z.number(), to: z.number() }).parse(message);
    const bytes = soakBytes(seed, from, to).toString('base64');
    process.send?.({ bytes }, undefined, undefined, () => undefined);
  });
  process.once('disconnect', () => process.exit(0));
}

class Worker {
  private child: ChildProcess | undefined;

  /** Fails with `engine/crashed` when the worker dies meanwhile. */
  make({ seed, from, to }: Shard): Promise<Uint8Array> {
    const child = (this.child ??= this.start());
    return new Promise((resolve, reject) => {
      const ended = (): void => reject(new AppError('engine/crashed', 'The worker ended.'));
      child.once('exit', ended);
      child.once('message', (message) => {
        child.off('exit', ended);
        resolve(Buffer.from(z.object({ bytes: z.string() }).parse(message).bytes, 'base64'));
      });
      child.send({ seed, from, to }, (error) => {
        if (error !== null) ended();
      });
    });
  }

  private start(): ChildProcess {
    const child = fork(process.argv[1] ?? '', ['worker'], { stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
    child.once('exit', () => {
      if (this.child === child) this.child = undefined;
    });
    say({ t: 'worker', pid: child.pid ?? 0 });
    return child;
  }
}

const parameters = z.strictObject({ count: z.int() });

function kindOf(
  kind: JobKind<unknown>['kind'],
  lane: JobKind<unknown>['lane'],
  workspace: Workspace,
): JobKind<{ count: number }> {
  const worker = new Worker();
  return { kind, lane, parameters, run: (context) => run(context, workspace, worker) };
}

async function run(context: JobContext<{ count: number }>, workspace: Workspace, worker: Worker): Promise<JobResult> {
  const { id, folder, signal } = context;
  say({ t: 'run', id });
  const { count } = context.parameters;
  const seed = soakSeed(id);
  const work = { generator: 'soak', seed, count, shardSize: soakShardSize, extension: 'bin', unit: 'numbers' };
  let key = '';
  const make = (shard: Shard): Promise<Uint8Array> => {
    key = shard.key;
    say({ t: 'make', id, key });
    return worker.make(shard);
  };
  const slice = async (done: number): Promise<void> => {
    say({ t: 'kept', id, key });
    await context.slice(done);
  };
  const parts = await makeShards({ ...work, make }, { folder, signal, progress: context.progress, slice });
  const contents = parts.map(({ file }) => readFileSync(file));
  assertWhole(
    work,
    parts.map(({ shard }, number) => ({ key: shard.key, samples: (contents[number]?.length ?? 0) / 4 })),
  );
  const merged = path.join(folder, 'merged');
  writeFileSync(merged, Buffer.concat(contents));
  const { hash } = await workspace.objects.adopt(merged, 'bin');
  return { summary: hash, files: [hash] };
}

async function live(root: string, orders: SoakOrders): Promise<void> {
  const workspace = await Workspace.open(root);
  workspace.assertWritable();
  const queue = await openJobs(workspace, () => performance.now());
  queue.register(kindOf('dataset.import', 'intake', workspace));
  queue.register(kindOf('dataset.synthesize', 'compute', workspace));
  queue.ended.add(({ id, state, result }) => say({ t: 'ended', id, state, hash: result?.summary ?? '' }));
  const jobs = queue.list().jobs.map(({ id, state, result }) => ({ id, state, hash: result?.summary ?? '' }));
  say({ t: 'opened', jobs, findings: workspace.findings.length });
  for (const { id, state } of jobs) if (state === 'set-aside') await queue.retry(id);
  queue.start();
  await give(queue, orders);
  await emptied(queue);
  await queue.close('keep');
  await workspace.close();
  say({ t: 'empty' });
  process.exit(0);
}

/** Adds jobs of the given sizes, and cancels some: those whose number is in `cancels`. */
async function give(queue: JobQueue, { cycle, adds, cancels }: SoakOrders): Promise<void> {
  for (const [number, count] of adds.entries()) {
    const kind = number % 2 === 0 ? 'dataset.import' : 'dataset.synthesize';
    const nonce = `${cycle} ${number}`;
    const { id } = await queue.add({
      kind,
      title: `${count} numbers`,
      parameters: { count },
      inputs: [],
      seed: 0,
      nonce,
    });
    say({ t: 'added', id, count });
    if (!cancels.includes(number)) continue;
    say({ t: 'cancelling', id });
    await queue.cancel(id);
    say({ t: 'cancelled', id });
  }
}

function emptied(queue: JobQueue): Promise<void> {
  const isEmpty = (): boolean =>
    queue.list().jobs.every(({ state }) => state !== 'waiting' && state !== 'running' && state !== 'pausing');
  return new Promise((resolve) => {
    const undo = queue.changed.add(() => {
      if (!isEmpty()) return;
      undo();
      resolve();
    });
    if (isEmpty()) resolve();
  });
}

const [, , root = '', orders = '{}'] = process.argv;
if (root === 'worker') work();
else {
  live(root, soakOrdersSchema.parse(JSON.parse(orders))).catch((error: unknown) => {
    process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
    process.exit(1);
  });
}
