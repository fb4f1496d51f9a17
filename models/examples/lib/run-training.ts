/** The loop that all examples share: one batch, one step, until the budget is used up. */
import type { Schedule } from '../../optim/schedules';
import type { StepProgram } from '../../optim/step-program';
import { type HostTensor, hostTensor, numbersOf } from '../../tensor/host-tensor';
import { loadProgram, type Weights } from './load-program';
import { type Options, rounded } from './options';

/** The length of a schedule: rates are given as if every run had so many steps, as a run told in seconds does not know its own number. */
const scheduleSteps = 1000;

/** What a run needs beside its program. */
export interface Training {
  /** Tensors of the batch of a step (1, 2, ...). */
  readonly batch: (step: number) => Readonly<Record<string, HostTensor>>;
  /** Learning rate over `scheduleSteps`; the program's input `lr`. */
  readonly rate?: Schedule;
  /** Weights to begin with, by name, in place of the net's own. */
  readonly start?: Weights;
}

/** What came out. */
export interface Trained {
  readonly weights: Weights;
  readonly figures: TrainingFigures;
}

/** What every report begins with. */
export type TrainingFigures = {
  readonly steps: number;
  /** Time from the first step to the last, without loading. */
  readonly seconds: number;
  /** The first of the program's outputs in the first step, and its mean over the last tenth of the steps. */
  readonly firstLoss: number;
  readonly lastLoss: number;
};

/** Trains a step program. Tells its progress on stderr. */
export async function runTraining(program: StepProgram, training: Training, options: Options): Promise<Trained> {
  const trainer = await loadProgram(program, training.start, options.isTuned);
  try {
    const losses: number[] = [];
    const started = performance.now();
    const elapsed = (): number => (performance.now() - started) / 1000;
    const progress = (): number => shareUsed(options, losses.length, elapsed());
    for (let step = 1; progress() < 1; step++) {
      const scalars = scalarFeeds(program, step, options.seed, training.rate?.(1 + progress() * scheduleSteps));
      const results = await trainer.step({ ...training.batch(step), ...scalars });
      losses.push(lossOf(results, step));
      tell(step, elapsed(), losses, results);
    }
    return { weights: withoutOptimizer(trainer.read()), figures: figuresOf(losses, elapsed()) };
  } finally {
    await trainer.dispose();
  }
}

/** Weights, running statistics and averages: what a net needs when it is used, or trained in another way. */
function withoutOptimizer(all: Weights): Weights {
  return Object.fromEntries(Object.entries(all).filter(([name]) => !name.startsWith('optimizer.')));
}

/** The share of the budget that is used, 0..1 and beyond. */
function shareUsed({ steps, seconds }: Options, step: number, elapsed: number): number {
  return Math.max(step / (steps ?? Infinity), elapsed / (seconds ?? Infinity));
}

/** The scalars that the program asks for. */
function scalarFeeds(program: StepProgram, step: number, seed: number, rate = 0): Record<string, HostTensor> {
  const all: Record<string, HostTensor> = {
    step: hostTensor('int64', [], BigInt64Array.of(BigInt(step))),
    seed: hostTensor('int64', [], BigInt64Array.of(BigInt(seed))),
    lr: hostTensor('float32', [], Float32Array.of(rate)),
  };
  const asked = new Set(program.graph.inputs.map((input) => input.name));
  return Object.fromEntries(Object.entries(all).filter(([name]) => asked.has(name)));
}

function lossOf(results: Readonly<Record<string, HostTensor>>, step: number): number {
  const [first] = Object.values(results);
  const loss = first ? (numbersOf(first)[0] ?? NaN) : NaN;
  if (Number.isFinite(loss)) return loss;
  throw new Error(`The loss is ${loss} at step ${step}: the run has diverged. A smaller learning rate may help.`);
}

const mean = (numbers: readonly number[]): number =>
  numbers.reduce((sum, number) => sum + number, 0) / Math.max(1, numbers.length);

function figuresOf(losses: readonly number[], seconds: number): TrainingFigures {
  const lastLoss = mean(losses.slice(-Math.ceil(losses.length / 10)));
  return {
    steps: losses.length,
    seconds: rounded(seconds, 1),
    firstLoss: rounded(losses[0] ?? NaN),
    lastLoss: rounded(lastLoss),
  };
}

function tell(step: number, seconds: number, losses: readonly number[], results: Record<string, HostTensor>): void {
  if (step % 100 !== 0) return;
  const others = Object.entries(results).slice(1).map(([name, value]) => `, ${name} ${numbersOf(value)[0]?.toFixed(4) ?? ''}`); // prettier-ignore
  process.stderr.write(
    `step ${step}, ${seconds.toFixed(0)} s: loss ${mean(losses.slice(-100)).toFixed(4)}${others.join('')}\n`,
  );
}
