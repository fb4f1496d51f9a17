/** Flow matching's loss: the squared error of the velocity on straight lines from noise to data (Lipman et al. 2023, equation 23, sigma 0). */
import type { Value } from '../../graph/ir';
import { meanSquaredError } from '../../nn/losses';
import { Network } from '../../nn/network';
import { randomNormalTensor, randomUniformTensor } from '../../nn/random';
import { adam } from '../../optim/adam';
import { averageWeights, clipByGlobalNorm } from '../../optim/gradient-transforms';
import { minimize } from '../../optim/optimizer';
import { stepProgram } from '../../optim/step-program';
import { labelsInput, picturesOf, storedInput } from '../batch';
import type { DataShape } from '../data-shape';
import { rateOf } from '../training-fields';
import type { TrainingPlan } from '../training-plan';
import type { FlowConfig } from './config';
import { isConditional, velocity } from './network';

/** Times in 0..1 [N, 1]: uniform, or logit-normal (Esser et al. 2024, section 3.1). */
function times(net: Network, config: FlowConfig): Value {
  const dims = [config.batch, 1];
  return config.times === 'uniform'
    ? randomUniformTensor(net, 't', dims)
    : net.g.Sigmoid(randomNormalTensor(net, 't', dims));
}

/** Labels, some of them replaced by "no class". */
function partly(net: Network, config: FlowConfig, { classes }: DataShape, labels: Value): Value {
  if (config.dropClass === 0) return labels;
  const isDropped = net.g.Less(randomUniformTensor(net, 'drop', [config.batch]), config.dropClass);
  return net.g.Where(isDropped, net.g.scalarLike(labels, classes), labels);
}

/** The plan: a step reports `loss`, the mean squared error of the velocities. */
export function flowPlan(config: FlowConfig, shape: DataShape, seed: number): TrainingPlan {
  const { batch, clip, average } = config;
  const net = new Network({ seed });
  const { g } = net;
  const stored = storedInput(net, shape, batch);
  const x = shape.kind === 'image' ? picturesOf(g, stored, shape, -1, 1) : stored;
  const data = g.Reshape(x, shape.kind === 'image' ? [batch, shape.channels, shape.height, shape.width] : [batch, shape.width]); // prettier-ignore
  const labels = isConditional(config, shape) ? partly(net, config, shape, labelsInput(net, batch)) : undefined;
  const noise = randomNormalTensor(net, 'noise', data.dims);
  const t = times(net, config);
  const share = g.Reshape(t, [batch, ...data.dims.slice(1).map(() => 1)]);
  const direction = g.Sub(data, noise);
  const loss = meanSquaredError(
    g,
    velocity(net, config, shape, g.Add(noise, g.Mul(direction, share)), t, labels),
    direction,
  );
  const optimizer = adam({ betas: [0.9, 0.99] });
  minimize(net, loss, optimizer, clip > 0 ? { transform: clipByGlobalNorm(clip) } : {});
  if (average > 0) averageWeights(net, average);
  return {
    main: stepProgram(net, 'flow-step', { loss }),
    variants: {},
    variantAt: () => undefined,
    batch,
    rate: (total) => rateOf(config, total),
    usesAverage: average > 0,
  };
}
