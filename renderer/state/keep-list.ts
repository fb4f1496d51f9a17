/** Keeps the derived list fresh: next after what the person did, within a share of the time while pictures stream in. */
import type { StoreApi } from 'zustand/vanilla';
import {
  agreementOf,
  countStandings,
  inArrivalOrder,
  orderPhotos,
  type SectionKind,
  sectionPhotos,
  type Vocabulary,
  weigh,
  type Weighed,
} from './photo-list';
import type { DerivedList, StudioState } from './studio-state';
import { makeVocabulary } from './vocabulary';

/** While pictures stream in, deriving may take one part in this many of the page's time. */
const share = 8;
/** And never more often than the eye needs, since the drawing costs more than the deriving. */
function shortestRestMs(pictures: number): number {
  return pictures < 500 ? 80 : 250;
}

type Inputs = Pick<StudioState, 'photosVersion' | 'selected' | 'details' | 'threshold' | 'sort' | 'filter'>;

function needsOrder(a: Inputs, b: Inputs): boolean {
  return (
    a.photosVersion !== b.photosVersion ||
    a.selected !== b.selected ||
    a.details !== b.details ||
    a.sort !== b.sort ||
    a.filter.text !== b.filter.text ||
    a.filter.label !== b.filter.label ||
    a.filter.range !== b.filter.range
  );
}

function needsSections(a: Inputs, b: Inputs): boolean {
  return a.threshold !== b.threshold || a.filter.standing !== b.filter.standing;
}

/** Derives in two stages and remembers the first, so that the threshold never sorts again. */
class ListDeriver {
  private last: Inputs | undefined;
  private all: Weighed = weigh([], '');
  private ordered: Weighed = this.all;
  private differing = 0;
  private vocabulary: Vocabulary = makeVocabulary([]);

  /** The list for `state`, or undefined when nothing that it depends on has changed. */
  derive(state: StudioState): DerivedList | undefined {
    const last = this.last;
    const isStale = last === undefined || needsOrder(last, state);
    if (!isStale && !needsSections(last, state)) return undefined;
    if (last?.details !== state.details || last.selected !== state.selected) {
      this.vocabulary = makeVocabulary(state.selected.flatMap((id) => state.details[id] ?? []));
    }
    if (isStale) {
      const model = state.selected[0] ?? '';
      const isSame = last?.photosVersion === state.photosVersion;
      const all = isSame ? this.all.photos : inArrivalOrder(state.photos.values());
      if (!isSame || last.selected !== state.selected) this.all = weigh(all, model);
      const { text, label, range } = state.filter;
      const query = { models: state.selected, sort: state.sort, text, label, range };
      this.ordered = weigh(orderPhotos(all, query, this.vocabulary), model);
      this.differing = this.countDiffering(state.selected);
    }
    this.last = state;
    return this.split(state);
  }

  private split(state: StudioState): DerivedList {
    const standing: SectionKind | null = state.filter.standing;
    const splitsDisagreement = state.selected.length === 2 && state.sort === 'disagreement';
    const query = { models: state.selected, threshold: state.threshold, standing, splitsDisagreement };
    const sections = sectionPhotos(this.ordered, query, this.vocabulary);
    const order = sections.flatMap((section) => section.photos.map((photo) => photo.id));
    const counts = countStandings(this.all, state.threshold);
    return { all: this.all.photos, sections, order, counts, differing: this.differing, shown: order.length };
  }

  private countDiffering(models: readonly string[]): number {
    if (models.length < 2) return 0;
    let count = 0;
    for (const photo of this.all.photos) {
      if (agreementOf(photo, models, this.vocabulary) === 'differ') count += 1;
    }
    return count;
  }
}

export function keepList(store: StoreApi<StudioState>, now: () => number): () => void {
  const deriver = new ListDeriver();
  let timer: ReturnType<typeof setTimeout> | undefined;
  let restUntil = 0;
  const run = (): void => {
    clearTimeout(timer);
    timer = undefined;
    const begin = now();
    const list = deriver.derive(store.getState());
    const cost = now() - begin;
    restUntil = begin + Math.max(shortestRestMs(store.getState().photos.size), cost * share);
    if (list !== undefined) store.setState({ list });
  };
  // A task of its own: what the person pressed answers first, and a burst of changes is derived once.
  const runIn = (restMs: number): void => {
    clearTimeout(timer);
    timer = setTimeout(run, Math.max(0, restMs));
  };
  const undo = store.subscribe((state, before) => {
    const isOwn = needsSections(before, state) || needsOrder({ ...before, photosVersion: state.photosVersion }, state);
    if (isOwn) runIn(0);
    else if (state.photosVersion !== before.photosVersion && timer === undefined) runIn(restUntil - now());
  });
  return () => {
    undo();
    clearTimeout(timer);
  };
}
