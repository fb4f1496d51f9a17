/** Points of a plane: flow matching, and adversarial pairs without and with their penalty. */
import { modeReport } from '../../models/metrics/modes';
import { pointsVerdict } from '../../models/metrics/verdict';
import { hostTensor, type HostTensor } from '../../models/tensor/host-tensor';
import { normals, streamOf } from '../../models/tensor/random';
import type { DataShape } from '../../models/zoo/data-shape';
import { flowPresets, flowSchema } from '../../models/zoo/flow/config';
import { flowPlan } from '../../models/zoo/flow/objective';
import { flowSampler } from '../../models/zoo/flow/sampler';
import { ganPresets, ganSchema } from '../../models/zoo/gan/config';
import { ganPlan } from '../../models/zoo/gan/objective';
import { ganSampler } from '../../models/zoo/gan/sampler';
import { type TrainingPlan, usableWeights } from '../../models/zoo/training-plan';
import { mixtures, points } from './data';
import { type Figure, type FigureRun, rounded, stepsOf, timesOf } from './figure';
import { evaluate, train } from './train';

type MixtureName = keyof typeof mixtures;

const shape: DataShape = { kind: 'vector', width: 2, classes: 0 };
const samples = 2500;
/** A step of such a small net costs no more than a call. */
const stepsPerCall = 20;

const scalar = (value: number): HostTensor => hostTensor('float32', [], Float32Array.of(value));
const whole = (value: number): HostTensor => hostTensor('int64', [], BigInt64Array.of(BigInt(value)));

/** Fresh standard normal numbers of a sampler, [samples, width]. */
function noise(seed: number, width: number): HostTensor {
  return hostTensor('float32', [samples, width], normals({ seed, stream: streamOf('sample') }, samples * width));
}

function trainOn(mixture: MixtureName, plan: TrainingPlan, { seed }: FigureRun, steps: number) {
  const batch = (step: number) => ({ x: points(mixtures[mixture], { seed, stream: streamOf(mixture), step }, plan.batch) }); // prettier-ignore
  return train({ plan, steps: Math.ceil(steps / stepsPerCall) * stepsPerCall, seed, batch, stepsPerCall });
}

/** Flow matching; Heun 25 is what the goal is for, Euler 100 shows what few steps do to the spread. */
export function flowOn(mixture: MixtureName, goal: number): Figure {
  return async (run) => {
    const config = flowSchema.parse(mixture === 'ring' ? flowPresets.points : flowPresets['points-waves']);
    const steps = stepsOf(10_000, run);
    const trained = await trainOn(mixture, flowPlan(config, shape, run.seed), run, steps);
    const draw = async (method: 'heun' | 'euler', count: number) => {
      const feeds = () => ({ noise: noise(run.seed, 2), temperature: scalar(1), steps: whole(count) });
      const graph = flowSampler(config, shape, usableWeights(trained.weights), method);
      const { row = [] } = await evaluate(graph, samples, feeds, samples);
      return modeReport(row, mixtures[mixture]);
    };
    const [heun, euler] = [await draw('heun', 25), await draw('euler', 100)];
    const modes = mixtures[mixture].centres.length;
    return [
      {
        steps, ...timesOf(trained),
        metrics: {
          modes: heun.reached, within: rounded(heun.within), spread: rounded(heun.spread, 2),
          eulerModes: euler.reached, eulerWithin: rounded(euler.within), eulerSpread: rounded(euler.spread, 2),
        },
        goal: `${modes} modes, within >= ${goal} (Heun 25)`,
        reached: heun.reached === modes && heun.within >= goal,
      },
    ]; // prettier-ignore
  };
}

/** An adversarial pair; without a goal for the share within 3 deviations it is expected to fail, and the verdict to say so:
 * modes are missing (collapsed), or points lie between them (poor). */
export function ganOn(mixture: MixtureName, preset: 'points' | 'points-plain', whole: number, goal?: number): Figure {
  return async (run) => {
    const config = ganSchema.parse(ganPresets[preset]);
    const steps = stepsOf(whole, run);
    const trained = await trainOn(mixture, ganPlan(config, shape, run.seed), run, steps);
    const feeds = () => ({ noise: noise(run.seed, config.latent), temperature: scalar(1) });
    const graph = ganSampler(config, shape, usableWeights(trained.weights));
    const { row = [] } = await evaluate(graph, samples, feeds, samples);
    const report = modeReport(row, mixtures[mixture]);
    const { state } = pointsVerdict(report, { family: 'gan', step: steps });
    const modes = mixtures[mixture].centres.length;
    return [
      {
        steps, ...timesOf(trained),
        metrics: { modes: report.reached, within: rounded(report.within), spread: rounded(report.spread, 2), verdict: state },
        goal: goal === undefined ? 'fails, and the verdict says so' : `${modes} modes, within >= ${goal}`,
        reached: goal === undefined ? state === 'collapsed' || state === 'poor' : report.reached === modes && report.within >= goal,
      },
    ]; // prettier-ignore
  };
}
