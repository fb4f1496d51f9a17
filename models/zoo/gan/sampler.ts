/** The trained generator as a file, and the discriminator as another. */
import type { Graph } from '../../graph/ir';
import { inferenceGraph } from '../../nn/inference';
import type { HostTensor } from '../../tensor/host-tensor';
import { labelsInput, picturesOf, storedInput, storedPictures } from '../batch';
import type { DataShape } from '../data-shape';
import { sampleInputs } from '../sampler-inputs';
import type { GanConfig } from './config';
import { discriminate, generate, isConditional } from './network';

type Weights = Readonly<Record<string, HostTensor>>;

/** `noise` [N, latent], `label` int64 [N], `temperature` [] (spread of the noise, 1) to `image` u8 [N, H, W, C] or `row` [N, width]. */
export function ganSampler(config: GanConfig, shape: DataShape, weights: Weights): Graph {
  return inferenceGraph('gan-sampler', (net) => {
    const { g } = net;
    const { noise, label } = sampleInputs(net, config.latent, isConditional(config, shape));
    const latent = g.Mul(noise, g.input('temperature', 'float32', []));
    const drawn = generate(net, config, shape, latent, label);
    return shape.kind === 'image' ? { image: storedPictures(g, drawn, shape, -1, 1) } : { row: drawn };
  }, weights); // prettier-ignore
}

/** Stored samples `x` (and `labels`) to `score` [N, 1]: how real the discriminator finds them. */
export function ganCritic(config: GanConfig, shape: DataShape, weights: Weights): Graph {
  return inferenceGraph('gan-critic', (net) => {
    const stored = storedInput(net, shape, 'N');
    const x = shape.kind === 'image' ? picturesOf(net.g, stored, shape, -1, 1) : stored;
    const labels = isConditional(config, shape) ? labelsInput(net, 'N') : undefined;
    return { score: discriminate(net, config, shape, x, labels) };
  }, weights); // prettier-ignore
}
