/** The library's public face. The application imports single files, so that each of its parts loads only what it needs. */
export { ModelError } from './errors';

// Tensors in memory
export type { DType } from './tensor/dtype';
export { type HostTensor, hostTensor, numbersOf } from './tensor/host-tensor';
export { filledTensor } from './tensor/filled-tensor';
export {
  normals,
  permutation,
  randomBits,
  type RandomKey,
  randomNormal,
  randomUniform,
  streamOf,
  uniforms,
} from './tensor/random';
export { readSafetensors, writeSafetensors } from './tensor/safetensors';
export type { Dim, Shape } from './tensor/shape';

// Graphs: build, read, write, look
export { createBuilder } from './graph/builder';
export type { Builder, NodeSpec } from './graph/builder-type';
export { type Graph, type GraphNode, type TensorType, Value } from './graph/ir';
export { decodeModel } from './graph/decode';
export { decodeGraph } from './graph/decode-graph';
export { encodeGraph } from './graph/encode-graph';
export { encodeModel } from './graph/encode';
export { printGraph } from './graph/print-graph';
export { summarise } from './graph/summary';
export { verifyGraph } from './graph/verify';

// From graph to graph
export { bindSymbols } from './graph/bind-symbols';
export { mergeCommonSubexpressions } from './graph/common-subexpressions';
export { removeDeadNodes } from './graph/dead-nodes';
export { lowerComposites } from './graph/lower-composites';
export { simplify } from './graph/simplify';
export { fillInputs, promoteConstants } from './graph/trainable-constants';
export { upgradeGraph } from './graph/upgrade';
export { gradients } from './autodiff/gradients';
export { type CompiledProgram, type CompileOptions, compileProgram, type TuningCache } from './lowering/compile';

// Networks
export { Network, type Slot } from './nn/network';
export * as initializers from './nn/initializers';
export {
  batchNorm,
  conv1d,
  conv2d,
  convTranspose2d,
  dense,
  embedding,
  groupNorm,
  layerNorm,
  rmsNorm,
} from './nn/layers';
export {
  causalMask,
  causalSelfAttention,
  crossAttention,
  scaledDotProductAttention,
  selfAttention,
} from './nn/attention';
export { gru, gruCell, lstm, lstmCell } from './nn/recurrent';
export { residualBlock } from './nn/blocks';
export { inferenceGraph } from './nn/inference';
export { dropout, randomNormalTensor, randomShortsTensor, randomUniformTensor } from './nn/random';
export { downsample2d, silu, upsample2d } from './nn/functions';
export {
  binaryCrossEntropy,
  categoricalKl,
  crossEntropy,
  gaussianKl,
  hinge,
  huber,
  meanAbsoluteError,
  meanSquaredError,
} from './nn/losses';

// Training
export { minimize, type Optimizer } from './optim/optimizer';
export { adam, adamW } from './optim/adam';
export { rmsprop, sgd } from './optim/sgd';
export * as schedules from './optim/schedules';
export {
  averageWeights,
  clipByGlobalNorm,
  globalNorm,
  lossInParts,
  squaredGradientNorm,
} from './optim/gradient-transforms';
export { encodeProgram, type StepProgram, stepProgram } from './optim/step-program';

// Running
export { createSession, type Session, type SessionOptions } from './runtime/session';
export { createTrainer, type Trainer } from './runtime/trainer';
export { listProviders } from './runtime/providers';
export { profileRun } from './runtime/profile';

// Foreign classifiers
export { wrapImageClassifier, type WrapOptions } from './graph/classifier';
export { findClassifierSignature } from './graph/signature';
