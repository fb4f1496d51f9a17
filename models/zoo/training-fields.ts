/** What every family's configuration says of training: batch, learning rate over the run, averages of weights. */
import * as z from 'zod';
import { constantThenCosine, type Schedule, warmUp } from '../optim/schedules';

/** Fields that every family has, with a family's own defaults. */
export function trainingFields(defaults: {
  batch: number;
  learningRate: number;
  warmUp: number;
  hold: number;
  average: number;
}) {
  return {
    batch: z.int().min(1).max(4096).default(defaults.batch)
      .describe('Samples in one step. Larger batches give steadier gradients and fewer steps a second.'),
    learningRate: z.number().positive().max(1).default(defaults.learningRate)
      .describe('How far a step moves the weights, at its highest. Too large: the loss jumps or becomes infinite.'),
    warmUp: z.number().min(0).max(100_000).default(defaults.warmUp)
      .describe('Rise of the learning rate at the start: under 1 a share of the run, else a number of steps.'),
    hold: z.number().min(0).max(1).default(defaults.hold)
      .describe('Share of the run at the full learning rate; then it falls to zero along a cosine.'),
    average: z.number().min(0).max(0.9999).default(defaults.average)
      .describe('Decay of the running average of the weights, which is what gets used; 0: the last weights are used.'),
  } as const; // prettier-ignore
}

/** What `rateOf` needs of a configuration. */
export interface RateFields {
  readonly learningRate: number;
  readonly warmUp: number;
  readonly hold: number;
}

/** The learning rate of a run of `total` steps: a straight rise, `hold` of the rest constant, a cosine to `end` times the rate. */
export function rateOf({ learningRate, warmUp: rise, hold }: RateFields, total: number, end = 0): Schedule {
  const steps = Math.min(total - 1, Math.round(rise < 1 ? rise * total : rise));
  const main = constantThenCosine(learningRate, Math.max(1, total - steps), hold, end * learningRate);
  return steps <= 0 ? main : warmUp(steps, main);
}
