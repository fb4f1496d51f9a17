/** Reference network: a small U-Net with group normalisation that predicts the noise in a picture (Ho, Jain, Abbeel 2020). */
import type { Value } from '../graph/ir';
import { residualBlock } from '../nn/blocks';
import { conv2d, groupNorm } from '../nn/layers';
import { meanSquaredError } from '../nn/losses';
import { Network } from '../nn/network';
import { silu, upsample2d } from '../nn/functions';
import { adam } from '../optim/adam';
import { minimize } from '../optim/optimizer';
import { type StepProgram, stepProgram } from '../optim/step-program';

/** Pictures [N, 1, H, W] to noise of the same shape; H and W even. */
export function unet(net: Network, x: Value, width = 16): Value {
  const { g } = net;
  const full = residualBlock(net, 'down1', conv2d(net, 'in', x, width, { kernel: 3, padding: 1 }), width); // [N, w, H, W]
  const half = conv2d(net, 'shrink', full, 2 * width, { kernel: 3, stride: 2, padding: 1 }); // [N, 2w, H/2, W/2]
  const deep = residualBlock(net, 'middle', half, 2 * width);
  const joined = g.Concat(upsample2d(g, deep, 2), full, { axis: 1 }); // [N, 3w, H, W]
  const last = residualBlock(net, 'up1', joined, width);
  return conv2d(net, 'out', silu(g, groupNorm(net, 'norm', last, 8)), 1, { kernel: 3, padding: 1 });
}

/** Inputs: x, noise float32 [batch, 1, size, size]. Outputs: loss (mean squared error). */
export function unetStep(batch = 8, size = 16): StepProgram {
  const net = new Network();
  const x = net.g.input('x', 'float32', [batch, 1, size, size]);
  const noise = net.g.input('noise', 'float32', [batch, 1, size, size]);
  const loss = meanSquaredError(net.g, unet(net, net.g.Add(x, noise)), noise);
  minimize(net, loss, adam({ learningRate: 1e-3 }));
  return stepProgram(net, 'unet-step', { loss });
}
