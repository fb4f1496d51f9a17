/**
 * Normalisations: less the mean, divided by the standard deviation, over axes that differ from operator to operator. With
 * xhat = (x - mean) / s the gradient is (dxhat - mean(dxhat) - xhat * mean(dxhat * xhat)) / s (Ioffe and Szegedy 2015, "Batch
 * Normalization", 3, put together).
 */
import { contradictoryDims, type Dim, unknownDim } from '../../tensor/shape';
import type { Builder } from '../builder-type';
import type { TensorType, Value } from '../ir';
import type { DecomposeCall, Family, VjpCall } from '../operator';
import { allAxes, axisIn, type Failing, inferSame, unbroadcast } from './rules';
import { spatialAxes } from './window';

type Normalization =
  'BatchNormalization' | 'LayerNormalization' | 'GroupNormalization' | 'InstanceNormalization' | 'LpNormalization';

export const normalization: Family<Normalization> = {
  BatchNormalization: {
    docs: 'scale * (X - mean) / sqrt(variance + epsilon (1e-5)) + B, each [C], X [N, C, ...]. With training_mode=1 mean and variance are those of the batch, and two results more carry them on: momentum (0.9) * mean + (1 - momentum) * (mean of the batch), the variance likewise, divided by the count itself, not by one less as in PyTorch; no gradient flows through these two.',
    attributes: { epsilon: 'float', momentum: 'float', training_mode: 'int' },
    hasSeveralOutputs: true,
    infer: (call) => {
      const [x, ...vectors] = call.inputs;
      checkChannels(call, x, vectors);
      const running = call.inputs.slice(3).map(({ dtype, shape }): TensorType => ({ dtype, shape }));
      return [inferSame(call), ...(call.attributes.training_mode === 1 ? running : [])];
    },
    vjp: (call) => {
      const { g, inputs: [x, scale], attributes: { training_mode: isTraining = 0, epsilon }, dy } = call; // prettier-ignore
      if (isTraining === 1) return batchGradients(g, x, scale, dy, epsilon);
      return storedStatisticsGradients(call);
    },
    decompose: (call) => (call.attributes.training_mode === 1 ? batchNormalization(call) : undefined),
  },
  InstanceNormalization: {
    docs: 'scale * (X - mean) / sqrt(variance + epsilon (1e-5)) + B, scale and B [C]; mean and variance of each channel of each example of X [N, C, ...].',
    attributes: { epsilon: 'float' },
    infer: (call) => {
      const [x, ...vectors] = call.inputs;
      checkChannels(call, x, vectors);
      return inferSame(call);
    },
    vjp: ({ g, inputs: [x, scale], attributes: { epsilon }, dy }) =>
      channelGradients(g, x, scale, dy, spatialAxes(x), epsilon),
  },
  GroupNormalization: {
    docs: 'scale * (X - mean) / sqrt(variance + epsilon (1e-5)) + bias, scale and bias [C]; mean and variance of each of num_groups groups of neighbouring channels of each example of X [N, C, ...].',
    attributes: { epsilon: 'float', num_groups: 'int', stash_type: 'int' },
    infer: (call) => {
      const [x, ...vectors] = call.inputs;
      const { num_groups: groups } = call.attributes;
      checkChannels(call, x, vectors);
      const [, channels = unknownDim] = x.shape;
      if (typeof channels === 'number' && channels % groups !== 0) return call.fail(`channels in ${groups} equal groups, got ${channels}`); // prettier-ignore
      return inferSame(call);
    },
    vjp: ({ g, inputs: [x, scale], attributes: { epsilon, num_groups: groups }, dy }) => {
      const grouped = (value: Value): Value => g.Reshape(value, [0, groups, -1]); // [N, groups, elements]
      const standard = standardised(g, grouped(x), [2], epsilon);
      const dxhat = grouped(g.Mul(dy, channelwise(g, scale, x)));
      const dx = throughStatistics(g, dxhat, standard, g.Mul(dxhat, standard.xhat), [2]);
      const product = g.Mul(dy, g.Reshape(standard.xhat, g.shapeOf(x)));
      return [g.Reshape(dx, g.shapeOf(x)), sumToChannels(g, product), sumToChannels(g, dy)];
    },
  },
  LayerNormalization: {
    docs: 'Scale * (X - mean) / sqrt(variance + epsilon (1e-5)) + B; mean and variance over the axes from `axis` (-1) on, to whose sizes Scale and B broadcast. Mean and 1 / deviation may be results too, without gradient.',
    attributes: { axis: 'int', epsilon: 'float', stash_type: 'int' },
    infer: (call) => {
      const [x, scale, b] = call.inputs;
      const axis = axisIn(call, call.attributes.axis ?? -1, x.rank);
      const normal = x.shape.slice(axis);
      if (![scale, b].every((value) => value === undefined || fitsInto(value, normal))) return call.fail(`Scale and B that broadcast to [${normal.join(', ')}]`); // prettier-ignore
      const statistics: TensorType = { dtype: 'float32', shape: x.shape.map((dim, at) => (at < axis ? dim : 1)) };
      return [inferSame({ inputs: [x] }), statistics, statistics].slice(0, call.outputCount);
    },
    vjp: ({ g, inputs: [x, scale, b], attributes: { axis = -1, epsilon }, cotangents, dy }) => {
      if (cotangents[1] ?? cotangents[2]) return 'missing';
      const axes = allAxes(x.rank).slice(axis);
      const standard = standardised(g, x, axes, epsilon);
      const dxhat = g.Mul(dy, scale);
      const dx = throughStatistics(g, dxhat, standard, g.Mul(dxhat, standard.xhat), axes);
      return [dx, unbroadcast(g, g.Mul(dy, standard.xhat), scale), b && unbroadcast(g, dy, b)];
    },
  },
  LpNormalization: {
    docs: 'X divided by its norm along one axis (-1): the root of the sum of squares (p=2), or the sum of |X| (p=1). No derivative exists where the norm is 0.',
    attributes: { axis: 'int', p: 'int' },
    infer: (call) => {
      axisIn(call, call.attributes.axis ?? -1, call.inputs[0].rank);
      return inferSame(call);
    },
    vjp: ({ g, inputs: [x], attributes: { axis = -1, p = 2 }, y, dy }) => {
      const norm = p === 1 ? g.ReduceL1(x, [axis]) : g.ReduceL2(x, [axis]);
      const slope = p === 1 ? g.Sign(x) : y; // of the norm
      return [g.Div(g.Sub(dy, g.Mul(slope, g.ReduceSum(g.Mul(dy, y), [axis]))), norm)];
    },
  },
};

function checkChannels(call: Failing, x: Value, vectors: readonly Value[]): void {
  const [, channels = unknownDim] = x.shape;
  if (x.rank < 2) call.fail('X of rank 2 or more, [N, C, ...]');
  const fits = ({ shape: [size = unknownDim, ...more] }: Value): boolean =>
    more.length === 0 && !contradictoryDims(size, channels);
  if (!vectors.every((vector) => vector.rank === 1 && fits(vector))) call.fail(`vectors of ${channels} elements, one a channel, beside X`); // prettier-ignore
}

function fitsInto({ shape }: Value, target: readonly Dim[]): boolean {
  const into = target.slice(target.length - shape.length);
  return shape.length <= target.length && shape.every((dim, k) => dim === 1 || !contradictoryDims(dim, into[k] ?? 1));
}

/** X with mean 0 and deviation 1 over the axes, and 1 / deviation, the axes kept with size 1. */
interface Standardised {
  readonly xhat: Value;
  readonly inverse: Value;
}

function standardised(
  g: Builder,
  x: Value,
  axes: readonly number[],
  epsilon?: number,
): Standardised & { readonly mean: Value; readonly variance: Value } {
  const mean = g.ReduceMean(x, axes);
  const centred = g.Sub(x, mean);
  const variance = g.ReduceMean(g.Mul(centred, centred), axes); // ReduceSumSquare takes longer than both
  const inverse = inverseDeviation(g, variance, epsilon);
  return { xhat: g.Mul(centred, inverse), inverse, mean, variance };
}

function inverseDeviation(g: Builder, variance: Value, epsilon = 1e-5): Value {
  return g.Reciprocal(g.Sqrt(g.Add(variance, epsilon)));
}

/** The cotangent of X from that of xhat; `product` is dxhat * xhat. */
function throughStatistics(
  g: Builder,
  dxhat: Value,
  { xhat, inverse }: Standardised,
  product: Value,
  axes: readonly number[],
): Value {
  const centred = g.Sub(dxhat, g.ReduceMean(dxhat, axes));
  return g.Mul(g.Sub(centred, g.Mul(xhat, g.ReduceMean(product, axes))), inverse);
}

/** X, scale and B where every channel is normalised for itself: its scale is one number and can wait until the end. */
function channelGradients(
  g: Builder,
  x: Value,
  scale: Value,
  dy: Value,
  axes: readonly number[],
  epsilon: number | undefined,
): Value[] {
  const { xhat, inverse } = standardised(g, x, axes, epsilon);
  const product = g.Mul(dy, xhat);
  const slope = g.Mul(inverse, channelwise(g, scale, x));
  const dx = throughStatistics(g, dy, { xhat, inverse: slope }, product, axes);
  return [dx, sumToChannels(g, product), sumToChannels(g, dy)];
}

/** Batch statistics: X less its mean, 1 / deviation and scale / deviation, each channel's with all other axes of size 1. */
function batchStatistics(g: Builder, x: Value, scale: Value, epsilon: number | undefined) {
  const axes = [0, ...spatialAxes(x)];
  const mean = g.ReduceMean(x, axes);
  const centred = g.Sub(x, mean);
  const variance = g.ReduceMean(g.Mul(centred, centred), axes);
  const inverse = inverseDeviation(g, variance, epsilon);
  return { axes, mean, centred, variance, inverse, slope: g.Mul(inverse, channelwise(g, scale, x)) };
}

/** As `channelGradients`, with two sums over the batch for all three gradients: of dY, and of dY times X less its mean. */
function batchGradients(g: Builder, x: Value, scale: Value, dy: Value, epsilon: number | undefined): Value[] {
  const { axes, centred, inverse, slope } = batchStatistics(g, x, scale, epsilon);
  const sum = g.ReduceSum(dy, axes);
  const product = g.ReduceSum(g.Mul(dy, centred), axes);
  const share = 1 / axes.reduce((count, axis) => count * (x.dims[axis] ?? 1), 1);
  const along = g.Mul(g.Mul(product, share), g.Mul(inverse, inverse));
  const dx = g.Mul(g.Sub(g.Sub(dy, g.Mul(sum, share)), g.Mul(centred, along)), slope);
  return [dx, g.Reshape(g.Mul(product, inverse), [-1]), g.Reshape(sum, [-1])];
}

/**
 * Training in plain operators. The runtime's kernel (1.30) writes what is carried on over the mean and variance that it was given, a
 * caller's arrays included, unless both leave the graph. It is no faster in a step, for the runtime merges these nodes with the gradient's.
 */
function batchNormalization({
  g,
  inputs: [x, scale, b, mean, variance],
  attributes,
}: DecomposeCall<'BatchNormalization'>): Value[] {
  const { epsilon, momentum = 0.9 } = attributes;
  const batch = batchStatistics(g, x, scale, epsilon);
  const carriedOn = (old: Value, now: Value): Value =>
    g.Add(g.Mul(old, momentum), g.Mul(g.Reshape(now, [-1]), 1 - momentum));
  return [
    g.Add(g.Mul(batch.centred, batch.slope), channelwise(g, b, x)),
    carriedOn(mean, batch.mean),
    carriedOn(variance, batch.variance),
  ];
}

/** Batch normalisation by a given mean and variance: linear in X, scale and B, with two sums for all five gradients. */
function storedStatisticsGradients(call: VjpCall<'BatchNormalization'>): Value[] {
  const { g, inputs: [x, scale, , mean, variance], attributes: { epsilon }, dy } = call; // prettier-ignore
  const inverse = inverseDeviation(g, variance, epsilon); // [C], as all that follow
  const slope = g.Mul(scale, inverse);
  const sum = sumToChannels(g, dy);
  const dScale = g.Mul(sumToChannels(g, g.Mul(dy, g.Sub(x, channelwise(g, mean, x)))), inverse);
  const dVariance = g.Mul(g.Mul(dScale, slope), g.Mul(inverse, -0.5)); // d inverse = -inverse^3 / 2
  return [g.Mul(dy, channelwise(g, slope, x)), dScale, sum, g.Neg(g.Mul(sum, slope)), dVariance];
}

/** [C] to [C, 1, ...], which broadcasts to X. */
function channelwise(g: Builder, vector: Value, x: Value): Value {
  return g.Reshape(vector, [-1, ...spatialAxes(x).map(() => 1)]);
}

/** Sums over all axes but that of the channels: [C]. */
function sumToChannels(g: Builder, x: Value): Value {
  return g.ReduceSum(x, [0, ...spatialAxes(x)], { keepdims: 0 });
}
