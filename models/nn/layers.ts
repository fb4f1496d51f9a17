/** Layers with weights, as functions: the network gives them their weights by name, they return the result. Layouts as in PyTorch. */
import type { Value } from '../graph/ir';
import { filledTensor } from '../tensor/filled-tensor';
import { fanInUniform, fansOf, type Initializer, normal, ones, uniform, zeros } from './initializers';
import type { Network } from './network';
import { spectralNorm } from './spectral';

/** Settings of layers with a weight and a bias. */
export interface AffineOptions {
  readonly weight?: Initializer;
  /** `false`: no bias. By default uniform within 1/sqrt(fan_in), as PyTorch has it. */
  readonly bias?: Initializer | false;
  /** The weight is used divided by its largest singular value. */
  readonly isSpectral?: boolean;
}

/** Settings of a convolution; one number stands for all spatial axes. */
export interface ConvOptions extends AffineOptions {
  readonly kernel: number;
  readonly stride?: number;
  readonly padding?: number;
  readonly dilation?: number;
  readonly groups?: number;
}

/**
 * The size of one axis; the others may be symbols, as the batch of an exported net is.
 * @throws ModelError `graph/unknown-shape` when this one is a symbol.
 */
export function sizeAt(x: Value, axis: number): number {
  const size = x.shape.at(axis);
  return typeof size === 'number' ? size : (x.dims.at(axis) ?? 1); // `dims` says what is unknown
}

function weightOf(
  net: Network,
  shape: readonly number[],
  { weight = fanInUniform, isSpectral = false }: AffineOptions,
): Value {
  const value = net.weight('weight', shape, weight);
  return isSpectral ? spectralNorm(net, 'weight', value) : value;
}

function biasOf(net: Network, options: AffineOptions, length: number, fanIn: number): Value | undefined {
  if (options.bias === false) return undefined;
  return net.weight('bias', [length], options.bias ?? uniform(1 / Math.sqrt(fanIn)));
}

/** x W^T + b over the last axis: x [..., in] -> [..., out]; weights `NAME.weight` [out, in], `NAME.bias` [out]. */
export function dense(net: Network, name: string, x: Value, width: number, options: AffineOptions = {}): Value {
  return net.scope(name, () => {
    const { g } = net;
    const inner = sizeAt(x, -1);
    const weight = weightOf(net, [width, inner], options);
    const bias = biasOf(net, options, width, inner);
    const rows = x.rank === 2 ? x : g.Reshape(x, [-1, inner]); // [rows, in]
    const y = bias ? g.Gemm(rows, weight, bias, { transB: 1 }) : g.Gemm(rows, weight, { transB: 1 }); // [rows, out]
    return x.rank === 2 ? y : g.Reshape(y, [...openShape(x).slice(0, -1), width]);
  });
}

/** The shape as Reshape takes it: one symbol may be left to it as -1. */
function openShape(x: Value): number[] {
  const isOpen = x.shape.filter((size) => typeof size === 'string').length === 1;
  return isOpen ? x.shape.map((size) => (typeof size === 'number' ? size : -1)) : [...x.dims];
}

/** The node's attributes for one or two spatial axes that are treated alike. */
function windowOf({ kernel, stride = 1, padding = 0, dilation = 1, groups = 1 }: ConvOptions, axes: 1 | 2) {
  const each = (size: number, count: number = axes): number[] => Array.from({ length: count }, () => size);
  return {
    kernel_shape: each(kernel),
    strides: each(stride),
    pads: each(padding, 2 * axes),
    dilations: each(dilation),
    group: groups,
  };
}

function convolution(net: Network, name: string, x: Value, channels: number, options: ConvOptions, axes: 1 | 2): Value {
  return net.scope(name, () => {
    const attributes = windowOf(options, axes);
    const shape = [channels, sizeAt(x, 1) / attributes.group, ...attributes.kernel_shape];
    const weight = weightOf(net, shape, options);
    const bias = biasOf(net, options, channels, fansOf(shape).fanIn);
    return bias ? net.g.Conv(x, weight, bias, attributes) : net.g.Conv(x, weight, attributes);
  });
}

/** Convolution of images: x [N, in, H, W] -> [N, out, H', W']; weights [out, in / groups, kernel, kernel]. */
export function conv2d(net: Network, name: string, x: Value, channels: number, options: ConvOptions): Value {
  return convolution(net, name, x, channels, options, 2);
}

/** Convolution of sequences: x [N, in, T] -> [N, out, T']; weights [out, in / groups, kernel]. */
export function conv1d(net: Network, name: string, x: Value, channels: number, options: ConvOptions): Value {
  return convolution(net, name, x, channels, options, 1);
}

/** Transposed convolution: x [N, in, H, W] -> [N, out, H', W'], H' = (H - 1) stride - 2 padding + kernel; weights [in, out, kernel, kernel]. */
export function convTranspose2d(net: Network, name: string, x: Value, channels: number, options: ConvOptions): Value {
  return net.scope(name, () => {
    const { kernel, groups = 1 } = options;
    const shape = [sizeAt(x, 1), channels / groups, kernel, kernel];
    const weight = weightOf(net, shape, options);
    const bias = biasOf(net, options, channels, fansOf(shape).fanIn);
    const attributes = windowOf(options, 2);
    return bias ? net.g.ConvTranspose(x, weight, bias, attributes) : net.g.ConvTranspose(x, weight, attributes);
  });
}

/** Rows of a table: indices int64 [...] -> [..., width]; weights [count, width], normal of deviation 1 unless said otherwise. */
export function embedding(
  net: Network,
  name: string,
  indices: Value,
  count: number,
  width: number,
  weight: Initializer = normal(1),
): Value {
  return net.scope(name, () => net.g.Gather(net.weight('weight', [count, width], weight), indices));
}

/** Settings of normalisations. */
export interface NormOptions {
  readonly epsilon?: number;
}

/** Over the last axis, each position on its own (Ba, Kiros, Hinton 2016); weights `weight`, `bias` [width]. */
export function layerNorm(net: Network, name: string, x: Value, options: NormOptions = {}): Value {
  return net.scope(name, () => {
    const shape = [sizeAt(x, -1)];
    const [weight, bias] = [net.weight('weight', shape, ones), net.weight('bias', shape, zeros)];
    return net.g.LayerNormalization(x, weight, bias, { epsilon: options.epsilon ?? 1e-5 });
  });
}

/** x / sqrt(mean(x^2) + epsilon) * weight over the last axis (Zhang and Sennrich 2019, equation 4). */
export function rmsNorm(net: Network, name: string, x: Value, options: NormOptions = {}): Value {
  return net.scope(name, () => {
    const { g } = net;
    const weight = net.weight('weight', [sizeAt(x, -1)], ones);
    const scale = g.Sqrt(g.Add(g.ReduceMean(g.Mul(x, x), [-1]), options.epsilon ?? 1e-6));
    return g.Mul(g.Div(x, scale), weight);
  });
}

/** Each picture's channels in groups (Wu and He 2018): x [N, C, ...]; weights `weight`, `bias` [C]. */
export function groupNorm(net: Network, name: string, x: Value, groups: number, options: NormOptions = {}): Value {
  return net.scope(name, () => {
    const shape = [sizeAt(x, 1)];
    const [weight, bias] = [net.weight('weight', shape, ones), net.weight('bias', shape, zeros)];
    return net.g.GroupNormalization(x, weight, bias, { num_groups: groups, epsilon: options.epsilon ?? 1e-5 });
  });
}

/** Settings of batch normalisation. */
export interface BatchNormOptions extends NormOptions {
  /** Share of the new batch in the running statistics (PyTorch's convention; ONNX's momentum is 1 minus this). */
  readonly momentum?: number;
}

/**
 * Over batch and pixels (Ioffe and Szegedy 2015): x [N, C, ...]; weights `weight`, `bias`, state `running_mean`, `running_var` [C]. In training
 * the batch's statistics are used and the running ones move towards them; the running variance is ONNX's, of the whole batch (PyTorch's is
 * n / (n - 1) times that).
 */
export function batchNorm(net: Network, name: string, x: Value, options: BatchNormOptions = {}): Value {
  return net.scope(name, () => {
    const channels = sizeAt(x, 1);
    const [weight, bias] = [net.weight('weight', [channels], ones), net.weight('bias', [channels], zeros)];
    const mean = net.state('running_mean', filledTensor('float32', [channels], 0));
    const variance = net.state('running_var', filledTensor('float32', [channels], 1));
    const { epsilon = 1e-5, momentum = 0.1 } = options;
    const attributes = { epsilon, momentum: 1 - momentum, training_mode: net.isTraining ? 1 : 0 };
    const [y = x, nextMean, nextVariance] = net.g.BatchNormalization(x, weight, bias, mean, variance, attributes);
    if (nextMean) net.replace('running_mean', nextMean);
    if (nextVariance) net.replace('running_var', nextVariance);
    return y;
  });
}
