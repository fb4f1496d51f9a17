/** What the jobs panel says of each job, and in which order. */
import { describe, expect, it } from 'vitest';
import type { JobView } from '../../electron/contract/jobs';
import { chosenRow, type JobRow, jobRows } from './job-rows';
import { initialQueue, type QueueState, withJobs, withList, withoutJobs } from './jobs-state';
import { idleRun, type Job } from './studio-state';

const thin = '\u202f';

function job(id: string, change: Partial<JobView> = {}): JobView {
  return {
    id,
    kind: 'dataset.import',
    title: `Import ${id}`,
    state: 'waiting',
    position: null,
    progress: { done: 0, total: null, unit: 'files' },
    doing: '',
    perSecond: null,
    remainingMs: null,
    addedAt: 0,
    endedAt: null,
    workedMs: 0,
    attempts: 0,
    failure: null,
    result: null,
    ...change,
  };
}

function queueOf(jobs: readonly JobView[], change: Partial<QueueState> = {}): QueueState {
  const list = { jobs, isPaused: false, isGentle: false };
  return { ...withList(initialQueue, list, 0), ...change };
}

function rowsOf(queue: QueueState, filter: Parameters<typeof jobRows>[1] = 'all', jobs: readonly Job[] = []): JobRow[] {
  return jobRows({ queue, jobs, run: idleRun, selected: ['everyday-1000'] }, filter);
}

function one(change: Partial<JobView>): JobRow | undefined {
  return rowsOf(queueOf([job('ja', change)]))[0];
}

const failure = { code: 'file/disk-full', message: 'The disk is full. Free 38 MB and retry.', details: {} } as const;

describe('a row', () => {
  it('says how far a running job is and how long it takes', () => {
    const progress = { done: 312, total: 1204, unit: 'files' };
    const row = one({ state: 'running', progress, doing: 'reading 312 of 1,204 files', remainingMs: 38_000 });
    expect(row).toMatchObject({ look: 'running', doing: 'reading 312 of 1,204 files', actions: ['pause', 'cancel'] });
    expect(row?.note).toBe(`25${thin}% · 40${thin}s left`);
    expect(row?.fraction).toBeCloseTo(312 / 1204);
  });
  it('has no bar that moves while the total is unknown', () => {
    const row = one({ state: 'running', progress: { done: 5, total: null, unit: 'rows' } });
    expect(row).toMatchObject({ fraction: null, doing: '5 rows', note: '' });
  });
  it('tells a waiting job its place and an estimate, and offers to run it next unless it is', () => {
    expect(one({ position: 0, remainingMs: 41_000 })).toMatchObject({
      note: `next · about 41${thin}s`,
      actions: ['pause', 'cancel'],
    });
    expect(one({ position: 2 })).toMatchObject({ note: '2 before it', actions: ['next', 'pause', 'cancel'] });
  });
  it('says that a waiting job was begun before, and why nothing moves when all is paused', () => {
    const progress = { done: 10, total: 20, unit: 'files' };
    expect(one({ position: 0, progress })?.doing).toBe('goes on from 10 of 20 files');
    const [row] = rowsOf(queueOf([job('ja', { position: 0 })], { isPaused: true }));
    expect(row?.doing).toBe('waits: everything is paused');
  });
  it('shows a failure in words with where it stopped, and offers to retry', () => {
    const row = one({ state: 'failed', failure, progress: { done: 71, total: 100, unit: 'files' } });
    expect(row).toMatchObject({ failure, note: `stopped at 71${thin}%`, actions: ['retry', 'forget'] });
  });
  it('keeps the reason of a job that rests by itself', () => {
    expect(one({ state: 'paused', failure })).toMatchObject({ look: 'paused', failure, actions: ['resume', 'cancel'] });
  });
  it('says what came of a job and how long it took', () => {
    const result = { dataset: 'digits', summary: '1,797 images in 10 classes' };
    const row = one({ state: 'done', result, workedMs: 400, endedAt: new Date(2026, 0, 5, 9, 52).getTime() });
    expect(row).toMatchObject({ doing: '1,797 images in 10 classes', note: `0.4${thin}s · 9:52` });
    expect(row?.actions).toEqual(['open', 'forget']);
  });
});

describe('the order', () => {
  const jobs = [
    job('jold', { state: 'done', endedAt: 10 }),
    job('jnew', { state: 'done', endedAt: 20 }),
    job('jbad', { state: 'failed', failure, endedAt: 5 }),
    job('jsecond', { position: 1 }),
    job('jfirst', { position: 0, addedAt: 9 }),
    job('jrun', { state: 'running' }),
    job('jrest', { state: 'paused' }),
  ];
  it('puts what wants a person before what is settled, newest first among those', () => {
    const keys = rowsOf(queueOf(jobs)).map((row) => row.key);
    expect(keys).toEqual(['jrun', 'jfirst', 'jsecond', 'jrest', 'jbad', 'jnew', 'jold']);
  });
  it('has a short job of the page among the others', () => {
    const own: Job = {
      ...{ id: 3, title: 'Writing CSV', detail: '14 rows in verdicts.csv', fraction: null, state: 'done' },
      ...{ failure: null, cancel: null, retry: null, written: 'h1', startedAt: 11, endedAt: 15, log: [] },
    };
    const rows = rowsOf(queueOf(jobs), 'done', [own]);
    expect(rows.map((row) => row.key)).toEqual(['jnew', 'page-3', 'jold']);
    expect(rows[1]?.actions).toEqual(['reveal', 'forget']);
  });
  it.each([
    ['running', ['jrun', 'jfirst', 'jsecond', 'jrest']],
    ['done', ['jnew', 'jold']],
    ['failed', ['jbad']],
  ] as const)('the filter "%s" leaves only those', (filter, expected) => {
    expect(rowsOf(queueOf(jobs), filter).map((row) => row.key)).toEqual(expected);
  });
  it('leaves out what was taken off the list', () => {
    const rows = rowsOf(queueOf(jobs, { hidden: new Set(['jnew']) }), 'done');
    expect(rows.map((row) => row.key)).toEqual(['jold']);
  });
  it('chooses the first until another one is chosen, and again once that is gone', () => {
    const rows = rowsOf(queueOf(jobs));
    expect(chosenRow(rows, { chosen: null })?.key).toBe('jrun');
    expect(chosenRow(rows, { chosen: 'jbad' })?.key).toBe('jbad');
    expect(chosenRow(rows, { chosen: 'jgone' })?.key).toBe('jrun');
  });
});

describe('the queue on the page', () => {
  const running = job('ja', { state: 'running', perSecond: 10 });
  const news = (jobs: readonly JobView[]) => ({ jobs, isPaused: false, isGentle: true });
  it('keeps speeds at most twice a second, and no more than a curve can show', () => {
    let queue = initialQueue;
    for (let at = 0; at < 500; at++) queue = withJobs(queue, news([running]), at * 100);
    expect(queue.speeds['ja']).toHaveLength(100);
    for (let at = 500; at < 1500; at++) queue = withJobs(queue, news([running]), at * 100);
    expect(queue.speeds['ja']).toHaveLength(120);
  });
  it('forgets everything of a job that was removed', () => {
    const queue = { ...withJobs(initialQueue, news([running]), 0), chosen: 'ja', hidden: new Set(['ja']) };
    const after = withoutJobs(queue, ['ja']);
    expect(after).toMatchObject({ jobs: {}, speeds: {}, chosen: null, isGentle: true });
    expect(after.hidden.size).toBe(0);
  });
  it('a new list replaces the old one', () => {
    const queue = withList(withJobs(initialQueue, news([running]), 0), news([job('jb')]), 1);
    expect(Object.keys(queue.jobs)).toEqual(['jb']);
  });
});
