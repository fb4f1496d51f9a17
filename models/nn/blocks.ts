/** Blocks that nets repeat. */
import type { Value } from '../graph/ir';
import { silu } from './functions';
import { conv2d, groupNorm } from './layers';
import type { Network } from './network';

/**
 * x + conv(silu(norm(conv(silu(norm(x)))))), pre-activated (He et al. 2016, "Identity Mappings") with group normalisation, and a 1x1
 * convolution beside it where the number of channels changes: x [N, C, H, W] -> [N, channels, H, W].
 */
export function residualBlock(net: Network, name: string, x: Value, channels: number, groups = 8): Value {
  return net.scope(name, () => {
    const { g } = net;
    const around = { kernel: 3, padding: 1 };
    const first = conv2d(net, 'conv1', silu(g, groupNorm(net, 'norm1', x, groups)), channels, around);
    const second = conv2d(net, 'conv2', silu(g, groupNorm(net, 'norm2', first, groups)), channels, around);
    const skip = x.shape[1] === channels ? x : conv2d(net, 'skip', x, channels, { kernel: 1 });
    return g.Add(second, skip);
  });
}
