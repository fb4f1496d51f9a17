/** One run from its order to what it has learned: the loop, with checks, checkpoints and reports between the steps. */
import { setTimeout as delay } from 'node:timers/promises';
import { AppError, throwIfCancelled } from '../../../contract/errors';
import type { EventInput } from '../../../contract/rpc';
import type { Check } from '../../../contract/training';
import type { TrainingOrder, TrainingOutcome, TrainingWorkerContract } from '../../../contract/training-worker';
import type { HostTensor } from '../../../../models/tensor/host-tensor';
import { usableWeights } from '../../../../models/zoo/training-plan';
import { areFinite, readCheckpoint, type RunProgress, writeCheckpoint } from './checkpoint';
import { Curves } from './curves';
import { type Depth, type Looker, openLooker } from './look';
import { measureStep, type Pace, paceOf, readPace, writePace } from './pace';
import { prepare, type Prepared } from './prepare';

export interface RunHooks {
  readonly emit: <K extends 'begun' | 'progress' | 'saved'>(
    name: K,
    event: EventInput<TrainingWorkerContract, K>,
  ) => void;
  /** Milliseconds, monotonic. */
  readonly now: () => number;
  isKept(): boolean;
  isGentle(): boolean;
}

/** What a run leaves in memory for the file that comes of it. */
export interface Finished {
  readonly outcome: TrainingOutcome;
  readonly prepared: Prepared;
  readonly weights: Readonly<Record<string, HostTensor>>;
}

const reportMs = 100;
/** Work that a kill may cost: little at first, more once there is more. */
const [firstSaveMs, saveMs] = [5_000, 20_000];

/** Throws `call/cancelled` once stopped, with a checkpoint behind it, and `training/diverged`. */
export async function runTraining(order: TrainingOrder, signal: AbortSignal, hooks: RunHooks): Promise<Finished> {
  const prepared = await prepare(order);
  try {
    const looker = await openLooker(prepared);
    try {
      return await new Run(prepared, looker, signal, hooks).run();
    } finally {
      await looker.dispose();
    }
  } catch (error) {
    await prepared.dispose();
    throw error;
  }
}

class Run {
  private step = 0;
  private curves = Curves.of(1);
  private checks: Check[] = [];
  private best: RunProgress['best'] = null;
  private pace: Pace = { steps: 1, checkEvery: 1, verdictEvery: 1, msPerStep: 1 };
  private workedMs = 0;
  private countedAt: number;
  private reportedAt = -Infinity;
  private savedAt: number;
  private isFirstSave = true;
  private stepMs = 0;

  constructor(
    private readonly prepared: Prepared,
    private readonly looker: Looker,
    private readonly signal: AbortSignal,
    private readonly hooks: RunHooks,
  ) {
    this.countedAt = this.savedAt = hooks.now();
  }

  async run(): Promise<Finished> {
    const { order } = this.prepared;
    await this.begin();
    if (!order.isToEnd) await this.train();
    return this.end();
  }

  /** From the last checkpoint, or from the first step once it is known how long the run is. */
  private async begin(): Promise<void> {
    const { prepared, hooks } = this;
    const { folder, isToEnd } = prepared.order;
    const found = await readCheckpoint(folder, () => undefined);
    if (found === undefined && isToEnd)
      throw new AppError('training/unsuited', 'Nothing was learned before the run ended, so there is nothing to keep.');
    const known = await readPace(folder);
    if (known === undefined) await this.settlePace();
    else this.pace = known;
    this.stepMs = this.pace.msPerStep;
    this.curves = Curves.of(this.pace.steps);
    const first = this.checks;
    if (found !== undefined) this.restore(found.tensors, found.progress);
    const { step, curves, checks, workedMs } = this;
    hooks.emit('begun', { step, steps: this.pace.steps, curves: curves.all(), checks, workedMs });
    if (found === undefined) first.forEach((check) => this.noteCheck(check));
    this.report('training', true);
  }

  private restore(tensors: Readonly<Record<string, HostTensor>>, progress: RunProgress): void {
    this.prepared.trainer.write(tensors);
    this.step = progress.step;
    this.workedMs = progress.workedMs;
    this.curves.restore(progress.curves, progress.sums);
    this.checks = [...progress.checks];
    this.best = progress.best;
  }

  /** A step and a look are measured; the look stays as the one before the first step. */
  private async settlePace(): Promise<void> {
    const { prepared, looker, hooks } = this;
    const { order, data, plan } = prepared;
    const msPerStep = await measureStep(prepared, hooks.now);
    throwIfCancelled(this.signal);
    const timed = async (depth: Depth): Promise<{ ms: number; check: Check }> => {
      const started = hooks.now();
      const { check } = await looker.look(0, this.weights(), depth);
      return { ms: hooks.now() - started, check };
    };
    const quick = await timed('quick');
    const full = prepared.configured.family === 'classifier' ? quick : await timed('verdict');
    const size = { samples: data.train.indices.length, batch: plan.batch };
    this.pace = paceOf(order.budget, size, { msPerStep, checkMs: quick.ms, verdictMs: full.ms });
    this.checks = [full.check];
    await writePace(order.folder, this.pace);
  }

  private async train(): Promise<void> {
    const { prepared, hooks, signal } = this;
    const { trainer, plan, feeds } = prepared;
    const rate = plan.rate(this.pace.steps);
    while (this.step < this.pace.steps && !hooks.isKept()) {
      if (signal.aborted) await this.stop();
      const started = hooks.now();
      const step = this.step + 1;
      this.note(step, await trainer.step(feeds(step, rate(step)), plan.variantAt(step)));
      this.step = step;
      const ended = hooks.now();
      this.stepMs += 0.02 * (ended - started - this.stepMs);
      if (step % this.pace.checkEvery === 0 && step < this.pace.steps) await this.check();
      if (ended - this.savedAt > (this.isFirstSave ? firstSaveMs : saveMs)) await this.save();
      if (ended - this.reportedAt > reportMs) this.report('training');
      if (hooks.isGentle()) await this.rest(ended - started);
    }
  }

  /** Throws `training/diverged` where a number is none. */
  private note(step: number, results: Readonly<Record<string, HostTensor>>): void {
    for (const [name, { data }] of Object.entries(results)) {
      const value = Number(data[0]);
      if (!Number.isFinite(value)) throw diverged(step, this.prepared.plan.rate(this.pace.steps)(step));
      this.curves.add(step, name, value);
    }
  }

  private async check(): Promise<void> {
    const isDue = this.step % this.pace.verdictEvery === 0;
    this.report('checking');
    const { check } = await this.looker.look(this.step, this.weights(), isDue ? 'verdict' : 'quick');
    this.noteCheck(check);
  }

  private noteCheck(check: Check): void {
    this.checks = [...this.checks.filter(({ step }) => step !== check.step), check];
    for (const [name, value] of Object.entries(check.metrics)) this.curves.point(check.step, name, value);
    const [leading] = leadingMetrics.filter((name) => check.metrics[name] !== undefined);
    const value = check.metrics[leading ?? ''];
    if (leading !== undefined && value !== undefined) this.best = { step: check.step, metric: leading, value };
    this.report('training', true, check);
  }

  /** As they would be used now. */
  private weights(): Record<string, HostTensor> {
    return usableWeights(this.prepared.trainer.read());
  }

  private async save(): Promise<void> {
    const tensors = this.prepared.trainer.read();
    if (!areFinite(tensors)) throw diverged(this.step, this.prepared.plan.rate(this.pace.steps)(this.step));
    this.count();
    const { step, workedMs, curves, checks, best } = this;
    const progress = { step, workedMs, curves: curves.all(), sums: curves.sumsSoFar(), checks, best };
    await writeCheckpoint(this.prepared.order.folder, { tensors, progress });
    this.savedAt = this.hooks.now();
    this.isFirstSave = false;
    this.hooks.emit('saved', { step });
  }

  private async stop(): Promise<never> {
    await this.save();
    throw new AppError('call/cancelled', 'Cancelled.');
  }

  private async rest(ms: number): Promise<void> {
    this.count();
    await delay(ms);
    this.countedAt = this.hooks.now();
  }

  private count(): void {
    const now = this.hooks.now();
    this.workedMs += now - this.countedAt;
    this.countedAt = now;
  }

  private report(phase: 'training' | 'checking', isDue = phase === 'checking', check: Check | null = null): void {
    const { now, emit } = this.hooks;
    if (!isDue && now() - this.reportedAt < reportMs) return;
    this.reportedAt = now();
    this.count();
    const { step, best, workedMs, stepMs, pace, prepared } = this;
    const { batch } = prepared.plan;
    emit('progress', {
      phase, step, best, workedMs, check,
      steps: pace.steps,
      epoch: (step * batch) / prepared.data.train.indices.length,
      samplesPerSecond: (1000 * batch) / stepMs,
      remainingMs: (pace.steps - step) * stepMs,
      points: this.curves.takeFresh(),
    }); // prettier-ignore
  }

  private async end(): Promise<Finished> {
    const { prepared, looker } = this;
    this.report('checking');
    const weights = this.weights();
    const { check, measuredOn } = await looker.look(this.step, weights, 'last');
    this.noteCheck(check);
    await this.save();
    const outcome = {
      step: this.step,
      seconds: this.workedMs / 1000,
      parameters: prepared.parameters,
      metrics: check.metrics,
      measuredOn,
      verdict: check.verdict?.sentence ?? '',
    };
    return { outcome, prepared, weights };
  }
}

/** What a check is summed up by, first come first. */
const leadingMetrics = ['test.accuracy', 'validation.accuracy', 'readAsAsked', 'coverage', 'within'];

function diverged(step: number, rate: number): AppError {
  return new AppError(
    'training/diverged',
    `The loss was no number at step ${step}. Try a lower learning rate (it was ${rate.toPrecision(2)}), a longer warm-up, or a stronger penalty. What was learned until the last checkpoint can be kept.`,
    { step, rate },
  );
}
