/** The queue on real workspaces: files of results, a damaged journal, two engines, a small disk, real work that is stopped. */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { build } from 'esbuild';
import { afterAll, afterEach, beforeEach, expect, test } from 'vitest';
import * as z from 'zod';
import type { JobView } from '../../contract/jobs';
import { Workspace } from '../storage/workspace';
import type { JobContext, JobKind, JobResult } from './job-kind';
import { makeShards } from './make-shards';
import { openJobs } from './open-jobs';
import type { JobQueue } from './queue';
import { add, statesOf, viewOf } from './testing/pretended';

const base = mkdtempSync(path.join(os.tmpdir(), 'duet-open-jobs-'));
let root = '';
let number = 0;
const open: Workspace[] = [];
beforeEach(() => (root = path.join(base, String(++number))));
afterEach(async () => {
  for (const workspace of open.splice(0)) await workspace.close();
});
afterAll(() => rmSync(base, { recursive: true, force: true }));

type Run = (context: JobContext<{ name: string }>, workspace: Workspace) => Promise<JobResult>;

async function start(run: Run, now = () => performance.now()): Promise<{ queue: JobQueue; workspace: Workspace }> {
  const workspace = await Workspace.open(root);
  open.push(workspace);
  const queue = await openJobs(workspace, now);
  const kind: JobKind<{ name: string }> = {
    kind: 'dataset.import',
    lane: 'intake',
    parameters: z.strictObject({ name: z.string() }),
    run: (context) => run(context, workspace),
  };
  queue.register(kind);
  return { queue, workspace };
}

/** Ends a session as a person would. */
async function stop({ queue, workspace }: { queue: JobQueue; workspace: Workspace }): Promise<void> {
  await queue.close('keep');
  await workspace.close();
}

function reaches(queue: JobQueue, id: string, isSo: (job: JobView) => boolean): Promise<JobView> {
  return new Promise((resolve) => {
    const look = (): void => {
      const job = viewOf(queue, id);
      if (!isSo(job)) return;
      undo();
      resolve(job);
    };
    const undo = queue.changed.add(look);
    look();
  });
}

const nothing: Run = () => Promise.resolve({ summary: 'nothing', files: [] });

test('results are objects and files of the workspace; when one is gone, the job is not called done', async () => {
  const session = await start(async (context, workspace) => {
    const hash = await workspace.objects.put(Buffer.from(context.parameters.name), 'txt');
    writeFileSync(path.join(workspace.datasetsFolder, context.parameters.name), 'x');
    return { summary: hash, files: [hash, `datasets/${context.parameters.name}`] };
  });
  session.queue.start();
  const ids = [await add(session.queue, 'a'), await add(session.queue, 'b'), await add(session.queue, 'c')];
  const done = [];
  for (const id of ids) done.push(await reaches(session.queue, id, ({ state }) => state === 'done'));
  await stop(session);
  const hash = done[0]!.result!.summary;
  rmSync(path.join(root, 'objects', hash.slice(0, 2), `${hash}.txt`));
  rmSync(path.join(root, 'datasets', 'b'));
  const again = await start(nothing);
  expect(ids.map((id) => viewOf(again.queue, id).state)).toEqual(['failed', 'failed', 'done']);
  expect(viewOf(again.queue, ids[1]!).failure?.message).toContain('datasets/b');
});

test('a file outside of the workspace proves nothing', async () => {
  const { queue } = await start(() => Promise.resolve({ summary: 'x', files: ['../../etc/passwd', '/etc/passwd'] }));
  queue.start();
  const id = await add(queue, 'a');
  await reaches(queue, id, ({ state }) => state === 'failed');
});

test('a damaged line costs what it said, and nothing else; the person is told', async () => {
  const session = await start(nothing);
  for (const name of ['a', 'b', 'c']) await add(session.queue, name);
  await stop(session);
  const journal = path.join(root, 'jobs', 'journal.jsonl');
  const lines = readFileSync(journal, 'utf8').split('\n');
  lines[1] = lines[1]!.replace('"b"', '"x"');
  writeFileSync(journal, `${lines.join('\n')}["0123456789abcdef",{"event":"star`);
  const again = await start(nothing);
  expect(statesOf(again.queue)).toEqual([
    ['a', 'waiting'],
    ['c', 'waiting'],
  ]);
  expect(again.workspace.findings).toMatchObject([{ kind: 'journal', file: 'jobs/journal.jsonl' }]);
  again.queue.start();
  for (const { id } of again.queue.list().jobs) await reaches(again.queue, id, ({ state }) => state === 'done');
});

test('events whose job was lost to damage change nothing', async () => {
  const session = await start(nothing);
  session.queue.start();
  const id = await add(session.queue, 'a');
  await reaches(session.queue, id, ({ state }) => state === 'done');
  await stop(session);
  const journal = path.join(root, 'jobs', 'journal.jsonl');
  writeFileSync(journal, readFileSync(journal, 'utf8').split('\n').slice(1).join('\n'));
  expect((await start(nothing)).queue.list().jobs).toEqual([]);
});

test('a second engine on the same workspace sees the queue and cannot change it', async () => {
  const first = await start((context) => stopped(context.signal));
  first.queue.start();
  const id = await add(first.queue, 'a');
  await reaches(first.queue, id, ({ state }) => state === 'running');
  const second = await start(nothing);
  second.queue.start();
  expect(statesOf(second.queue)).toEqual([['a', 'running']]);
  await expect(second.queue.cancel(id)).rejects.toMatchObject({ code: 'workspace/locked' });
  await expect(add(second.queue, 'b')).rejects.toMatchObject({ code: 'workspace/locked' });
  expect(viewOf(first.queue, id)).toMatchObject({ state: 'running', attempts: 1 });
  await first.queue.close('keep');
});

/** Works until it is stopped. */
function stopped(signal: AbortSignal): Promise<never> {
  return new Promise((_resolve, reject) => {
    signal.addEventListener('abort', () =>
      reject(signal.reason instanceof Error ? signal.reason : new Error('stopped')),
    );
  });
}

test.each([0, 500, 999])(
  'cancelled after %i of 1,000 files: stops in under two seconds, nothing is left',
  async (at) => {
    const reached = { cancelledAt: 0 };
    const { queue } = await start(async ({ id, folder, progress, slice }) => {
      for (let file = 0; file < 1_000; file++) {
        if (file === at) {
          reached.cancelledAt = performance.now();
          await Promise.all([queue.cancel(id), queue.cancel(id)]);
        }
        writeFileSync(path.join(folder, String(file)), 'x');
        progress(file + 1, 1_000, 'files', 'writing');
        await slice(file + 1);
      }
      return { summary: 'all', files: [] };
    });
    queue.start();
    const id = await add(queue, 'a');
    const { progress } = await reaches(queue, id, ({ state }) => state === 'cancelled');
    expect(performance.now() - reached.cancelledAt).toBeLessThan(2_000);
    expect(progress.done).toBeLessThanOrEqual(at + 1);
    // The next change of the queue comes after the sweeping.
    await queue.setGentle(true);
    expect(existsSync(path.join(root, 'jobs', id))).toBe(false);
  },
);

test('paused in the middle: what is finished is kept, and is not made again', async () => {
  const made: number[] = [];
  const { queue } = await start(async (context) => {
    const work = { generator: 'test', seed: 1, count: 20, shardSize: 1, extension: 'bin', unit: 'shards' };
    const make = async ({ from }: { from: number }) => {
      made.push(from);
      if (made.length === 10) await queue.pause(context.id);
      return Buffer.from([from]);
    };
    const parts = await makeShards({ ...work, make }, context);
    return { summary: String(parts.length), files: [] };
  });
  queue.start();
  const id = await add(queue, 'a');
  await reaches(queue, id, ({ state }) => state === 'paused');
  await queue.resume(id);
  const job = await reaches(queue, id, ({ state }) => state === 'done');
  expect(job).toMatchObject({ attempts: 2, result: { summary: '20' } });
  expect(made).toEqual(Array.from({ length: 20 }, (_, index) => index));
  expect(readdirSync(path.join(root, 'jobs')).sort()).toEqual([`${id}.log`, 'journal.jsonl']);
});

/** Fills a disk of 1 MB with shards, frees some when the job rests, and resumes it. */
const smallDisk = `
  import { Workspace } from './electron/engine/storage/workspace';
  import { openJobs } from './electron/engine/jobs/open-jobs';
  import { makeShards } from './electron/engine/jobs/make-shards';
  import { rmSync, writeFileSync } from 'node:fs';
  import * as z from 'zod';
  const root = process.argv[2] ?? '';
  async function main(): Promise<void> {
    const workspace = await Workspace.open(root);
    const queue = await openJobs(workspace, () => performance.now());
    const made: number[] = [];
    queue.register({ kind: 'dataset.import', lane: 'intake', parameters: z.strictObject({}), run: async (context) => {
      const work = { generator: 'test', seed: 1, count: 40, shardSize: 1, extension: 'bin', unit: 'shards' };
      await makeShards({ ...work, make: ({ from }) => (made.push(from), Buffer.alloc(16_000, from)) }, context);
      return { summary: 'all', files: [] };
    } });
    writeFileSync(root + '/ballast', Buffer.alloc(700_000));
    queue.start();
    const { id } = await queue.add({ kind: 'dataset.import', title: 'a', parameters: {}, inputs: [], seed: 0 });
    const reaches = (state: string) => new Promise<unknown>((resolve) => {
      const look = () => { const job = queue.list().jobs.find((one) => one.id === id); if (job?.state === state) resolve(job); };
      queue.changed.add(look); look();
    });
    const paused = await reaches('paused');
    rmSync(root + '/ballast');
    await queue.resume(id);
    const done = await reaches('done');
    await queue.close('keep');
    await workspace.close();
    console.log(JSON.stringify({ paused, done, made }));
  }
  main().then(() => process.exit(0), (error) => { console.error(error); process.exit(1); });
`;

test('on a disk that is too small a job rests and says how much it needs, and goes on once there is room', async () => {
  const checkout = path.join(import.meta.dirname, '..', '..', '..');
  // Below the checkout, so that it finds the packages.
  const outfile = path.join(checkout, '.cache', 'jobs-test', 'small-disk.cjs');
  const stdin = { contents: smallDisk, resolveDir: checkout, loader: 'ts' as const };
  await build({
    stdin,
    outfile,
    bundle: true,
    platform: 'node',
    format: 'cjs',
    external: ['libsql'],
    logLevel: 'warning',
  });
  const folder = path.join(base, 'small');
  const shell = 'mkdir -p "$1" && mount -t tmpfs -o size=1m tmpfs "$1" && exec "$0" "$2" "$1"';
  const words = ['--mount', '--map-root-user', '--user', 'sh', '-c', shell, process.execPath, folder, outfile];
  const found = z
    .object({ paused: z.any(), done: z.any(), made: z.array(z.number()) })
    .parse(JSON.parse(execFileSync('unshare', words, { encoding: 'utf8', cwd: checkout })));
  expect(found.paused).toMatchObject({
    failure: {
      code: 'file/disk-full',
      message: expect.stringMatching(/^The disk is full\. \d+(\.\d)? kB more are needed\./) as string,
    },
  });
  expect(found.done).toMatchObject({ state: 'done', attempts: 2 });
  // One shard failed for want of space; it and those after it were made in the second attempt, none twice.
  const failed = found.made.find((index, place) => found.made.indexOf(index) !== place);
  expect(found.made).toHaveLength(41);
  expect(failed).toBeGreaterThan(5);
});
