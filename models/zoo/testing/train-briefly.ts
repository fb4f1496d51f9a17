/** Trains a plan for a few steps on given samples, for tests. */
import { encodeProgram } from '../../optim/step-program';
import { createTrainer } from '../../runtime/trainer';
import { hostTensor, type HostTensor, numbersOf } from '../../tensor/host-tensor';
import type { TrainingPlan } from '../training-plan';

export interface Brief {
  /** Every number that each step reported, by name. */
  readonly reports: readonly Readonly<Record<string, number>>[];
  readonly weights: Record<string, HostTensor>;
}

const scalar = (value: number): HostTensor => hostTensor('int64', [], BigInt64Array.of(BigInt(value)));

/** `batch` gives `x` and `labels` of a step; what the program does not ask for is left out. */
export async function trainBriefly(
  plan: TrainingPlan,
  steps: number,
  batch: (step: number) => Readonly<Record<string, HostTensor>>,
): Promise<Brief> {
  const variants = Object.fromEntries(Object.entries(plan.variants).map(([name, one]) => [name, encodeProgram(one)]));
  const trainer = await createTrainer(
    { model: encodeProgram(plan.main), variants, slots: plan.main.slots },
    { threads: 1 },
  );
  const asked = new Set(
    [plan.main, ...Object.values(plan.variants)].flatMap(({ graph }) => graph.inputs.map(({ name }) => name)),
  );
  const rate = plan.rate(steps);
  try {
    const reports: Record<string, number>[] = [];
    for (let step = 1; step <= steps; step++) {
      const lr = hostTensor('float32', [], Float32Array.of(rate(step)));
      const all = { ...batch(step), step: scalar(step), seed: scalar(7), lr };
      const feeds = Object.fromEntries(Object.entries(all).filter(([name]) => asked.has(name)));
      const results = await trainer.step(feeds, plan.variantAt(step));
      reports.push(
        Object.fromEntries(Object.entries(results).map(([name, value]) => [name, numbersOf(value)[0] ?? NaN])),
      );
    }
    return { reports, weights: trainer.read() };
  } finally {
    await trainer.dispose();
  }
}
