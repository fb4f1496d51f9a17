/** Wraps a foreign image classifier: pictures of any size in, probabilities out, every step between inside the graph. */
import { ModelError } from '../errors';
import { dtypeNumber } from '../tensor/dtype';
import { int, intAttribute, ints, subgraphsOf } from './attributes';
import { GraphBuilder } from './build';
import { copyMessage } from './copy';
import { addPicture, type Fit, lowestPictureOpset, reshape } from './picture';
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
import type { Axis } from './values';

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
  const batch: Axis = isSingle ? 1 : 'N';
  const ours = new GraphBuilder();
  const image = ours.input(wrappedInput, 'uint8', [batch, 'H', 'W', 3]);
  addPreparation(ours, image, input, options, opset);
  const before = ours.nodes.length;
  addAnswer(ours, output, options.givesProbabilities);
  ours.output(wrappedOutput, 'float32', [batch, output.classes || options.classes || 'classes']);
  const fed = prefix + input.name;
  return copyMessage(ModelProtoSchema, model, {
    irVersion: model.irVersion < 4n ? 4n : model.irVersion, // before 4 every constant had to be an input as well
    opsetImport: [
      ...model.opsetImport.filter((set) => !isStandard(set.domain)),
      copyMessage(OperatorSetIdProtoSchema, standardSet(model), { domain: '', version: BigInt(opset) }),
    ],
    trainingInfo: [],
    graph: copyMessage(GraphProtoSchema, inner, {
      node: [...ours.nodes.slice(0, before), ...inner.node, ...ours.nodes.slice(before)],
      initializer: [...ours.initializers, ...inner.initializer],
      input: ours.inputs,
      output: ours.outputs,
      valueInfo: inner.valueInfo.filter((value) => value.name !== fed),
    }),
  });
}

/** uint8 [N, H, W, 3] to the network's input: resample, mix colours, arrange axes, convert. */
function addPreparation(
  builder: GraphBuilder,
  image: string,
  input: PictureInput,
  options: WrapOptions,
  opset: number,
): void {
  const height = input.height || options.size || defaultSize;
  const width = input.width || options.size || defaultSize;
  const target = { height, width, fit: options.fit, cropShare: options.cropShare ?? defaultCropShare };
  const { pixels } = addPicture(builder, image, 'NHWC', target, opset); // [N, 3, h, w] in 0..255
  const { weight, bias } = colourMap(options.preset, input.channels, options.isInverted ?? false);
  const mix = builder.floats('colour_mix', weight, [input.channels, 3, 1, 1]);
  const scaled = builder.node('Conv', [pixels, mix, builder.floats('colour_shift', bias)]); // [N, C, h, w]
  const arranged = arrange(builder, scaled, input, height, width);
  const outputs = [prefix + input.name];
  if (input.dtype !== 'uint8') {
    builder.node('Cast', [arranged], { attributes: { to: int(dtypeNumber(input.dtype)) }, outputs });
    return;
  }
  const rounded = builder.node('Floor', [builder.node('Add', [arranged, builder.floats('half', [0.5])])]); // Round exists only since 11
  builder.node('Cast', [rounded], { attributes: { to: int(dtypeNumber('uint8')) }, outputs });
}

/** [N, C, h, w] to the axes that the network declares. */
function arrange(builder: GraphBuilder, value: string, input: PictureInput, height: number, width: number): string {
  const lastColours = (): string => builder.node('Transpose', [value], { attributes: { perm: ints([0, 2, 3, 1]) } });
  switch (input.axes) {
    case 'NCHW':
      return value;
    case 'NHWC':
      return lastColours();
    case 'CHW':
      return reshape(builder, value, [input.channels, height, width]);
    case 'HWC':
      return reshape(builder, lastColours(), [height, width, input.channels]);
    case 'NHW':
      return reshape(builder, value, [-1, height, width]);
  }
}

/** The network's class output to float32 [N, classes] that sum to 1. */
function addAnswer(builder: GraphBuilder, output: ClassOutput, givesProbabilities: boolean): void {
  const value = prefix + output.name;
  const flat =
    output.rank === 1
      ? reshape(builder, value, [1, -1])
      : builder.node('Flatten', [value], { attributes: { axis: int(1) } });
  const outputs = [wrappedOutput];
  if (givesProbabilities) {
    builder.node('Cast', [flat], { attributes: { to: int(dtypeNumber('float32')) }, outputs });
    return;
  }
  const logits = builder.node('Cast', [flat], { attributes: { to: int(dtypeNumber('float32')) } });
  builder.node('Softmax', [logits], { attributes: { axis: int(1) }, outputs });
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
