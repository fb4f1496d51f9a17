/** Makes one of our models from a foreign classifier: chosen preparation baked in, card written, golden values measured. */
import type { ImportOptions } from '../../contract/models';
import type { JudgeCard } from '../../contract/model-card';
import { wrapImageClassifier, wrappedInput, wrappedOutput } from '../../../models/graph/classifier';
import { encodeModel } from '../../../models/graph/encode';
import type { ModelProto } from '../../../models/graph/proto/onnx_pb';
import { findClassifierSignature } from '../../../models/graph/signature';
import { createSession } from '../../../models/runtime/session';
import { numbersOf } from '../../../models/tensor/host-tensor';
import { topIndices } from '../compute/top';
import { type CardDraft, fileHash, writeCard } from './card';
import { pictureTensor, rampPicture } from './golden';

export interface WrapRequest {
  options: ImportOptions;
  givesProbabilities: boolean;
  maxBatch: 0 | 1;
  classes: number;
  name: string;
  fileName: string;
  labels: string[];
}

const goldenSize = { height: 96, width: 128 };
/** Between processors, fp32 sums differ in their last digits. */
const goldenTolerance = 1e-3;
const leastShortSide = 256;

/** `bytes` is the foreign file, `model` the same decoded; returns the encoded copy with its card. */
export async function wrapForeign(model: ModelProto, bytes: Uint8Array, request: WrapRequest): Promise<Uint8Array> {
  const { options } = request;
  const signature = findClassifierSignature(model, options.layout);
  const wrapped = wrapImageClassifier(model, signature, {
    preset: options.preset,
    fit: options.fit,
    isInverted: options.invert,
    givesProbabilities: request.givesProbabilities,
    maxBatch: request.maxBatch,
    classes: request.classes,
  });
  const side = Math.max(signature.input.height, signature.input.width);
  const draft: CardDraft = {
    format: 1,
    name: request.name,
    title: request.name,
    task: 'classify',
    description: `Imported from ${request.fileName}.`,
    limits: 'Nothing is known of what this model was trained on. Judge it on pictures whose answer you know.',
    labels: request.labels,
    input: {
      name: wrappedInput,
      layout: 'NHWC',
      maxBatch: Math.max(signature.input.maxBatch, request.maxBatch),
      shortSide: Math.min(4096, Math.max(leastShortSide, side)),
    },
    outputs: { kind: 'classify', probabilities: wrappedOutput },
    licence: { spdx: 'NOASSERTION', notice: 'The licence of an imported model is for its owner to know.' },
    source: { title: request.fileName, origin: `sha256 ${fileHash(bytes)}`, madeBy: describe(options) },
    golden: [await measureGolden(encodeModel(wrapped))],
  };
  return encodeModel(writeCard(wrapped, draft));
}

function describe({ preset, layout, fit, invert }: ImportOptions): string {
  return `Duet import: preset ${preset}, layout ${layout}, fit ${fit}${invert ? ', inverted' : ''}`;
}

/** The five highest probabilities of the ramp picture, so that anyone can check the copy elsewhere. */
async function measureGolden(model: Uint8Array): Promise<JudgeCard['golden'][number]> {
  const { height, width } = goldenSize;
  const session = await createSession(model, { untrusted: true });
  try {
    const feed = pictureTensor('NHWC', rampPicture(height, width), height, width);
    const output = (await session.run({ [wrappedInput]: feed }))[wrappedOutput];
    const probabilities = output === undefined ? [] : numbersOf(output);
    const values = topIndices(probabilities, 5).map((index) => ({
      output: wrappedOutput,
      index,
      value: probabilities[index] ?? 0,
    }));
    return { image: { formula: 'ramp-v1', height, width }, values, tolerance: goldenTolerance };
  } finally {
    await session.dispose();
  }
}
