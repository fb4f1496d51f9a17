/** The queue: order, lanes, pause, resume, cancel, retry, going easy, and what pages hear. */
import { existsSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { AppError } from '../../contract/errors';
import { jobSchema, jobsContract } from '../../contract/jobs';
import { add, Pretended, settled, statesOf, until, viewOf } from './testing/pretended';

let stage: Pretended;
beforeEach(() => {
  stage = new Pretended();
});
afterEach(() => stage.dispose());

const running = () => stage.runs.map(({ context }) => context.parameters.name);
const isRunning = (name: string) => until(() => running().includes(name));
const bad = (code: string) => expect.objectContaining({ code }) as Error;

test('jobs of a lane run one after the other, in order; lanes run side by side', async () => {
  const queue = await stage.open();
  for (const name of ['a', 'b', 'c']) await add(queue, name);
  await add(queue, 'check', 'dataset.check');
  expect(queue.list().jobs.map(({ position }) => position)).toEqual([0, 1, 2, 3]);
  queue.start();
  await until(() => stage.runs.length === 2);
  expect(running().sort()).toEqual(['a', 'check']);
  stage.run('a').finish({ summary: '12 images' });
  await isRunning('b');
  expect(running().sort()).toEqual(['b', 'check']);
  expect(statesOf(queue)).toEqual([
    ['b', 'running'],
    ['check', 'running'],
    ['c', 'waiting'],
    ['a', 'done'],
  ]);
  for (const job of queue.list().jobs) expect(() => jobSchema.parse(job)).not.toThrow();
  expect(queue.list().jobs.at(-1)).toMatchObject({ result: { summary: '12 images' }, failure: null, attempts: 1 });
});

test('a job put first runs next', async () => {
  const queue = await stage.open();
  queue.start();
  const ids = [];
  for (const name of ['a', 'b', 'c']) ids.push(await add(queue, name));
  await isRunning('a');
  await queue.next(ids[2]!);
  await expect(queue.next(ids[0]!)).rejects.toThrow(bad('job/bad-state'));
  expect(queue.list().jobs.map(({ title, position }) => [title, position])).toEqual([
    ['a', null],
    ['c', 0],
    ['b', 1],
  ]);
  stage.run('a').finish();
  await isRunning('c');
});

test('equal work is one job while it is in the queue or done, and another one once its files are gone', async () => {
  const queue = await stage.open();
  queue.start();
  const first = await add(queue, 'a');
  expect(await add(queue, 'a')).toBe(first);
  await isRunning('a');
  expect(await add(queue, 'a')).toBe(first);
  expect(await add(queue, 'a', 'dataset.import', 7)).not.toBe(first);
  stage.files.add('made');
  stage.run('a').finish({ files: ['made'] });
  await until(() => viewOf(queue, first).state === 'done');
  expect(await add(queue, 'a')).toBe(first);
  stage.files.clear();
  expect(await add(queue, 'a')).not.toBe(first);
  expect(viewOf(queue, first)).toMatchObject({ state: 'failed', failure: { code: 'job/unusable' } });
});

test('parameters of another kind are refused before anything is queued', async () => {
  const queue = await stage.open();
  const request = { kind: 'dataset.import', title: 'x', parameters: { nam: 'x' }, inputs: [], seed: 0 } as const;
  await expect(queue.add(request)).rejects.toThrow(bad('job/unusable'));
  await expect(queue.add({ ...request, kind: 'dataset.export' })).rejects.toThrow(bad('job/unusable'));
  expect(queue.list().jobs).toEqual([]);
});

test('"done" is not said before the files are there', async () => {
  const queue = await stage.open();
  queue.start();
  const id = await add(queue, 'a');
  await isRunning('a');
  stage.run('a').finish({ files: ['never-written'] });
  await until(() => viewOf(queue, id).state === 'failed');
  expect(viewOf(queue, id)).toMatchObject({ failure: { code: 'job/unusable' }, result: null });
});

test('paused work keeps its folder and its place, and goes on when resumed; twice is harmless', async () => {
  const queue = await stage.open();
  queue.start();
  const [a] = [await add(queue, 'a'), await add(queue, 'b')];
  await isRunning('a');
  writeFileSync(path.join(stage.run('a').context.folder, 'part'), 'x');
  await Promise.all([queue.pause(a), queue.pause(a)]);
  await isRunning('b');
  expect(viewOf(queue, a)).toMatchObject({ state: 'paused', position: null, failure: null });
  await queue.pause(a);
  await Promise.all([queue.resume(a), queue.resume(a)]);
  expect(viewOf(queue, a)).toMatchObject({ state: 'waiting', position: 0 });
  stage.run('b').finish();
  await isRunning('a');
  expect(stage.run('a').context.attempt).toBe(2);
  expect(existsSync(path.join(stage.run('a').context.folder, 'part'))).toBe(true);
});

test('a job that is asked to pause says so until it has', async () => {
  const queue = await stage.open({ isStubborn: true });
  queue.start();
  const id = await add(queue, 'a');
  await isRunning('a');
  await queue.pause(id);
  expect(viewOf(queue, id)).toMatchObject({ state: 'pausing', doing: 'stopping' });
  expect(stage.run('a').context.signal.aborted).toBe(true);
  // Resumed meanwhile: it goes on by itself.
  await queue.resume(id);
  stage.run('a').fail(new AppError('call/cancelled', 'Cancelled.'));
  await isRunning('a');
  expect(viewOf(queue, id)).toMatchObject({ state: 'running', attempts: 2 });
  // Finished before it could pause: then it is done.
  await queue.pause(id);
  stage.run('a').finish();
  await until(() => viewOf(queue, id).state === 'done');
});

test('cancelled work is swept, twice is harmless, and a retry begins anew', async () => {
  const queue = await stage.open();
  queue.start();
  const [a, b] = [await add(queue, 'a'), await add(queue, 'b')];
  await isRunning('a');
  const { folder } = stage.run('a').context;
  writeFileSync(path.join(folder, 'part'), 'x');
  await Promise.all([queue.cancel(a), queue.cancel(a), queue.cancel(b), queue.cancel(b)]);
  await until(() => viewOf(queue, a).state === 'cancelled');
  await queue.cancel(a);
  expect(viewOf(queue, b).state).toBe('cancelled');
  expect(existsSync(folder)).toBe(false);
  await Promise.all([queue.retry(a), queue.retry(a)]);
  await isRunning('a');
  expect(existsSync(path.join(folder, 'part'))).toBe(false);
  stage.run('a').finish();
  await until(() => viewOf(queue, a).state === 'done');
  await expect(queue.cancel(a)).rejects.toThrow(bad('job/bad-state'));
});

test('what does not stop by itself loses its process after five seconds, and is cancelled then', async () => {
  const crash = new AppError('engine/crashed', 'The intake process ended unexpectedly (SIGKILL).');
  const queue = await stage.open({ isStubborn: true, kill: (runs) => [...runs].forEach((run) => run.fail(crash)) });
  queue.start();
  const id = await add(queue, 'a');
  await isRunning('a');
  await queue.cancel(id);
  await stage.time.pass(4_999);
  expect(viewOf(queue, id).state).toBe('pausing');
  await stage.time.pass(1);
  await until(() => viewOf(queue, id).state === 'cancelled');
});

test('a failed job says why, keeps its folder, and is tried again', async () => {
  const queue = await stage.open();
  queue.start();
  const id = await add(queue, 'a');
  await isRunning('a');
  const { folder } = stage.run('a').context;
  stage.run('a').fail(new AppError('data/damaged', 'photos.zip is damaged.'));
  await until(() => viewOf(queue, id).state === 'failed');
  expect(viewOf(queue, id)).toMatchObject({ failure: { code: 'data/damaged' }, position: null });
  expect(existsSync(folder)).toBe(true);
  await queue.retry(id);
  await isRunning('a');
  expect(viewOf(queue, id)).toMatchObject({ state: 'running', failure: null, attempts: 2 });
});

test('a forgotten job is gone with its folder and log, and nothing else', async () => {
  const queue = await stage.open();
  const removed: string[][] = [];
  queue.removed.add((ids) => removed.push(ids));
  queue.start();
  const [a, b] = [await add(queue, 'a'), await add(queue, 'b')];
  await expect(queue.forget(b)).rejects.toThrow(bad('job/bad-state'));
  await isRunning('a');
  stage.run('a').fail(new Error('oh'));
  await isRunning('b');
  await Promise.all([queue.forget(a), queue.forget(a)]);
  expect(removed).toEqual([[a]]);
  expect(existsSync(path.join(stage.folder, a))).toBe(false);
  expect(existsSync(path.join(stage.folder, `${a}.log`))).toBe(false);
  expect(existsSync(path.join(stage.folder, b))).toBe(true);
  await expect(queue.cancel(a)).rejects.toThrow(bad('job/unknown'));
  const again = await stage.open();
  expect(statesOf(again).map(([title]) => title)).toEqual(['b']);
});

test('nothing is answered that is not on disk', async () => {
  const queue = await stage.open();
  stage.diskFailure = new AppError('file/disk-full', 'journal.jsonl was not written.');
  await expect(add(queue, 'a')).rejects.toThrow(bad('file/disk-full'));
  expect(queue.list().jobs).toEqual([]);
  stage.diskFailure = undefined;
  const id = await add(queue, 'a');
  stage.diskFailure = new AppError('file/disk-full', 'journal.jsonl was not written.');
  await expect(queue.cancel(id)).rejects.toThrow(bad('file/disk-full'));
  expect(viewOf(queue, id).state).toBe('waiting');
});

test('a second Duet on the same workspace only looks', async () => {
  const first = await stage.open();
  first.start();
  const id = await add(first, 'a');
  await isRunning('a');
  const events = stage.disk.length;
  const second = await stage.open({ isWritable: false });
  stage.diskFailure = new AppError('workspace/read-only', 'This workspace is open for reading only.');
  second.start();
  await settled();
  expect(viewOf(second, id).state).toBe('running');
  await expect(second.cancel(id)).rejects.toThrow(bad('workspace/read-only'));
  expect(stage.disk).toHaveLength(events);
});

test('going easy: one job at a time, and a rest as long as the work after each slice', async () => {
  const queue = await stage.open();
  await queue.setGentle(true);
  queue.start();
  await add(queue, 'a');
  await add(queue, 'check', 'dataset.check');
  await isRunning('a');
  await settled();
  expect(running()).toEqual(['a']);
  const { slice } = stage.run('a').context;
  let hasRested = false;
  await stage.time.pass(300);
  void slice(1).then(() => (hasRested = true));
  await stage.time.pass(299);
  expect(hasRested).toBe(false);
  await stage.time.pass(1);
  expect(hasRested).toBe(true);
  // Long slices rest for five seconds, and a stop ends any rest.
  await stage.time.pass(60_000);
  hasRested = false;
  void slice(2).then(() => (hasRested = true));
  await stage.time.pass(5_000);
  expect(hasRested).toBe(true);
  await queue.setGentle(false);
  await isRunning('check');
  await slice(3);
});

test('a stop reaches an executor at its slice, and during a rest', async () => {
  const queue = await stage.open({ isStubborn: true });
  await queue.setGentle(true);
  queue.start();
  const id = await add(queue, 'a');
  await isRunning('a');
  await stage.time.pass(1000);
  const resting = stage.run('a').context.slice(1);
  await settled();
  await queue.pause(id);
  await expect(resting).rejects.toThrow(bad('call/cancelled'));
  await expect(stage.run('a').context.slice(2)).rejects.toThrow(bad('call/cancelled'));
});

test('pages hear at most ten times a second, of each change, and of the last state', async () => {
  const queue = await stage.open();
  const told: number[] = [];
  queue.changed.add((event) => {
    jobsContract.events['jobs.changed'].parse(event);
    told.push(event.jobs.at(-1)?.progress.done ?? -1);
  });
  queue.start();
  await add(queue, 'a');
  await isRunning('a');
  await stage.time.pass(1_000);
  told.length = 0;
  const { progress } = stage.run('a').context;
  for (let done = 1; done <= 10_000; done++) {
    progress(done, 10_000, 'images', `reading ${done}`);
    if (done % 10 === 0) await stage.time.pass(1);
  }
  await stage.time.pass(100);
  expect(told.length).toBeGreaterThan(8);
  expect(told.length).toBeLessThanOrEqual(11);
  expect(told.at(-1)).toBe(10_000);
});

test('a long queue is told in portions of bounded size', async () => {
  const queue = await stage.open();
  const sizes: number[] = [];
  queue.changed.add(({ jobs }) => sizes.push(jobs.length));
  for (let number = 0; number < 1_200; number++) await add(queue, `job ${number}`);
  await stage.time.pass(1_000);
  expect(sizes).toEqual([500, 500, 200]);
});

test('earlier jobs of the kind tell how long a waiting one will take', async () => {
  const queue = await stage.open();
  queue.start();
  const first = await add(queue, 'a');
  await isRunning('a');
  const { progress } = stage.run('a').context;
  for (let second = 0; second < 20; second++) {
    progress(second * 50, 1_000, 'images', 'reading');
    await stage.time.pass(1_000);
  }
  expect(viewOf(queue, first)).toMatchObject({ perSecond: 50, workedMs: 20_000, remainingMs: 1_000 });
  progress(1_000, 1_000, 'images', 'reading');
  stage.run('a').finish();
  await until(() => viewOf(queue, first).state === 'done');
  const again = await stage.open();
  const expected = { total: 3_000, unit: 'images' };
  const request = { kind: 'dataset.import', title: 'b', parameters: { name: 'b' }, inputs: [], seed: 0 } as const;
  const { id } = await again.add({ ...request, expected });
  expect(viewOf(again, id)).toMatchObject({ perSecond: 50, remainingMs: 60_000, progress: { done: 0, total: 3_000 } });
  const { id: other } = await again.add({ ...request, seed: 1, expected: { total: 9, unit: 'rows' } });
  expect(viewOf(again, other)).toMatchObject({ perSecond: null, remainingMs: null });
});

test('a kind that this Duet does not know ends with a reason and holds nobody up', async () => {
  const first = await stage.open();
  const id = await add(first, 'a');
  stage.disk[0] = { ...stage.disk[0]!, kind: 'dataset.export' } as (typeof stage.disk)[0];
  const queue = await stage.open();
  await add(queue, 'b', 'workspace.backup');
  queue.start();
  await isRunning('b');
  expect(viewOf(queue, id)).toMatchObject({ state: 'failed', failure: { code: 'job/unusable' } });
});
