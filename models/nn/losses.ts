/** Losses, each the mean over the batch unless said otherwise. */
import type { Builder } from '../graph/builder-type';
import type { Value } from '../graph/ir';

/** How a loss is summed up. */
export type Reduction = 'mean' | 'sum';

function reduced(g: Builder, losses: Value, reduction: Reduction): Value {
  return reduction === 'mean' ? g.ReduceMean(losses, { keepdims: 0 }) : g.ReduceSum(losses, { keepdims: 0 });
}

/** Settings of the cross-entropy. */
export interface CrossEntropyOptions {
  /** Share of the target spread evenly over all classes, 0..1 (Szegedy et al. 2016, section 7). */
  readonly labelSmoothing?: number;
  readonly reduction?: Reduction;
}

/** -log softmax(logits)[label]: logits [rows, classes], labels int64 [rows]. In nats. */
export function crossEntropy(g: Builder, logits: Value, labels: Value, options: CrossEntropyOptions = {}): Value {
  const { labelSmoothing = 0, reduction = 'mean' } = options;
  const logProbabilities = g.LogSoftmax(logits); // [rows, classes]
  const picked = g.Neg(g.GatherElements(logProbabilities, g.Unsqueeze(labels, [1]), { axis: 1 })); // [rows, 1]
  const hard = reduced(g, picked, reduction);
  if (labelSmoothing === 0) return hard;
  const even = reduced(g, g.Neg(g.ReduceMean(logProbabilities, [1])), reduction);
  return g.Add(g.Mul(hard, 1 - labelSmoothing), g.Mul(even, labelSmoothing));
}

/** Binary cross-entropy of logits against targets in 0..1, broadcast to them: softplus(x) - x t, gradient sigmoid(x) - t. In nats. */
export function binaryCrossEntropy(g: Builder, logits: Value, targets: Value, reduction: Reduction = 'mean'): Value {
  return reduced(g, g.Sub(g.Softplus(logits), g.Mul(logits, targets)), reduction);
}

/** Squared error. */
export function meanSquaredError(g: Builder, prediction: Value, target: Value, reduction: Reduction = 'mean'): Value {
  const error = g.Sub(prediction, target);
  return reduced(g, g.Mul(error, error), reduction);
}

/** Absolute error. */
export function meanAbsoluteError(g: Builder, prediction: Value, target: Value, reduction: Reduction = 'mean'): Value {
  return reduced(g, g.Abs(g.Sub(prediction, target)), reduction);
}

/** Huber's loss: e^2 / 2 within delta, delta (|e| - delta / 2) beyond (Huber 1964). */
export function huber(g: Builder, prediction: Value, target: Value, delta = 1, reduction: Reduction = 'mean'): Value {
  const error = g.Abs(g.Sub(prediction, target));
  const inside = g.Min(error, g.scalarLike(error, delta));
  const losses = g.Mul(inside, g.Sub(error, g.Mul(inside, 0.5))); // e <= delta: e^2 / 2; else delta e - delta^2 / 2
  return reduced(g, losses, reduction);
}

/** KL(N(mean, exp(logVariance)) || N(0, 1)) of each element (Kingma and Welling 2014, appendix B). In nats. */
export function gaussianKl(g: Builder, mean: Value, logVariance: Value, reduction: Reduction = 'mean'): Value {
  const terms = g.Sub(g.Add(g.Mul(mean, mean), g.Exp(logVariance)), g.Add(logVariance, 1));
  return g.Mul(reduced(g, terms, reduction), 0.5);
}

/** KL(target || softmax(logits)) of rows of probabilities [rows, classes]; terms with target 0 count 0. In nats, mean over rows. */
export function categoricalKl(g: Builder, logits: Value, target: Value): Value {
  const safe = g.Max(target, g.scalarLike(target, 1e-38));
  const terms = g.Mul(target, g.Sub(g.Log(safe), g.LogSoftmax(logits)));
  return g.ReduceMean(g.ReduceSum(terms, [1]), { keepdims: 0 });
}

/** max(0, 1 - sign * score) of every score, sign 1 for real and -1 for generated: the critic's hinge loss (Lim and Ye 2017). */
export function hinge(g: Builder, scores: Value, sign: 1 | -1): Value {
  return g.ReduceMean(g.Relu(g.Add(g.Mul(scores, -sign), 1)), { keepdims: 0 });
}
