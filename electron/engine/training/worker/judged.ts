/** Drawings as the chosen judge sees them beside real samples that the generator has not met: the verdict of a check. */
import type { TrainingVerdict } from '../../../contract/training';
import { features, type Features } from '../../../../models/metrics/features';
import { modeReport } from '../../../../models/metrics/modes';
import { pointsVerdict, type Verdict, verdictOf } from '../../../../models/metrics/verdict';
import { sampleSize } from '../../../../models/zoo/data-shape';
import { type LoadedModel, loadModel } from '../../compute/loaded-model';
import { readPictures } from '../../compute/read-pictures';
import { evenly } from './answers';
import type { Samples, TrainingData } from './data';
import { mixtureOf } from './mixture';
import { told } from './verdict-words';

/** Drawings with the classes that were asked for, if any were. */
export interface Drawings {
  readonly samples: Samples;
  readonly asked: readonly number[] | undefined;
  readonly family: 'gan' | 'vae' | 'flow';
  readonly step: number;
}

export interface Judge {
  /** The verdict, and its numbers by name. */
  judge(drawings: Drawings): Promise<{ verdict: TrainingVerdict; metrics: Record<string, number> }>;
  dispose(): Promise<void>;
}

/** Real samples that drawings are held against. */
const mostReal = 500;
const realPoints = 1000;

interface JudgeFile {
  readonly path: string;
  /** Class of the data set for each label of the judge; -1: none. */
  readonly classes: readonly number[];
}

/** Undefined where nothing can judge: pictures without a judge. */
export async function openJudge(
  data: TrainingData,
  file: JudgeFile | null,
  threads: number,
): Promise<Judge | undefined> {
  if (data.shape.kind === 'vector') return pointJudge(data);
  if (file === null) return undefined;
  const model = await loadModel(file.path, {
    device: 'cpu',
    isUntrusted: false,
    threads,
    now: () => performance.now(),
  });
  try {
    return await pictureJudge(data, model, file.classes);
  } catch (error) {
    await model.session.dispose();
    throw error;
  }
}

/** Samples of a split that was not learned from; of the training split where there is no other. */
function heldOut({ validation, test, train }: TrainingData, most: number) {
  const split = [validation, test, train].find(({ indices }) => indices.length >= Math.min(100, most)) ?? train;
  const places = evenly(split.indices.length, most);
  return {
    indices: places.map((place) => split.indices[place] ?? 0),
    labels: Array.from(places, (place) => split.labels[place] ?? -1),
  };
}

async function pictureJudge(data: TrainingData, model: LoadedModel, classes: readonly number[]): Promise<Judge> {
  const real = await readAll(data, model, classes, data.take(heldOut(data, mostReal).indices));
  return {
    judge: async ({ samples, asked, family, step }) => {
      const drawn = await readAll(data, model, classes, samples);
      const verdict = verdictOf({
        family,
        step,
        classes: data.shape.classes,
        ...(asked !== undefined && { asked }),
        predicted: drawn.predicted,
        realPredicted: real.predicted,
        generated: drawn.features,
        real: real.features,
      });
      return { verdict: told(verdict, sharesOf(drawn.predicted, data.shape.classes)), metrics: metricsOf(verdict) };
    },
    dispose: () => model.session.dispose(),
  };
}

interface Read {
  readonly predicted: number[];
  readonly features: Features;
}

async function readAll({ shape }: TrainingData, model: LoadedModel, classes: readonly number[], samples: Samples): Promise<Read> {
  if (shape.kind !== 'image' || !(samples instanceof Uint8Array)) throw new TypeError('A judge reads pictures.');
  const { height, width, channels } = shape;
  const pixels = new Uint8Array(samples);
  const read = await readPictures(model, { path: '', height, width, channels, pixels });
  const probabilities = floatsOf(read.probabilities);
  const count = samples.length / sampleSize(shape);
  const labels = probabilities.length / count;
  const predicted = Array.from({ length: count }, (_, k) => bestClass(probabilities.subarray(k * labels, (k + 1) * labels), classes)); // prettier-ignore
  const numbers = read.features.length > 0 ? floatsOf(read.features) : probabilities;
  return { predicted, features: features(numbers.length / count, numbers) };
} // prettier-ignore

/** Of the classes that the data set has, the most likely. */
function bestClass(probabilities: Float32Array, classes: readonly number[]): number {
  let [best, most] = [0, -1];
  probabilities.forEach((probability, label) => {
    const own = classes[label] ?? -1;
    if (own >= 0 && probability > most) [best, most] = [own, probability];
  });
  return best;
}

const floatsOf = (bytes: Uint8Array): Float32Array => new Float32Array(bytes.slice().buffer);

function sharesOf(predicted: readonly number[], classes: number): number[] {
  const shares = new Array<number>(classes).fill(0);
  for (const label of predicted) shares[label] = (shares[label] ?? 0) + 1 / predicted.length;
  return shares;
}

/** Points of a plane are held against the modes that their classes mark, or against real points. */
function pointJudge(data: TrainingData): Judge {
  const width = sampleSize(data.shape);
  const real = heldOut(data, realPoints);
  const points = data.take(real.indices);
  const mixture = mixtureOf(data);
  return {
    judge: ({ samples, family, step }) => {
      const drawn = Float32Array.from(samples);
      const report = mixture && modeReport(drawn, mixture, leastOf(drawn.length / width, mixture.centres.length));
      const verdict = report ? pointsVerdict(report, { family, step }) : verdictOf({
        family, step, classes: 0,
        predicted: new Uint8Array(drawn.length / width), realPredicted: new Uint8Array(real.indices.length),
        generated: features(width, drawn), real: features(width, Float32Array.from(points)),
      }); // prettier-ignore
      const hits = report?.counts ?? [];
      const inside = Math.max(
        1,
        hits.reduce((sum, count) => sum + count, 0),
      );
      return Promise.resolve({ verdict: told(verdict, hits.map((count) => count / inside)), metrics: metricsOf(verdict) }); // prettier-ignore
    },
    dispose: () => Promise.resolve(),
  };
}

/** Hits that make a mode count: 20 of 2,500 points over 25 modes, a fifth of an even share. */
const leastOf = (points: number, modes: number): number => Math.max(1, Math.floor(points / modes / 5));

function metricsOf({ numbers }: Verdict): Record<string, number> {
  return Object.fromEntries(Object.entries(numbers).filter((entry): entry is [string, number] => typeof entry[1] === 'number')); // prettier-ignore
}
