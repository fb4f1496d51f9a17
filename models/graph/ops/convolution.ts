/**
 * Convolution and its two gradients, for any number of spatial axes. In each, w is a kernel and o, i, k count result, image and kernel
 * elements with i = o * stride + k * dilation - begin: Conv sums image * kernel, ConvTranspose result * kernel, ConvWeightGradient
 * image * result. So each one's gradients are the other two (Dumoulin and Visin 2016, "A guide to convolution arithmetic", 4).
 */
import { contradictoryDims, type Dim, divideDims, isStatic, multiplyDims, unknownDim } from '../../tensor/shape';
import type { Builder } from '../builder-type';
import type { TensorType, Value } from '../ir';
import type { DecomposeCall, Family, InferCall } from '../operator';
import { allAxes, type Failing } from './rules';
import { explicitWindow, inferWindows, reachOf, shares, type Sliding, slidings, spatialAxes, spatialSizes, windowAttributes } from './window'; // prettier-ignore

const attributes = { ...windowAttributes, group: 'int' } as const;

export const convolution: Family<'Conv' | 'ConvTranspose' | 'ConvWeightGradient'> = {
  Conv: {
    docs: 'Correlation of X [N, C, ...] with kernels W [M, C/group, ...kernel], plus B [M] -> [N, M, ...].',
    attributes,
    infer: (call) => {
      const [x, w, b] = call.inputs;
      const { group = 1 } = call.attributes;
      const kernel = kernelOf(call);
      const channels = multiplyDims(w.shape[1] ?? unknownDim, group);
      const [, given = unknownDim] = x.shape;
      const [made = unknownDim] = w.shape;
      if (contradictoryDims(given, channels)) return call.fail(`X with ${channels} channels (W's axis 1 times group ${group}), got ${given}`); // prettier-ignore
      if (typeof made === 'number' && made % group !== 0) return call.fail(`kernels in ${group} equal groups, got ${made}`); // prettier-ignore
      checkBias(call, b, made);
      const sizes = kernel ? inferWindows(call, x, kernel, call.attributes) : x.shape.slice(2).map(() => unknownDim);
      return { dtype: x.dtype, shape: [x.shape[0] ?? unknownDim, made, ...sizes] };
    },
    vjp: ({ g, inputs: [x, w, b], attributes: { group = 1, ...window }, dy }) => {
      const sizes = spatialSizes(x);
      const kernel = spatialSizes(w);
      const axes = slidings(kernel, window, sizes);
      const dw = g.ConvWeightGradient(x, dy, { kernel_shape: kernel, ...explicitWindow(axes), group });
      return [transposed(g, dy, w, axes, group, sizes), dw, b && biasGradient(g, dy)];
    },
  },
  ConvTranspose: {
    docs: "The transpose of Conv: every element of X [N, C, ...] adds its kernel W [C, M/group, ...kernel] to the result [N, M, ...], plus B [M]. Sizes are stride * (size - 1) + reach - pads + output_padding; with output_shape or auto_pad SAME (size * stride) the pads follow from the result's sizes.",
    attributes: { ...attributes, output_padding: 'ints', output_shape: 'ints' },
    infer: (call) => {
      const [x, w, b] = call.inputs;
      const { group = 1 } = call.attributes;
      const [, given = unknownDim] = x.shape;
      const [expected = unknownDim, made = unknownDim] = w.shape;
      if (contradictoryDims(given, expected)) return call.fail(`X with as many channels as W has on axis 0 (${expected}), got ${given}`); // prettier-ignore
      if (typeof given === 'number' && given % group !== 0) return call.fail(`channels in ${group} equal groups, got ${given}`); // prettier-ignore
      const channels = multiplyDims(made, group);
      checkBias(call, b, channels);
      return { dtype: x.dtype, shape: [x.shape[0] ?? unknownDim, channels, ...transposedSizes(call)] };
    },
    vjp: ({ g, inputs: [x, w, b], attributes: { group = 1, ...window }, y, dy }) => {
      const kernel = spatialSizes(w);
      const sizes = spatialSizes(x);
      const axes = transposedSlidings(kernel, window, sizes, spatialSizes(y));
      const dw = g.ConvWeightGradient(dy, x, { kernel_shape: kernel, ...explicitWindow(axes), group });
      return [g.Conv(dy, w, { ...explicitWindow(axes), group }), dw, b && biasGradient(g, dy)];
    },
  },
  ConvWeightGradient: {
    domain: 'duet',
    docs: "The gradient of Conv for its kernels: image X [N, C, ...] and the result's cotangent dY [N, M, ...] -> [M, C/group, ...kernel_shape].",
    attributes,
    infer: inferWeightGradient,
    vjp: ({ g, inputs: [x, dy], attributes: { group = 1, kernel_shape: kernel, ...window }, dy: cotangent }) => {
      const axes = slidings(kernel, window, spatialSizes(x));
      return [
        transposed(g, dy, cotangent, axes, group, spatialSizes(x)),
        g.Conv(x, cotangent, { ...explicitWindow(axes), group }),
      ];
    },
    decompose: (call) => [weightGradient(call)],
  },
};

function kernelOf(call: InferCall<'Conv' | 'ConvTranspose'>): readonly number[] | undefined {
  const [x, w] = call.inputs;
  if (x.dtype !== w.dtype) return call.fail('inputs of one element type', 'graph/type-mismatch');
  if (x.rank < 3 || w.rank !== x.rank) return call.fail('X and W of one rank, at least 3');
  const sizes = w.shape.slice(2);
  const { kernel_shape: named } = call.attributes;
  if (named && (named.length !== sizes.length || named.some((size, axis) => contradictoryDims(size, sizes[axis] ?? unknownDim)))) return call.fail(`kernels of size [${named.join(', ')}] as kernel_shape says`); // prettier-ignore
  return named ?? (isStatic(sizes) ? sizes : undefined);
}

function checkBias(call: Failing, bias: Value | undefined, channels: Dim): void {
  const [size = unknownDim] = bias?.shape ?? [];
  if (bias && (bias.rank !== 1 || contradictoryDims(size, channels))) call.fail(`a bias B of shape [${channels}]`);
}

function transposedSizes(call: InferCall<'ConvTranspose'>): readonly Dim[] {
  const [x] = call.inputs;
  const kernel = kernelOf(call);
  const sizes = x.shape.slice(2);
  const { output_shape: wanted, output_padding: added, auto_pad: autoPad = 'NOTSET', strides } = call.attributes;
  if (wanted?.length) return wanted.slice(-sizes.length); // some files name N and C too
  if (autoPad.startsWith('SAME')) return sizes.map((size, k) => multiplyDims(size, strides?.[k] ?? 1));
  if (!kernel) return sizes.map(() => unknownDim);
  return slidings(kernel, call.attributes, sizes).map((axis, k) => {
    const size = sizes[k] ?? unknownDim;
    const rest = reachOf(axis) - axis.stride - axis.begin - axis.end + (added?.[k] ?? 0);
    if (rest === 0) return multiplyDims(size, axis.stride);
    if (typeof size !== 'number') return unknownDim;
    const made = size * axis.stride + rest;
    return made > 0 ? made : call.fail(`pads that leave a result, spatial axis ${k} would have ${made}`);
  });
}

/** The windows of a ConvTranspose with explicit pads: where the result's sizes are given, the pads are what is too much. */
function transposedSlidings(
  kernel: readonly number[],
  attributes: { auto_pad?: string; output_shape?: readonly number[]; output_padding?: readonly number[] },
  sizes: readonly number[],
  made: readonly number[],
): Sliding[] {
  const { auto_pad: autoPad = 'NOTSET', output_shape: wanted, output_padding: added } = attributes;
  const axes = slidings(kernel, { ...attributes, auto_pad: autoPad.startsWith('SAME') ? 'VALID' : autoPad }, sizes);
  if (!wanted?.length && !autoPad.startsWith('SAME')) return axes;
  return axes.map((axis, k) => {
    const whole = axis.stride * ((sizes[k] ?? 1) - 1) + reachOf(axis) + (added?.[k] ?? 0);
    return { ...axis, ...shares(Math.max(0, whole - (made[k] ?? 0)), autoPad === 'SAME_UPPER') };
  });
}

/** ConvTranspose of results [N, M, ...] to an image of `sizes`: what lies behind the last window takes padding back, then is added. */
function transposed(
  g: Builder,
  results: Value,
  w: Value,
  axes: readonly Sliding[],
  group: number,
  sizes: readonly number[],
): Value {
  const counts = spatialSizes(results);
  const rests = axes.map((axis, k) => restOf(axis, counts[k] ?? 1, sizes[k] ?? 1));
  const shorter = axes.map((axis, k) => ({ ...axis, end: Math.max(0, axis.end - (rests[k] ?? 0)) }));
  const added = axes.map(({ end }, k) => Math.max(0, (rests[k] ?? 0) - end));
  const padding = added.some((size) => size > 0) ? { output_padding: added } : {};
  return g.ConvTranspose(results, w, { ...explicitWindow(shorter), group, ...padding });
}

/** Elements of a padded image of `size` that lie behind the last of `count` windows. */
function restOf(axis: Sliding, count: number, size: number): number {
  return size + axis.begin + axis.end - axis.stride * (count - 1) - reachOf(axis);
}

function biasGradient(g: Builder, dy: Value): Value {
  return g.ReduceSum(dy, [0, ...spatialAxes(dy)], { keepdims: 0 });
}

function inferWeightGradient(call: InferCall<'ConvWeightGradient'>): TensorType {
  const [x, dy] = call.inputs;
  const { kernel_shape: kernel, group = 1 } = call.attributes;
  const [batch = unknownDim, channels = unknownDim] = x.shape;
  const [cotangents = unknownDim, made = unknownDim] = dy.shape;
  if (x.dtype !== dy.dtype) return call.fail('inputs of one element type', 'graph/type-mismatch');
  if (dy.rank !== x.rank || contradictoryDims(batch, cotangents)) return call.fail('X and dY of one rank and batch');
  const fitting = inferWindows(call, x, kernel, call.attributes);
  const differs = fitting.some((count, axis) => contradictoryDims(count, dy.shape[axis + 2] ?? unknownDim));
  if (differs) return call.fail(`dY of the spatial sizes [${fitting.join(', ')}]`);
  return { dtype: x.dtype, shape: [made, divideDims(channels, group), ...kernel] };
}

/**
 * The plain form: a Conv whose batch are the channels and whose channels are the batch. Image [C/group, group*N, ...], kernels
 * [M, N, ...] made of dY, strides and dilations exchanged; the result is [C/group, M, ...kernel].
 */
function weightGradient({ g, inputs: [x, dy], attributes }: DecomposeCall<'ConvWeightGradient'>): Value {
  const { kernel_shape: kernel, group = 1, ...window } = attributes;
  const sizes = spatialSizes(x);
  const counts = spatialSizes(dy);
  const exchanged = slidings(kernel, window, sizes).map((axis, k): Sliding => {
    const [count = 1, size = 1] = [counts[k], sizes[k]];
    const end = Math.max(0, axis.end - restOf(axis, count, size)); // no window needs what lies behind the last one
    return { kernel: count, stride: axis.dilation, dilation: axis.stride, begin: axis.begin, end };
  });
  const swapped = [1, 0, ...spatialAxes(x)];
  const image = group === 1 ? g.Transpose(x, { perm: swapped }) : groupedImage(g, x, group);
  const result = g.Conv(image, g.Transpose(dy, { perm: swapped }), { ...explicitWindow(exchanged), group });
  const whole = spatialSizes(result); // larger than the kernel where stride leaves a rest that no padding takes up
  const fits = whole.every((size, axis) => size === kernel[axis]);
  const cut = fits ? result : g.Slice(result, kernel.map(() => 0), [...kernel], spatialAxes(x)); // prettier-ignore
  return g.Transpose(cut, { perm: swapped }); // [M, C/group, ...kernel]
}

/** [N, group*C, ...] -> [C, group*N, ...]. */
function groupedImage(g: Builder, x: Value, group: number): Value {
  const sizes = spatialSizes(x);
  const opened = g.Reshape(x, [-1, group, Number(x.shape[1]) / group, ...sizes]); // [N, group, C, ...]
  const moved = g.Transpose(opened, { perm: [2, 1, 0, ...allAxes(sizes.length).map((axis) => axis + 3)] });
  return g.Reshape(moved, [Number(x.shape[1]) / group, -1, ...sizes]);
}
