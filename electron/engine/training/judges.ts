/** Which classifier judges what a generator draws: one that knows the classes. */
import { AppError } from '../../contract/errors';
import { type JudgeCard, shownLabel } from '../../contract/model-card';
import type { ModelRegistry } from '../models/registry';

/** Class of the data set for each label of a judge, -1: none; undefined where it does not know all classes. */
export function judgeClasses({ labels }: Pick<JudgeCard, 'labels'>, classes: readonly string[]): number[] | undefined {
  const places = new Map(classes.map((name, place) => [plain(name), place]));
  const found = labels.map((label) => places.get(plain(shownLabel(label))) ?? -1);
  const known = new Set(found.filter((place) => place >= 0));
  return classes.length > 1 && known.size === classes.length ? found : undefined;
}

const plain = (name: string): string => name.trim().toLowerCase();

type Models = Pick<ModelRegistry, 'list' | 'runnable' | 'detail'>;

/**
 * The one asked for, or the best one that knows the classes: trained on this data set before others, then by its accuracy, then the one with
 * the fewest other labels. Null where there is none. Throws `training/unsuited` when the one asked for does not know the classes.
 */
export function chooseJudge(
  models: Models,
  { id, classes }: { id: string; classes: readonly string[] },
  asked: string | null,
): { id: string; hash: string } | null {
  if (asked !== null) {
    const { card } = models.runnable(asked);
    if (card.task === 'classify' && judgeClasses(card, classes) !== undefined)
      return { id: asked, hash: models.detail(asked).fileHash };
    throw new AppError('training/unsuited', `${card.title} does not know the classes of this data set. Choose another judge, or train one on it first.`); // prettier-ignore
  }
  const candidates = models.list().flatMap((entry) => {
    if (entry.task !== 'classify') return [];
    const { card } = models.runnable(entry.id);
    if (judgeClasses(card, classes) === undefined) return [];
    const isOwn = card.training?.dataset?.id === id;
    const accuracy = card.training?.metrics['test.accuracy'] ?? card.training?.metrics['validation.accuracy'] ?? 0;
    return [{ id: entry.id, isOwn, accuracy, labels: card.labels.length }];
  });
  candidates.sort((a, b) => Number(b.isOwn) - Number(a.isOwn) || b.accuracy - a.accuracy || a.labels - b.labels);
  const [best] = candidates;
  return best === undefined ? null : { id: best.id, hash: models.detail(best.id).fileHash };
}
