/** What is true of jobs after kills, closing and full disks; jobs that kill their process. */
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { AppError } from '../../contract/errors';
import { add, Pretended, settled, statesOf, until, viewOf } from './testing/pretended';

let stage: Pretended;
beforeEach(() => {
  stage = new Pretended();
});
afterEach(() => stage.dispose());

const running = () => stage.runs.map(({ context }) => context.parameters.name);
const isRunning = (name: string) => until(() => running().includes(name));
const bad = (code: string) => expect.objectContaining({ code }) as Error;

test('a kill: the job that ran waits again in its place, with one attempt more and its folder', async () => {
  const queue = await stage.open();
  queue.start();
  const ids = [];
  for (const name of ['a', 'b', 'c', 'd', 'e']) ids.push(await add(queue, name));
  await isRunning('a');
  writeFileSync(path.join(stage.run('a').context.folder, 'part'), 'x');
  const again = await stage.open();
  expect(statesOf(again)).toEqual(['a', 'b', 'c', 'd', 'e'].map((name) => [name, 'waiting']));
  expect(again.list().jobs.map(({ id }) => id)).toEqual(ids);
  again.start();
  await isRunning('a');
  expect(stage.run('a').context.attempt).toBe(2);
  expect(existsSync(path.join(stage.run('a').context.folder, 'part'))).toBe(true);
});

test('a job that kills its process twice is set aside with a report, and the next one runs', async () => {
  const [poison] = [await add(await stage.open(), 'poison')];
  await add(await stage.open(), 'good');
  for (let death = 0; death < 2; death++) {
    (await stage.open()).start();
    await isRunning('poison');
  }
  const queue = await stage.open();
  expect(viewOf(queue, poison)).toMatchObject({
    state: 'set-aside',
    failure: { code: 'job/set-aside', message: expect.stringContaining('"poison" was set aside') as string },
  });
  queue.start();
  await isRunning('good');
  await queue.retry(poison);
  expect(viewOf(queue, poison)).toMatchObject({ state: 'waiting', failure: null });
});

test('the same for a worker that dies under the job', async () => {
  const queue = await stage.open();
  const ended: string[] = [];
  queue.ended.add(({ title, state }) => ended.push(`${title} ${state}`));
  queue.start();
  const poison = await add(queue, 'poison');
  await add(queue, 'good');
  for (let death = 0; death < 2; death++) {
    await isRunning('poison');
    stage.run('poison').fail(new AppError('engine/crashed', 'The intake process ended unexpectedly (SIGSEGV).'));
  }
  await isRunning('good');
  expect(viewOf(queue, poison)).toMatchObject({ state: 'set-aside', attempts: 2 });
  expect(ended).toEqual(['poison set-aside']);
});

test('a job that gets on is not blamed for the kills, one that repeats the same slices is', async () => {
  const sliced = async (done: number) => {
    (await stage.open()).start();
    await isRunning('a');
    await stage.run('a').context.slice(done);
  };
  const id = await add(await stage.open(), 'a');
  for (const done of [10, 20, 30, 40]) await sliced(done);
  expect(viewOf(await stage.open(), id)).toMatchObject({ state: 'waiting', attempts: 4 });
  await sliced(40);
  expect(viewOf(await stage.open(), id)).toMatchObject({ state: 'set-aside', progress: { done: 40 } });
});

test.each([
  ['pause', 'paused'],
  ['cancel', 'cancelled'],
] as const)('a kill between "%s" and its effect does not undo it', async (verb, state) => {
  const queue = await stage.open({ isStubborn: true });
  queue.start();
  const id = await add(queue, 'a');
  await isRunning('a');
  const { folder } = stage.run('a').context;
  await queue[verb](id);
  const again = await stage.open();
  expect(viewOf(again, id)).toMatchObject({ state, failure: null });
  expect(existsSync(folder)).toBe(verb === 'pause');
});

test('a done job whose files are gone is not called done any more', async () => {
  const queue = await stage.open();
  queue.start();
  const id = await add(queue, 'a');
  await isRunning('a');
  stage.files.add('made');
  stage.run('a').finish({ files: ['made'] });
  await until(() => viewOf(queue, id).state === 'done');
  expect(viewOf(await stage.open(), id).state).toBe('done');
  stage.files.clear();
  const again = await stage.open();
  expect(viewOf(again, id)).toMatchObject({ state: 'failed', failure: { code: 'job/unusable' }, result: null });
  await again.retry(id);
  expect(viewOf(again, id).state).toBe('waiting');
});

test('pausing everything lets running jobs go on by themselves afterwards, also in another session', async () => {
  const queue = await stage.open();
  queue.start();
  const id = await add(queue, 'a');
  await isRunning('a');
  await queue.pauseAll();
  await until(() => viewOf(queue, id).state === 'waiting');
  expect(queue.list().isPaused).toBe(true);
  const again = await stage.open();
  again.start();
  await settled();
  expect(running()).toEqual([]);
  await again.resumeAll();
  await isRunning('a');
  expect(viewOf(again, id).attempts).toBe(2);
});

test('closing keeps what runs for the next start, without blame; or cancels it', async () => {
  let queue = await stage.open();
  const id = await add(queue, 'a');
  await add(queue, 'b');
  for (let start = 0; start < 3; start++) {
    queue.start();
    await isRunning('a');
    expect(queue.running()).toEqual([{ title: 'a' }]);
    await queue.close('keep');
    expect(viewOf(queue, id).state).toBe('waiting');
    queue = await stage.open();
  }
  queue.start();
  await isRunning('a');
  await queue.close('cancel');
  expect(statesOf(await stage.open())).toEqual([
    ['b', 'waiting'],
    ['a', 'cancelled'],
  ]);
});

test('closing does not wait for ever, and what hung is kept without blame', async () => {
  const queue = await stage.open({ isStubborn: true });
  queue.start();
  const id = await add(queue, 'a');
  await isRunning('a');
  const closing = queue.close('keep');
  await stage.time.pass(1_500);
  await closing;
  expect(viewOf(await stage.open(), id)).toMatchObject({ state: 'waiting', attempts: 1 });
});

test('a full disk pauses the job with what is needed; it goes on when resumed', async () => {
  const queue = await stage.open();
  queue.start();
  const id = await add(queue, 'a');
  await isRunning('a');
  const full = new AppError('file/disk-full', 'x was not written.', { neededBytes: 12_300_000 });
  stage.diskFailure = full;
  stage.run('a').fail(full);
  await until(() => viewOf(queue, id).state === 'paused');
  expect(viewOf(queue, id).failure).toMatchObject({
    code: 'file/disk-full',
    message:
      'The disk is full. 12.3 MB more are needed. Free some space, then resume the job: what it finished is kept.',
  });
  await expect(queue.resume(id)).rejects.toThrow(bad('file/disk-full'));
  stage.diskFailure = undefined;
  await queue.resume(id);
  await isRunning('a');
  expect(stage.disk.map(({ event }) => event)).toEqual(['added', 'started', 'paused', 'resumed', 'started']);
});

test('what a job still needs is judged by what it took so far', async () => {
  const queue = await stage.open();
  queue.start();
  const id = await add(queue, 'a');
  await isRunning('a');
  const { folder, progress } = stage.run('a').context;
  mkdirSync(path.join(folder, 'deep'));
  writeFileSync(path.join(folder, 'deep', 'part'), Buffer.alloc(1000));
  progress(1, 1e15, 'images', 'reading');
  stage.run('a').fail(new AppError('file/disk-full', 'x was not written.'));
  await until(() => viewOf(queue, id).state === 'paused');
  expect(viewOf(queue, id).failure?.message).toMatch(/The disk is full\. \d+ TB more are needed\./);
});

test('a disk that is full when the result is to be noted: not done, and done after a resume', async () => {
  const queue = await stage.open();
  queue.start();
  const id = await add(queue, 'a');
  await isRunning('a');
  stage.diskFailure = new AppError('file/disk-full', 'journal.jsonl was not written.');
  stage.run('a').finish();
  await until(() => viewOf(queue, id).state === 'paused');
  stage.diskFailure = undefined;
  await queue.resume(id);
  await isRunning('a');
  stage.run('a').finish();
  await until(() => viewOf(queue, id).state === 'done');
});
