/** Reference network: variational autoencoder 784-400-(20, 20)-400-784 (Kingma and Welling 2014), Bernoulli likelihood with logits. */
import { dense } from '../nn/layers';
import { binaryCrossEntropy, gaussianKl } from '../nn/losses';
import { Network } from '../nn/network';
import { adam } from '../optim/adam';
import { minimize } from '../optim/optimizer';
import { type StepProgram, stepProgram } from '../optim/step-program';

/** Inputs: x float32 [batch, 784] in 0..1, noise float32 [batch, 20] standard normal. Outputs: loss (sum over the batch, nats). */
export function vaeStep(batch = 128): StepProgram {
  const net = new Network();
  const { g } = net;
  const x = g.input('x', 'float32', [batch, 784]);
  const noise = g.input('noise', 'float32', [batch, 20]);
  const hidden = g.Relu(dense(net, 'encoder', x, 400)); // [batch, 400]
  const mean = dense(net, 'mean', hidden, 20);
  const logVariance = dense(net, 'log_variance', hidden, 20);
  const latent = g.Add(mean, g.Mul(noise, g.Exp(g.Mul(logVariance, 0.5)))); // [batch, 20]
  const logits = dense(net, 'decoder.1', g.Relu(dense(net, 'decoder.0', latent, 400)), 784); // [batch, 784]
  const loss = g.Add(binaryCrossEntropy(g, logits, x, 'sum'), gaussianKl(g, mean, logVariance, 'sum'));
  minimize(net, loss, adam({ learningRate: 1e-3 }));
  return stepProgram(net, 'vae-step', { loss });
}
