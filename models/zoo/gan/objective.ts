/** The two players' losses and their alternating step: one update of the discriminator, then one of the generator that meets it updated. */
import { ModelError } from '../../errors';
import type { Builder } from '../../graph/builder-type';
import { gradients } from '../../autodiff/gradients';
import type { Value } from '../../graph/ir';
import { Network } from '../../nn/network';
import { randomNormalTensor, randomUniformTensor } from '../../nn/random';
import { adam } from '../../optim/adam';
import { averageWeights, squaredGradientNorm } from '../../optim/gradient-transforms';
import { minimize } from '../../optim/optimizer';
import { type StepProgram, stepProgram } from '../../optim/step-program';
import { dtypeNumber } from '../../tensor/dtype';
import { labelsInput, picturesOf, storedInput } from '../batch';
import type { DataShape } from '../data-shape';
import { rateOf } from '../training-fields';
import type { TrainingPlan } from '../training-plan';
import type { GanConfig } from './config';
import { discriminate, generate, isConditional } from './network';

const mean = (g: Builder, x: Value): Value => g.ReduceMean(x, { keepdims: 0 });

/** What the discriminator minimises, of scores [N, 1]; means over the batch. Logistic: Goodfellow et al. 2014; hinge: Lim and Ye 2017; Wasserstein: Arjovsky et al. 2017. */
function discriminatorLoss(g: Builder, { loss }: GanConfig, onReal: Value, onFake: Value): Value {
  if (loss === 'logistic') return g.Add(mean(g, g.Softplus(g.Neg(onReal))), mean(g, g.Softplus(onFake)));
  if (loss === 'wasserstein') return g.Sub(mean(g, onFake), mean(g, onReal));
  return g.Add(mean(g, g.Relu(g.Sub(1, onReal))), mean(g, g.Relu(g.Add(onFake, 1))));
}

/** What the generator minimises. */
function generatorLoss(g: Builder, { loss }: GanConfig, onFake: Value): Value {
  return loss === 'logistic' ? mean(g, g.Softplus(g.Neg(onFake))) : g.Neg(mean(g, onFake));
}

interface Batch extends Drawn {
  readonly real: Value;
  readonly labels?: Value;
}

/** What the generator makes of fresh noise and, where it is told, of fresh classes of equal chance. */
interface Drawn {
  readonly fake: Value;
  readonly fakeLabels?: Value;
}

/** `purpose` tells the draws of one step apart. */
function draw(net: Network, config: GanConfig, shape: DataShape, purpose: string): Drawn {
  const { g } = net;
  const { batch, latent } = config;
  const noise = randomNormalTensor(net, `noise${purpose}`, [batch, latent]);
  if (!isConditional(config, shape)) return { fake: generate(net, config, shape, noise) };
  const classes = g.Mul(randomUniformTensor(net, `classes${purpose}`, [batch]), shape.classes);
  const fakeLabels = g.Cast(g.Floor(classes), { to: dtypeNumber('int64') });
  return { fake: generate(net, config, shape, noise, fakeLabels), fakeLabels };
}

/** Real samples as the players see them, and drawn ones. */
function batchOf(net: Network, config: GanConfig, shape: DataShape): Batch {
  const stored = storedInput(net, shape, config.batch);
  const real = shape.kind === 'image' ? picturesOf(net.g, stored, shape, -1, 1) : stored;
  const drawn = draw(net, config, shape, '');
  return isConditional(config, shape) ? { real, labels: labelsInput(net, config.batch), ...drawn } : { real, ...drawn };
}

/** Scores of real and drawn samples, which pass the discriminator together. */
function scoresOf(net: Network, config: GanConfig, shape: DataShape, batch: Batch, fake: Value): [Value, Value] {
  const { g } = net;
  const { real, labels, fakeLabels } = batch;
  const both = g.Concat(real, fake, { axis: 0 });
  const classes = labels && fakeLabels ? g.Concat(labels, fakeLabels, { axis: 0 }) : undefined;
  const scores = discriminate(net, config, shape, both, classes);
  const [onReal, onFake] = g.Split(scores, [config.batch, config.batch], { axis: 0 });
  if (onReal === undefined || onFake === undefined) throw new ModelError('graph/invalid', 'The scores were not split.');
  return [onReal, onFake];
}

/**
 * R1: gamma / 2 |dD/dx|^2 on real samples (Mescheder et al. 2018, equation 9). Gradient penalty: lambda (|dD/dx| - 1)^2 between real and drawn
 * ones (Gulrajani et al. 2017, algorithm 1).
 */
function penaltyOf(net: Network, config: GanConfig, shape: DataShape, batch: Batch, onReal: Value): Value {
  const { g } = net;
  const { penalty, penaltyWeight, penaltyEvery } = config;
  if (penalty === 'r1') {
    return g.Mul(squaredGradientNorm(g, onReal, batch.real), (penaltyWeight / 2) * penaltyEvery);
  }
  const { real, labels } = batch;
  const fake = g.stopGradient(batch.fake);
  const share = randomUniformTensor(net, 'between', [config.batch, ...real.dims.slice(1).map(() => 1)]);
  const between = g.Add(g.Mul(real, share), g.Mul(fake, g.Sub(1, share)));
  const [slope = between] = gradients(g, discriminate(net, config, shape, between, labels), [between]);
  const norm = g.Sqrt(g.Add(g.ReduceSumSquare(g.Flatten(slope), [1]), 1e-12)); // [N, 1]
  const off = g.Sub(norm, 1);
  return g.Mul(mean(g, g.Mul(off, off)), penaltyWeight * penaltyEvery);
}

/** A step reports `loss.D`, `loss.G`, and `wins.D`: the share of samples that the discriminator judges rightly. */
function ganStep(config: GanConfig, shape: DataShape, seed: number, withPenalty: boolean): StepProgram {
  const net = new Network({ seed });
  const { g } = net;
  const batch = batchOf(net, config, shape);
  const [onReal, onFake] = scoresOf(net, config, shape, batch, g.stopGradient(batch.fake));
  const lossD = discriminatorLoss(g, config, onReal, onFake);
  const total = withPenalty ? g.Add(lossD, penaltyOf(net, config, shape, batch, onReal)) : lossD;
  const optimizer = adam({ betas: betasOf(config) });
  minimize(net, total, optimizer, { only: ['D.'] });
  // Others than those that the discriminator has just learnt from.
  const { fake, fakeLabels } = draw(net, config, shape, '.G');
  const lossG = generatorLoss(g, config, discriminate(net, config, shape, fake, fakeLabels));
  minimize(net, lossG, optimizer, { only: ['G.'] });
  if (config.average > 0) averageWeights(net, config.average, ['G.']);
  const middle = g.Div(g.Add(mean(g, onReal), mean(g, onFake)), 2);
  const threshold = config.loss === 'wasserstein' ? middle : g.scalarLike(middle, 0);
  const share = (isRight: Value): Value => mean(g, g.Cast(isRight, { to: dtypeNumber('float32') }));
  const wins = g.Div(g.Add(share(g.Greater(onReal, threshold)), share(g.Less(onFake, threshold))), 2);
  return stepProgram(net, 'gan-step', { 'loss.D': lossD, 'loss.G': lossG, 'wins.D': wins });
}

/** Without a penalty the usual momentum of DCGAN, else none, as R1 and the gradient penalty were published with. */
function betasOf({ penalty }: GanConfig): readonly [number, number] {
  return penalty === 'none' ? [0.5, 0.999] : [0, 0.99];
}

/** The plan: the penalty is a variant of the step where it is not due at every one. */
export function ganPlan(config: GanConfig, shape: DataShape, seed: number): TrainingPlan {
  const { penalty, penaltyEvery } = config;
  const hasPenalty = penalty !== 'none';
  const isRare = hasPenalty && penaltyEvery > 1;
  return {
    main: ganStep(config, shape, seed, hasPenalty && !isRare),
    variants: isRare ? { penalty: ganStep(config, shape, seed, true) } : {},
    variantAt: (step) => (isRare && step % penaltyEvery === 0 ? 'penalty' : undefined),
    batch: config.batch,
    rate: (total) => rateOf(config, total, 0.02),
    usesAverage: config.average > 0,
  };
}
