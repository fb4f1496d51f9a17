/**
 * Converts the operators of a TensorFlow.js graph into ONNX nodes. TensorFlow convolves NHWC, ONNX NCHW: every value carries the
 * permutation that would restore its TensorFlow order, so that Transposes cancel here instead of reaching the file.
 */
import type { Builder } from '../../models/graph/builder-type';
import type { Value } from '../../models/graph/ir';
import { dtypeNumber } from '../../models/tensor/dtype';
import { hostTensor } from '../../models/tensor/host-tensor';
import { type TfGraph, type TfNode, weightNumbers } from './tfjs-graph';

/** TensorFlow axis k of the value is ONNX axis order[k] of it; `pads` waits to be taken up by a convolution or pool. */
interface Ordered {
  readonly value: Value;
  readonly order: readonly number[];
  readonly pads?: readonly (readonly [number, number])[];
}

const nhwc = [0, 2, 3, 1]; // the order of a TensorFlow picture that ONNX holds as NCHW
const plain = [0, 1, 2, 3];

type Rule = (converter: Converter, node: TfNode) => Ordered | Ordered[];

class Converter {
  readonly values = new Map<string, Ordered>();

  constructor(
    readonly g: Builder,
    readonly graph: TfGraph,
  ) {}

  input(node: TfNode, index: number): Ordered {
    const name = node.input[index] ?? '';
    const value = this.values.get(name.replace(/:0$/, ''));
    if (value === undefined) throw new Error(`${node.op} "${node.name}" reads "${name}", which is not computed.`);
    return value;
  }

  /** The input with its pads applied by nobody: refuses values that still wait for a convolution. */
  settled(node: TfNode, index: number): Ordered {
    const value = this.input(node, index);
    if (value.pads) throw new Error(`${node.op} "${node.name}" reads a padded value.`);
    return value;
  }

  /** The input in a given order, transposed if it must be. */
  ordered(node: TfNode, index: number, order: readonly number[]): Value {
    const { value, order: present } = this.settled(node, index);
    if (sameOrder(present, order)) return value;
    return this.g.Transpose(value, { perm: order.map((_, axis) => present[order.indexOf(axis)] ?? 0) });
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
function spatialPads(node: TfNode, value: Ordered): number[] {
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
  const stored = c.g.constant(hostTensor('float16', dims, oihw), 'weight');
  const widened = c.g.Cast(stored, { to: dtypeNumber('float32') });
  const value = c.g.Conv(image.value, widened, biasAfter(c, node), {
    kernel_shape: [kernelY, kernelX],
    pads: spatialPads(node, image),
    strides: attribute(node, 'strides'),
    dilations: attribute(node, 'dilations'),
  });
  return { value, order: nhwc };
};

/** The vector that the only reader of a convolution adds to it. */
function biasAfter(c: Converter, node: TfNode): Value | undefined {
  const reader = biasReader(c, node.name);
  const weight = c.graph.weights.get(reader?.input[1] ?? '');
  return weight ? c.g.floats(weightNumbers(weight)) : undefined;
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
  return { value: c.g.Add(first.value, c.ordered(node, 1, first.order)), order: first.order };
};

const transpose: Rule = (c, node) => {
  const { value, order: present, pads } = c.input(node, 0);
  const perm = c.constant(node, 1);
  const order = perm.map((axis) => present[axis] ?? 0);
  return pads ? { value, order, pads: perm.map((axis) => pads[axis] ?? [0, 0]) } : { value, order };
};

const pad: Rule = (c, node) => {
  const flat = c.constant(node, 1);
  const padded = c.settled(node, 0);
  return { ...padded, pads: padded.order.map((_, axis) => [flat[2 * axis] ?? 0, flat[2 * axis + 1] ?? 0] as const) };
};

const maxPool: Rule = (c, node) => {
  checkValid(node);
  const image = c.input(node, 0);
  const value = c.g.MaxPool(image.value, {
    kernel_shape: attribute(node, 'ksize'),
    strides: attribute(node, 'strides'),
    pads: spatialPads(node, image),
  });
  return { value, order: nhwc };
};

const resize: Rule = (c, node) => {
  const [height = 1, width = 1] = c.constant(node, 1);
  const image = c.ordered(node, 0, nhwc);
  const value = c.g.Resize(image, undefined, undefined, [height, width], {
    mode: 'linear',
    coordinate_transformation_mode: 'half_pixel',
    axes: [2, 3],
  });
  return { value, order: nhwc };
};

const concat: Rule = (c, node) => {
  const count = node.input.length - 1;
  const { order } = c.settled(node, 0);
  const values = node.input.slice(0, count).map((_, index) => c.ordered(node, index, order));
  const [axis = 0] = c.constant(node, count);
  return { value: c.g.Concat(...values, { axis: order[axis] ?? 0 }), order };
};

const split: Rule = (c, node) => {
  const { value, order } = c.settled(node, 0);
  const [axis = 0] = c.constant(node, 2);
  const parts = c.g.Split(value, c.constant(node, 1), { axis: order[axis] ?? 0 });
  return parts.map((part) => ({ value: part, order }));
};

const reshapeTo: Rule = (c, node) => {
  const sizes = c.constant(node, 1);
  return { value: c.g.Reshape(c.ordered(node, 0, plain), sizes), order: sizes.map((_, axis) => axis) };
};

const leakyRelu: Rule = (c, node) => {
  const { value, order } = c.settled(node, 0);
  const alpha = node.attr['alpha']?.f;
  return { value: c.g.LeakyRelu(value, alpha === undefined ? {} : { alpha }), order };
};

const sigmoid: Rule = (c, node) => {
  const { value, order } = c.settled(node, 0);
  return { value: c.g.Sigmoid(value), order };
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
  LeakyRelu: leakyRelu,
  Sigmoid: sigmoid,
  Identity: (c, node) => c.input(node, 0),
};
const folded = new Set(['Const', 'Placeholder', 'SparseToDense', 'AddV2']);

/** Adds the graph's nodes to the builder; `feeds` holds the value of each placeholder. Gives the values of `outputs`, in TensorFlow's axis order. */
export function addTfGraph(
  g: Builder,
  graph: TfGraph,
  feeds: Readonly<Record<string, Value>>,
  outputs: readonly string[],
): Value[] {
  const converter = new Converter(g, graph);
  for (const [name, value] of Object.entries(feeds)) converter.values.set(name, { value, order: plain });
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
    const result = converter.values.get(name);
    if (result === undefined) throw new Error(`Output "${name}" was not computed.`);
    const { value, order } = result;
    return sameOrder(order, [...order].sort()) ? value : g.Transpose(value, { perm: order });
  });
}
