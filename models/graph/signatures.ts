/**
 * How every operator is called: inputs and attributes, named as in the ONNX operator documentation (set 21). Types only; what the
 * operators mean stands in ops/, and the compiler demands one entry there for each one here.
 */
import type { HostTensor } from '../tensor/host-tensor';
import type { Value } from './ir';

/** What an operator takes: a value; a number, which becomes a scalar of the first value's type; a list of whole numbers, which becomes an int64 vector. */
export type Operand = Value | number | readonly number[];

/** An input that may be left out. */
type Optional = Operand | undefined;

interface Signature {
  readonly inputs: readonly unknown[];
  readonly attributes?: object;
  /** Operators with several outputs give them all, in order. */
  readonly outputs?: 'many';
}

interface Unary extends Signature {
  readonly inputs: [X: Operand];
}
interface Binary extends Signature {
  readonly inputs: [A: Operand, B: Operand];
}
interface Variadic extends Signature {
  readonly inputs: readonly Operand[];
}
interface Reduction extends Signature {
  readonly inputs: [data: Operand, axes?: Optional];
  readonly attributes: { keepdims?: number; noop_with_empty_axes?: number };
}
interface ArgumentReduction extends Signature {
  readonly inputs: [data: Operand];
  readonly attributes: { axis?: number; keepdims?: number; select_last_index?: number };
}
/** A sliding window: kernel, steps and paddings of the spatial axes; pads are all begins, then all ends. */
type Window = {
  kernel_shape?: readonly number[];
  strides?: readonly number[];
  dilations?: readonly number[];
  pads?: readonly number[];
  auto_pad?: string;
};
type ConvAttributes = Window & { group?: number };
type PoolAttributes = Window & { kernel_shape: readonly number[]; ceil_mode?: number };
type Recurrent = {
  activation_alpha?: readonly number[];
  activation_beta?: readonly number[];
  activations?: readonly string[];
  clip?: number;
  direction?: string;
  hidden_size?: number;
  layout?: number;
};

/** Operators of one input, elementwise unless the name says otherwise. */
type UnaryName =
  | ('Abs' | 'Neg' | 'Sqrt' | 'Reciprocal' | 'Exp' | 'Log' | 'Erf' | 'Sign' | 'Floor' | 'Ceil' | 'Round' | 'Identity')
  | ('Sin' | 'Cos' | 'Tan' | 'Asin' | 'Acos' | 'Atan' | 'Sinh' | 'Cosh' | 'Asinh' | 'Acosh' | 'Atanh' | 'Tanh')
  | ('Relu' | 'Sigmoid' | 'Softplus' | 'Softsign' | 'HardSwish' | 'Mish')
  | ('Not' | 'BitwiseNot' | 'IsNaN' | 'Size' | 'NonZero' | 'GlobalAveragePool' | 'GlobalMaxPool');

/** Operators of two inputs, elementwise with broadcasting unless the name says otherwise. */
type BinaryName =
  | ('Add' | 'Sub' | 'Mul' | 'Div' | 'Pow' | 'PRelu' | 'MatMul')
  | ('Equal' | 'Greater' | 'GreaterOrEqual' | 'Less' | 'LessOrEqual' | 'And' | 'Or' | 'Xor')
  | ('BitwiseAnd' | 'BitwiseOr' | 'BitwiseXor');

type ReductionName =
  | ('ReduceSum' | 'ReduceMean' | 'ReduceMax' | 'ReduceMin' | 'ReduceProd')
  | ('ReduceL1' | 'ReduceL2' | 'ReduceSumSquare' | 'ReduceLogSum' | 'ReduceLogSumExp');

type PlainSignatures = { readonly [O in UnaryName]: Unary } & { readonly [O in BinaryName]: Binary } & {
  readonly [O in 'Sum' | 'Mean' | 'Max' | 'Min']: Variadic;
} & { readonly [O in ReductionName]: Reduction } & { readonly [O in 'ArgMax' | 'ArgMin']: ArgumentReduction };

interface OtherSignatures {
  // elementwise with attributes
  LeakyRelu: Unary & { attributes: { alpha?: number } };
  Elu: Unary & { attributes: { alpha?: number } };
  Celu: Unary & { attributes: { alpha?: number } };
  Selu: Unary & { attributes: { alpha?: number; gamma?: number } };
  ThresholdedRelu: Unary & { attributes: { alpha?: number } };
  HardSigmoid: Unary & { attributes: { alpha?: number; beta?: number } };
  Gelu: Unary & { attributes: { approximate?: string } };
  Cast: Unary & { attributes: { to: number; saturate?: number } };
  Mod: Binary & { attributes: { fmod?: number } };
  BitShift: Binary & { attributes: { direction: string } };
  Clip: { inputs: [input: Operand, min?: Optional, max?: Optional] };
  Where: { inputs: [condition: Operand, X: Operand, Y: Operand] };
  // normalised exponentials
  Softmax: Unary & { attributes: { axis?: number } };
  LogSoftmax: Unary & { attributes: { axis?: number } };
  // products
  Gemm: {
    inputs: [A: Operand, B: Operand, C?: Optional];
    attributes: { alpha?: number; beta?: number; transA?: number; transB?: number };
  };
  Einsum: Variadic & { attributes: { equation: string } };
  // convolution and pooling
  Conv: { inputs: [X: Operand, W: Operand, B?: Optional]; attributes: ConvAttributes };
  ConvTranspose: {
    inputs: [X: Operand, W: Operand, B?: Optional];
    attributes: ConvAttributes & { output_padding?: readonly number[]; output_shape?: readonly number[] };
  };
  ConvWeightGradient: {
    inputs: [X: Operand, dY: Operand];
    attributes: ConvAttributes & { kernel_shape: readonly number[] };
  };
  MaxPool: { inputs: [X: Operand]; attributes: PoolAttributes & { storage_order?: number } };
  MaxPoolGradient: {
    inputs: [X: Operand, Y: Operand, dY: Operand];
    attributes: PoolAttributes & { storage_order?: number };
  };
  AveragePool: { inputs: [X: Operand]; attributes: PoolAttributes & { count_include_pad?: number } };
  Resize: {
    inputs: [X: Operand, roi?: Optional, scales?: Optional, sizes?: Optional];
    attributes: {
      antialias?: number;
      axes?: readonly number[];
      coordinate_transformation_mode?: string;
      cubic_coeff_a?: number;
      exclude_outside?: number;
      extrapolation_value?: number;
      keep_aspect_ratio_policy?: string;
      mode?: string;
      nearest_mode?: string;
    };
  };
  // normalisation
  BatchNormalization: {
    inputs: [X: Operand, scale: Operand, B: Operand, mean: Operand, variance: Operand];
    attributes: { epsilon?: number; momentum?: number; training_mode?: number };
    outputs: 'many';
  };
  LayerNormalization: {
    inputs: [X: Operand, Scale: Operand, B?: Optional];
    attributes: { axis?: number; epsilon?: number; stash_type?: number };
  };
  GroupNormalization: {
    inputs: [X: Operand, scale: Operand, bias: Operand];
    attributes: { epsilon?: number; num_groups: number; stash_type?: number };
  };
  InstanceNormalization: { inputs: [input: Operand, scale: Operand, B: Operand]; attributes: { epsilon?: number } };
  LpNormalization: Unary & { attributes: { axis?: number; p?: number } };
  Dropout: {
    inputs: [data: Operand, ratio?: Optional, training_mode?: Optional];
    attributes: { seed?: number };
  };
  // shape
  Reshape: { inputs: [data: Operand, shape: Operand]; attributes: { allowzero?: number } };
  Flatten: Unary & { attributes: { axis?: number } };
  Squeeze: { inputs: [data: Operand, axes?: Optional] };
  Unsqueeze: { inputs: [data: Operand, axes: Operand] };
  Transpose: Unary & { attributes: { perm?: readonly number[] } };
  Concat: Variadic & { attributes: { axis: number } };
  Split: {
    inputs: [input: Operand, split?: Optional];
    attributes: { axis?: number; num_outputs?: number };
    outputs: 'many';
  };
  Slice: { inputs: [data: Operand, starts: Operand, ends: Operand, axes?: Optional, steps?: Optional] };
  Pad: {
    inputs: [data: Operand, pads: Operand, constant_value?: Optional, axes?: Optional];
    attributes: { mode?: string };
  };
  Expand: { inputs: [input: Operand, shape: Operand] };
  Tile: { inputs: [input: Operand, repeats: Operand] };
  DepthToSpace: Unary & { attributes: { blocksize: number; mode?: string } };
  SpaceToDepth: Unary & { attributes: { blocksize: number } };
  Shape: Unary & { attributes: { start?: number; end?: number } };
  // indexing
  Gather: { inputs: [data: Operand, indices: Operand]; attributes: { axis?: number } };
  GatherElements: { inputs: [data: Operand, indices: Operand]; attributes: { axis?: number } };
  GatherND: { inputs: [data: Operand, indices: Operand]; attributes: { batch_dims?: number } };
  ScatterElements: {
    inputs: [data: Operand, indices: Operand, updates: Operand];
    attributes: { axis?: number; reduction?: string };
  };
  ScatterND: { inputs: [data: Operand, indices: Operand, updates: Operand]; attributes: { reduction?: string } };
  CumSum: { inputs: [x: Operand, axis: Operand]; attributes: { exclusive?: number; reverse?: number } };
  TopK: {
    inputs: [X: Operand, K: Operand];
    attributes: { axis?: number; largest?: number; sorted?: number };
    outputs: 'many';
  };
  OneHot: { inputs: [indices: Operand, depth: Operand, values: Operand]; attributes: { axis?: number } };
  Trilu: { inputs: [input: Operand, k?: Optional]; attributes: { upper?: number } };
  NonMaxSuppression: {
    inputs: [
      boxes: Operand,
      scores: Operand,
      max_output_boxes_per_class?: Optional,
      iou_threshold?: Optional,
      score_threshold?: Optional,
    ];
    attributes: { center_point_box?: number };
  };
  // constants made by a node
  Constant: {
    inputs: [];
    attributes: {
      value?: HostTensor;
      value_float?: number;
      value_floats?: readonly number[];
      value_int?: number;
      value_ints?: readonly number[];
      value_string?: string;
      value_strings?: readonly string[];
    };
  };
  ConstantOfShape: { inputs: [input: Operand]; attributes: { value?: HostTensor } };
  Range: { inputs: [start: Operand, limit: Operand, delta: Operand] };
  EyeLike: Unary & { attributes: { dtype?: number; k?: number } };
  // the runtime's blocked layout (lowering/ only): [N, C, H, W] kept as [N, C/block, H, W, block]
  ToBlocked: Unary & { attributes: { block: number } };
  FromBlocked: Unary;
  ReorderInput: Unary;
  ReorderOutput: Unary & { attributes: { channels: number } };
  BlockedConv: { inputs: [X: Operand, W: Operand, B?: Optional]; attributes: ConvAttributes & { activation?: string } };
  BlockedAveragePool: { inputs: [X: Operand]; attributes: Window };
  BlockedMaxPool: { inputs: [X: Operand]; attributes: Window };
  // recurrent; X is [sequence, batch, features] for layout 0
  LSTM: {
    inputs: [
      X: Operand,
      W: Operand,
      R: Operand,
      B?: Optional,
      sequence_lens?: Optional,
      initial_h?: Optional,
      initial_c?: Optional,
      P?: Optional,
    ];
    attributes: Recurrent & { input_forget?: number };
    outputs: 'many';
  };
  LSTMSteps: {
    inputs: [X: Operand, W: Operand, R: Operand, B?: Optional, initial_h?: Optional, initial_c?: Optional];
    attributes: { direction?: string };
    outputs: 'many';
  };
  GRU: {
    inputs: [X: Operand, W: Operand, R: Operand, B?: Optional, sequence_lens?: Optional, initial_h?: Optional];
    attributes: Recurrent & { linear_before_reset?: number };
    outputs: 'many';
  };
}

/** Every operator's signature. */
export type Signatures = PlainSignatures & OtherSignatures;

/** Name of an operator that this library knows. */
export type OpName = keyof Signatures;

/** The operator's inputs as a tuple. */
export type InputsOf<O extends OpName> = Signatures[O]['inputs'];

/** What an operator without attributes takes as such. */
type NoAttributes = Readonly<Record<string, never>>;

/** The operator's attributes as an object. */
export type AttributesOf<O extends OpName> = Signatures[O] extends { attributes: infer A } ? A : NoAttributes;

/** One value, or all of them where the operator has several outputs. */
export type OutputsOf<O extends OpName> = Signatures[O] extends { outputs: 'many' } ? readonly Value[] : Value;
