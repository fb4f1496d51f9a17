/** From an order to a net that can be trained: data opened, plan made, step programs compiled and loaded. */
import path from 'node:path';
import type { TrainingOrder } from '../../../contract/training-worker';
import { compileProgram } from '../../../../models/lowering/compile';
import type { StepProgram } from '../../../../models/optim/step-program';
import { createTrainer, type Trainer } from '../../../../models/runtime/trainer';
import { hostTensor, type HostTensor } from '../../../../models/tensor/host-tensor';
import { type DataShape, sampleSize } from '../../../../models/zoo/data-shape';
import { type Configured, configured, planOf } from '../../../../models/zoo/families';
import type { TrainingPlan } from '../../../../models/zoo/training-plan';
import { vaePlan } from '../../../../models/zoo/vae/objective';
import { nested } from '../settings-paths';
import { evenly } from './answers';
import { batchesOf } from './batches';
import { openTrainingData, type TrainingData } from './data';
import { readTuning, writeTuning } from './tuning-file';

export interface Prepared {
  readonly order: TrainingOrder;
  readonly configured: Configured;
  readonly data: TrainingData;
  readonly plan: TrainingPlan;
  readonly trainer: Trainer;
  readonly initial: Readonly<Record<string, HostTensor>>;
  readonly parameters: number;
  /** What step `step` is given at the learning rate `rate`. */
  readonly feeds: (step: number, rate: number) => Record<string, HostTensor>;
  dispose(): Promise<void>;
}

export async function prepare(order: TrainingOrder): Promise<Prepared> {
  const model = configured(order.family, nested(order.settings));
  const data = await openTrainingData(order.data, needsLabels(model, order.data.classes.length));
  try {
    const plan = planFor(model, data, order.seed);
    const trainer = await openTrainer(plan, order);
    const batches = batchesOf(data, plan.batch, order.seed, model.family === 'classifier' ? model.config.augmentation : undefined); // prettier-ignore
    const asked = askedBy(plan);
    const seed = int64(order.seed);
    return {
      order, configured: model, data, plan, trainer,
      initial: Object.fromEntries(plan.main.slots.map(({ name, initial }) => [name, initial])),
      parameters: plan.main.slots.reduce((sum, { kind, initial }) => sum + (kind === 'weight' ? initial.data.length : 0), 0),
      feeds: (step, rate) => {
        const all = { ...batches(step), seed, step: int64(step), lr: hostTensor('float32', [], Float32Array.of(rate)) };
        const wanted = asked(step);
        return Object.fromEntries(Object.entries(all).filter(([name]) => wanted.has(name)));
      },
      dispose: async () => {
        await trainer.dispose();
        await data.close();
      },
    }; // prettier-ignore
  } catch (error) {
    await data.close();
    throw error;
  }
}

const int64 = (value: number): HostTensor => hostTensor('int64', [], BigInt64Array.of(BigInt(value)));

/** Whether samples without a class are of no use. */
function needsLabels(model: Configured, classes: number): boolean {
  return model.family === 'classifier' || (model.config.conditional && classes > 0);
}

function planFor(model: Configured, data: TrainingData, seed: number): TrainingPlan {
  if (model.family !== 'vae' || data.shape.kind !== 'image') return planOf(model, data.shape, seed);
  return vaePlan(model.config, data.shape, seed, pixelMeans(data, data.shape));
}

const mostForMeans = 10_000;

/** Means over training pictures in 0..1, [C H W]. */
function pixelMeans(data: TrainingData, shape: Extract<DataShape, { kind: 'image' }>): Float32Array {
  const { indices } = data.train;
  const places = evenly(indices.length, mostForMeans);
  const size = sampleSize(shape);
  const sums = new Float64Array(size);
  for (let from = 0; from < places.length; from += 500) {
    const pixels = data.take(places.subarray(from, from + 500).map((place) => indices[place] ?? 0));
    for (let k = 0, at = 0; k < pixels.length; k++, at = at + 1 === size ? 0 : at + 1) sums[at] = (sums[at] ?? 0) + (pixels[k] ?? 0); // prettier-ignore
  }
  const { channels } = shape;
  const area = size / channels;
  return Float32Array.from({ length: size }, (_, k) => {
    const [channel, place] = [Math.floor(k / area), k % area];
    return (sums[place * channels + channel] ?? 0) / places.length / 255;
  });
}

async function openTrainer({ main, variants }: TrainingPlan, { folder, tuning, threads }: TrainingOrder) {
  const own = path.join(folder, 'tuning.json');
  const cache = await readTuning(own, tuning);
  const before = JSON.stringify(cache);
  const session = threads > 0 ? { threads } : {};
  const compiled = await compileProgram(main, { ...session, cache });
  const others: Record<string, Uint8Array> = {};
  for (const [name, program] of Object.entries(variants)) others[name] = (await compileProgram(program, { ...session, cache })).model; // prettier-ignore
  await writeTuning(cache, own);
  if (JSON.stringify(cache) !== before) await writeTuning(cache, tuning);
  return createTrainer({ model: compiled.model, slots: compiled.slots, variants: others }, session);
}

/** Names of the inputs that the program of a step takes. */
function askedBy({ main, variants, variantAt }: TrainingPlan): (step: number) => ReadonlySet<string> {
  const namesOf = ({ graph }: StepProgram): ReadonlySet<string> => new Set(graph.inputs.map(({ name }) => name));
  const ofMain = namesOf(main);
  const ofVariants = new Map(Object.entries(variants).map(([name, program]) => [name, namesOf(program)]));
  return (step) => ofVariants.get(variantAt(step) ?? '') ?? ofMain;
}
