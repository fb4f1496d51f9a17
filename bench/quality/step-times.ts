/** How long one step of each recipe takes: the same batch again and again, median of the steps after a warm-up. */
import { classifierPresets, classifierSchema } from '../../models/zoo/classifier/config';
import { classifierPlan } from '../../models/zoo/classifier/objective';
import type { DataShape, ImageShape } from '../../models/zoo/data-shape';
import { flowPresets, flowSchema } from '../../models/zoo/flow/config';
import { flowPlan } from '../../models/zoo/flow/objective';
import { ganPresets, ganSchema } from '../../models/zoo/gan/config';
import { ganPlan } from '../../models/zoo/gan/objective';
import type { TrainingPlan } from '../../models/zoo/training-plan';
import { vaePresets, vaeSchema } from '../../models/zoo/vae/config';
import { vaePlan } from '../../models/zoo/vae/objective';
import { mixtures, pictures, points, shuffled } from './data';
import { type Figure, type FigureResult, timesOf } from './figure';
import { train } from './train';

const grey: ImageShape = { kind: 'image', height: 28, width: 28, channels: 1, classes: 10 };
const plane: DataShape = { kind: 'vector', width: 2, classes: 0 };

interface Timed {
  readonly plan: TrainingPlan;
  readonly steps: number;
  readonly stepsPerCall?: number;
  /** PyTorch 2.13 on the machine of the recipes, milliseconds. */
  readonly torch: number;
}

/** Each recipe with what the recipes say of PyTorch; the times of mixtures are those of three seeds in one program, by three. */
const timed: Readonly<Record<string, () => Timed>> = {
  judge: () => ({ plan: classifierPlan(classifierSchema.parse(classifierPresets.digits), grey, 0), steps: 60, torch: 24.4 }),
  clothes: () => ({ plan: classifierPlan(classifierSchema.parse(classifierPresets.clothes), grey, 0), steps: 40, torch: 59 }),
  gan: () => ({ plan: ganPlan(ganSchema.parse(ganPresets.digits), grey, 0), steps: 60, torch: 35 }),
  flow: () => ({ plan: flowPlan(flowSchema.parse(flowPresets.digits), grey, 0), steps: 30, torch: 99 }),
  vae: () => ({ plan: vaePlan(vaeSchema.parse(vaePresets.nats), grey, 0), steps: 800, stepsPerCall: 16, torch: 3.3 }),
  'ring-gan': () => ({ plan: ganPlan(ganSchema.parse(ganPresets.points), plane, 0), steps: 800, stepsPerCall: 20, torch: 4.2 }),
  'ring-flow': () => ({ plan: flowPlan(flowSchema.parse(flowPresets.points), plane, 0), steps: 800, stepsPerCall: 20, torch: 1.8 }),
}; // prettier-ignore

export const stepTimes: Figure = async ({ seed }) => {
  const results: FigureResult[] = [];
  for (const [net, make] of Object.entries(timed)) {
    const { plan, steps, stepsPerCall = 1, torch } = make();
    const isPoints = plan.main.graph.inputs.some(({ name, dims }) => name === 'x' && dims.length === 2);
    const all = pictures('mnist', 't10k');
    const fixed = isPoints ? { x: points(mixtures.ring, { seed, stream: 1 }, plan.batch) } : shuffled(all, plan.batch, seed)(1); // prettier-ignore
    const trained = await train({ plan, steps, seed, batch: () => fixed, stepsPerCall });
    const median = [...trained.times].sort((a, b) => a - b)[Math.floor(trained.times.length / 2)] ?? NaN;
    results.push({
      steps,
      ...timesOf({ ...trained, msPerStep: median }),
      metrics: { net },
      goal: `at most ${torch} ms (PyTorch)`,
      reached: median <= torch,
    });
  }
  return results;
};
