/** Loads and runs a gated foreign model once or twice on a made-up picture, inside a process that may die of it. */
import { AppError } from '../../contract/errors';
import { ModelError } from '../../../models/errors';
import { decodeModel } from '../../../models/graph/decode';
import { labelsInMetadata } from '../../../models/graph/labels';
import type { ModelProto } from '../../../models/graph/proto/onnx_pb';
import {
  type ClassifierSignature,
  findClassifierSignature,
  type Layout,
  type PictureInput,
} from '../../../models/graph/signature';
import { createSession, type Session, type TensorInfo } from '../../../models/runtime/session';
import { elementCount, type HostTensor, hostTensor, numbersOf, toHalf } from '../../../models/tensor/host-tensor';

export interface ProbedTensor {
  name: string;
  dtype: string;
  dims: string[];
}

/** What is known of a foreign classifier once it ran. */
export interface ProbeReport {
  inputs: ProbedTensor[];
  outputs: ProbedTensor[];
  /** Height and width as fed: where the network leaves them open, the usual 224. `maxBatch` 0 means any, and two were tried. */
  image: { layout: Layout; channels: number; height: number; width: number; maxBatch: number };
  classes: number;
  /** Whether every answer was a distribution already (or ends in sigmoids), so that no Softmax is due. */
  givesProbabilities: boolean;
  /** Class names from the file's own metadata; [] unless there is one for each class. */
  labels: string[];
  dryRunMs: number;
}

const usualSide = 224;
const distributionTolerance = 1e-3;

/**
 * Throws AppError or ModelError: `model/not-a-classifier`, `model/load-failed`, `model/run-failed`. May also never come back or take
 * the process with it, which is for the caller to watch. `now` gives milliseconds.
 */
export async function probeModel(bytes: Uint8Array, now: () => number = () => performance.now()): Promise<ProbeReport> {
  const model = decodeModel(bytes);
  const signature = findClassifierSignature(model);
  const session = await createSession(bytes, { untrusted: true });
  try {
    return await probeEitherLayout(model, signature, session, now);
  } finally {
    await session.dispose();
  }
}

/** Where the file leaves the layout open and the guess fails to run, the other one gets its chance. */
async function probeEitherLayout(
  model: ModelProto,
  signature: ClassifierSignature,
  session: Session,
  now: () => number,
): Promise<ProbeReport> {
  try {
    return await probeAs(model, signature, session, now);
  } catch (error) {
    const { axes, layout } = signature.input;
    const isOpen = error instanceof ModelError && error.code === 'model/run-failed' && axes.length === 4;
    if (!isOpen) throw error;
    const other = otherSignature(model, layout === 'nchw' ? 'nhwc' : 'nchw');
    if (other === undefined) throw error;
    return await probeAs(model, other, session, now);
  }
}

function otherSignature(model: ModelProto, layout: Layout): ClassifierSignature | undefined {
  try {
    return findClassifierSignature(model, layout);
  } catch {
    return undefined; // the sizes of the file rule the other layout out
  }
}

async function probeAs(
  model: ModelProto,
  { input, output }: ClassifierSignature,
  session: Session,
  now: () => number,
): Promise<ProbeReport> {
  const height = input.height || usualSide;
  const width = input.width || usualSide;
  const run = async (batch: number, scale: number): Promise<number[]> => {
    const results = await session.run({ [input.name]: madeUpPicture(input, batch, height, width, scale) }, [
      output.name,
    ]);
    const tensor = results[output.name];
    return tensor ? numbersOf(tensor) : [];
  };
  const dark = await run(1, 1 / 255);
  const started = now();
  const bright = await run(1, 1);
  const dryRunMs = now() - started;
  if (dark.length < 2)
    throw new AppError('model/not-a-classifier', 'The model gives a single number, not one for each class.');
  if (![...dark, ...bright].every(Number.isFinite)) {
    throw new AppError(
      'model/run-failed',
      'The model gives numbers that are not finite: its weights seem to be damaged.',
    );
  }
  const labels = labelsInMetadata(model);
  return {
    inputs: session.inputs.map(shown),
    outputs: session.outputs.map(shown),
    image: {
      layout: input.layout,
      channels: input.channels,
      height,
      width,
      maxBatch: await largestBatch(input, dark, run),
    },
    classes: dark.length,
    givesProbabilities: (isDistribution(dark) && isDistribution(bright)) || endsInSigmoid(model, output.name),
    labels: labels.length === dark.length ? labels : [],
    dryRunMs,
  };
}

function shown({ name, dtype, dims }: TensorInfo): ProbedTensor {
  return { name, dtype, dims: dims.map(String) };
}

/** A pattern of all values 0..255 times `scale`, so that the answer depends on it; shape as the network declares. */
function madeUpPicture(input: PictureInput, batch: number, height: number, width: number, scale: number): HostTensor {
  const sizes = { N: batch, C: input.channels, H: height, W: width };
  const dims = Array.from(input.axes).map((axis) =>
    axis === 'N' || axis === 'C' || axis === 'H' ? sizes[axis] : sizes.W,
  );
  const count = elementCount(dims);
  const each = count / batch;
  const values = Float64Array.from({ length: count }, (_, index) => (((index % each) * 37) % 256) * scale);
  switch (input.dtype) {
    case 'uint8':
      return hostTensor('uint8', dims, Uint8Array.from(values));
    case 'float16':
      return hostTensor('float16', dims, toHalf(values));
    case 'float64':
      return hostTensor('float64', dims, values);
    case 'float32':
      return hostTensor('float32', dims, Float32Array.from(values));
  }
}

/** Many files declare any batch and yet have 1 baked in somewhere: two equal pictures must give the known answer twice. */
async function largestBatch(
  input: PictureInput,
  alone: readonly number[],
  run: (batch: number, scale: number) => Promise<number[]>,
): Promise<0 | 1> {
  if (input.maxBatch === 1) return 1;
  try {
    const both = await run(2, 1 / 255);
    const reach = Math.max(1, ...alone.map(Math.abs)) * 1e-2;
    const isSame = (value: number, index: number): boolean =>
      Math.abs(value - (alone[index % alone.length] ?? NaN)) < reach;
    return both.length === 2 * alone.length && both.every(isSame) ? 0 : 1;
  } catch {
    return 1; // it ran with one picture a moment ago, so it is the second that it does not take
  }
}

function isDistribution(values: readonly number[]): boolean {
  const sum = values.reduce((total, value) => total + value, 0);
  return values.every((value) => value >= 0 && value <= 1 + 1e-6) && Math.abs(sum - 1) < distributionTolerance;
}

const reshaping = new Set(['Reshape', 'Flatten', 'Squeeze', 'Unsqueeze', 'Identity', 'Cast', 'Transpose']);

/** Networks trained on several labels at once end in a sigmoid for each: independent scores, which a Softmax would flatten. */
function endsInSigmoid(model: ModelProto, output: string): boolean {
  let name = output;
  for (const node of [...(model.graph?.node ?? [])].reverse()) {
    if (!node.output.includes(name)) continue;
    if (!reshaping.has(node.opType)) return node.opType === 'Sigmoid' || node.opType === 'HardSigmoid';
    name = node.input[0] ?? '';
  }
  return false;
}
