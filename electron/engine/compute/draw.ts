/** Draws with a generator of ours: noise of numbered samples, or given noise, to samples, in batches of one size. */
import { readFile } from 'node:fs/promises';
import { AppError } from '../../contract/errors';
import { type GeneratorCard, isJudgeCard } from '../../contract/model-card';
import type { ComputeContract } from '../../contract/workers';
import type { RequestOf } from '../../contract/rpc';
import { decodeModel } from '../../../models/graph/decode';
import { createSession, type Session } from '../../../models/runtime/session';
import { hostTensor, type HostTensor } from '../../../models/tensor/host-tensor';
import { latentsOf } from '../../../models/zoo/latents';
import { readCard } from '../models/card';

/**
 * Every run has as many samples, the last one filled up with the zero noise: a product of matrices may round in another way for
 * another number of rows, and a sample must not depend on what is drawn with it.
 */
const batchSize = 16;

export interface LoadedGenerator {
  readonly card: GeneratorCard;
  readonly session: Session;
}

/** @throws AppError `model/not-a-generator` for a model that judges. */
export async function loadGenerator(file: string, threads: number): Promise<LoadedGenerator> {
  const card = readCard(decodeModel(await readFile(file)));
  if (isJudgeCard(card))
    throw new AppError('model/not-a-generator', `${card.title} judges pictures, it does not draw them. Choose a generator.`); // prettier-ignore
  return { card, session: await createSession(file, { provider: 'cpu', threads, sharesCores: true }) };
}

type DrawRequest = RequestOf<ComputeContract, 'draw'>;

/** Samples in the order asked for: u8 [N, height, width, channels], or float32 little-endian [N, width]. */
export async function drawSamples(
  { card, session }: LoadedGenerator,
  request: DrawRequest,
): Promise<Uint8Array<ArrayBuffer>> {
  const { noiseWidth } = card.input;
  const noise = noiseOf(request.noise, noiseWidth);
  const count = noise.length / noiseWidth;
  if (request.classes.length !== (card.input.label === null ? 0 : count))
    throw new AppError('usage/bad-argument', `${card.title} needs a class for each sample it can be asked for, and only then.`); // prettier-ignore
  const controls = controlFeeds(card, request.controls);
  let all: Uint8Array<ArrayBuffer> | undefined;
  for (let from = 0; from < count; from += batchSize) {
    const rows = Math.min(batchSize, count - from);
    const feeds = { ...controls, ...batchFeeds(card, noise, request.classes, from, rows) };
    const bytes = sampleBytes((await session.run(feeds, [card.outputs.samples]))[card.outputs.samples], card);
    const each = bytes.length / batchSize;
    all ??= new Uint8Array(each * count);
    all.set(bytes.subarray(0, rows * each), from * each);
  }
  return all ?? new Uint8Array(0);
}

function noiseOf(noise: DrawRequest['noise'], width: number): Float32Array {
  if (noise.kind === 'numbered') return latentsOf(noise.seed, noise.indices, width);
  const numbers = new Float32Array(Uint8Array.from(noise.numbers).buffer);
  if (numbers.length % width === 0) return numbers;
  throw new AppError('usage/bad-argument', `Noise of ${numbers.length} numbers is no multiple of ${width}.`);
}

function batchFeeds(
  { input }: GeneratorCard,
  noise: Float32Array,
  classes: readonly number[],
  from: number,
  rows: number,
): Record<string, HostTensor> {
  const { noiseWidth: width } = input;
  const part = new Float32Array(batchSize * width);
  part.set(noise.subarray(from * width, (from + rows) * width));
  const feeds = { [input.noise]: hostTensor('float32', [batchSize, width], part) };
  if (input.label === null) return feeds;
  const labels = BigInt64Array.from({ length: batchSize }, (_, row) => BigInt(row < rows ? (classes[from + row] ?? 0) : 0)); // prettier-ignore
  return { ...feeds, [input.label]: hostTensor('int64', [batchSize], labels) };
}

function controlFeeds({ input }: GeneratorCard, given: DrawRequest['controls']): Record<string, HostTensor> {
  return Object.fromEntries(
    input.controls.map(({ name, dtype, value, least, most }) => {
      const chosen = Math.min(most, Math.max(least, given[name] ?? value));
      return [
        name,
        dtype === 'float32'
          ? hostTensor('float32', [], Float32Array.of(chosen))
          : hostTensor('int64', [], BigInt64Array.of(BigInt(Math.round(chosen)))),
      ];
    }),
  );
}

function sampleBytes(tensor: HostTensor | undefined, { outputs }: GeneratorCard): Uint8Array {
  if (tensor?.dtype === 'uint8' && outputs.shape.kind === 'image') return tensor.data;
  if (tensor?.dtype === 'float32' && outputs.shape.kind === 'row')
    return new Uint8Array(tensor.data.buffer, tensor.data.byteOffset, tensor.data.byteLength);
  throw new AppError('model/run-failed', `The model's output ${outputs.samples} is not what its card promises.`);
}
