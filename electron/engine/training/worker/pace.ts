/** How long a run is in steps and how often it is looked at, measured before its first step and then fixed: it must not depend on the clock. */
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import * as z from 'zod';
import type { Budget } from '../../../contract/training';
import { durableWrite } from '../../storage/durable-write';
import type { Prepared } from './prepare';

const paceSchema = z.strictObject({
  steps: z.int().min(1),
  /** A sheet, or the loss on held-out samples, at every so many steps. */
  checkEvery: z.int().min(1),
  /** A verdict, a multiple of the same. */
  verdictEvery: z.int().min(1),
  msPerStep: z.number(),
});
export type Pace = z.infer<typeof paceSchema>;

/** Steps that are not counted: the first ones also set up memory. */
const warmUpSteps = 2;
const [shortestTrialMs, longestTrialMs] = [200, 1_500];
/** A trial covers variants of the step in their proportion. */
const cycle = 8;

const fileOf = (folder: string): string => path.join(folder, 'pace.json');

/** As an earlier attempt has settled it. */
export async function readPace(folder: string): Promise<Pace | undefined> {
  const parsed = await readFile(fileOf(folder), 'utf8').then(
    (text) => paceSchema.safeParse(parseJson(text)),
    () => undefined,
  );
  return parsed?.success === true ? parsed.data : undefined;
}

export async function writePace(folder: string, pace: Pace): Promise<void> {
  await durableWrite(fileOf(folder), Buffer.from(JSON.stringify(pace), 'utf8'));
}

/** Milliseconds of a step with its batch; what the trial has learned is forgotten again. */
export async function measureStep({ trainer, plan, feeds, initial }: Prepared, now: () => number): Promise<number> {
  let [started, step] = [0, 0];
  const isOver = (): boolean => {
    const ms = now() - started;
    return step > warmUpSteps && (ms > longestTrialMs || (step % cycle === warmUpSteps && ms > shortestTrialMs));
  };
  while (!isOver()) {
    if (step === warmUpSteps) started = now();
    step += 1;
    await trainer.step(feeds(step, 0), plan.variantAt(step));
  }
  const ms = (now() - started) / (step - warmUpSteps);
  trainer.write(initial);
  return Math.max(0.01, ms);
}

/** Share of the time for sheets and losses on held-out samples, and for verdicts. */
const [checkShare, verdictShare] = [0.02, 0.03];
const [fewestChecks, mostChecks, fewestVerdicts] = [12, 100, 4];

/** `checkMs`, `verdictMs`: what one of each takes. */
export function paceOf(
  budget: Budget,
  { samples, batch }: { samples: number; batch: number },
  { msPerStep, checkMs, verdictMs }: { msPerStep: number; checkMs: number; verdictMs: number },
): Pace {
  const steps = stepsOf(budget, { samples, batch }, msPerStep);
  const every = (ms: number, share: number, fewest: number): number =>
    Math.max(1, Math.min(Math.ceil(ms / (share * msPerStep)), Math.floor(steps / fewest)));
  const checkEvery = Math.max(every(checkMs, checkShare, fewestChecks), Math.ceil(steps / mostChecks));
  const wanted = every(verdictMs, verdictShare, fewestVerdicts);
  return { steps, checkEvery, verdictEvery: Math.max(1, Math.round(wanted / checkEvery)) * checkEvery, msPerStep };
}

function stepsOf(budget: Budget, { samples, batch }: { samples: number; batch: number }, msPerStep: number): number {
  if (budget.unit === 'steps') return budget.amount;
  if (budget.unit === 'epochs') return Math.max(1, Math.ceil((budget.amount * samples) / batch));
  const shareOfSteps = 1 - checkShare - verdictShare;
  return Math.max(1, Math.floor((1000 * budget.amount * shareOfSteps) / msPerStep));
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
