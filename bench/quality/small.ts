/** Presets on the small sets that come with Duet, each trained briefly: whether a beginner's first press of the button ends well. */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { verdictOf } from '../../models/metrics/verdict';
import type { Graph } from '../../models/graph/ir';
import { hostTensor, type HostTensor } from '../../models/tensor/host-tensor';
import { normals, streamOf } from '../../models/tensor/random';
import { readSafetensors, writeSafetensors } from '../../models/tensor/safetensors';
import { classifierPresets, classifierSchema } from '../../models/zoo/classifier/config';
import { classifierPlan } from '../../models/zoo/classifier/objective';
import { type DataShape, sampleSize } from '../../models/zoo/data-shape';
import { flowPresets, flowSchema } from '../../models/zoo/flow/config';
import { flowPlan } from '../../models/zoo/flow/objective';
import { flowSampler } from '../../models/zoo/flow/sampler';
import { ganPresets, ganSchema } from '../../models/zoo/gan/config';
import { ganPlan } from '../../models/zoo/gan/objective';
import { ganSampler } from '../../models/zoo/gan/sampler';
import { type TrainingPlan, usableWeights } from '../../models/zoo/training-plan';
import { vaePresets, vaeSchema } from '../../models/zoo/vae/config';
import { vaePlan } from '../../models/zoo/vae/objective';
import { vaeNoise, vaeSampler } from '../../models/zoo/vae/sampler';
import { type Pictures, shuffled, whole } from './data';
import { type Figure, type FigureRun, rounded, stepsOf, timesOf } from './figure';
import { type Judged, judge, share } from './judge';
import { keepSheet } from './sheet';
import { smallSet } from './small-data';
import { evaluate, keptIn, train } from './train';

type Weights = Readonly<Record<string, HostTensor>>;
type SetName = 'digits' | 'emoji';

const presets = { digits: 'small', emoji: 'pictures' } as const;
const judgeSteps = { digits: 600, emoji: 1200 };
const each = 40;
const scalar = (value: number): HostTensor => hostTensor('float32', [], Float32Array.of(value));

async function trainJudge(name: SetName, { seed }: FigureRun, steps: number) {
  const config = classifierSchema.parse(classifierPresets[presets[name]]);
  const { train: all, test } = await smallSet(name);
  const batch = shuffled(all, config.batch, seed, config.augmentation);
  const trained = await train({ plan: classifierPlan(config, all.shape, seed), steps, seed, batch });
  return { config, trained, test, weights: usableWeights(trained.weights) };
}

export function smallJudge(name: SetName, goal: number): Figure {
  return async (run) => {
    const steps = stepsOf(judgeSteps[name], run);
    const { config, trained, test, weights } = await trainJudge(name, run, steps);
    const accuracy = share((await judge(config, weights, test)).predicted, test.labels);
    return [{
      steps, ...timesOf(trained),
      metrics: { accuracy: rounded(accuracy) }, goal: `accuracy >= ${goal}`, reached: accuracy >= goal,
    }];
  };
} // prettier-ignore

/** A judge of this set, trained where it is not there yet. */
async function judgeOf(name: SetName): Promise<(all: Pictures) => Promise<Judged>> {
  const config = classifierSchema.parse(classifierPresets[presets[name]]);
  const file = path.join(keptIn, `judge-${name}.safetensors`);
  if (!existsSync(file)) {
    const { weights } = await trainJudge(name, { seed: 0, scale: 1 }, judgeSteps[name]);
    mkdirSync(keptIn, { recursive: true });
    writeFileSync(file, writeSafetensors(weights));
  }
  const { tensors } = readSafetensors(readFileSync(file));
  return (all) => judge(config, tensors, all);
}

interface Drawer {
  readonly plan: TrainingPlan;
  readonly noise: number;
  readonly graph: (weights: Weights) => Graph;
  readonly more?: Readonly<Record<string, HostTensor>>;
}

function drawerOf(family: 'vae' | 'gan' | 'flow', name: SetName, shape: DataShape, seed: number): Drawer {
  if (family === 'vae') {
    const config = vaeSchema.parse(vaePresets[presets[name]]);
    return { plan: vaePlan(config, shape, seed), noise: vaeNoise(config, shape), graph: (weights) => vaeSampler(config, shape, weights) };
  }
  if (family === 'gan') {
    const config = ganSchema.parse(ganPresets[presets[name]]);
    return { plan: ganPlan(config, shape, seed), noise: config.latent, graph: (weights) => ganSampler(config, shape, weights) };
  }
  const config = flowSchema.parse(flowPresets[presets[name]]);
  const more = { steps: hostTensor('int64', [], BigInt64Array.of(8n)), guidance: scalar(0.5) };
  return { plan: flowPlan(config, shape, seed), noise: sampleSize(shape), graph: (weights) => flowSampler(config, shape, weights), more };
} // prettier-ignore

async function drawn({ noise, graph, more = {} }: Drawer, weights: Weights, shape: Pictures['shape'], seed: number) {
  const count = each * shape.classes;
  const labels = Uint8Array.from({ length: count }, (_, k) => Math.floor(k / each));
  const all = normals({ seed, stream: streamOf('sample') }, count * noise);
  const feeds = (from: number, to: number) => ({
    noise: hostTensor('float32', [to - from, noise], all.slice(from * noise, to * noise)),
    label: whole(labels.subarray(from, to)),
    temperature: scalar(1),
    ...more,
  });
  const { image = [] } = await evaluate(graph(weights), count, feeds, 100);
  return { shape, count, pixels: Uint8Array.from(image), labels };
}

export function smallGenerator(family: 'vae' | 'gan' | 'flow', name: SetName, count: number, goal: readonly [number, number]): Figure {
  return async (run) => {
    const { train: all, test } = await smallSet(name);
    const steps = stepsOf(count, run);
    const drawer = drawerOf(family, name, all.shape, run.seed);
    const trained = await train({ plan: drawer.plan, steps, seed: run.seed, batch: shuffled(all, drawer.plan.batch, run.seed) });
    const made = await drawn(drawer, usableWeights(trained.weights), all.shape, run.seed);
    keepSheet(`${family}-${name}-${run.seed}`, made);
    const read = await judgeOf(name);
    const [ofMade, ofReal] = [await read(made), await read(test)];
    const { state, numbers } = verdictOf({
      family, step: steps, classes: all.shape.classes, asked: made.labels,
      predicted: ofMade.predicted, realPredicted: ofReal.predicted, generated: ofMade.features, real: ofReal.features,
    });
    const { readAsAsked = NaN, coverage = NaN, coverageOfReal = NaN, precision = NaN, variety = NaN } = numbers;
    return [{
      steps, ...timesOf(trained),
      metrics: {
        asked: rounded(readAsAsked), coverage: rounded(coverage), coverageOfReal: rounded(coverageOfReal), precision: rounded(precision),
        featureDistances: rounded(variety, 3), verdict: state,
      },
      goal: `asked >= ${goal[0]}, coverage >= ${goal[1]}`, reached: readAsAsked >= goal[0] && coverage >= goal[1],
    }];
  };
} // prettier-ignore
