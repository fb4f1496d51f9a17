/** Reference network: DCGAN on 28x28 (Radford, Metz, Chintala 2016): one update of the discriminator, then one of the generator. */
import type { Builder } from '../graph/builder-type';
import type { Value } from '../graph/ir';
import { batchNorm, conv2d, convTranspose2d, dense } from '../nn/layers';
import { binaryCrossEntropy } from '../nn/losses';
import { Network } from '../nn/network';
import { adam } from '../optim/adam';
import { minimize } from '../optim/optimizer';
import { type StepProgram, stepProgram } from '../optim/step-program';

const half = { kernel: 4, stride: 2, padding: 1 };

/** Latents [N, 64] to pictures [N, 1, 28, 28] in -1..1. */
export function generator(net: Network, latent: Value): Value {
  return net.scope('G', () => {
    const { g } = net;
    const seed = g.Relu(dense(net, 'dense', latent, 128 * 49));
    const small = g.Reshape(seed, [latent.dims[0] ?? 1, 128, 7, 7]);
    const middle = g.Relu(batchNorm(net, 'norm', convTranspose2d(net, 'up1', small, 64, half))); // [N, 64, 14, 14]
    return g.Tanh(convTranspose2d(net, 'up2', middle, 1, half)); // [N, 1, 28, 28]
  });
}

/** Pictures [N, 1, 28, 28] to one logit each [N, 1]: positive for real. */
export function discriminator(net: Network, picture: Value): Value {
  return net.scope('D', () => {
    const { g } = net;
    const first = g.LeakyRelu(conv2d(net, 'down1', picture, 64, half), { alpha: 0.2 }); // [N, 64, 14, 14]
    const second = batchNorm(net, 'norm', conv2d(net, 'down2', first, 128, half)); // [N, 128, 7, 7]
    return dense(net, 'dense', g.Flatten(g.LeakyRelu(second, { alpha: 0.2 })), 1);
  });
}

const asReal = (g: Builder, logits: Value): Value => binaryCrossEntropy(g, logits, g.scalarLike(logits, 1));
const asFake = (g: Builder, logits: Value): Value => binaryCrossEntropy(g, logits, g.scalarLike(logits, 0));

/** Inputs: x float32 [batch, 1, 28, 28], noise float32 [batch, 64]. Outputs: loss.D, loss.G (nats). The generator meets the updated discriminator. */
export function dcganStep(batch = 64, learningRate = 2e-4): StepProgram {
  const net = new Network();
  const { g } = net;
  const x = g.input('x', 'float32', [batch, 1, 28, 28]);
  const fake = generator(net, g.input('noise', 'float32', [batch, 64]));
  const optimizer = adam({ learningRate, betas: [0.5, 0.999] });
  const lossD = g.Add(asReal(g, discriminator(net, x)), asFake(g, discriminator(net, g.stopGradient(fake))));
  minimize(net, lossD, optimizer, { only: ['D.'] });
  const lossG = asReal(g, discriminator(net, fake));
  minimize(net, lossG, optimizer, { only: ['G.'] });
  return stepProgram(net, 'dcgan-step', { 'loss.D': lossD, 'loss.G': lossG });
}
