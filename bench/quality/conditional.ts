/** Digits drawn on demand: 2,000 of them, 200 of each class, read by the judge and laid beside the first 200 test digits of each class. */
import { inClassSpread } from '../../models/metrics/variety';
import { verdictOf } from '../../models/metrics/verdict';
import { hostTensor, type HostTensor } from '../../models/tensor/host-tensor';
import { normals, streamOf } from '../../models/tensor/random';
import { features } from '../../models/metrics/features';
import { flowPresets, flowSchema } from '../../models/zoo/flow/config';
import { flowPlan } from '../../models/zoo/flow/objective';
import { flowSampler } from '../../models/zoo/flow/sampler';
import { ganPresets, ganSchema } from '../../models/zoo/gan/config';
import { ganPlan } from '../../models/zoo/gan/objective';
import { ganSampler } from '../../models/zoo/gan/sampler';
import type { Graph } from '../../models/graph/ir';
import { usableWeights } from '../../models/zoo/training-plan';
import { firstOfEach, type Pictures, pictures, shuffled, whole } from './data';
import { type Figure, rounded, stepsOf, timesOf } from './figure';
import { theJudge } from './judge';
import { keepSheet } from './sheet';
import { evaluate, train, type Trained } from './train';

const each = 200;

interface Drawing {
  readonly graph: Graph;
  readonly seed: number;
  readonly width: number;
  readonly more: Readonly<Record<string, HostTensor>>;
}

const scalar = (value: number): HostTensor => hostTensor('float32', [], Float32Array.of(value));

/** Draws `each` pictures of every class. */
async function drawn({ graph, seed, width, more }: Drawing, { shape }: Pictures): Promise<Pictures> {
  const count = each * shape.classes;
  const asked = Uint8Array.from({ length: count }, (_, k) => Math.floor(k / each));
  const all = normals({ seed, stream: streamOf('sample') }, count * width);
  const feeds = (from: number, to: number) => ({
    noise: hostTensor('float32', [to - from, width], all.slice(from * width, to * width)),
    label: whole(asked.subarray(from, to)),
    temperature: scalar(1),
    ...more,
  });
  const { image = [] } = await evaluate(graph, count, feeds);
  return { shape, count, pixels: Uint8Array.from(image), labels: asked };
}

/** Read as asked, coverage with 5 neighbours, in-class pixel distance beside the real one, and the verdict. */
async function measured(made: Pictures, family: 'gan' | 'flow', step: number) {
  const judge = await theJudge();
  const real = firstOfEach(pictures('mnist', 't10k'), each);
  const [ofMade, ofReal] = [await judge(made), await judge(real)];
  const { state, numbers } = verdictOf({
    family, step, classes: 10, asked: made.labels,
    predicted: ofMade.predicted, realPredicted: ofReal.predicted, generated: ofMade.features, real: ofReal.features,
  }); // prettier-ignore
  const rates = Array.from({ length: 10 }, (_, c) => {
    const own = ofMade.predicted.filter((_label, k) => made.labels[k] === c);
    return own.filter((label) => label === c).length / own.length;
  });
  const spread = ({ pixels, labels }: Pictures) => inClassSpread(features(784, Float32Array.from(pixels)), labels);
  return {
    asked: numbers.readAsAsked ?? NaN,
    coverage: numbers.coverage ?? NaN,
    more: {
      worst: rounded(Math.min(...rates)),
      precision: rounded(numbers.precision ?? NaN),
      distances: rounded(spread(made) / spread(real), 3),
      featureDistances: rounded(numbers.variety ?? NaN, 3),
      verdict: state,
    },
  };
}

/** What real digits score under the same judge, beside the same reference. */
export const realDigits: Figure = async () => {
  const { asked, coverage, more } = await measured(firstOfEach(pictures('mnist', 't10k'), each, each), 'flow', 0);
  return [
    {
      steps: 0,
      seconds: 0,
      msPerStep: 0,
      cpuMsPerStep: 0,
      metrics: { asked: rounded(asked), coverage: rounded(coverage), ...more },
      goal: 'none: what the next 200 test digits of each class score',
      reached: true,
    },
  ];
};

async function figure(trained: Trained, made: Pictures, family: 'gan' | 'flow', steps: number, goal: readonly [number, number]) {
  keepSheet(`${family}-mnist-${steps}`, made);
  const { asked, coverage, more } = await measured(made, family, steps);
  return [{
    steps, ...timesOf(trained),
    metrics: { asked: rounded(asked), coverage: rounded(coverage), ...more },
    goal: `asked >= ${goal[0]}, coverage >= ${goal[1]}`,
    reached: asked >= goal[0] && coverage >= goal[1],
  }];
} // prettier-ignore

export function conditionalGan(whole: number, goal: readonly [number, number]): Figure {
  return async (run) => {
    const config = ganSchema.parse(ganPresets.digits);
    const all = pictures('mnist', 'train');
    const steps = stepsOf(whole, run);
    const plan = ganPlan(config, all.shape, run.seed);
    const trained = await train({ plan, steps, seed: run.seed, batch: shuffled(all, config.batch, run.seed) });
    const graph = ganSampler(config, all.shape, usableWeights(trained.weights));
    const made = await drawn({ graph, seed: run.seed, width: config.latent, more: {} }, all);
    return figure(trained, made, 'gan', steps, goal);
  };
}

/** Heun 8, guidance .5. */
export function conditionalFlow(count: number, goal: readonly [number, number]): Figure {
  return async (run) => {
    const config = flowSchema.parse(flowPresets.digits);
    const all = pictures('mnist', 'train');
    const steps = stepsOf(count, run);
    const plan = flowPlan(config, all.shape, run.seed);
    const trained = await train({ plan, steps, seed: run.seed, batch: shuffled(all, config.batch, run.seed) });
    const graph = flowSampler(config, all.shape, usableWeights(trained.weights), 'heun');
    const more = { steps: hostTensor('int64', [], BigInt64Array.of(8n)), guidance: scalar(0.5) };
    const made = await drawn({ graph, seed: run.seed, width: 784, more }, all);
    return figure(trained, made, 'flow', steps, goal);
  };
}
