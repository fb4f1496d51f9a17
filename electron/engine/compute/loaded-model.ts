/** A model of ours, loaded: its card says how it is fed and which outputs answer. */
import { readFile } from 'node:fs/promises';
import { AppError } from '../../contract/errors';
import type { JudgeCard } from '../../contract/model-card';
import type { Verdict } from '../../contract/photo';
import { decodeModel } from '../../../models/graph/decode';
import { createSession, isProvider, type Session } from '../../../models/runtime/session';
import type { HostTensor } from '../../../models/tensor/host-tensor';
import { readJudgeCard } from '../models/card';
import { classPredictions, objectPredictions } from './top';

/** Decoded pixels: u8 RGB, height x width x 3. */
export interface Pixels {
  height: number;
  width: number;
  data: Uint8Array;
}

export interface LoadedModel {
  card: JudgeCard;
  session: Session;
  threads: number;
}

export interface LoadOptions {
  device: string;
  isUntrusted: boolean;
  /** Threads inside one operator, at most. */
  threads: number;
  /** Milliseconds, monotonic. */
  now: () => number;
}

/** Cores that decoding keeps busy, at most: a judge that is quick enough leaves them alone. */
const decodingCores = 4;
/** Milliseconds for a picture on one thread, up to which the judge keeps pace with the decoders of those cores. */
const quickMs = 12;
const trialRuns = 3;

/**
 * Loads a model with as few threads as will do. Beside busy decoders a second thread is no gift: sharing each of some
 * sixty operators costs a small model 8.6 ms of processor time in place of 6.1, for a wall time of 5.0 ms in place of 6.1.
 */
export async function loadModel(file: string, options: LoadOptions): Promise<LoadedModel> {
  const { threads, isUntrusted, now } = options;
  const few = Math.max(1, threads - decodingCores);
  if (isUntrusted || few === threads) return open(file, options, threads);
  const model = await open(file, options, few);
  if (model.session.provider !== 'cpu' || (await trialMs(model, now)) <= quickMs) return model;
  await model.session.dispose();
  return open(file, options, threads);
}

async function open(file: string, { device, isUntrusted }: LoadOptions, threads: number): Promise<LoadedModel> {
  const card = readJudgeCard(decodeModel(await readFile(file)));
  const provider = device === 'auto' ? 'cpu' : device;
  if (!isProvider(provider))
    throw new AppError('usage/bad-argument', `There is no device called ${device}.`, { device });
  // From the path, so that the weights are mapped once and not held twice.
  const session = await createSession(file, { provider, threads, untrusted: isUntrusted, sharesCores: true });
  return { card, session, threads };
}

/** The least time of a few runs on a blank picture: the first one also sets up memory, and other work may disturb one. */
async function trialMs(model: LoadedModel, now: () => number): Promise<number> {
  const side = model.card.input.shortSide;
  const blank = { height: side, width: side, data: new Uint8Array(side * side * 3) };
  let least = Infinity;
  for (let run = 0; run < trialRuns; run++) {
    const started = now();
    await judgePixels(model, [blank], 1, now);
    least = Math.min(least, now() - started);
  }
  return least;
}

/** Judges pictures of one size; verdicts in the same order. `now` is in milliseconds. */
export async function judgePixels(
  model: LoadedModel,
  pictures: readonly Pixels[],
  top: number,
  now: () => number,
): Promise<Verdict[]> {
  const outputs = model.card.outputs;
  if (outputs.kind === 'classify') return classifyBatch(model, outputs.probabilities, pictures, top, now);
  const verdicts: Verdict[] = [];
  for (const picture of pictures) verdicts.push(await findObjects(model, outputs, picture, now));
  return verdicts;
}

async function classifyBatch(
  model: LoadedModel,
  output: string,
  pictures: readonly Pixels[],
  top: number,
  now: () => number,
): Promise<Verdict[]> {
  const started = now();
  const feeds = { [model.card.input.name]: stack(pictures) };
  const probabilities = floats((await model.session.run(feeds, [output]))[output], output);
  const ms = (now() - started) / pictures.length;
  const classes = probabilities.length / pictures.length;
  return pictures.map((_, index) => {
    const row = probabilities.subarray(index * classes, (index + 1) * classes);
    return { predictions: classPredictions(row, model.card.labels, top), ms };
  });
}

async function findObjects(
  model: LoadedModel,
  outputs: { boxes: string; scores: string; classes: string },
  picture: Pixels,
  now: () => number,
): Promise<Verdict> {
  const started = now();
  const image: HostTensor = { dtype: 'uint8', dims: [picture.height, picture.width, 3], data: picture.data };
  const results = await model.session.run({ [model.card.input.name]: image });
  const ms = now() - started;
  const classes = results[outputs.classes];
  if (classes?.dtype !== 'int64') throw wrongOutput(outputs.classes);
  const boxes = floats(results[outputs.boxes], outputs.boxes);
  const scores = floats(results[outputs.scores], outputs.scores);
  return { predictions: objectPredictions(boxes, scores, classes.data, model.card.labels), ms };
}

/** Pictures of one size as uint8 [N, H, W, 3]. */
function stack(pictures: readonly Pixels[]): HostTensor {
  const first = pictures[0];
  if (first === undefined) throw new AppError('engine/internal', 'An empty batch cannot be judged.');
  const dims = [pictures.length, first.height, first.width, 3];
  if (pictures.length === 1) return { dtype: 'uint8', dims, data: first.data };
  const each = first.height * first.width * 3;
  const data = new Uint8Array(each * pictures.length);
  pictures.forEach((picture, index) => {
    if (picture.data.length !== each) throw new AppError('engine/internal', 'Pictures of one batch differ in size.');
    data.set(picture.data, index * each);
  });
  return { dtype: 'uint8', dims, data };
}

function floats(tensor: HostTensor | undefined, name: string): Float32Array {
  if (tensor?.dtype !== 'float32') throw wrongOutput(name);
  return tensor.data;
}

function wrongOutput(name: string): AppError {
  return new AppError('model/run-failed', `The model's output ${name} is not what its card promises.`, { name });
}
