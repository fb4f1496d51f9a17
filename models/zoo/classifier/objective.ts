/** How a classifier is trained: cross-entropy against labels, Adam with decoupled decay. */
import { Network } from '../../nn/network';
import { crossEntropy } from '../../nn/losses';
import { adam } from '../../optim/adam';
import { averageWeights } from '../../optim/gradient-transforms';
import { minimize } from '../../optim/optimizer';
import { stepProgram } from '../../optim/step-program';
import { dtypeNumber } from '../../tensor/dtype';
import { labelsInput, storedInput } from '../batch';
import type { DataShape } from '../data-shape';
import { rateOf } from '../training-fields';
import type { TrainingPlan } from '../training-plan';
import type { ClassifierConfig } from './config';
import { classify } from './network';

/** The plan: a step reports `loss` (nats, with smoothing) and `accuracy` (share of the batch). Biases and norms are not decayed. */
export function classifierPlan(config: ClassifierConfig, shape: DataShape, seed: number): TrainingPlan {
  const { batch, labelSmoothing, weightDecay, average } = config;
  const net = new Network({ seed });
  const { g } = net;
  const { logits } = classify(net, config, shape, storedInput(net, shape, batch));
  const labels = labelsInput(net, batch);
  const loss = crossEntropy(g, logits, labels, { labelSmoothing });
  const isRight = g.Equal(g.ArgMax(logits, { axis: 1, keepdims: 0 }), labels);
  const accuracy = g.ReduceMean(g.Cast(isRight, { to: dtypeNumber('float32') }), { keepdims: 0 });
  minimize(net, loss, adam({ weightDecay, decays: (dims) => dims.length > 1 }));
  if (average > 0) averageWeights(net, average);
  return {
    main: stepProgram(net, 'classifier-step', { loss, accuracy }),
    variants: {},
    variantAt: () => undefined,
    batch,
    rate: (total) => rateOf(config, total),
    usesAverage: average > 0,
  };
}
