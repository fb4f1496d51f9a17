/** All training runs of a workspace: as pages watch them, and as they are found again after a restart. */
import { AppError } from '../../contract/errors';
import type { JobView } from '../../contract/jobs';
import type { Curve, TrainingEntry, TrainingProgress, TrainingRun } from '../../contract/training';
import type { EventOf } from '../../contract/rpc';
import type { TrainingWorkerContract } from '../../contract/training-worker';
import type { Workspace } from '../storage/workspace';
import type { TrainParameters } from './parameters';
import { readRunFiles, type RunFile, writeRunFile } from './run-file';

export interface RunBookOptions {
  readonly workspace: Pick<Workspace, 'root' | 'isWritable'>;
  /** Milliseconds since 1970. */
  readonly clock: () => number;
  readonly onProgress: (progress: TrainingProgress) => void;
  readonly onRuns: (runs: TrainingEntry[]) => void;
}

type WorkerEvent<K extends 'begun' | 'progress'> = EventOf<TrainingWorkerContract, K>;
type Phase = TrainingRun['phase'];

const ended: readonly Phase[] = ['kept', 'failed', 'stopped'];

export class RunBook {
  private readonly runs = new Map<string, RunFile>();
  private readonly writing = new Map<string, Promise<void>>();

  private constructor(private readonly options: RunBookOptions) {}

  static async open(options: RunBookOptions): Promise<RunBook> {
    const book = new RunBook(options);
    for (const file of await readRunFiles(options.workspace.root)) book.runs.set(file.run.job, file);
    return book;
  }

  /** Newest first. */
  list(): TrainingEntry[] {
    const files = [...this.runs.values()].sort((a, b) => b.startedAt - a.startedAt);
    return files.map(({ startedAt, run: { job, model, title, family, purpose, recipe, phase, step, steps } }) => ({ job, model, title, family, purpose, recipe, phase, step, steps, startedAt })); // prettier-ignore
  }

  /** Throws `job/unknown`. */
  get(job: string): RunFile {
    const file = this.runs.get(job);
    if (file !== undefined) return file;
    throw new AppError('job/unknown', 'There is no such training run any more.', { id: job });
  }

  has(job: string): boolean {
    return this.runs.has(job);
  }

  /** Names of models that runs in the making will have. */
  isReserved(model: string): boolean {
    return [...this.runs.values()].some(({ run }) => run.model === model && !ended.includes(run.phase));
  }

  /** Durable once it returns; a run that is there already stays as it is. */
  async create(job: string, parameters: TrainParameters): Promise<void> {
    if (this.runs.has(job)) return;
    const { dataset, classes, recipe, family, settings, budget, seed, model, title, parameters: weights } = parameters;
    const known = { dataset, classes, recipe, family, settings, budget, seed, model, title, parameters: weights };
    this.runs.set(job, {
      format: 1,
      startedAt: this.options.clock(),
      isKept: false,
      published: null,
      run: {
        ...known,
        job,
        purpose: family === 'classifier' ? 'judge' : 'generator',
        judge: parameters.judge?.id ?? null,
        phase: 'resting',
        step: 0,
        steps: budget.unit === 'steps' ? budget.amount : null,
        epoch: 0,
        samplesPerSecond: null,
        remainingMs: null,
        workedMs: 0,
        curves: [],
        checks: [],
        best: null,
        failure: null,
      },
    });
    await this.write(job);
    this.tellRuns();
  }

  /** Changes what is known of a run, and writes it down. */
  async note(job: string, change: Partial<Pick<RunFile, 'isKept' | 'published'>>): Promise<void> {
    this.runs.set(job, { ...this.get(job), ...change });
    await this.write(job);
  }

  /** The model got another name, since its own was taken meanwhile. */
  async rename(job: string, model: string): Promise<void> {
    this.change(job, { model });
    await this.write(job);
  }

  begun(job: string, { curves, checks, ...event }: WorkerEvent<'begun'>): void {
    this.change(job, { ...event, curves, checks, phase: 'training', failure: null });
    void this.write(job);
    this.tell(job, curves, checks.at(-1) ?? null);
  }

  progress(job: string, { points, check, ...event }: WorkerEvent<'progress'>): void {
    const { run } = this.get(job);
    const isOther = run.phase !== event.phase;
    const checks = check === null ? run.checks : [...run.checks.filter(({ step }) => step !== check.step), check];
    this.change(job, { ...event, checks, curves: appended(run.curves, points) });
    this.tell(job, points, check);
    if (check !== null) void this.write(job);
    if (isOther) this.tellRuns();
  }

  setPhase(job: string, phase: Phase): void {
    if (this.get(job).run.phase === phase) return;
    this.change(job, { phase });
    this.tell(job, [], null);
    this.tellRuns();
  }

  /** What the queue says of the job. While it runs, its process tells more. */
  jobChanged({ id, state, failure }: Pick<JobView, 'id' | 'state' | 'failure'>): void {
    const run = this.runs.get(id)?.run;
    const phase = phaseOf(state);
    if (run === undefined || phase === undefined || (run.phase === phase && run.failure?.message === failure?.message)) return; // prettier-ignore
    this.change(id, { phase, failure, ...(phase === 'resting' ? {} : { remainingMs: null }) });
    void this.write(id);
    this.tell(id, [], null);
    this.tellRuns();
  }

  /** Waits for what is being written. */
  async dispose(): Promise<void> {
    await Promise.all(this.writing.values());
  }

  private change(job: string, change: Partial<TrainingRun>): void {
    const file = this.get(job);
    this.runs.set(job, { ...file, run: { ...file.run, ...change } });
  }

  /** One after the other, the newest wins. */
  private write(job: string): Promise<void> {
    const { workspace } = this.options;
    if (!workspace.isWritable) return Promise.resolve();
    const next = (this.writing.get(job) ?? Promise.resolve())
      .catch(() => undefined)
      .then(() => writeRunFile(workspace.root, this.get(job)));
    this.writing.set(job, next.catch(() => undefined)); // prettier-ignore
    return next;
  }

  private tell(job: string, points: readonly Curve[], check: TrainingProgress['check']): void {
    const { phase, step, steps, epoch, samplesPerSecond, remainingMs, workedMs, best, failure } = this.get(job).run;
    this.options.onProgress({ job, phase, step, steps, epoch, samplesPerSecond, remainingMs, workedMs, best, failure, points: [...points], check }); // prettier-ignore
  }

  private tellRuns(): void {
    this.options.onRuns(this.list());
  }
}

function phaseOf(state: JobView['state']): Phase | undefined {
  if (state === 'waiting' || state === 'paused') return 'resting';
  if (state === 'done') return 'kept';
  if (state === 'cancelled') return 'stopped';
  return state === 'failed' || state === 'set-aside' ? 'failed' : undefined;
}

function appended(curves: readonly Curve[], points: readonly Curve[]): Curve[] {
  const all = new Map(curves.map((curve) => [curve.name, curve]));
  for (const fresh of points) {
    const known = all.get(fresh.name);
    all.set(fresh.name, known === undefined ? fresh : { ...known, points: [...known.points, ...fresh.points] });
  }
  return [...all.values()];
}
