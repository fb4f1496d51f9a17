/** What Home shows: the pair that came with Duet (or the newest one that fits), and what it has drawn since the start. */
import { type Drawn, defaultUnsureBelow } from '../../electron/contract/drawing';
import type { Failure } from '../../electron/contract/errors';

export type HomePicture = Drawn['items'][number];

export interface HomeState {
  /** Null until it was looked for; without a judge nothing is said of the drawings. */
  pair: { generator: string; judge: string | null; classes: readonly string[] } | null;
  shape: Drawn['shape'] | null;
  /** u8 [items, height, width, channels] of the drawing that is shown. */
  samples: Uint8Array;
  items: readonly HomePicture[];
  /** Places of the drawing that is shown. */
  wanted: number;
  /** First number of the next drawing. */
  next: number;
  phase: 'looking' | 'none' | 'drawing' | 'drawn' | 'failed';
  failure: Failure | null;
}

export const initialHome: HomeState = {
  pair: null,
  shape: null,
  samples: new Uint8Array(0),
  items: [],
  wanted: 0,
  next: 0,
  phase: 'looking',
  failure: null,
};

export type Reading = 'asked' | 'unsure' | 'wrong' | 'unread';

/** How a drawing was read: as asked, not surely, or as something else. */
export function readingOf(item: HomePicture, unsureBelow = defaultUnsureBelow): Reading {
  const best = item.judged?.best[0];
  if (best === undefined) return 'unread';
  if (best.score < unsureBelow) return 'unsure';
  return item.class === null || best.classIndex === item.class ? 'asked' : 'wrong';
}

export type Tally = Readonly<Record<Reading, number>>;

export function tallyOf(items: readonly HomePicture[]): Tally {
  const tally = { asked: 0, unsure: 0, wrong: 0, unread: 0 };
  for (const item of items) tally[readingOf(item)] += 1;
  return tally;
}

const telling: readonly Reading[] = ['wrong', 'unsure', 'asked'];

/** Places of up to `count` drawings that tell most: mistakes and doubts among the others, in the order in which they were drawn. */
export function tellingPlaces(items: readonly HomePicture[], count: number): number[] {
  const places = items.map((_, place) => place).filter((place) => hasAnswer(items[place]));
  const of = (reading: Reading): number[] => places.filter((place) => readingOf(items[place] ?? never) === reading);
  const [wrong = [], unsure = [], asked = []] = telling.map(of);
  // Never mistakes alone: most drawings are read as asked, and what is shown should say so.
  const odd = [...wrong.slice(0, 1), ...unsure.slice(0, 1)].slice(0, Math.max(1, Math.floor(count / 2)));
  const rest = [...asked, ...wrong.slice(1), ...unsure.slice(1)].slice(0, count - odd.length);
  return [...odd, ...rest].sort((a, b) => a - b).slice(0, count);
}

const hasAnswer = (item: HomePicture | undefined): boolean => item !== undefined && item.judged !== null;

const never: HomePicture = { index: null, class: null, judged: null };

const numbers = ['None', 'One', 'Two', 'Three', 'Four', 'Five', 'Six', 'Seven', 'Eight', 'Nine'];
const many = (count: number): string => numbers[count] ?? String(count);

/** "digits-judge read 57 of 60 as asked. Two are wrong, one is unsure." */
export function readingSentence(judge: string, tally: Tally): string {
  const read = tally.asked + tally.unsure + tally.wrong;
  if (read === 0) return `${judge} has read nothing yet.`;
  const start = `${judge} read ${tally.asked} of ${read} as asked.`;
  const is = (count: number): string => (count === 1 ? 'is' : 'are');
  const parts = [
    ...(tally.wrong > 0 ? [`${many(tally.wrong)} ${is(tally.wrong)} wrong`] : []),
    ...(tally.unsure > 0 ? [`${many(tally.unsure)} ${is(tally.unsure)} unsure`] : []),
  ];
  if (parts.length === 0) return start;
  const [first = '', ...others] = parts;
  return `${start} ${[first, ...others.map((part) => part.charAt(0).toLowerCase() + part.slice(1))].join(', ')}.`;
}
