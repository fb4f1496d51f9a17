/** What a family hands to whoever trains: step programs, the order in which they run, and the batch that each step takes. */
import type { Schedule } from '../optim/schedules';
import type { StepProgram } from '../optim/step-program';

/** A configured model ready to be trained. The programs share weights and state by name. */
export interface TrainingPlan {
  readonly main: StepProgram;
  /** Steps that do something more now and then, by name. */
  readonly variants: Readonly<Record<string, StepProgram>>;
  /** The variant that a step (1, 2, ...) runs; undefined for the main program. */
  readonly variantAt: (step: number) => string | undefined;
  /** Samples that a step takes from the data, in `x` and, where the programs ask for it, `labels`. */
  readonly batch: number;
  /** Learning rate of a run of `total` steps. */
  readonly rate: (total: number) => Schedule;
  /** Whether the averages `ema.NAME` are what gets used. */
  readonly usesAverage: boolean;
}

/** Of the values in a checkpoint those that a net is used with: averages under the plain names, no optimiser. */
export function usableWeights<T>(all: Readonly<Record<string, T>>): Record<string, T> {
  const plain = Object.entries(all).filter(([name]) => !/^(optimizer|ema)\./.test(name));
  const averages = Object.entries(all).filter(([name]) => name.startsWith('ema.'));
  return Object.fromEntries([...plain, ...averages.map(([name, value]) => [name.slice(4), value] as const)]);
}
