/**
 * A generative adversarial network on eight Gaussians: two players in one step program, and a penalty that needs a gradient of a gradient.
 * Goodfellow et al. 2014 (non-saturating loss), Mescheder et al. 2018 (R1). Without the penalty most runs lose modes.
 */
import type { Value } from '../graph/ir';
import { heUniform } from '../nn/initializers';
import { dense } from '../nn/layers';
import { Network } from '../nn/network';
import { randomNormalTensor } from '../nn/random';
import { adam } from '../optim/adam';
import { averageWeights, squaredGradientNorm } from '../optim/gradient-transforms';
import { minimize } from '../optim/optimizer';
import { constantThenCosine } from '../optim/schedules';
import { type StepProgram, stepProgram } from '../optim/step-program';
import { normals, streamOf } from '../tensor/random';
import { floats, floatsOf } from './lib/batches';
import { averagesOf, withInference } from './lib/load-program';
import type { Options, Report } from './lib/options';
import { reportRing, ringPoints } from './lib/ring';
import { runTraining } from './lib/run-training';

const width = 128;
const latents = 16;
const gamma = 0.02;
const samples = 2500;

/** Three hidden layers; weights uniform within sqrt(2 / fan_in). */
function mlp(net: Network, name: string, x: Value, activation: (x: Value) => Value, outputs: number): Value {
  return net.scope(name, () => {
    const weight = heUniform(Math.sqrt(2 / 3));
    const hidden = [0, 1, 2].reduce((h, layer) => activation(dense(net, `${layer}`, h, width, { weight })), x);
    return dense(net, 'out', hidden, outputs);
  });
}

/** Latents [N, 16] to points [N, 2]. */
const generator = (net: Network, latent: Value): Value => mlp(net, 'G', latent, (x) => net.g.Relu(x), 2);
/** Points [N, 2] to one logit each [N, 1], positive for real. */
const discriminator = (net: Network, points: Value): Value =>
  mlp(net, 'D', points, (x) => net.g.LeakyRelu(x, { alpha: 0.2 }), 1);

/** One update of D, then one of G, which meets the updated D. */
function trainingStep(seed: number, batch: number): StepProgram {
  const net = new Network({ seed });
  const { g } = net;
  const mean = (x: Value): Value => g.ReduceMean(x, { keepdims: 0 });
  const real = g.input('real', 'float32', [batch, 2]);
  const fake = generator(net, randomNormalTensor(net, 'latent', [batch, latents]));
  const optimizer = adam({ betas: [0, 0.99] });

  const onReal = discriminator(net, real);
  const onFake = discriminator(net, g.stopGradient(fake));
  const penalty = g.Mul(squaredGradientNorm(g, onReal, real), gamma / 2);
  const lossD = g.Add(g.Add(mean(g.Softplus(g.Neg(onReal))), mean(g.Softplus(onFake))), penalty);
  minimize(net, lossD, optimizer, { only: ['D.'] });

  const lossG = mean(g.Softplus(g.Neg(discriminator(net, fake))));
  minimize(net, lossG, optimizer, { only: ['G.'] });
  averageWeights(net, 0.998);
  return stepProgram(net, 'ring-gan', { 'loss.D': lossD, 'loss.G': lossG });
}

/** Trains on fresh points at every step, then draws 2,500 and judges them. */
export async function ringGan(options: Options, batch = 256): Promise<Report> {
  const { seed } = options;
  const run = await runTraining(
    trainingStep(seed, batch),
    {
      rate: constantThenCosine(1e-3, 1000, 0.3),
      batch: (step) => ({ real: floats([batch, 2], ringPoints({ seed, stream: streamOf('real'), step }, batch)) }),
    },
    options,
  );
  const noise = floats([samples, latents], normals({ seed, stream: streamOf('sample') }, samples * latents));
  const results = await withInference(
    (net) => ({ points: generator(net, net.g.input('latent', 'float32', [samples, latents])) }),
    averagesOf(run.weights),
    (forward) => forward({ latent: noise }),
  );
  return reportRing(options, 'ring-gan.png', run, floatsOf(results, 'points'));
}
