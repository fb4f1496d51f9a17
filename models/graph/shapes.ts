/** Shapes of inner values, worked out for the operators of ordinary image networks; what is not known stays out. */
import { intAttribute, intsAttribute, textAttribute } from './attributes';
import type { GraphProto, NodeProto } from './proto/onnx_pb';
import { dimsOf, toHostTensor } from './tensors';
import { dtypeOfNumber } from '../tensor/dtype';
import { numbersOf } from '../tensor/host-tensor';
import { type Axis, tensorValue } from './values';

/** Sizes or names, outermost axis first. */
export type Shape = readonly Axis[];

interface Known {
  readonly shapes: Map<string, Shape>;
  readonly numbers: Map<string, readonly number[]>;
}

type Rule = (node: NodeProto, known: Known) => Shape | undefined;

/** Longest constant that is read: sizes, scales and axes are short. */
const longest = 64;
const indexTypes = new Set(['int64', 'int32', 'float32']);

/** Shapes by value name: declared ones first, then rule by rule in node order; unknown operators stop nothing. */
export function inferShapes(graph: GraphProto): Map<string, Shape> {
  const known: Known = { shapes: new Map(), numbers: new Map() };
  for (const value of [...graph.input, ...graph.valueInfo, ...graph.output]) {
    const axes = tensorValue(value)?.axes;
    if (axes) known.shapes.set(value.name, axes);
  }
  for (const tensor of graph.initializer) {
    const dims = dimsOf(tensor);
    known.shapes.set(tensor.name, dims);
    if (dims.length <= 1 && (dims[0] ?? 1) <= longest && indexTypes.has(dtypeOfNumber(tensor.dataType) ?? '')) {
      known.numbers.set(tensor.name, numbersOf(toHostTensor(tensor)));
    }
  }
  for (const node of graph.node) {
    const [output] = node.output;
    if (output === undefined || known.shapes.has(output)) continue;
    const shape = rules.get(node.opType)?.(node, known);
    if (shape) known.shapes.set(output, shape);
  }
  return known.shapes;
}

const input = (node: NodeProto, known: Known, index: number): Shape | undefined =>
  known.shapes.get(node.input[index] ?? '');

const same: Rule = (node, known) => input(node, known, 0);

const broadcast: Rule = (node, known) => {
  const shapes = node.input.map((name) => known.shapes.get(name));
  const rank = Math.max(0, ...shapes.map((shape) => shape?.length ?? 0));
  const axes: Axis[] = [];
  for (let axis = 0; axis < rank; axis++) {
    const sizes: Axis[] = [];
    for (const shape of shapes) {
      if (shape === undefined) return undefined;
      const at = axis - (rank - shape.length);
      if (at >= 0) sizes.push(shape[at] ?? '?');
    }
    axes.push(sizes.find((size) => size !== 1) ?? 1);
  }
  return axes;
};

/** Convolution and pooling: out = floor((in + pads - dilation * (kernel - 1) - 1) / stride) + 1. */
function slide(size: Axis, kernel: number, stride: number, dilation: number, pads: number, node: NodeProto): Axis {
  if (typeof size !== 'number') return '?';
  if (textAttribute(node, 'auto_pad')?.startsWith('SAME') === true) return Math.ceil(size / stride);
  const room = (size + pads - dilation * (kernel - 1) - 1) / stride;
  return (intAttribute(node, 'ceil_mode', 0) === 1 ? Math.ceil(room) : Math.floor(room)) + 1;
}

function window(node: NodeProto, shape: Shape, kernel: readonly number[], channels: Axis): Shape {
  const spatial = shape.slice(2).map((size, axis) => {
    const pads = intsAttribute(node, 'pads') ?? [];
    const around = (pads[axis] ?? 0) + (pads[axis + kernel.length] ?? 0);
    const stride = intsAttribute(node, 'strides')?.[axis] ?? 1;
    return slide(size, kernel[axis] ?? 1, stride, intsAttribute(node, 'dilations')?.[axis] ?? 1, around, node);
  });
  return [shape[0] ?? '?', channels, ...spatial];
}

const convolve: Rule = (node, known) => {
  const shape = input(node, known, 0);
  const weight = input(node, known, 1);
  if (!shape || !weight) return undefined;
  return window(node, shape, weight.slice(2).map(Number), weight[0] ?? '?');
};

const pool: Rule = (node, known) => {
  const shape = input(node, known, 0);
  const kernel = intsAttribute(node, 'kernel_shape');
  return shape && kernel ? window(node, shape, kernel, shape[1] ?? '?') : undefined;
};

const poolAll: Rule = (node, known) => {
  const shape = input(node, known, 0);
  return shape ? [...shape.slice(0, 2), ...shape.slice(2).map(() => 1)] : undefined;
};

const transpose: Rule = (node, known) => {
  const shape = input(node, known, 0);
  const order = intsAttribute(node, 'perm') ?? shape?.map((_, axis) => shape.length - 1 - axis);
  return shape && order ? order.map((axis) => shape[axis] ?? '?') : undefined;
};

const gemm: Rule = (node, known) => {
  const left = input(node, known, 0);
  const right = input(node, known, 1);
  if (!left || !right) return undefined;
  const rows = left[intAttribute(node, 'transA', 0) === 1 ? 1 : 0];
  const columns = right[intAttribute(node, 'transB', 0) === 1 ? 0 : 1];
  return [rows ?? '?', columns ?? '?'];
};

const matMul: Rule = (node, known) => {
  const left = input(node, known, 0);
  const right = input(node, known, 1);
  if (!left || !right || left.length < 2 || right.length < 2) return undefined;
  const outer = left.length >= right.length ? left.slice(0, -2) : right.slice(0, -2);
  return [...outer, left.at(-2) ?? '?', right.at(-1) ?? '?'];
};

/** Number of elements; undefined when an axis has no fixed size. */
function productOf(shape: Shape): number | undefined {
  let product = 1;
  for (const size of shape) {
    if (typeof size !== 'number') return undefined;
    product *= size;
  }
  return product;
}

const flatten: Rule = (node, known) => {
  const shape = input(node, known, 0);
  if (!shape || intAttribute(node, 'axis', 1) !== 1) return undefined;
  return [shape[0] ?? 1, productOf(shape.slice(1)) ?? '?'];
};

const concat: Rule = (node, known) => {
  const shapes = node.input.map((name) => known.shapes.get(name));
  const [first] = shapes;
  if (!first) return undefined;
  const axis = (intAttribute(node, 'axis', 0) + first.length) % first.length;
  let total = 0;
  for (const shape of shapes) {
    const size = shape?.[axis];
    if (typeof size !== 'number') return undefined;
    total += size;
  }
  return first.map((size, at) => (at === axis ? total : size));
};

const reshape: Rule = (node, known) => {
  const shape = input(node, known, 0);
  const target = known.numbers.get(node.input[1] ?? '');
  if (!target) return undefined;
  const sizes = target.map((size, axis): Axis => (size === 0 ? (shape?.[axis] ?? '?') : size));
  const whole = shape ? productOf(shape) : undefined;
  const others = productOf(sizes.filter((size) => size !== -1));
  const rest = whole === undefined || others === undefined ? '?' : whole / others;
  return sizes.map((size) => (size === -1 ? rest : size));
};

const resize: Rule = (node, known) => {
  const shape = input(node, known, 0);
  const sizes = known.numbers.get(node.input[3] ?? '');
  const scales = known.numbers.get(node.input[2] ?? '');
  if (!shape) return undefined;
  const axes = intsAttribute(node, 'axes') ?? shape.map((_, axis) => axis);
  if (!sizes?.length && !scales?.length) return undefined;
  return shape.map((size, axis) => {
    const at = axes.indexOf(axis);
    if (at < 0) return size;
    if (sizes?.length) return sizes[at] ?? '?';
    return typeof size === 'number' ? Math.floor(size * (scales?.[at] ?? 1)) : '?';
  });
};

const reduce: Rule = (node, known) => {
  const shape = input(node, known, 0);
  const axes = intsAttribute(node, 'axes') ?? known.numbers.get(node.input[1] ?? '');
  if (!shape || !axes) return undefined;
  const reduced = new Set(axes.map((axis) => (axis + shape.length) % shape.length));
  const keeps = intAttribute(node, 'keepdims', 1) === 1;
  return shape.flatMap((size, axis): Axis[] => (!reduced.has(axis) ? [size] : keeps ? [1] : []));
};

const squeeze: Rule = (node, known) => {
  const shape = input(node, known, 0);
  const axes = intsAttribute(node, 'axes') ?? known.numbers.get(node.input[1] ?? '');
  if (!shape || !axes) return undefined;
  const gone = new Set(axes.map((axis) => (axis + shape.length) % shape.length));
  return shape.filter((_, axis) => !gone.has(axis));
};

/** Cut axes lose their size, the others keep it. */
const slice: Rule = (node, known) => {
  const shape = input(node, known, 0);
  const axes = intsAttribute(node, 'axes') ?? known.numbers.get(node.input[3] ?? '');
  if (!shape || !axes) return undefined;
  const cut = new Set(axes.map((axis) => (axis + shape.length) % shape.length));
  return shape.map((size, axis) => (cut.has(axis) ? '?' : size));
};

const table: readonly (readonly [string, Rule])[] = [
  ['Relu LeakyRelu PRelu Clip Sigmoid HardSigmoid HardSwish Tanh Elu Erf Gelu Softmax LogSoftmax Exp Sqrt', same],
  ['Cast Identity Dropout BatchNormalization InstanceNormalization LayerNormalization Neg Abs Floor Round', same],
  ['Add Sub Mul Div Max Min Pow Sum Where', broadcast],
  ['Conv', convolve],
  ['MaxPool AveragePool', pool],
  ['GlobalAveragePool GlobalMaxPool', poolAll],
  ['Transpose', transpose],
  ['Gemm', gemm],
  ['MatMul', matMul],
  ['Flatten', flatten],
  ['Concat', concat],
  ['Reshape', reshape],
  ['Resize', resize],
  ['ReduceMean ReduceSum ReduceMax', reduce],
  ['Squeeze', squeeze],
  ['Slice', slice],
];
const rules = new Map(table.flatMap(([names, rule]) => names.split(' ').map((name) => [name, rule] as const)));
