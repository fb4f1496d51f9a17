/** From all pictures to the ordered, filtered list on screen: pure, and fast enough to follow a slider over 10,000 pictures. */
import type { Photo, Prediction, Standing } from '../../electron/contract/photo';
import { standingOf, topPrediction } from '../../electron/contract/photo';

export type SortBy = 'confidence' | 'doubtful' | 'name' | 'disagreement';

/** Knows every synonym of a model's classes, lower case. */
export interface Vocabulary {
  /** What was found out already for the two models in question. */
  readonly agreements: WeakMap<Photo, Agreement>;
  synonyms(modelId: string, prediction: Prediction): string;
  words(modelId: string, prediction: Prediction): ReadonlySet<string>;
}

export interface ListQuery {
  /** One or two model ids; the first one gives the labels. */
  models: readonly string[];
  sort: SortBy;
  text: string;
  label: string | null;
  /** Confidences from (inclusive) to (exclusive, but 1 is always inside). */
  range: readonly [number, number] | null;
}

export type Agreement = 'differ' | 'agree' | 'open';

/** Two models differ when both answered and no answer of one shares a word with an answer of the other. */
export function agreementOf(photo: Photo, models: readonly string[], vocabulary: Vocabulary): Agreement {
  let agreement = vocabulary.agreements.get(photo);
  if (agreement === undefined)
    vocabulary.agreements.set(photo, (agreement = compareAnswers(photo, models, vocabulary)));
  return agreement;
}

function compareAnswers(photo: Photo, models: readonly string[], vocabulary: Vocabulary): Agreement {
  const [a, b] = models;
  if (a === undefined || b === undefined || photo.state !== 'judged') return 'open';
  const left = opinions(photo, a);
  const right = opinions(photo, b);
  if (left.length === 0 || right.length === 0) return 'open';
  const shares = left.some((one) =>
    right.some((other) => sharesWord(vocabulary.words(a, one), vocabulary.words(b, other))),
  );
  return shares ? 'agree' : 'differ';
}

/** What counts as a model's answer: its first class, or every object it found. */
function opinions(photo: Photo, modelId: string): readonly Prediction[] {
  const predictions = photo.verdicts[modelId]?.predictions ?? [];
  return predictions[0]?.box === undefined ? predictions.slice(0, 1) : predictions;
}

function sharesWord(left: ReadonlySet<string>, right: ReadonlySet<string>): boolean {
  for (const word of left) if (right.has(word)) return true;
  return false;
}

/** The label a tile carries, whatever the threshold: the person's, else the model's best guess; undefined before judging. */
function shownLabelOf(photo: Photo, modelId: string): string | undefined {
  return photo.correction ?? topPrediction(photo, modelId)?.label;
}

function matches(photo: Photo, query: ListQuery, needle: string, vocabulary: Vocabulary): boolean {
  const model = query.models[0] ?? '';
  if (query.label !== null && shownLabelOf(photo, model) !== query.label) return false;
  if (query.range !== null) {
    const score = topPrediction(photo, model)?.score;
    const [from, to] = query.range;
    if (score === undefined || score < from || (score >= to && to < 1)) return false;
  }
  if (needle === '') return true;
  if (photo.name.toLowerCase().includes(needle) || (photo.correction?.toLowerCase().includes(needle) ?? false))
    return true;
  return query.models.some((id) =>
    opinions(photo, id).some((prediction) => vocabulary.synonyms(id, prediction).includes(needle)),
  );
}

const nameKeys = new WeakMap<Photo, string>();

/** A key whose plain order is the natural one: "img 2" before "img 10". */
function nameKey(photo: Photo): string {
  let key = nameKeys.get(photo);
  if (key === undefined) {
    key = photo.name.toLowerCase().replace(/\d+/g, (digits) => digits.padStart(12, '0'));
    nameKeys.set(photo, key);
  }
  return key;
}

/** What numbers are sorted by, smallest first; at most 10 either way. */
function rankOf(photo: Photo, query: ListQuery, vocabulary: Vocabulary): number {
  const [a = '', b = ''] = query.models;
  const score = topPrediction(photo, a)?.score ?? -1;
  if (query.sort === 'doubtful') return score;
  if (query.sort === 'confidence') return -score;
  // Loudest contradiction first: both sides sure, yet not the same thing.
  const loudness = Math.min(score, topPrediction(photo, b)?.score ?? -1);
  return -(loudness + (agreementOf(photo, query.models, vocabulary) === 'differ' ? 2 : 0));
}

const placesPerRank = 1e6;
const rankGrain = 1e8;

/** Rank and place packed into one double (10 x 1e8 x 1e6 < 2^53), so that the engine's own numeric sort does the work. */
function sortByRank(photos: readonly Photo[], query: ListQuery, vocabulary: Vocabulary): Photo[] {
  const packed = Float64Array.from(photos, (photo, place) => {
    return Math.round(rankOf(photo, query, vocabulary) * rankGrain) * placesPerRank + place;
  });
  packed.sort();
  const sorted: Photo[] = [];
  for (const value of packed) {
    const photo = photos[value - Math.floor(value / placesPerRank) * placesPerRank];
    if (photo !== undefined) sorted.push(photo);
  }
  return sorted;
}

function sortByName(photos: readonly Photo[]): Photo[] {
  return photos
    .map((photo) => ({ photo, key: nameKey(photo) }))
    .sort((a, b) => (a.key === b.key ? 0 : a.key < b.key ? -1 : 1))
    .map(({ photo }) => photo);
}

/** Filters and sorts pictures given in the order of their arrival; independent of the threshold, so that moving the slider never sorts again. */
export function orderPhotos(photos: readonly Photo[], query: ListQuery, vocabulary: Vocabulary): Photo[] {
  const needle = query.text.trim().toLowerCase();
  const kept = photos.filter((photo) => matches(photo, query, needle, vocabulary));
  return query.sort === 'name' ? sortByName(kept) : sortByRank(kept, query, vocabulary);
}

function arrivalOf(photo: Photo): number {
  return Number(photo.id.slice(1));
}

/** In the order of arrival; pictures that came back by an undo stand at the end of the map. */
export function inArrivalOrder(photos: Iterable<Photo>): Photo[] {
  const all = [...photos];
  let last = -1;
  for (const photo of all) {
    const arrival = arrivalOf(photo);
    if (arrival < last) return all.sort((a, b) => arrivalOf(a) - arrivalOf(b));
    last = arrival;
  }
  return all;
}

export type SectionKind = Standing | 'differ';

export interface PhotoSection {
  kind: SectionKind;
  photos: readonly Photo[];
}

const sectionOrder: readonly SectionKind[] = ['differ', 'sure', 'unsure', 'corrected', 'waiting', 'failed'];

export interface SectionQuery {
  models: readonly string[];
  threshold: number;
  standing: SectionKind | null;
  /** Whether disagreements stand in a section of their own, on top. */
  splitsDisagreement: boolean;
}

/** Pictures with what their standing depends on, looked up once so that a step of the slider only compares numbers. */
export interface Weighed {
  photos: readonly Photo[];
  /** Standing below every threshold: `unsure` for all that is judged and not corrected. */
  lowest: readonly Standing[];
  /** Score of the first answer; -1 without one. */
  scores: Float64Array;
}

export function weigh(photos: readonly Photo[], model: string): Weighed {
  return {
    photos,
    lowest: photos.map((photo) => standingOf(photo, model, 2)),
    scores: Float64Array.from(photos, (photo) => topPrediction(photo, model)?.score ?? -1),
  };
}

function weighedStanding({ lowest, scores }: Weighed, place: number, threshold: number): Standing {
  const standing = lowest[place] ?? 'waiting';
  return standing === 'unsure' && (scores[place] ?? -1) >= threshold ? 'sure' : standing;
}

/** Splits the ordered pictures into the sections of the screen; linear, runs on every step of the slider. */
export function sectionPhotos(ordered: Weighed, query: SectionQuery, vocabulary: Vocabulary): PhotoSection[] {
  const buckets = new Map<SectionKind, Photo[]>(sectionOrder.map((kind) => [kind, []]));
  for (const [place, photo] of ordered.photos.entries()) {
    const standing = weighedStanding(ordered, place, query.threshold);
    if (query.standing !== null && query.standing !== 'differ' && standing !== query.standing) continue;
    const isSplit = query.splitsDisagreement && (standing === 'sure' || standing === 'unsure');
    const differs = isSplit && agreementOf(photo, query.models, vocabulary) === 'differ';
    if (query.standing === 'differ' && !differs) continue;
    buckets.get(differs ? 'differ' : standing)?.push(photo);
  }
  const sections: PhotoSection[] = [];
  for (const [kind, photos] of buckets) if (photos.length > 0) sections.push({ kind, photos });
  return sections;
}

export type Counts = Readonly<Record<Standing, number>>;

export function makeEmptyCounts(): Record<Standing, number> {
  return { sure: 0, unsure: 0, corrected: 0, waiting: 0, failed: 0 };
}

export function countStandings(weighed: Weighed, threshold: number): Counts {
  const counts = makeEmptyCounts();
  for (let place = 0; place < weighed.photos.length; place += 1)
    counts[weighedStanding(weighed, place, threshold)] += 1;
  return counts;
}

export interface LabelCount {
  label: string;
  count: number;
}

/** Labels on screen with how many pictures carry each, most frequent first. */
export function countLabels(photos: Iterable<Photo>, model: string): LabelCount[] {
  const counts = new Map<string, number>();
  for (const photo of photos) {
    const label = shownLabelOf(photo, model);
    if (label !== undefined) counts.set(label, (counts.get(label) ?? 0) + 1);
  }
  return [...counts]
    .map(([label, count]) => ({ label, count }))
    .sort((a, b) => b.count - a.count || (a.label < b.label ? -1 : 1));
}
