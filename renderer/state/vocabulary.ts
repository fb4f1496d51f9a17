/** The words of the models: synonyms for the search, words for telling whether two models mean the same. */
import { shownLabel } from '../../electron/contract/model-card';
import type { ModelDetail } from '../../electron/contract/models';
import type { Photo, Prediction } from '../../electron/contract/photo';
import type { Agreement, Vocabulary } from './photo-list';

function wordsOf(label: string): ReadonlySet<string> {
  return new Set(
    label
      .toLowerCase()
      .split(/[^\p{L}\p{N}]+/u)
      .filter((word) => word !== ''),
  );
}

class CardVocabulary implements Vocabulary {
  readonly agreements = new WeakMap<Photo, Agreement>();
  private readonly lower: ReadonlyMap<string, readonly string[]>;
  private readonly wordSets = new Map<string, ReadonlySet<string>>();

  constructor(details: readonly ModelDetail[]) {
    this.lower = new Map(details.map(({ entry, card }) => [entry.id, card.labels.map((label) => label.toLowerCase())]));
  }

  synonyms(modelId: string, prediction: Prediction): string {
    return this.lower.get(modelId)?.[prediction.classIndex] ?? prediction.label.toLowerCase();
  }

  words(modelId: string, prediction: Prediction): ReadonlySet<string> {
    const label = this.synonyms(modelId, prediction);
    let words = this.wordSets.get(label);
    if (words === undefined) this.wordSets.set(label, (words = wordsOf(label)));
    return words;
  }
}

/** Until a model's card has arrived, its labels stand for themselves. */
export function makeVocabulary(details: readonly ModelDetail[]): Vocabulary {
  return new CardVocabulary(details);
}

export interface LabelChoice {
  label: string;
  /** The synonym that matched, when it is not the shown one. */
  via: string | null;
}

/** Labels of the models whose synonyms contain `text`; those that begin with it come first. */
export function findLabels(details: readonly ModelDetail[], text: string, limit: number): LabelChoice[] {
  const needle = text.trim().toLowerCase();
  const seen = new Set<string>();
  const begins: LabelChoice[] = [];
  const contains: LabelChoice[] = [];
  for (const { card } of details) {
    for (const whole of card.labels) {
      const label = shownLabel(whole);
      if (seen.has(label) || !whole.toLowerCase().includes(needle)) continue;
      seen.add(label);
      const match = whole.split(', ').find((synonym) => synonym.toLowerCase().includes(needle)) ?? label;
      const choice = { label, via: match === label ? null : match };
      (match.toLowerCase().startsWith(needle) ? begins : contains).push(choice);
    }
  }
  const order = (a: LabelChoice, b: LabelChoice): number => (a.label.toLowerCase() < b.label.toLowerCase() ? -1 : 1);
  return [...begins.sort(order), ...contains.sort(order)].slice(0, limit);
}
