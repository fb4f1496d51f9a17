/** The autoencoder 784-200-200-50 in nats: minus the bound on the 10,000 test digits, made black and white once. */
import { hostTensor } from '../../models/tensor/host-tensor';
import { streamOf, uniforms } from '../../models/tensor/random';
import { usableWeights } from '../../models/zoo/training-plan';
import { type VaeConfig, vaePresets, vaeSchema } from '../../models/zoo/vae/config';
import { vaePlan } from '../../models/zoo/vae/objective';
import { vaeBound } from '../../models/zoo/vae/sampler';
import { picked, type Pictures, pictures, shuffled } from './data';
import { type Figure, type FigureResult, rounded, stepsOf, timesOf } from './figure';
import { evaluate, train } from './train';

type Weights = Parameters<typeof vaeBound>[3];

const nats = vaeSchema.parse(vaePresets.nats);
/** After so many steps of the long run the recipe's short figure was taken. */
const early = 9208;
const stepsPerCall = 16;

/** Mean of every pixel in 0..1. */
function pixelMeans({ pixels, count, shape }: Pictures): Float32Array {
  const size = shape.height * shape.width;
  const sums = new Float64Array(size);
  pixels.forEach((value, i) => (sums[i % size] = (sums[i % size] ?? 0) + value));
  return Float32Array.from(sums, (sum) => sum / count / 255);
}

/** Every pixel black or white, with its grey value as probability. */
function blackAndWhite(all: Pictures): Pictures {
  const draws = uniforms({ seed: 0, stream: streamOf('binarise.test') }, all.pixels.length);
  return { ...all, pixels: all.pixels.map((value, i) => ((draws[i] ?? 0) < value / 255 ? 255 : 0)) };
}

async function bound(weights: Weights, test: Pictures): Promise<Record<string, number>> {
  const at = 500;
  const scalar = (value: number) => hostTensor('int64', [], BigInt64Array.of(BigInt(value)));
  const given: VaeConfig = { ...nats, binarize: false };
  const feeds = (from: number) => ({ ...x(picked(test, Array.from({ length: at }, (_, k) => from + k))), seed: scalar(1), step: scalar(from) }); // prettier-ignore
  const x = ({ shape, count, pixels }: Pictures) => ({ x: hostTensor('uint8', [count, shape.height, shape.width, 1], pixels) }); // prettier-ignore
  const all = await evaluate(vaeBound(given, test.shape, at, weights), test.count, feeds, at);
  const mean = (values: readonly number[] = []): number =>
    values.reduce((sum, value) => sum + value, 0) / values.length;
  return {
    nats: rounded(mean(all['loss']), 2),
    reconstruction: rounded(mean(all['reconstruction']), 2),
    kl: rounded(mean(all['kl']), 2),
  };
}

function vaeIn(whole: number, goal: number, config: VaeConfig): Figure {
  return async (run) => {
    const all = pictures('mnist', 'train');
    const test = blackAndWhite(pictures('mnist', 't10k'));
    const steps = Math.ceil(stepsOf(whole, run) / stepsPerCall) * stepsPerCall;
    const found: { at: number; limit: number; metrics: Record<string, number> }[] = [];
    const judged = async (weights: Weights, at: number, limit: number) => {
      found.push({ at, limit, metrics: await bound(usableWeights(weights), test) });
    };
    const at = early - (early % stepsPerCall);
    const trained = await train({
      plan: vaePlan(config, all.shape, run.seed, pixelMeans(all)),
      steps,
      seed: run.seed,
      batch: shuffled(all, config.batch, run.seed),
      stepsPerCall,
      snapshots: steps > 2 * early ? { [at]: (weights) => judged(weights, at, 99.8) } : {},
    });
    await judged(trained.weights, steps, goal);
    return found.map(({ at: count, limit, metrics }): FigureResult => ({
      steps: count,
      ...timesOf({ ...trained, seconds: (trained.msPerStep * count) / 1000 }),
      metrics,
      goal: `nats <= ${limit} (of a run of ${steps} steps)`,
      reached: (metrics['nats'] ?? Infinity) <= limit,
    }));
  };
}

/** As the long run begins: at the full rate, since that is what the recipe's figure was taken from. */
export const vaeShort = vaeIn(early, 99.8, { ...nats, hold: 1 });
export const vaeLong = vaeIn(91_413, 92.9, nats);
