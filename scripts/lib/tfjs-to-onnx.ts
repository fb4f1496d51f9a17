/**
 * Converts the operators of a TensorFlow.js graph into ONNX nodes. TensorFlow convolves NHWC, ONNX NCHW: every value carries the
 * permutation that would restore its TensorFlow order, so that Transposes cancel here instead of reaching the file.
 */
import { float, int, ints, text } from '../../models/graph/attributes';
import type { GraphBuilder } from '../../models/graph/build';
import { reshape } from '../../models/graph/picture';
import { hostTensor } from '../../models/tensor/host-tensor';
import { type TfGraph, type TfNode, weightNumbers } from './tfjs-graph';

/** TensorFlow axis k of the value is ONNX axis order[k] of `name`; `pads` waits to be taken up by a convolution or pool. */
interface Value {
  readonly name: string;
  readonly order: readonly number[];
  readonly pads?: readonly (readonly [number, number])[];
}

const nhwc = [0, 2, 3, 1]; // the order of a TensorFlow picture that ONNX holds as NCHW
const plain = [0, 1, 2, 3];

type Rule = (converter: Converter, node: TfNode) => Value | Value[];

class Converter {
  readonly values = new Map<string, Value>();

  constructor(
    readonly builder: GraphBuilder,
    readonly graph: TfGraph,
  ) {}

  input(node: TfNode, index: number): Value {
    const name = node.input[index] ?? '';
    const value = this.values.get(name.replace(/:0$/, ''));
    if (value === undefined) throw new Error(`${node.op} "${node.name}" reads "${name}", which is not computed.`);
    return value;
  }

  /** The input with its pads applied by nobody: refuses values that still wait for a convolution. */
  settled(node: TfNode, index: number): Value {
    const value = this.input(node, index);
    if (value.pads) throw new Error(`${node.op} "${node.name}" reads a padded value.`);
    return value;
  }

  /** The input in a given order, transposed if it must be. */
  ordered(node: TfNode, index: number, order: readonly number[]): string {
    const value = this.settled(node, index);
    if (sameOrder(value.order, order)) return value.name;
    const perm = order.map((_, axis) => value.order[order.indexOf(axis)] ?? 0);
    return this.builder.node('Transpose', [value.name], { attributes: { perm: ints(perm) } });
  }

  constant(node: TfNode, index: number): number[] {
    const name = node.input[index] ?? '';
    const weight = this.graph.weights.get(name) ?? this.graph.weights.get(this.shapeSource(name));
    if (weight === undefined) throw new Error(`${node.op} "${node.name}" needs a constant as input ${index}.`);
    return weightNumbers(weight);
  }

  /** Some exporters write a shape as AddV2(constant, SparseToDense(nothing)): the constant itself. */
  private shapeSource(name: string): string {
    const node = this.graph.nodes.find((candidate) => candidate.name === name);
    return node?.op === 'AddV2' ? (node.input[0] ?? '') : '';
  }
}

function sameOrder(a: readonly number[], b: readonly number[]): boolean {
  return a.length === b.length && a.every((axis, at) => axis === b[at]);
}

const isZero = (pads: readonly (readonly [number, number])[], axis: number): boolean =>
  pads[axis]?.[0] === 0 && pads[axis][1] === 0;

/** Begin and end pads of height and width, in ONNX's order. */
function spatialPads(node: TfNode, value: Value): number[] {
  if (!sameOrder(value.order, nhwc)) throw new Error(`${node.op} "${node.name}" reads an unexpected layout.`);
  const pads = value.pads ?? plain.map((): [number, number] => [0, 0]);
  if (!isZero(pads, 0) || !isZero(pads, 3)) throw new Error(`${node.op} "${node.name}" pads batch or channels.`);
  const [, top = [0, 0], left = [0, 0]] = pads;
  return [top[0], left[0], top[1], left[1]];
}

const attribute = (node: TfNode, name: string): number[] => node.attr[name]?.list?.i.slice(1, 3) ?? [1, 1];

function checkValid(node: TfNode): void {
  const padding = Buffer.from(node.attr['padding']?.s ?? '', 'base64').toString();
  if (padding !== 'VALID') throw new Error(`${node.op} "${node.name}": only VALID padding is converted.`);
}

const convolve: Rule = (c, node) => {
  checkValid(node);
  const image = c.input(node, 0);
  const weight = c.graph.weights.get(node.input[1] ?? '');
  if (!(weight?.data instanceof Uint16Array)) throw new Error(`"${node.name}" has no float16 weights.`);
  const [kernelY = 1, kernelX = 1, inputs = 1, outputs = 1] = weight.dims;
  const oihw = new Uint16Array(weight.data.length);
  let at = 0;
  for (let o = 0; o < outputs; o++) {
    for (let i = 0; i < inputs; i++) {
      for (let k = 0; k < kernelY * kernelX; k++) oihw[at++] = weight.data[(k * inputs + i) * outputs + o] ?? 0;
    }
  }
  const dims = [outputs, inputs, kernelY, kernelX];
  const stored = c.builder.constant('weight', hostTensor('float16', dims, oihw));
  const widened = c.builder.node('Cast', [stored], { attributes: { to: int(1) } });
  const attributes = {
    kernel_shape: ints([kernelY, kernelX]),
    pads: ints(spatialPads(node, image)),
    strides: ints(attribute(node, 'strides')),
    dilations: ints(attribute(node, 'dilations')),
  };
  const bias = biasAfter(c, node);
  const inputsNames = bias ? [image.name, widened, bias] : [image.name, widened];
  return { name: c.builder.node('Conv', inputsNames, { attributes }), order: nhwc };
};

/** The vector that the only reader of a convolution adds to it. */
function biasAfter(c: Converter, node: TfNode): string | undefined {
  const reader = biasReader(c, node.name);
  const weight = c.graph.weights.get(reader?.input[1] ?? '');
  return weight ? c.builder.floats('bias', weightNumbers(weight)) : undefined;
}

function biasReader(c: Converter, name: string): TfNode | undefined {
  const readers = c.graph.nodes.filter((candidate) => candidate.input.includes(name));
  const [reader] = readers;
  const isBias = reader?.op === 'Add' && c.graph.weights.get(reader.input[1] ?? '')?.dims.length === 1;
  return readers.length === 1 && isBias ? reader : undefined;
}

const add: Rule = (c, node) => {
  const first = c.settled(node, 0);
  if (biasReader(c, node.input[0] ?? '') === node) return first; // taken up by the convolution
  return { name: c.builder.node('Add', [first.name, c.ordered(node, 1, first.order)]), order: first.order };
};

const transpose: Rule = (c, node) => {
  const value = c.input(node, 0);
  const perm = c.constant(node, 1);
  const pads = value.pads;
  const order = perm.map((axis) => value.order[axis] ?? 0);
  return pads
    ? { name: value.name, order, pads: perm.map((axis) => pads[axis] ?? [0, 0]) }
    : { name: value.name, order };
};

const pad: Rule = (c, node) => {
  const flat = c.constant(node, 1);
  const value = c.settled(node, 0);
  return { ...value, pads: value.order.map((_, axis) => [flat[2 * axis] ?? 0, flat[2 * axis + 1] ?? 0] as const) };
};

const maxPool: Rule = (c, node) => {
  checkValid(node);
  const image = c.input(node, 0);
  const attributes = {
    kernel_shape: ints(attribute(node, 'ksize')),
    strides: ints(attribute(node, 'strides')),
    pads: ints(spatialPads(node, image)),
  };
  return { name: c.builder.node('MaxPool', [image.name], { attributes }), order: nhwc };
};

const resize: Rule = (c, node) => {
  const [height = 1, width = 1] = c.constant(node, 1);
  const image = c.ordered(node, 0, nhwc);
  const attributes = {
    mode: text('linear'),
    coordinate_transformation_mode: text('half_pixel'),
    axes: ints([2, 3]),
  };
  const sizes = c.builder.ints('sizes', [height, width]);
  return { name: c.builder.node('Resize', [image, '', '', sizes], { attributes }), order: nhwc };
};

const concat: Rule = (c, node) => {
  const count = node.input.length - 1;
  const { order } = c.settled(node, 0);
  const names = node.input.slice(0, count).map((_, index) => c.ordered(node, index, order));
  const [axis = 0] = c.constant(node, count);
  return { name: c.builder.node('Concat', names, { attributes: { axis: int(order[axis] ?? 0) } }), order };
};

const split: Rule = (c, node) => {
  const value = c.settled(node, 0);
  const sizes = c.constant(node, 1);
  const [axis = 0] = c.constant(node, 2);
  const outputs = sizes.map(() => c.builder.fresh('split'));
  const attributes = { axis: int(value.order[axis] ?? 0) };
  c.builder.node('Split', [value.name, c.builder.ints('sizes', sizes)], { attributes, outputs });
  return outputs.map((name) => ({ name, order: value.order }));
};

const reshapeTo: Rule = (c, node) => {
  const sizes = c.constant(node, 1);
  return { name: reshape(c.builder, c.ordered(node, 0, plain), sizes), order: sizes.map((_, axis) => axis) };
};

const keep =
  (op: string): Rule =>
  (c, node) => {
    const { name, order } = c.settled(node, 0);
    const alpha = node.attr['alpha']?.f;
    return {
      name: c.builder.node(op, [name], alpha === undefined ? {} : { attributes: { alpha: float(alpha) } }),
      order,
    };
  };

const rules: Readonly<Record<string, Rule>> = {
  Conv2D: convolve,
  Add: add,
  Transpose: transpose,
  Pad: pad,
  PadV2: pad, // pads of the one pool here are -infinity, as ONNX pads a MaxPool
  MaxPool: maxPool,
  ResizeBilinear: resize,
  ConcatV2: concat,
  SplitV: split,
  Reshape: reshapeTo,
  LeakyRelu: keep('LeakyRelu'),
  Sigmoid: keep('Sigmoid'),
  Identity: (c, node) => c.input(node, 0),
};
const folded = new Set(['Const', 'Placeholder', 'SparseToDense', 'AddV2']);

/** Adds the graph's nodes to the builder; `feeds` names the ONNX value of each placeholder. Gives the values of `outputs`, in TensorFlow's axis order. */
export function addTfGraph(
  builder: GraphBuilder,
  graph: TfGraph,
  feeds: Readonly<Record<string, string>>,
  outputs: readonly string[],
): string[] {
  const converter = new Converter(builder, graph);
  for (const [name, value] of Object.entries(feeds)) converter.values.set(name, { name: value, order: plain });
  for (const node of graph.nodes) {
    if (folded.has(node.op)) continue;
    const rule = rules[node.op];
    if (rule === undefined) throw new Error(`No rule for TensorFlow operator ${node.op} ("${node.name}").`);
    const result = rule(converter, node);
    if (Array.isArray(result))
      result.forEach((value, k) => converter.values.set(k === 0 ? node.name : `${node.name}:${k}`, value));
    else converter.values.set(node.name, result);
  }
  return outputs.map((name) => {
    const value = converter.values.get(name);
    if (value === undefined) throw new Error(`Output "${name}" was not computed.`);
    if (sameOrder(value.order, [...value.order].sort())) return value.name;
    return builder.node('Transpose', [value.name], { attributes: { perm: ints(value.order) } });
  });
}
