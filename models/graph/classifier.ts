/** Wraps a foreign image classifier: pictures of any size in, probabilities out, every step between inside the graph. */
import { create } from '@bufbuild/protobuf';
import { ModelError } from '../errors';
import { dtypeNumber } from '../tensor/dtype';
import type { Dim, Shape } from '../tensor/shape';
import { intAttribute, subgraphsOf } from './attributes';
import { createBuilder } from './builder';
import type { Builder } from './builder-type';
import { copyMessage } from './copy';
import { encodeGraph } from './encode-graph';
import type { Graph, Value } from './ir';
import { addPicture, type Fit, lowestPictureOpset } from './picture';
import { colourMap, type Preset } from './presets';
import {
  type GraphProto,
  GraphProtoSchema,
  type ModelProto,
  ModelProtoSchema,
  type NodeProto,
  NodeProtoSchema,
  OperatorSetIdProtoSchema,
} from './proto/onnx_pb';
import { prefixNames } from './rename';
import type { ClassifierSignature, ClassOutput, PictureInput } from './signature';

/** How pictures are prepared and the answer is read. */
export interface WrapOptions {
  readonly preset: Preset;
  readonly fit: Fit;
  /** Share of the largest centred rectangle that `crop` keeps; 0.875 is what most ImageNet models were measured with. */
  readonly cropShare?: number;
  /** Feed 255 - x: for networks trained on light strokes over dark when the pictures are dark on light, and the reverse. */
  readonly isInverted?: boolean;
  /** The network already ends in probabilities; otherwise a Softmax is added. */
  readonly givesProbabilities: boolean;
  /** Where the network leaves height and width open. */
  readonly size?: number;
  /** Set to 1 when the network claims any batch but was seen to fail beyond one picture. */
  readonly maxBatch?: 0 | 1;
  /** Number of classes where the file does not say. */
  readonly classes?: number;
}

/** Names of a wrapped model's ends. */
export const wrappedInput = 'image';
/** Name of the output, float32 [N, classes], rows sum to 1. */
export const wrappedOutput = 'probabilities';

const prefix = 'net.';
const defaultSize = 224;
const defaultCropShare = 0.875;

/**
 * A copy of the model with input `image` uint8 [N, H, W, 3] (N is 1 where the network takes one picture) and output
 * `probabilities` float32 [N, classes]. The network's own nodes keep their operator set and get names with a prefix; weights are shared.
 * @throws ModelError `usage/bad-argument` for options the network cannot take, `model/not-a-classifier` for operator sets too old to extend.
 */
export function wrapImageClassifier(
  model: ModelProto,
  signature: ClassifierSignature,
  options: WrapOptions,
): ModelProto {
  if (model.graph === undefined) throw new ModelError('model/not-a-classifier', 'The file holds no graph.');
  const { input, output } = signature;
  if (input.dtype === 'uint8' && options.preset !== 'raw') {
    throw new ModelError('usage/bad-argument', 'This network takes whole numbers 0..255: choose the preset "raw".');
  }
  const { opset, graph } = liftOpset(model, model.graph);
  const inner = prefixNames(graph, prefix);
  const isSingle = input.maxBatch === 1 || options.maxBatch === 1;
  const batch: Dim = isSingle ? 1 : 'N';
  const ours = createBuilder({ opsets: new Map([['', opset]]) });
  const image = ours.input(wrappedInput, 'uint8', [batch, 'H', 'W', 3]);
  ours.output(prefix + input.name, addPreparation(ours, image, input, options));
  const before = ours.nodes.length;
  const answer = ours.input(prefix + output.name, output.dtype, answerShape(output, batch, options));
  ours.output(wrappedOutput, addAnswer(ours, answer, options.givesProbabilities));
  return enclose(model, inner, { opset, before, graph: ours.build('wrapper') });
}

/** What stands around the network: nodes before it and after it, joined by the names of its ends. */
interface Wrapper {
  readonly opset: number;
  /** Number of nodes that come before the network. */
  readonly before: number;
  readonly graph: Graph;
}

function enclose(model: ModelProto, inner: GraphProto, { opset, before, graph }: Wrapper): ModelProto {
  const ours = encodeGraph(graph).graph ?? create(GraphProtoSchema);
  const ends = new Set([wrappedInput, wrappedOutput]);
  const joints = new Set([...ours.input, ...ours.output].map(({ name }) => name).filter((name) => !ends.has(name)));
  return copyMessage(ModelProtoSchema, model, {
    irVersion: model.irVersion < 4n ? 4n : model.irVersion, // before 4 every constant had to be an input as well
    opsetImport: [
      ...model.opsetImport.filter((set) => !isStandard(set.domain)),
      copyMessage(OperatorSetIdProtoSchema, standardSet(model), { domain: '', version: BigInt(opset) }),
    ],
    trainingInfo: [],
    graph: copyMessage(GraphProtoSchema, inner, {
      node: [...ours.node.slice(0, before), ...inner.node, ...ours.node.slice(before)],
      initializer: [...ours.initializer, ...inner.initializer],
      input: ours.input.filter(({ name }) => ends.has(name)),
      output: ours.output.filter(({ name }) => ends.has(name)),
      valueInfo: inner.valueInfo.filter(({ name }) => !joints.has(name)),
    }),
  });
}

/** uint8 [N, H, W, 3] to the network's input: resample, mix colours, arrange axes, convert. */
function addPreparation(g: Builder, image: Value, input: PictureInput, options: WrapOptions): Value {
  const height = input.height || options.size || defaultSize;
  const width = input.width || options.size || defaultSize;
  const target = { height, width, fit: options.fit, cropShare: options.cropShare ?? defaultCropShare };
  const { pixels } = addPicture(g, image, 'NHWC', target); // [N, 3, h, w] in 0..255
  const { weight, bias } = colourMap(options.preset, input.channels, options.isInverted ?? false);
  const scaled = g.Conv(pixels, g.floats(weight, [input.channels, 3, 1, 1]), g.floats(bias)); // [N, C, h, w]
  const arranged = arrange(g, scaled, input, height, width);
  const to = dtypeNumber(input.dtype);
  if (input.dtype !== 'uint8') return g.Cast(arranged, { to });
  return g.Cast(g.Floor(g.Add(arranged, 0.5)), { to }); // Round exists only since 11
}

/** [N, C, h, w] to the axes that the network declares. */
function arrange(g: Builder, value: Value, input: PictureInput, height: number, width: number): Value {
  const lastColours = (): Value => g.Transpose(value, { perm: [0, 2, 3, 1] });
  switch (input.axes) {
    case 'NCHW':
      return value;
    case 'NHWC':
      return lastColours();
    case 'CHW':
      return g.Reshape(value, [input.channels, height, width]);
    case 'HWC':
      return g.Reshape(lastColours(), [height, width, input.channels]);
    case 'NHW':
      return g.Reshape(value, [-1, height, width]);
  }
}

/** The class output as [N, classes, 1, ...]: flattened it is the same wherever the axis of classes stands among those of 1. */
function answerShape(output: ClassOutput, batch: Dim, options: WrapOptions): Shape {
  const classes = output.classes || options.classes || 'classes';
  return output.rank === 1 ? [classes] : [batch, classes, ...Array<number>(output.rank - 2).fill(1)];
}

/** The network's class output to float32 [N, classes] that sum to 1. */
function addAnswer(g: Builder, answer: Value, givesProbabilities: boolean): Value {
  const flat = answer.rank === 1 ? g.Reshape(answer, [1, -1]) : g.Flatten(answer, { axis: 1 });
  const real = g.Cast(flat, { to: dtypeNumber('float32') });
  if (givesProbabilities) return real;
  const [shares = real] = g.node({ op: 'Softmax', inputs: [real], attributes: { axis: 1 }, types: [real.type] }); // of two axes: the same in every set
  return shares;
}

function isStandard(domain: string): boolean {
  return domain === '' || domain === 'ai.onnx';
}

function standardSet(model: ModelProto): ModelProto['opsetImport'][number] {
  const found = model.opsetImport.find((set) => isStandard(set.domain));
  if (found === undefined) throw tooOld('does not say which operator set it uses');
  return found;
}

/**
 * The operator set that both the network and our nodes can use. Sets 7 and 8 are read as 9, which differs for ordinary
 * networks only in Upsample, Scan and per-activation BatchNormalization; older ones are refused.
 */
function liftOpset(model: ModelProto, graph: GraphProto): { opset: number; graph: GraphProto } {
  const opset = Number(standardSet(model).version);
  if (opset >= lowestPictureOpset) return { opset, graph };
  if (opset < 7) throw tooOld(`uses operator set ${opset}; Duet can extend 7 and later`);
  const nodes = graph.node.map((node) => liftNode(node, opset));
  return { opset: lowestPictureOpset, graph: copyMessage(GraphProtoSchema, graph, { node: nodes }) };
}

function liftNode(node: NodeProto, opset: number): NodeProto {
  const isPerActivation = node.opType === 'BatchNormalization' && intAttribute(node, 'spatial', 1) === 0;
  if (node.opType === 'Upsample' || node.opType === 'Scan' || isPerActivation || subgraphsOf(node).length > 0) {
    throw tooOld(`uses ${node.opType} of operator set ${opset}, which later sets read differently`);
  }
  if (node.opType !== 'BatchNormalization') return node;
  const attribute = node.attribute.filter((entry) => entry.name !== 'spatial');
  return copyMessage(NodeProtoSchema, node, { attribute });
}

function tooOld(why: string): ModelError {
  return new ModelError('model/not-a-classifier', `The model ${why}. Export it again with a newer operator set.`);
}
