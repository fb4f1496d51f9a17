/** Reads pictures of one size with a judge: probabilities and, where it offers them, features of each. */
import { AppError } from '../../contract/errors';
import type { ReplyOf, RequestOf } from '../../contract/rpc';
import type { ComputeContract } from '../../contract/workers';
import { hostTensor, type HostTensor } from '../../../models/tensor/host-tensor';
import type { LoadedModel } from './loaded-model';

/** Pictures in one run, at most: larger ones only need more memory. */
const batchSize = 64;

type ReadRequest = RequestOf<ComputeContract, 'read'>;
type ReadReply = ReplyOf<ComputeContract, 'read'>;

/** @throws AppError `model/not-a-classifier` for a model that finds objects. */
export async function readPictures({ card, session }: LoadedModel, request: ReadRequest): Promise<ReadReply> {
  const { outputs, input } = card;
  if (outputs.kind !== 'classify')
    throw new AppError(
      'model/not-a-classifier',
      `${card.title} finds objects; this takes a judge that gives one label.`,
    );
  const wanted = [outputs.probabilities, ...(outputs.features === undefined ? [] : [outputs.features])];
  const { height, width, channels } = request;
  const count = request.pixels.length / (height * width * channels);
  const probabilities: Float32Array[] = [];
  const features: Float32Array[] = [];
  const step = input.layout === 'HWC' ? 1 : Math.min(batchSize, input.maxBatch === 0 ? batchSize : input.maxBatch);
  for (let from = 0; from < count; from += step) {
    const rows = Math.min(step, count - from);
    const dims = input.layout === 'HWC' ? [height, width, 3] : [rows, height, width, 3];
    const results = await session.run({ [input.name]: hostTensor('uint8', dims, rgbOf(request, from, rows)) }, wanted);
    probabilities.push(floats(results[outputs.probabilities], outputs.probabilities));
    if (outputs.features !== undefined) features.push(floats(results[outputs.features], outputs.features));
  }
  return { probabilities: bytesOf(probabilities), features: bytesOf(features) };
}

/** u8 RGB [rows, H, W, 3]; grey is the same in all three. */
function rgbOf({ height, width, channels, pixels }: ReadRequest, from: number, rows: number): Uint8Array<ArrayBuffer> {
  const area = height * width;
  const part = pixels.subarray(from * area * channels, (from + rows) * area * channels);
  if (channels === 3) return part;
  const rgb = new Uint8Array(part.length * 3);
  part.forEach((level, at) => rgb.fill(level, at * 3, at * 3 + 3));
  return rgb;
}

function floats(tensor: HostTensor | undefined, name: string): Float32Array {
  if (tensor?.dtype === 'float32') return tensor.data;
  throw new AppError('model/run-failed', `The model's output ${name} is not what its card promises.`, { name });
}

function bytesOf(parts: readonly Float32Array[]): Uint8Array<ArrayBuffer> {
  const all = new Float32Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return new Uint8Array(all.buffer);
}
