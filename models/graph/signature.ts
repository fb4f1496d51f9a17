/** Finds out whether a model is an image classifier: which input takes the picture and how, which output holds the classes. */
import { ModelError } from '../errors';
import type { DType } from '../tensor/dtype';
import { intAttribute, intsAttribute } from './attributes';
import type { GraphProto, ModelProto, NodeProto } from './proto/onnx_pb';
import { dimsOf } from './tensors';
import { type Axis, feedsOf, type TensorValue, tensorValue, typeText } from './values';

/** Channels before or after height and width. */
export type Layout = 'nchw' | 'nhwc';

const pictureTypes = ['float32', 'float16', 'float64', 'uint8'] as const;
/** Element types that a picture can be converted to. */
export type PictureType = (typeof pictureTypes)[number];

/** Axes of the input, letter by letter: batch, channels, height, width; no N: a single picture; no C: grey. */
export type PictureAxes = 'NCHW' | 'NHWC' | 'CHW' | 'HWC' | 'NHW';

/** The input that takes the picture; height or width 0 means any. */
export interface PictureInput {
  readonly name: string;
  readonly dtype: PictureType;
  readonly axes: PictureAxes;
  readonly layout: Layout;
  readonly channels: 1 | 3;
  readonly height: number;
  readonly width: number;
  /** Largest batch: 1, or 0 for any. */
  readonly maxBatch: 0 | 1;
}

/** The output with one number per class; `classes` is 0 where only a run can tell. */
export interface ClassOutput {
  readonly name: string;
  readonly dtype: 'float32' | 'float16' | 'float64';
  readonly rank: number;
  readonly classes: number;
}

/** Both ends of an image classifier. */
export interface ClassifierSignature {
  readonly input: PictureInput;
  readonly output: ClassOutput;
}

/**
 * Reads the declared ends of a model; `layout` decides where sizes alone cannot.
 * @throws ModelError `model/not-a-classifier`, with what was found in words and in the details.
 */
export function findClassifierSignature(model: ModelProto, layout: Layout | 'auto' = 'auto'): ClassifierSignature {
  const graph = model.graph;
  if (graph === undefined) throw new ModelError('model/not-a-classifier', 'The file holds no graph.');
  const input = checkSize(findInput(graph, layout));
  const output = typeof input === 'string' ? input : findOutput(graph);
  if (typeof input === 'string' || typeof output === 'string') {
    const why = typeof output === 'string' ? output : '';
    const takes = feedsOf(graph).map((value) => `${value.name}: ${typeText(value)}`);
    const gives = graph.output.map((value) => `${value.name}: ${typeText(value)}`);
    throw new ModelError(
      'model/not-a-classifier',
      `An image classifier takes one picture and gives one number for each class; ${why}. ` +
        `This model takes ${listText(takes)} and gives ${listText(gives)}.`,
      { inputs: takes, outputs: gives, reason: why },
    );
  }
  return { input, output };
}

/** Beyond this no classifier was ever trained, and a file that asks for more is after the memory. */
const largestSide = 4096;

function checkSize(input: PictureInput | string): PictureInput | string {
  if (typeof input === 'string' || Math.max(input.height, input.width) <= largestSide) return input;
  return `the input here wants pictures of ${input.width} x ${input.height} pixels, over the limit of ${largestSide}`;
}

function listText(parts: readonly string[]): string {
  if (parts.length === 0) return 'nothing';
  const shown = parts.slice(0, 6).join('; ');
  return parts.length > 6 ? `${shown} and ${parts.length - 6} more` : shown;
}

/** The picture input, or why there is none. */
function findInput(graph: GraphProto, wanted: Layout | 'auto'): PictureInput | string {
  const feeds = feedsOf(graph);
  const [first] = feeds;
  if (first === undefined || feeds.length > 1) return `this one has ${feeds.length} inputs`;
  const value = tensorValue(first);
  const dtype = pictureTypes.find((type) => type === value?.dtype);
  if (value?.axes === undefined || dtype === undefined) return 'the input here cannot hold a picture';
  if (value.axes.length === 3) return unbatchedInput(value, value.axes, dtype);
  if (value.axes.length !== 4) return `the input here has ${value.axes.length} axes in place of 3 or 4`;
  const [batch, ...inner] = value.axes;
  if (typeof batch === 'number' && batch > 1) return `this one insists on ${batch} pictures at once`;
  const layout = wanted === 'auto' ? guessLayout(value, inner, graph) : wanted;
  const [channelAxis, height, width] =
    layout === 'nchw' ? [inner[0], inner[1], inner[2]] : [inner[2], inner[0], inner[1]];
  const channels = typeof channelAxis === 'number' ? channelAxis : (traceColours(graph, value.name)?.channels ?? 3);
  if (channels !== 1 && channels !== 3) return `the input here has ${channels} channels in place of 1 or 3`;
  return {
    name: value.name,
    dtype,
    axes: layout === 'nchw' ? 'NCHW' : 'NHWC',
    layout,
    channels,
    height: sizeOf(height),
    width: sizeOf(width),
    maxBatch: batch === 1 ? 1 : 0,
  };
}

function sizeOf(axis: Axis | undefined): number {
  return typeof axis === 'number' ? axis : 0;
}

function isColour(axis: Axis | undefined): axis is 1 | 3 {
  return axis === 1 || axis === 3;
}

/** [C, H, W], [H, W, C], or a batch of grey pictures [N, H, W]. */
function unbatchedInput(value: TensorValue, shape: readonly Axis[], dtype: PictureType): PictureInput | string {
  const [first, second, third] = shape;
  const base = { name: value.name, dtype, maxBatch: 1 } as const;
  if (isColour(third)) {
    return { ...base, axes: 'HWC', layout: 'nhwc', channels: third, height: sizeOf(first), width: sizeOf(second) };
  }
  if (first === 3)
    return { ...base, axes: 'CHW', layout: 'nchw', channels: 3, height: sizeOf(second), width: sizeOf(third) };
  if (typeof second !== 'number' || typeof third !== 'number') return 'the three axes of the input here are not clear';
  const maxBatch = first === 1 ? 1 : 0;
  if (typeof first === 'number' && first > 1) return `this one insists on ${first} pictures at once`;
  return { ...base, maxBatch, axes: 'NHW', layout: 'nchw', channels: 1, height: second, width: third };
}

/** By the axis that has 1 or 3 entries; where both or none has, by the first convolution behind the input, else as most exporters do. */
function guessLayout(value: TensorValue, inner: readonly Axis[], graph: GraphProto): Layout {
  const [first, , last] = inner;
  if (isColour(first) && !isColour(last)) return 'nchw';
  if (isColour(last) && !isColour(first)) return 'nhwc';
  return traceColours(graph, value.name)?.layout ?? 'nchw';
}

const elementwise = new Set(
  'Cast Identity Add Sub Mul Div Neg Clip Pad BatchNormalization QuantizeLinear DequantizeLinear'.split(' '),
);

/** Follows the picture to its first convolution, which knows the axis and the number of colours. */
function traceColours(graph: GraphProto, from: string): { layout: Layout; channels: number } | undefined {
  const reached = new Map<string, readonly number[]>([[from, [0, 1, 2, 3]]]); // axis k of the value is axis order[k] of the input
  const weights = new Map(graph.initializer.map((tensor) => [tensor.name, tensor]));
  for (const node of graph.node) {
    const order = node.input.map((name) => reached.get(name)).find((found) => found !== undefined);
    const [output] = node.output;
    if (order === undefined || output === undefined) continue;
    if (node.opType === 'Conv') {
      const weight = weights.get(sourceOf(graph, node.input[1] ?? ''));
      const [, perGroup = 0] = weight ? dimsOf(weight) : [];
      if (perGroup === 0) return undefined;
      return { layout: order[1] === 1 ? 'nchw' : 'nhwc', channels: perGroup * intAttribute(node, 'group', 1) };
    }
    const next = nextOrder(node, order);
    if (next) reached.set(output, next);
  }
  return undefined;
}

function nextOrder(node: NodeProto, order: readonly number[]): readonly number[] | undefined {
  if (elementwise.has(node.opType)) return order;
  if (node.opType !== 'Transpose') return undefined;
  return intsAttribute(node, 'perm')?.map((axis) => order[axis] ?? 0);
}

/** Stored weights often pass a Cast or a DequantizeLinear on their way. */
function sourceOf(graph: GraphProto, name: string): string {
  const maker = graph.node.find((node) => node.output.includes(name));
  const passes = maker?.opType === 'Cast' || maker?.opType === 'DequantizeLinear' || maker?.opType === 'Identity';
  return passes ? (maker.input[0] ?? name) : name;
}

const outputTypes = ['float32', 'float16', 'float64'] as const;
const classWords = /prob|softmax|logit|score|class|pred/i;

/** The class output, or why there is none. */
function findOutput(graph: GraphProto): ClassOutput | string {
  const candidates = graph.output.flatMap((info) => {
    const value = tensorValue(info);
    return value ? (classOutput(value) ?? []) : [];
  });
  const named = candidates.find((candidate) => classWords.test(candidate.name));
  return named ?? candidates[0] ?? 'no output here has that form';
}

/** [N, C], [N, C, 1, 1], [N, 1, C], [C] and the like: one axis of classes, batch first, all others 1. */
function classOutput(value: TensorValue): ClassOutput | undefined {
  const dtype = outputTypes.find((type) => type === (value.dtype satisfies DType | undefined));
  if (dtype === undefined) return undefined;
  if (value.axes === undefined) return { name: value.name, dtype, rank: 2, classes: 0 };
  const rank = value.axes.length;
  const inner = rank > 1 ? value.axes.slice(1) : value.axes;
  const wide = inner.filter((axis) => axis !== 1);
  const [classes] = wide;
  if (rank === 0 || rank > 4 || wide.length !== 1 || classes === undefined) return undefined;
  return { name: value.name, dtype, rank, classes: typeof classes === 'number' ? classes : 0 };
}
