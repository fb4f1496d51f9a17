/**
 * Flow matching on eight Gaussians: a net learns the velocity that carries noise to data along straight lines (Lipman et al. 2023); points are
 * then drawn by following it in small steps.
 */
import type { Value } from '../graph/ir';
import { silu } from '../nn/functions';
import { dense } from '../nn/layers';
import { meanSquaredError } from '../nn/losses';
import { Network } from '../nn/network';
import { randomNormalTensor, randomUniformTensor } from '../nn/random';
import { adam } from '../optim/adam';
import { averageWeights, clipByGlobalNorm } from '../optim/gradient-transforms';
import { minimize } from '../optim/optimizer';
import { cosine, warmUp } from '../optim/schedules';
import { type StepProgram, stepProgram } from '../optim/step-program';
import { normals, streamOf } from '../tensor/random';
import { floats, floatsOf } from './lib/batches';
import { averagesOf, type Weights, withInference } from './lib/load-program';
import type { Options, Report } from './lib/options';
import { reportRing, ringPoints } from './lib/ring';
import { runTraining } from './lib/run-training';

const width = 128;
const samples = 2500;
const eulerSteps = 100;

/** Points [N, 2] at times t [N, 1] in 0..1 to velocities [N, 2]; the net sees t also as sines and cosines. */
function velocity(net: Network, x: Value, t: Value): Value {
  const { g } = net;
  const angles = g.Mul(t, g.floats([1, 2, 4, 8].map((k) => k * Math.PI))); // [N, 4]
  const features = g.Concat(x, t, g.Sin(angles), g.Cos(angles), { axis: 1 }); // [N, 11]
  const hidden = [0, 1, 2].reduce((h, layer) => silu(g, dense(net, `${layer}`, h, width)), features);
  return dense(net, 'out', hidden, 2);
}

/** Where a point is at time t on its way from noise to data, and which way it goes. */
function trainingStep(seed: number, batch: number): StepProgram {
  const net = new Network({ seed });
  const { g } = net;
  const data = g.input('data', 'float32', [batch, 2]);
  const noise = randomNormalTensor(net, 'noise', [batch, 2]);
  const t = randomUniformTensor(net, 't', [batch, 1]);
  const direction = g.Sub(data, noise);
  const loss = meanSquaredError(g, velocity(net, g.Add(noise, g.Mul(direction, t)), t), direction);
  minimize(net, loss, adam({ betas: [0.9, 0.99] }), { transform: clipByGlobalNorm(5) });
  averageWeights(net, 0.999);
  return stepProgram(net, 'ring-flow', { loss });
}

/** Euler's method from t = 0 to 1. */
async function draw(weights: Weights, seed: number): Promise<Float32Array> {
  const forward = (net: Network): Record<string, Value> => {
    const x = net.g.input('x', 'float32', [samples, 2]);
    const v = velocity(net, x, net.g.input('t', 'float32', [samples, 1]));
    return { next: net.g.Add(x, net.g.Div(v, eulerSteps)) };
  };
  return withInference(forward, weights, async (run) => {
    let x = normals({ seed, stream: streamOf('sample') }, 2 * samples);
    for (let k = 0; k < eulerSteps; k++) {
      const t = new Float32Array(samples).fill(k / eulerSteps);
      x = floatsOf(await run({ x: floats([samples, 2], x), t: floats([samples, 1], t) }), 'next');
    }
    return x;
  });
}

/** Trains on fresh points at every step, then draws 2,500 and judges them. */
export async function ringFlow(options: Options, batch = 512): Promise<Report> {
  const { seed } = options;
  const run = await runTraining(
    trainingStep(seed, batch),
    {
      rate: warmUp(10, cosine(2e-3, 990)),
      batch: (step) => ({ data: floats([batch, 2], ringPoints({ seed, stream: streamOf('data'), step }, batch)) }),
    },
    options,
  );
  return reportRing(options, 'ring-flow.png', run, await draw(averagesOf(run.weights), seed));
}
