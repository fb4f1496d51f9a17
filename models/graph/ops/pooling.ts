/** Pooling: the largest or the mean of each window of [N, C, ...], and the gradient of the largest. */
import { filledTensor } from '../../tensor/filled-tensor';
import { contradictoryDims, type Dim, shapeText, unknownDim } from '../../tensor/shape';
import type { Builder } from '../builder-type';
import type { TensorType, Value } from '../ir';
import type { Family, InferCall, VjpCall } from '../operator';
import type { AttributesOf } from '../signatures';
import { type AxisMap, pullBack } from './axis-maps';
import { inferSame } from './rules';
import { inferWindows, type Sliding, slidings, spatialSizes, windowAttributes } from './window';

const attributes = { ...windowAttributes, ceil_mode: 'int' } as const;

type Pooling = 'MaxPool' | 'MaxPoolGradient' | 'AveragePool' | 'GlobalAveragePool' | 'GlobalMaxPool';

export const pooling: Family<Pooling> = {
  MaxPool: {
    docs: 'The largest of each window [N, C, ...]; padding never wins. The second result holds its place in the flattened X. Of equal elements the first gets the gradient, as in PyTorch.',
    attributes: { ...attributes, storage_order: 'int' },
    infer: (call) => {
      const pooled = inferPooled(call);
      return call.outputCount > 1 ? [pooled, { dtype: 'int64', shape: pooled.shape }] : pooled;
    },
    vjp: ({ g, inputs: [x], attributes, y, dy }) => [g.MaxPoolGradient(x, y, dy, attributes)],
  },
  MaxPoolGradient: {
    domain: 'duet',
    docs: "The gradient of MaxPool: X, its result Y and Y's cotangent dY -> the shape of X.",
    attributes: { ...attributes, storage_order: 'int' },
    infer: (call) => {
      const [x, y, dy] = call.inputs;
      const { shape } = inferPooled({ ...call, inputs: [x] });
      const differs = [y, dy].some(({ shape: other }) => other.some((dim, k) => contradictoryDims(dim, shape[k] ?? 0)));
      return differs ? call.fail(`Y and dY of shape ${shapeText(shape)}`) : inferSame(call);
    },
    vjp: ({ g, inputs: [x, y], attributes, dy }) => {
      const chosen = g.GatherElements(g.Reshape(dy, [-1]), placesOfLargest(g, x, attributes), { axis: 0 });
      return [undefined, undefined, g.Reshape(chosen, g.shapeOf(y))]; // X only chooses places
    },
    decompose: ({ g, inputs: [x, , dy], attributes }) => {
      const none = g.fullLike(g.Reshape(x, [-1]), 0);
      const places = placesOfLargest(g, x, attributes);
      const dx = g.ScatterElements(none, places, g.Reshape(dy, [-1]), { axis: 0, reduction: 'add' });
      return [g.Reshape(dx, g.shapeOf(x))];
    },
  },
  AveragePool: {
    docs: 'The mean of each window [N, C, ...]; padding counts as zeros with count_include_pad=1, else not at all.',
    attributes: { ...attributes, count_include_pad: 'int' },
    infer: inferPooled,
    vjp: averageGradient,
  },
  GlobalAveragePool: {
    docs: 'The mean over all spatial axes: [N, C, ...] -> [N, C, 1, ...].',
    attributes: {},
    infer: inferGlobal,
    vjp: ({ g, inputs: [x], dy }) => {
      const sizes = spatialSizes(x);
      const share = 1 / sizes.reduce((product, size) => product * size, 1);
      return [g.Mul(dy, g.constant(filledTensor(dy.dtype, sizes, share)))]; // divides and repeats in one pass
    },
  },
  GlobalMaxPool: {
    docs: 'The largest over all spatial axes: [N, C, ...] -> [N, C, 1, ...]. Of equal elements the first gets the gradient.',
    attributes: {},
    infer: inferGlobal,
    vjp: ({ g, inputs: [x], y, dy }) => [g.MaxPoolGradient(x, y, dy, { kernel_shape: spatialSizes(x) })],
  },
};

/** onnxruntime 1.30 leaves dilations out of the paddings of SAME, the documentation does not: the sizes are left open. */
function isDisputed({ auto_pad: autoPad = 'NOTSET', dilations = [] }: AttributesOf<'AveragePool'>): boolean {
  return autoPad.startsWith('SAME') && dilations.some((step) => step > 1);
}

function inferPooled(call: Pick<InferCall<'MaxPool' | 'AveragePool'>, 'inputs' | 'attributes' | 'fail'>): TensorType {
  const [x] = call.inputs;
  const [batch = unknownDim, channels = unknownDim] = x.shape;
  const counts = inferWindows(call, x, call.attributes.kernel_shape, call.attributes);
  const sizes = isDisputed(call.attributes) ? counts.map((): Dim => unknownDim) : counts;
  return { dtype: x.dtype, shape: [batch, channels, ...sizes] };
}

function inferGlobal(call: InferCall<'GlobalAveragePool'>): TensorType {
  const [x] = call.inputs;
  if (x.rank < 3) return call.fail('X of rank 3 or more, [N, C, ...spatial axes]');
  return { dtype: x.dtype, shape: x.shape.map((dim, axis) => (axis < 2 ? dim : 1)) };
}

/** Where in the flattened X each window's largest element stands: int64 [windows]. */
function placesOfLargest(g: Builder, x: Value, attributes: AttributesOf<'MaxPool'>): Value {
  const spec = { op: 'MaxPool', inputs: [x], attributes: { ...attributes, storage_order: 0 }, outputCount: 2 };
  const [values = x, places = values] = g.node(spec);
  return g.Reshape(places, [-1]);
}

/** Windows side by side: each element of X gets its window's share, so the cotangent is repeated. Else one map an axis. */
function averageGradient({ g, inputs: [x], attributes, y, dy }: VjpCall<'AveragePool'>): Value[] | 'missing' {
  if (isDisputed(attributes)) return 'missing';
  const { kernel_shape: kernel, count_include_pad: includesPadding = 0 } = attributes;
  const sizes = spatialSizes(x);
  const counts = spatialSizes(y);
  const axes = slidings(kernel, attributes, sizes);
  if (axes.every((axis, k) => isTiling(axis, sizes[k] ?? 0, counts[k] ?? 0))) {
    const share = g.Mul(dy, 1 / kernel.reduce((product, size) => product * size, 1));
    const repetition = { mode: 'nearest', coordinate_transformation_mode: 'asymmetric', nearest_mode: 'floor' };
    return [g.Resize(share, undefined, g.floats([1, 1, ...kernel]), repetition)]; // 0.2 ms where broadcasts take 3.7
  }
  const map = (axis: Sliding, k: number): AxisMap =>
    meanMap(axis, k + 2, sizes[k] ?? 0, counts[k] ?? 0, includesPadding === 1);
  return [pullBack(g, dy, axes.map(map))];
}

function isTiling({ kernel, stride, dilation, begin, end }: Sliding, size: number, count: number): boolean {
  return stride === kernel && dilation === 1 && begin + end === 0 && count * kernel === size;
}

/** What each window takes along one axis: equal parts of its elements. Those beyond the padding (ceil_mode) never count. */
function meanMap(window: Sliding, axis: number, size: number, count: number, includesPadding: boolean): AxisMap {
  const { kernel, stride, dilation, begin, end } = window;
  const outputs = Array.from({ length: count }, (_, output) => {
    const places = Array.from({ length: kernel }, (_, tap) => output * stride + tap * dilation - begin);
    const inside = places.filter((place) => place >= 0 && place < size);
    const counted = includesPadding ? places.filter((place) => place < size + end) : inside;
    return inside.map((index) => ({ index, weight: 1 / counted.length }));
  });
  return { axis, size, outputs };
}
