/** Folds a graph's nodes into the few stages that a person would name: "Convolution", "MBConv x4", "Dense layer". */
import { intAttribute, intsAttribute } from './attributes';
import type { GraphProto, NodeProto } from './proto/onnx_pb';

/** Consecutive nodes under one title; `repeats` alike units were folded together. */
export interface Stage {
  readonly title: string;
  readonly repeats: number;
  readonly nodes: readonly NodeProto[];
  /** The value that the stage hands on. */
  readonly output: string;
}

interface Unit {
  readonly title: string;
  readonly startsStage: boolean;
  readonly nodes: readonly NodeProto[];
}

type WeightShape = (name: string) => readonly number[] | undefined;

const heavy = new Set(
  'Conv ConvTranspose ConvInteger QLinearConv Gemm MatMul MatMulInteger QLinearMatMul LSTM GRU RNN Resize Upsample MaxPool AveragePool GlobalAveragePool GlobalMaxPool ReduceMean NonMaxSuppression Softmax'.split(
    ' ',
  ),
);
/** Values read later than this many nodes on are links between stages, as in a U-net, and hold no stage together. */
const longestBranch = 24;
const convolutions = new Set(['Conv', 'ConvInteger', 'QLinearConv']);
const products = new Set(['Gemm', 'MatMul', 'MatMulInteger', 'QLinearMatMul']);

/**
 * Cuts the graph where only one computed value is alive, joins light nodes to the heavy one before them, names each unit by
 * its operators and folds equal neighbours; a unit that halves the picture opens a new stage. `weightShape` gives the
 * sizes of initializers.
 */
export function stagesOf(graph: GraphProto, weightShape: WeightShape): Stage[] {
  const computed = computedValues(graph);
  const units = foldBottlenecks(joinLight(cutUnits(graph, computed)), weightShape).map((nodes) =>
    describe(nodes, weightShape),
  );
  const stages: { title: string; repeats: number; nodes: NodeProto[] }[] = [];
  for (const unit of units) {
    const last = stages.at(-1);
    if (last?.title === unit.title && !unit.startsStage) {
      last.repeats += 1;
      last.nodes.push(...unit.nodes);
    } else {
      stages.push({ title: unit.title, repeats: 1, nodes: [...unit.nodes] });
    }
  }
  return stages.map((stage) => ({ ...stage, output: handedOn(stage.nodes, computed) }));
}

/** Values computed from what is in the caller's tensors: not the constants, and not what follows from their sizes alone. */
function computedValues(graph: GraphProto): Set<string> {
  const computed = new Set(graph.input.map((value) => value.name));
  for (const tensor of graph.initializer) computed.delete(tensor.name);
  for (const node of graph.node) {
    if (node.opType === 'Shape' || node.opType === 'Size') continue;
    if (node.input.some((name) => computed.has(name))) node.output.forEach((name) => computed.add(name));
  }
  return computed;
}

function handedOn(nodes: readonly NodeProto[], computed: ReadonlySet<string>): string {
  const outputs = nodes.flatMap((node) => node.output.slice(0, 1)).filter((name) => computed.has(name));
  return outputs.at(-1) ?? '';
}

/** Splits the node list after every node that leaves at most one computed value to the nodes close behind it. */
function cutUnits(graph: GraphProto, computed: ReadonlySet<string>): NodeProto[][] {
  const isMain = (node: NodeProto): boolean => node.output.some((name) => computed.has(name));
  const lastUse = new Map<string, number>();
  const main = graph.node.filter(isMain);
  main.forEach((node, index) => node.input.forEach((name) => lastUse.set(name, index)));
  const isNear = (name: string, from: number): boolean => {
    const life = (lastUse.get(name) ?? from) - from;
    return life > 0 && life <= longestBranch;
  };
  const fed = graph.input.map((value) => value.name);
  const alive = new Set(fed.filter((name) => computed.has(name) && isNear(name, -1)));
  const units: NodeProto[][] = [];
  let unit: NodeProto[] = [];
  let index = -1;
  for (const node of graph.node) {
    unit.push(node);
    if (!isMain(node)) continue;
    index += 1;
    for (const name of node.input) if (lastUse.get(name) === index) alive.delete(name);
    for (const name of node.output) if (isNear(name, index)) alive.add(name);
    if (alive.size > 1) continue;
    units.push(unit);
    unit = [];
  }
  const last = units.at(-1);
  if (last) last.push(...unit);
  else if (unit.length > 0) units.push(unit);
  return units;
}

/** Activations, reshapes and casts belong to the heavy unit before them; what comes before the first one stands alone. */
function joinLight(units: readonly NodeProto[][]): NodeProto[][] {
  const joined: NodeProto[][] = [];
  for (const unit of units) {
    const last = joined.at(-1);
    if (last === undefined || unit.some((node) => heavy.has(node.opType))) joined.push([...unit]);
    else last.push(...unit);
  }
  return joined;
}

/** Widen, filter each channel, narrow: three chained convolutions that papers count as one block. */
function foldBottlenecks(units: readonly NodeProto[][], weightShape: WeightShape): NodeProto[][] {
  const kinds = units.map((unit) => singleConvolution(unit, weightShape));
  const folded: NodeProto[][] = [];
  for (let at = 0; at < units.length; at++) {
    const starts = kinds[at] === 'pointwise' && kinds[at + 1] === 'depthwise' && kinds[at + 2] === 'pointwise';
    folded.push(units.slice(at, at + (starts ? 3 : 1)).flat());
    if (starts) at += 2;
  }
  return folded;
}

type ConvolutionKind = 'pointwise' | 'depthwise' | 'spatial';

function convolutionKind(node: NodeProto, weightShape: WeightShape): ConvolutionKind {
  const [outputs = 0, perGroup = 0, ...kernel] = weightShape(node.input[1] ?? '') ?? [];
  if (perGroup === 1 && outputs > 1 && intAttribute(node, 'group', 1) > 1) return 'depthwise';
  return kernel.every((size) => size === 1) ? 'pointwise' : 'spatial';
}

function singleConvolution(unit: readonly NodeProto[], weightShape: WeightShape): ConvolutionKind | undefined {
  const [first, ...others] = unit.filter((node) => heavy.has(node.opType));
  if (first === undefined || others.length > 0 || !convolutions.has(first.opType)) return undefined;
  return convolutionKind(first, weightShape);
}

function describe(nodes: readonly NodeProto[], weightShape: WeightShape): Unit {
  const startsStage = nodes.some((node) => (intsAttribute(node, 'strides') ?? []).some((stride) => stride > 1));
  return { title: titleOf(nodes, weightShape), startsStage, nodes };
}

function titleOf(nodes: readonly NodeProto[], weightShape: WeightShape): string {
  const operators = new Set(nodes.map((node) => node.opType));
  const has = (...names: string[]): boolean => names.some((name) => operators.has(name));
  const filters = nodes.filter((node) => convolutions.has(node.opType));
  if (has('NonMaxSuppression')) return 'Box selection';
  if (has('Softmax') && nodes.filter((node) => products.has(node.opType)).length > 1) return 'Attention block';
  if (filters.length > 1) return blockTitle(filters, operators, weightShape);
  const [only] = filters;
  if (only) return convolutionKind(only, weightShape) === 'depthwise' ? 'Depthwise convolution' : 'Convolution';
  if (has('ConvTranspose')) return 'Transposed convolution';
  if (has('LSTM', 'GRU', 'RNN')) return 'Recurrent layer';
  if (has('Resize', 'Upsample')) return 'Resize';
  const product = nodes.find((node) => products.has(node.opType));
  if (product) return product.input.some((name) => weightShape(name)) ? 'Dense layer' : 'Matrix product';
  if (has('GlobalAveragePool', 'GlobalMaxPool', 'MaxPool', 'AveragePool', 'ReduceMean')) return 'Pooling';
  return has('Softmax') ? 'Probabilities' : 'Tensor shaping';
}

function blockTitle(filters: readonly NodeProto[], operators: ReadonlySet<string>, weightShape: WeightShape): string {
  if (filters.some((node) => convolutionKind(node, weightShape) === 'depthwise')) return 'MBConv';
  if (operators.has('Concat')) return 'Branching block';
  return operators.has('Add') ? 'Residual block' : 'Convolution block';
}
