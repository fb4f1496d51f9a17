/** The durable queue: what services and pages ask of it. Every change is on disk before it is answered. */
import { randomBytes } from 'node:crypto';
import path from 'node:path';
import * as z from 'zod';
import { AppError } from '../../contract/errors';
import type { JobLogLine, JobView } from '../../contract/jobs';
import { Listeners } from '../../contract/transport';
import { startTimer as realTimer, type StartTimer } from '../coalesce';
import { Announcer, runningFirst } from './announcer';
import type { ChangeEvent, JobEvent } from './events';
import type { JobKind, JobMaker, JobResult } from './job-kind';
import { readLog, removeLog } from './job-log';
import { jobKey } from './key';
import { JobKinds } from './kinds';
import { noteMissing, recover } from './recover';
import { Runner, sweep } from './runner';
import { isPossible, type JobRecord } from './state';
import { type EventJournal, JobStore } from './store';
import { jobView, positionsOf } from './views';

export interface JobQueueOptions {
  readonly journal: EventJournal;
  /** What the journal held when it was opened. */
  readonly records: Iterable<JobEvent>;
  /** The folder `jobs`. */
  readonly folder: string;
  /** False: the queue can be looked at, and nothing else; another Duet may be working on it. */
  readonly isWritable: boolean;
  /** Whether a file that a result names is there: an object's hash, or a path below the workspace. */
  readonly isThere: (file: string) => Promise<boolean>;
  /** Milliseconds by a clock that nobody sets. */
  readonly now: () => number;
  /** Milliseconds since 1970. */
  readonly clock: () => number;
  readonly startTimer?: StartTimer;
}

export interface QueueView {
  jobs: JobView[];
  isPaused: boolean;
  isGentle: boolean;
}

type JobRequest = Parameters<JobMaker['add']>[0];

export class JobQueue implements JobMaker {
  /** New or changed jobs, bundled. */
  readonly changed = new Listeners<QueueView>();
  readonly removed = new Listeners<string[]>();
  /** A job ended by itself. */
  readonly ended = new Listeners<JobView>();
  private readonly kinds = new JobKinds();
  private readonly store: JobStore;
  private readonly runner: Runner;
  private readonly announcer: Announcer;

  private constructor(private readonly options: JobQueueOptions) {
    const { journal, records, now, clock, startTimer = realTimer } = options;
    this.announcer = new Announcer({
      tell: (ids) => this.changed.tell(this.view(ids)),
      waiting: () => this.store.book.waiting().map(({ id }) => id),
      startTimer,
    });
    this.store = new JobStore(journal, records, (event) => this.heard(event));
    this.runner = new Runner({
      store: this.store,
      kinds: this.kinds,
      folder: (id) => path.join(options.folder, id),
      logFile: (id) => this.logFile(id),
      missing: (result) => this.missing(result),
      now,
      clock,
      startTimer,
      onChange: (id) => this.announcer.mark([id]),
    });
  }

  /** Finds out what became of the jobs of the last session. Nothing runs before `start`. */
  static async open(options: JobQueueOptions): Promise<JobQueue> {
    const queue = new JobQueue(options);
    if (!options.isWritable) return queue;
    await recover(queue.store, { clock: options.clock, missing: (result) => queue.missing(result) });
    for (const { id, state } of queue.store.book.list()) {
      if (state === 'done' || state === 'cancelled') await sweep(path.join(options.folder, id));
    }
    return queue;
  }

  /** To be called for every kind before `start`. */
  register<P>(kind: JobKind<P>): void {
    this.kinds.add(kind);
  }

  /** Begins to work on what waits. */
  start(): void {
    if (this.options.isWritable) this.runner.start();
  }

  async add(request: JobRequest): Promise<{ id: string }> {
    const id = await this.store.inTurn(() => this.addInTurn(request));
    this.runner.pump();
    return { id };
  }

  list(): QueueView {
    const view = this.view(this.store.book.list().map(({ id }) => id));
    return { ...view, jobs: runningFirst(view.jobs) };
  }

  log(id: string, from: number): Promise<{ lines: JobLogLine[]; next: number }> {
    this.known(id);
    return readLog(this.logFile(id), from);
  }

  pause(id: string): Promise<void> {
    return this.change(id, async (job) => {
      if (job.state === 'paused' || job.stopping === 'paused') return;
      if (job.state === 'running' && job.stopping !== 'cancelled') return this.runner.stop(id, 'paused');
      this.demand(job, 'paused', job.stopping === null);
      const { progress, workedMs } = job;
      await this.store.commit({ event: 'paused', id, progress, workedMs, failure: null });
    });
  }

  resume(id: string): Promise<void> {
    return this.change(id, async (job) => {
      if (job.state === 'waiting' || (job.state === 'running' && job.stopping === null)) return;
      // Its executor is stopping already; it goes on by itself once it has.
      if (job.stopping === 'paused') return this.runner.stop(id, 'waiting');
      if (job.stopping === 'waiting') return;
      this.demand(job, 'resumed');
      await this.store.commit({ event: 'resumed', id });
    });
  }

  cancel(id: string): Promise<void> {
    return this.change(id, async (job) => {
      if (job.state === 'cancelled' || job.stopping === 'cancelled') return;
      if (job.state === 'running') return this.runner.stop(id, 'cancelled');
      this.demand(job, 'cancelled');
      await this.store.commit({ event: 'cancelled', id, at: this.options.clock() });
      await sweep(path.join(this.options.folder, id));
    });
  }

  /** Goes on from what was finished, unless the job was cancelled. */
  retry(id: string): Promise<void> {
    return this.change(id, async (job) => {
      if (job.state === 'waiting' && job.attempts > 0) return;
      this.demand(job, 'retried');
      await this.store.commit({ event: 'retried', id });
    });
  }

  /** Puts a waiting job first. */
  next(id: string): Promise<void> {
    return this.change(id, async (job) => {
      this.demand(job, 'moved');
      await this.store.commit({ event: 'moved', id });
    });
  }

  forget(id: string): Promise<void> {
    return this.store.inTurn(async () => {
      if (this.store.book.hasForgotten(id)) return;
      this.demand(this.known(id), 'forgotten');
      await this.store.commit({ event: 'forgotten', id });
      await sweep(path.join(this.options.folder, id));
      await removeLog(this.logFile(id)).catch(() => undefined);
      this.removed.tell([id]);
    });
  }

  /** Running jobs stop at their next safe point and wait like the others. */
  pauseAll(): Promise<void> {
    return this.store.inTurn(async () => {
      await this.setMode({ isPaused: true });
      for (const { id } of this.runner.running()) {
        if (this.store.book.get(id)?.stopping === null) await this.runner.stop(id, 'waiting');
      }
    });
  }

  async resumeAll(): Promise<void> {
    await this.store.inTurn(() => this.setMode({ isPaused: false }));
    this.runner.pump();
  }

  async setGentle(isGentle: boolean): Promise<void> {
    await this.store.inTurn(() => this.setMode({ isGentle }));
    this.runner.pump();
  }

  /** What is at work: for whoever asks whether to close. */
  running(): { title: string }[] {
    return this.runner.running().map(({ title }) => ({ title }));
  }

  /** Jobs that may still make something, with what they were given. */
  unfinished(): { id: string; kind: JobView['kind']; state: JobView['state']; parameters: unknown }[] {
    return this.store.book
      .list()
      .flatMap(({ id, kind, state, parameters }) =>
        state === 'done' || state === 'cancelled' ? [] : [{ id, kind, state, parameters }],
      );
  }

  /** Texts with all that jobs refer to: the files of results, and what those were given that may still make something. */
  named(): string[] {
    return this.store.book.list().flatMap(({ state, result, parameters, inputs }) => {
      if (state === 'cancelled') return [];
      return state === 'done' ? (result?.files ?? []) : [...inputs, JSON.stringify(parameters)];
    });
  }

  /** Ends what runs: to go on at the next start, or cancelled. What waits stays in the queue. */
  async close(how: 'keep' | 'cancel'): Promise<void> {
    await this.runner.close(how === 'keep' ? 'waiting' : 'cancelled');
    this.announcer.dispose();
  }

  private async addInTurn({ nonce, expected, ...request }: JobRequest): Promise<string> {
    const { kind, parameters, inputs, seed } = request;
    const known = this.kinds.find(kind);
    if (known === undefined) throw new AppError('job/unusable', `This Duet cannot do "${kind}".`);
    known.check(parameters);
    const key = jobKey({ ...request, nonce });
    const same = await this.believed(this.store.book.withKey(key));
    if (same !== undefined) return same.id;
    const id = this.newId();
    await this.store.commit({
      event: 'added',
      id,
      at: this.options.clock(),
      kind,
      title: request.title.slice(0, 300),
      parameters: z.json().parse(parameters),
      inputs: [...inputs],
      seed,
      key,
      expected: expected ?? null,
    });
    return id;
  }

  private async setMode(change: { isPaused?: boolean; isGentle?: boolean }): Promise<void> {
    const { isPaused, isGentle } = this.store.book;
    const mode = { isPaused, isGentle, ...change };
    if (mode.isPaused === isPaused && mode.isGentle === isGentle) return;
    await this.store.commit({ event: 'mode', ...mode });
  }

  private async change(id: string, make: (job: JobRecord) => Promise<void>): Promise<void> {
    await this.store.inTurn(() => make(this.known(id)));
    this.runner.pump();
  }

  private known(id: string): JobRecord {
    const job = this.store.book.get(id);
    if (job !== undefined) return job;
    throw new AppError('job/unknown', 'There is no such job any more.', { id });
  }

  private demand(job: JobRecord, event: ChangeEvent['event'], isFree = true): void {
    if (isFree && isPossible(job, event)) return;
    const { id, title, state } = job;
    throw new AppError('job/bad-state', `"${title}" is ${state}, so that is not possible now.`, { id, state });
  }

  /** The job, if it is in the queue or truly done. */
  private async believed(job: JobRecord | undefined): Promise<JobRecord | undefined> {
    if (job === undefined) return undefined;
    if (job.state === 'waiting' || job.state === 'running' || job.state === 'paused') return job;
    if (job.state !== 'done' || job.result === null) return undefined;
    const lacking = await this.missing(job.result);
    if (lacking.length === 0) return job;
    await noteMissing(this.store, job, lacking, this.options.clock);
    return undefined;
  }

  private async missing({ files }: Pick<JobResult, 'files'>): Promise<string[]> {
    const lacking: string[] = [];
    for (const file of files) if (!(await this.options.isThere(file).catch(() => false))) lacking.push(file);
    return lacking;
  }

  private newId(): string {
    for (;;) {
      const number = randomBytes(6).readUIntBE(0, 6);
      const id = `j${number.toString(36).padStart(10, '0')}`;
      if (this.store.book.get(id) === undefined && !this.store.book.hasForgotten(id)) return id;
    }
  }

  private logFile(id: string): string {
    return path.join(this.options.folder, `${id}.log`);
  }

  private view(ids: readonly string[]): QueueView {
    const { book } = this.store;
    const positions = positionsOf(book);
    const jobs = ids.flatMap((id) => {
      const job = book.get(id);
      return job === undefined ? [] : [jobView(job, this.runner.attempt(id), positions.get(id), book)];
    });
    return { jobs, isPaused: book.isPaused, isGentle: book.isGentle };
  }

  /** Something was written down: pages hear of the job, and of all that wait when their places may have changed. */
  private heard(event: JobEvent): void {
    if (event.event === 'mode') {
      this.announcer.mark([]);
      return;
    }
    this.announcer.mark([event.id]);
    if (event.event !== 'slice' && event.event !== 'stopping') this.announcer.markWaiting();
    if (event.event !== 'done' && event.event !== 'failed' && event.event !== 'set-aside') return;
    const [job] = this.view([event.id]).jobs;
    if (job !== undefined) this.ended.tell(job);
  }
}
