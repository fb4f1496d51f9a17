/** What a judge says of drawn samples, and which judge to begin with. */
import type { Drawn } from '../../contract/drawing';
import { AppError, throwIfCancelled } from '../../contract/errors';
import {
  type DrawnShape,
  type GeneratorCard,
  isJudgeCard,
  type JudgeCard,
  shownLabel,
} from '../../contract/model-card';
import type { DrawingModel, ModelRegistry } from '../models/registry';
import type { RunnableModel } from '../studio/pipeline';
import type { Workers } from '../studio/workers';

type Judged = NonNullable<Drawn['items'][number]['judged']>;

/** Samples judged at once, so that others need not wait long for the compute process. */
const slice = 64;

/** Two best classes of each sample, in order. @throws AppError `usage/bad-argument` for rows of numbers, which no judge reads. */
export async function judgeSamples(
  workers: Pick<Workers, 'read'>,
  judge: RunnableModel,
  generator: GeneratorCard,
  samples: Uint8Array<ArrayBuffer>,
  signal: AbortSignal,
): Promise<Judged[]> {
  const { shape } = generator.outputs;
  const { height, width, channels } = pictureShape(generator.title, shape);
  const each = height * width * channels;
  const name = namer(judge.card, generator);
  const all: Judged[] = [];
  for (let from = 0; from < samples.length; from += slice * each) {
    throwIfCancelled(signal);
    const pixels = samples.subarray(from, from + slice * each);
    const { probabilities } = await workers.read({ path: judge.path, height, width, channels, pixels }, signal);
    const rows = new Float32Array(Uint8Array.from(probabilities).buffer);
    const classes = rows.length / (pixels.length / each);
    for (let at = 0; at < rows.length; at += classes)
      all.push({ best: twoBest(rows.subarray(at, at + classes), name) });
  }
  return all;
}

function pictureShape(title: string, shape: DrawnShape): Extract<DrawnShape, { kind: 'image' }> {
  if (shape.kind === 'image') return shape;
  throw new AppError('usage/bad-argument', `${title} draws rows of numbers; a judge reads pictures. Draw without one.`);
}

function twoBest(scores: Float32Array, name: (index: number) => { classIndex: number; label: string }): Judged['best'] {
  const order = [...scores.keys()].sort((a, b) => (scores[b] ?? 0) - (scores[a] ?? 0) || a - b);
  return order.slice(0, 2).map((index) => ({ ...name(index), score: Math.min(1, Math.max(0, scores[index] ?? 0)) }));
}

/** The judge's classes by the generator's numbers, matched by name; -1 for one that cannot be asked for. */
function namer(judge: JudgeCard, generator: GeneratorCard): (index: number) => { classIndex: number; label: string } {
  const asked = generator.labels.map(shownLabel);
  const known = judge.labels.map((label, index) => {
    const shown = shownLabel(label);
    return { classIndex: asked.length === 0 ? index : asked.indexOf(shown), label: shown };
  });
  return (index) => known[index] ?? { classIndex: -1, label: String(index) };
}

/**
 * A judge that knows the generator's classes: first the one that judged it in training, then one of the same data set, then
 * one of the same size; of those alike the more accurate. Null when there is none, or the generator draws no pictures.
 */
export function judgeFor(registry: Pick<ModelRegistry, 'list' | 'card'>, { card }: DrawingModel): string | null {
  if (card.outputs.shape.kind !== 'image') return null;
  const fitting = registry.list().flatMap(({ id, madeAt }) => {
    const judge = registry.card(id);
    const rank = isJudgeCard(judge) ? rankOf(judge, card) : 0;
    return rank === 0 ? [] : [{ id, rank, accuracy: judge.training?.metrics['accuracy'] ?? 0, madeAt }];
  });
  fitting.sort((a, b) => b.rank - a.rank || b.accuracy - a.accuracy || b.madeAt - a.madeAt);
  return fitting[0]?.id ?? null;
}

/** 0: does not fit. */
function rankOf(judge: JudgeCard, generator: GeneratorCard): number {
  if (judge.outputs.kind !== 'classify') return 0;
  const dataset = generator.training?.dataset?.id;
  const isSameData = dataset !== undefined && judge.training?.dataset?.id === dataset;
  const known = new Set(judge.labels.map(shownLabel));
  const knowsAll = generator.labels.length > 0 && generator.labels.every((label) => known.has(shownLabel(label)));
  if (!knowsAll && !(isSameData && generator.labels.length === 0)) return 0;
  if (generator.training?.judge === judge.name) return 4;
  if (isSameData) return 3;
  const { shape } = generator.outputs;
  return shape.kind === 'image' && judge.input.shortSide === Math.min(shape.height, shape.width) ? 2 : 1;
}
