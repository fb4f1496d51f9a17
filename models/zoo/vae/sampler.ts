/** The trained autoencoder as files: latents to samples, samples to latents, samples to the bound. */
import type { Graph, Value } from '../../graph/ir';
import { inferenceGraph } from '../../nn/inference';
import type { Network } from '../../nn/network';
import type { HostTensor } from '../../tensor/host-tensor';
import { labelsInput, picturesOf, storedInput, storedPictures } from '../batch';
import type { DataShape } from '../data-shape';
import { sampleInputs } from '../sampler-inputs';
import type { VaeConfig } from './config';
import { decode, encode, isConditional, type VaeParts } from './network';
import { negativeBound } from './objective';

type Weights = Readonly<Record<string, HostTensor>>;

/** Numbers of noise that one sample takes: its latent and, for rows with a spread, that of every number. */
export function vaeNoise({ latent }: VaeConfig, shape: DataShape): number {
  return shape.kind === 'image' ? latent : latent + shape.width;
}

/** `noise` [N, vaeNoise], `label` int64 [N], `temperature` [] (the prior's spread, 1) to `image` u8 [N, H, W, C] or `row` [N, width]. */
export function vaeSampler(config: VaeConfig, shape: DataShape, weights: Weights): Graph {
  return inferenceGraph('vae-sampler', (net) => {
    const { g } = net;
    const { noise, label } = sampleInputs(net, vaeNoise(config, shape), isConditional(config, shape));
    const parts: VaeParts = { config, shape, ...(label && { labels: label }) };
    const [first = noise, rest] = shape.kind === 'image' ? [noise] : g.Split(noise, [config.latent, shape.width], { axis: 1 }); // prettier-ignore
    const decoded = decode(net, g.Mul(first, g.input('temperature', 'float32', [])), parts);
    if (shape.kind === 'image') return { image: pictures(net, g.Sigmoid(decoded), shape) };
    return { row: rest ? g.Add(decoded, g.Mul(rest, config.deviation)) : decoded };
  }, weights); // prettier-ignore
}

function pictures(net: Network, flat: Value, shape: DataShape): Value {
  if (shape.kind !== 'image') return flat;
  const planes = net.g.Reshape(flat, [-1, shape.channels, shape.height, shape.width]);
  return storedPictures(net.g, planes, shape, 0, 1);
}

/** Stored samples `x` (and `labels`) to `mean` and `logVariance` [N, latent]. */
export function vaeEncoder(config: VaeConfig, shape: DataShape, weights: Weights): Graph {
  return inferenceGraph('vae-encoder', (net) => {
    const stored = storedInput(net, shape, 'N');
    const parts: VaeParts = { config, shape, ...(isConditional(config, shape) && { labels: labelsInput(net, 'N') }) };
    const x = shape.kind === 'image' ? net.g.Flatten(picturesOf(net.g, stored, shape, 0, 1)) : stored;
    return { ...encode(net, x, parts) };
  }, weights); // prettier-ignore
}

/** A batch of stored samples to `loss`, `reconstruction`, `kl` as in training, for `seed` and `step`. */
export function vaeBound(config: VaeConfig, shape: DataShape, batch: number, weights: Weights): Graph {
  return inferenceGraph('vae-bound', (net) => ({ ...negativeBound(net, config, shape, batch) }), weights);
}
