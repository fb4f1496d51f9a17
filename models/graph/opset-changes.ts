/** How operators changed until set 21: one table of operator, version and step. Facts: the changelog of the ONNX operator documentation. */
import { ModelError } from '../errors';
import { filledTensor } from '../tensor/filled-tensor';
import { unknownDim } from '../tensor/shape';
import type { Builder } from './builder-type';
import type { AttributeValue, GraphNode, Value } from './ir';
import { AttributeProto_AttributeType as Kind } from './proto/onnx_pb';

/** Brings a node to the form of the next version: a node, or the values that replace its results. */
export type Step = (g: Builder, node: GraphNode) => GraphNode | readonly Value[];

/** A change of form or meaning that came with a version. Versions that only accept more element types are none. */
export interface Change {
  readonly version: number;
  readonly step: Step;
}

/** The changes of an operator after a version, oldest first. */
export function changesSince(domain: string, op: string, version: number): readonly Change[] {
  return domain === '' ? (changes.get(op) ?? []).filter((change) => change.version > version) : [];
}

/** Whether an operator of the given set has another form or meaning today. */
export function changedSince(domain: string, op: string, version: number): boolean {
  return changesSince(domain, op, version).length > 0;
}

const all = (names: string): string[] => names.split(' ');
const changes = new Map<string, Change[]>();

function changed(names: string, version: number, step: Step): void {
  for (const name of all(names)) {
    const list = [...(changes.get(name) ?? []), { version, step }];
    changes.set(name, list.sort((a, b) => a.version - b.version)); // prettier-ignore
  }
}

// Set 6 and before: hints for computing in place, which mean nothing.
const inPlace =
  'Abs Add BatchNormalization Ceil Clip Div Dropout Elu Exp Floor HardSigmoid InstanceNormalization LeakyRelu Log Max Mean Min Mul Neg ' +
  'PRelu Reciprocal Relu Reshape Selu Sigmoid Sqrt Sub Sum Tanh';
changed(inPlace, 6, (_, node) => without(node, 'consumed_inputs'));
changed('Cast', 6, refuse('the element type was a text'));
changed('Tile', 6, refuse('it repeated along one axis'));
changed('Concat', 4, (_, node) => withAttribute(node, 'axis', numberOf(node, 'axis') ?? 1));
changed('Reshape', 5, attributeToInput('shape', 1));
changed('Pad', 2, (_, node) => renamed(node, 'paddings', 'pads'));

// Set 7: broadcasting by NumPy's rules. Before, B lay along the axes of A from `axis` on.
changed('Add Sub Mul Div Pow Equal Greater Less And Or Xor', 7, (g, node) => {
  const [a, b] = node.inputs;
  const axis = numberOf(node, 'axis');
  const plain = without(node, 'axis', 'broadcast');
  if (axis === undefined || axis < 0 || a === undefined || b === undefined) return plain;
  const missing = a.rank - axis - b.rank; // axes of A behind those of B
  const wide =
    missing > 0
      ? g.Unsqueeze(
          b,
          Array.from({ length: missing }, (_, k) => b.rank + k),
        )
      : b;
  return { ...plain, inputs: [a, wide] };
});
changed('PRelu', 7, (g, node) => {
  const [x, slope] = node.inputs;
  if (x === undefined || slope === undefined || slope.rank !== 1 || x.rank < 3) return node;
  const wide = g.Unsqueeze(
    slope,
    Array.from({ length: x.rank - 2 }, (_, k) => 1 + k),
  ); // [C] -> [C, 1, ...]
  return { ...node, inputs: [x, wide] };
});
changed('Gemm', 7, (_, node) => without(node, 'broadcast'));
changed('RNN LSTM GRU', 7, (_, node) => without(node, 'output_sequence'));
changed('Dropout BatchNormalization', 7, (_, node) =>
  numberOf(node, 'is_test') === 1 ? without(node, 'is_test') : fail(node, 'it stands in training mode'),
);
changed('BatchNormalization', 9, (_, node) =>
  (numberOf(node, 'spatial') ?? 1) === 1 ? without(node, 'spatial') : fail(node, 'its statistics are not per channel'),
);
changed('BatchNormalization', 14, (_, node) =>
  node.outputs.length > 1 ? fail(node, 'it stands in training mode') : node,
);

// Upsample ended with set 10, which had Resize: sampled at x / scale, rounded down.
changed('Upsample', 9, attributeToInput('scales', 1, 'float32'));
changed('Upsample', 10, (_, node) => ({ ...node, op: 'Resize' }));
changed('Resize', 11, (_, node) => ({
  ...node,
  inputs: [node.inputs[0], undefined, node.inputs[1]],
  attributes: {
    ...node.attributes,
    mode: textOf(node, 'mode') ?? 'nearest',
    coordinate_transformation_mode: 'asymmetric',
    nearest_mode: 'floor',
  },
}));
changed('Scatter', 11, (_, node) => ({
  ...node,
  op: 'ScatterElements',
  attributes: { axis: numberOf(node, 'axis') ?? 0 },
}));
changed('Scan', 9, refuse('it had a batch axis'));

// Attributes that became inputs.
changed('TopK', 10, attributeToInput('k', 1));
changed(
  'Slice',
  10,
  (g, node) =>
  attributesToInputs(g, node, [['starts', 1], ['ends', 2], ['axes', 3]]), // prettier-ignore
);
changed('Clip', 11, (g, node) => attributesToInputs(g, node, [['min', 1, 'like'], ['max', 2, 'like']])); // prettier-ignore
changed('Pad', 11, (g, node) => attributesToInputs(g, node, [['pads', 1], ['value', 2, 'like']])); // prettier-ignore
changed('Dropout', 12, attributeToInput('ratio', 1, 'like'));
changed('Squeeze Unsqueeze ReduceSum', 13, attributeToInput('axes', 1));
changed('Split', 13, attributeToInput('split', 1));
changed('Split', 18, (_, node) => (node.inputs[1] ? node : withAttribute(node, 'num_outputs', node.outputs.length)));
const reductions =
  'ReduceMean ReduceMax ReduceMin ReduceProd ReduceL1 ReduceL2 ReduceSumSquare ReduceLogSum ReduceLogSumExp';
changed(reductions, 18, attributeToInput('axes', 1));
changed('DFT', 20, (g, node) => {
  const axis = g.ints([numberOf(node, 'axis') ?? 1], []);
  return { ...without(node, 'axis'), inputs: [node.inputs[0], node.inputs[1], axis] };
});

// Set 13: one axis. Before, all axes from `axis` on together.
changed('Softmax LogSoftmax Hardmax', 13, (g, node) => {
  const [x] = node.inputs;
  const axis = numberOf(node, 'axis') ?? 1;
  if (x === undefined) return node;
  if (x.type && (axis === -1 || axis === x.rank - 1)) return withAttribute(node, 'axis', axis);
  const rows = g.Flatten(x, { axis }); // [product before axis, product from axis on]
  const results = g.node({ op: node.op, inputs: [rows], attributes: { axis: 1 } });
  return results.map((y) => g.Reshape(y, x.type ? g.shapeOf(x) : g.Shape(x)));
});
changed('RoiAlign', 16, (_, node) => withAttribute(node, 'coordinate_transformation_mode', 'output_half_pixel'));
changed('GridSample', 20, (_, node) => {
  const mode = textOf(node, 'mode') ?? 'bilinear';
  return withAttribute(node, 'mode', mode === 'bilinear' ? 'linear' : mode === 'bicubic' ? 'cubic' : mode);
});

// Set 21: scale and bias a channel; before, a group.
changed('GroupNormalization', 21, (g, node) => {
  const [x, scale, bias] = node.inputs;
  const groups = numberOf(node, 'num_groups') ?? 1;
  const channels = x?.type?.shape[1] ?? unknownDim;
  if (x === undefined || scale === undefined || bias === undefined || typeof channels !== 'number') {
    return fail(node, 'its number of channels is not known');
  }
  const spread = (value: Value): Value =>
    g.Reshape(g.Expand(g.Unsqueeze(value, [1]), [groups, channels / groups]), [channels]);
  return { ...node, inputs: [x, spread(scale), spread(bias)] };
});

/** Where an attribute goes: its name, the input's place, and the element type (int64; `like`: a scalar of the type of the first input). */
type Move = readonly [name: string, place: number, dtype?: 'float32' | 'like'];

function attributeToInput(...move: Move): Step {
  return (g, node) => attributesToInputs(g, node, [move]);
}

function attributesToInputs(g: Builder, node: GraphNode, moves: readonly Move[]): GraphNode {
  const inputs = [...node.inputs];
  for (const [name, place, dtype] of moves) {
    const values = numbersIn(node.attributes[name]);
    if (values === undefined) continue;
    while (inputs.length < place) inputs.push(undefined);
    inputs[place] =
      dtype === undefined ? g.ints(values) : dtype === 'float32' ? g.floats(values) : like(g, node, values);
  }
  return { ...without(node, ...moves.map(([name]) => name)), inputs };
}

function like(g: Builder, node: GraphNode, [value = 0]: readonly number[]): Value {
  return g.constant(filledTensor(node.inputs[0]?.type?.dtype ?? 'float32', [], value));
}

function numbersIn(value: AttributeValue | undefined): readonly number[] | undefined {
  if (typeof value === 'number') return [value];
  if (typeof value !== 'object') return undefined;
  if (!('$typeName' in value)) return Array.isArray(value) ? value.map(Number) : undefined;
  const { ints, floats, i, f, type } = value;
  if (type === Kind.INTS || type === Kind.FLOATS) return [...ints.map(Number), ...floats];
  return [type === Kind.INT ? Number(i) : f];
}

function numberOf(node: GraphNode, name: string): number | undefined {
  return numbersIn(node.attributes[name])?.[0];
}

function textOf(node: GraphNode, name: string): string | undefined {
  const value = node.attributes[name];
  if (typeof value === 'object' && '$typeName' in value) return new TextDecoder().decode(value.s);
  return typeof value === 'string' ? value : undefined;
}

function without(node: GraphNode, ...names: readonly string[]): GraphNode {
  const kept = Object.entries(node.attributes).filter(([name]) => !names.includes(name));
  return { ...node, attributes: Object.fromEntries(kept) };
}

function withAttribute(node: GraphNode, name: string, value: AttributeValue): GraphNode {
  return { ...node, attributes: { ...node.attributes, [name]: value } };
}

function renamed(node: GraphNode, from: string, to: string): GraphNode {
  const value = node.attributes[from];
  return value === undefined
    ? node
    : { ...without(node, from), attributes: { ...without(node, from).attributes, [to]: value } };
}

function refuse(why: string): Step {
  return (_, node) => fail(node, why);
}

function fail(node: GraphNode, why: string): never {
  throw new ModelError('graph/invalid', `${node.op} ("${node.name}") cannot be brought to operator set 21: ${why}.`, {
    operator: node.op,
  });
}
