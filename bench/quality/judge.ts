/** Classifiers: the digits judge, and clothes under 100,000 parameters. */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { classifierPresets, classifierSchema, type ClassifierConfig } from '../../models/zoo/classifier/config';
import { classifierPlan } from '../../models/zoo/classifier/objective';
import { classifierGraph } from '../../models/zoo/classifier/sampler';
import { usableWeights } from '../../models/zoo/training-plan';
import { type Features, features } from '../../models/metrics/features';
import type { HostTensor } from '../../models/tensor/host-tensor';
import { readSafetensors, writeSafetensors } from '../../models/tensor/safetensors';
import { feedsOf, picked, type Pictures, pictures, shuffled } from './data';
import { type Figure, type FigureResult, type FigureRun, rounded, stepsOf, timesOf } from './figure';
import { evaluate, keptIn, train, type Trained } from './train';

type Weights = Readonly<Record<string, HostTensor>>;

const digits = classifierSchema.parse(classifierPresets.digits);
const clothes = classifierSchema.parse(classifierPresets.clothes);
/** The steps that PyTorch made in a minute where the recipe was measured. */
const judgeSteps = 2458;

function trainOn(set: 'mnist' | 'fashion-mnist', config: ClassifierConfig, seed: number, steps: number): Promise<Trained> {
  const all = pictures(set, 'train');
  const batch = shuffled(all, config.batch, seed, config.augmentation);
  return train({ plan: classifierPlan(config, all.shape, seed), steps, seed, batch });
} // prettier-ignore

/** What a judge says of pictures: classes, how sure it is, and its features. */
export interface Judged {
  readonly predicted: number[];
  readonly confidence: number[];
  readonly features: Features;
}

export async function judge(config: ClassifierConfig, weights: Weights, all: Pictures): Promise<Judged> {
  const { classes } = all.shape;
  const feeds = (from: number, to: number) => ({ x: feedsOf(picked(all, Array.from({ length: to - from }, (_, k) => from + k))).x }); // prettier-ignore
  const { probabilities = [], features: flat = [] } = await evaluate(classifierGraph(config, all.shape, weights), all.count, feeds); // prettier-ignore
  const rows = Array.from({ length: all.count }, (_, k) => probabilities.slice(k * classes, (k + 1) * classes));
  const confidence = rows.map((row) => Math.max(...row));
  return {
    predicted: rows.map((row, k) => row.indexOf(confidence[k] ?? 0)),
    confidence,
    features: features(flat.length / all.count, Float32Array.from(flat)),
  };
}

/** Share of the pictures that are judged rightly. */
export function share(predicted: readonly number[], labels: ArrayLike<number>): number {
  return predicted.filter((label, k) => label === labels[k]).length / predicted.length;
}

async function accuracy(set: 'mnist' | 'fashion-mnist', config: ClassifierConfig, weights: Weights): Promise<number> {
  const test = pictures(set, 't10k');
  return share((await judge(config, weights, test)).predicted, test.labels);
}

const judgeFile = path.join(keptIn, 'judge.safetensors');

/** The judge of the generators: that of seed 0, trained where it is not there yet. */
export async function theJudge(): Promise<(all: Pictures) => Promise<Judged>> {
  if (!existsSync(judgeFile)) keep(usableWeights((await trainOn('mnist', digits, 0, judgeSteps)).weights));
  const { tensors } = readSafetensors(readFileSync(judgeFile));
  return (all) => judge(digits, tensors, all);
}

function keep(weights: Weights): void {
  mkdirSync(keptIn, { recursive: true });
  writeFileSync(judgeFile, writeSafetensors(weights));
}

function result(trained: Trained, steps: number, metrics: FigureResult['metrics'], goal: string, reached: boolean): FigureResult {
  return { steps, ...timesOf(trained), metrics, goal, reached };
} // prettier-ignore

export const mnistJudge: Figure = async (run: FigureRun) => {
  const steps = stepsOf(judgeSteps, run);
  const trained = await trainOn('mnist', digits, run.seed, steps);
  const weights = usableWeights(trained.weights);
  if (run.seed === 0 && run.scale === 1) keep(weights);
  const test = await accuracy('mnist', digits, weights);
  return [result(trained, steps, { accuracy: rounded(test) }, 'accuracy >= .994', test >= 0.994)];
};

/** As many steps as a minute holds here. */
export const mnistMinute: Figure = async (run: FigureRun) => {
  const { msPerStep } = await trainOn('mnist', digits, run.seed, 200);
  const steps = stepsOf(60_000 / msPerStep, run);
  const trained = await trainOn('mnist', digits, run.seed, steps);
  const test = await accuracy('mnist', digits, usableWeights(trained.weights));
  return [result(trained, steps, { accuracy: rounded(test) }, 'accuracy >= .994 in 60 s', test >= 0.994)];
};

export const fashion: Figure = async (run: FigureRun) => {
  const steps = stepsOf(5079, run);
  const trained = await trainOn('fashion-mnist', clothes, run.seed, steps);
  const average = await accuracy('fashion-mnist', clothes, usableWeights(trained.weights));
  const last = await accuracy('fashion-mnist', clothes, trained.weights);
  return [result(trained, steps, { accuracy: rounded(average), lastWeights: rounded(last) }, 'accuracy >= .923', average >= 0.923)]; // prettier-ignore
};
