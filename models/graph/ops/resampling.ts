/** Resize: along each axis, which input elements an output element takes, after the ONNX operator documentation. */
import { type Dim, isStatic, multiplyDims, unknownDim } from '../../tensor/shape';
import type { TensorType, Value } from '../ir';
import type { Family, InferCall, Values, VjpCall } from '../operator';
import type { AttributesOf, InputsOf } from '../signatures';
import { type AxisMap, pullBack, type Tap } from './axis-maps';
import { allAxes, axisIn } from './rules';

/** Sizes along one axis, and their ratio as the runtime takes it: as given, in single precision. */
interface Resized {
  readonly axis: number;
  readonly input: number;
  readonly output: number;
  readonly scale: number;
}

const single = Math.fround; // the runtime computes places in single precision, and ties of nearest depend on it

/** Place of output element `at` among the inputs, by coordinate_transformation_mode. */
const coordinates: Readonly<Record<string, (at: number, axis: Resized) => number>> = {
  half_pixel: (at, { scale }) => single(single((at + 0.5) / scale) - 0.5),
  pytorch_half_pixel: (at, { scale, output }) => (output > 1 ? single(single((at + 0.5) / scale) - 0.5) : 0),
  asymmetric: (at, { scale }) => single(at / scale),
  align_corners: (at, { input, output }) => (output > 1 ? single((at * (input - 1)) / (output - 1)) : 0),
};

/** Which element a place between elements means, by nearest_mode. */
const nearest: Readonly<Record<string, (place: number) => number>> = {
  round_prefer_floor: (place) => Math.ceil(place - 0.5),
  round_prefer_ceil: (place) => Math.floor(place + 0.5),
  floor: Math.floor,
  ceil: Math.ceil,
};

export const resampling: Family<'Resize'> = {
  Resize: {
    docs: 'X with more or fewer elements along `axes` (all): `scales` multiplies the sizes, or `sizes` gives them. Gradients for modes nearest and linear without antialias.',
    attributes: {
      antialias: 'int',
      axes: 'ints',
      coordinate_transformation_mode: 'string',
      cubic_coeff_a: 'float',
      exclude_outside: 'int',
      extrapolation_value: 'float',
      keep_aspect_ratio_policy: 'string',
      mode: 'string',
      nearest_mode: 'string',
    },
    infer: inferResize,
    vjp: vjpResize,
  },
};

/** The numbers of an input that may be left out, or empty, which means the same. */
function given(value: Value | undefined): readonly Dim[] | undefined {
  const elements = value?.type?.elements;
  return elements?.length === 0 ? undefined : elements;
}

function inferResize(call: InferCall<'Resize'>): TensorType {
  const [x, , scaleInput, sizeInput] = call.inputs;
  const { axes, coordinate_transformation_mode: mode = 'half_pixel' } = call.attributes;
  const along = axes?.map((axis) => axisIn(call, axis, x.rank)) ?? allAxes(x.rank);
  const scales = mode === 'tf_crop_and_resize' ? undefined : given(scaleInput);
  const sizes = given(sizeInput);
  const listed = sizes ?? scales;
  if (listed && listed.length !== along.length) return call.fail(`${along.length} scales or sizes, got ${listed.length}`); // prettier-ignore
  const shape = [...x.shape];
  along.forEach((axis, k) => {
    const size = x.shape[axis] ?? unknownDim;
    shape[axis] = sizes ? sizeWithin(call, sizes, along, k) : scaled(size, scales?.[k]);
  });
  return { dtype: x.dtype, shape };
}

function scaled(size: Dim, scale: Dim | undefined): Dim {
  if (typeof scale !== 'number') return unknownDim;
  if (typeof size === 'number') return Math.floor(single(size * scale));
  return Number.isInteger(scale) ? multiplyDims(size, scale) : unknownDim;
}

/** The size asked for, or the one that keeps the proportions of all axes together. */
function sizeWithin(call: InferCall<'Resize'>, sizes: readonly Dim[], along: readonly number[], k: number): Dim {
  const { keep_aspect_ratio_policy: policy = 'stretch' } = call.attributes;
  const wanted = sizes[k] ?? unknownDim;
  if (policy === 'stretch') return wanted;
  const inputs = along.map((axis) => call.inputs[0].shape[axis] ?? unknownDim);
  if (!isStatic(inputs) || !isStatic(sizes)) return unknownDim;
  const ratios = sizes.map((size, at) => size / (inputs[at] ?? 1));
  const ratio = policy === 'not_larger' ? Math.min(...ratios) : Math.max(...ratios);
  return Math.floor((inputs[k] ?? 1) * ratio + 0.5);
}

/** Repetition (nearest by whole factors) is undone by sums, which are average pooling times the count: 0.5 ms where sums take 0.9. */
function vjpResize({ g, inputs, attributes, y, dy }: VjpCall<'Resize'>): Value[] | 'missing' {
  const maps = mapsOf(inputs, attributes, y);
  if (maps === 'missing') return 'missing';
  const isImage = dy.rank >= 3 && dy.rank <= 5 && maps.every(({ axis }) => axis >= 2);
  if (maps.length === 0 || !isImage || !maps.every(isRepetition)) return [pullBack(g, dy, maps)];
  const factors = dy.dims.slice(2).map((size, k) => size / (inputs[0].dims[k + 2] ?? 1));
  const means = g.AveragePool(dy, { kernel_shape: factors, strides: factors });
  return [g.Mul(means, factors.reduce((product, factor) => product * factor, 1))]; // prettier-ignore
}

/** What is taken along every axis that changes. */
function mapsOf(
  [x, , scaleInput, sizeInput]: Values<InputsOf<'Resize'>>,
  attributes: AttributesOf<'Resize'>,
  y: Value,
): AxisMap[] | 'missing' {
  const { mode = 'nearest', antialias = 0, keep_aspect_ratio_policy: policy = 'stretch' } = attributes;
  const place = coordinates[attributes.coordinate_transformation_mode ?? 'half_pixel'];
  const round = nearest[attributes.nearest_mode ?? 'round_prefer_floor'];
  const isKnown = (given(scaleInput) ?? given(sizeInput)) !== undefined;
  if (!place || !round || antialias === 1 || policy !== 'stretch' || mode === 'cubic' || !isKnown) return 'missing';
  const along = attributes.axes?.map((axis) => (axis < 0 ? axis + x.rank : axis)) ?? allAxes(x.rank);
  const resized = along.map((axis, k): Resized => {
    const [input, output] = [x.dims[axis] ?? 1, y.dims[axis] ?? 1];
    return { axis, input, output, scale: single(Number(given(scaleInput)?.[k] ?? output / input)) };
  });
  const taps = mode === 'nearest' ? (at: number) => [{ index: round(at), weight: 1 }] : linearTaps;
  return resized
    .filter(({ input, output, scale }) => input !== output || scale !== 1)
    .map((axis) => ({
      axis: axis.axis,
      size: axis.input,
      outputs: Array.from({ length: axis.output }, (_, at) =>
        taps(place(at, axis)).map((tap) => within(tap, axis.input)),
      ),
    }));
}

/** The two neighbours of a place, each by its nearness. */
function linearTaps(at: number): Tap[] {
  const low = Math.floor(at);
  return [
    { index: low, weight: 1 - (at - low) },
    { index: low + 1, weight: at - low },
  ];
}

/** Beyond the ends the last element goes on. */
function within({ index, weight }: Tap, size: number): Tap {
  return { index: Math.min(Math.max(index, 0), size - 1), weight };
}

/** Whether every input is taken by the same number of outputs, one after the other. */
function isRepetition({ size, outputs }: AxisMap): boolean {
  const factor = outputs.length / size;
  return Number.isInteger(factor) && outputs.every(([tap, ...more], at) => more.length === 0 && tap?.index === Math.floor(at / factor)); // prettier-ignore
}
