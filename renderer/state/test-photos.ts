/** Pictures for tests, made by rule. */
import type { Photo, Prediction } from '../../electron/contract/photo';

export function prediction(label: string, score: number, box?: Prediction['box']): Prediction {
  return { label, classIndex: 0, score, ...(box === undefined ? {} : { box }) };
}

export function judged(number: number, verdicts: Record<string, Prediction[]>, rest: Partial<Photo> = {}): Photo {
  return {
    id: `p${number}`,
    name: `picture ${number}.jpg`,
    state: 'judged',
    bytes: 1000,
    width: 600,
    height: 400,
    hasThumb: true,
    isSample: false,
    verdicts: Object.fromEntries(Object.entries(verdicts).map(([id, predictions]) => [id, { predictions, ms: 5 }])),
    ...rest,
  };
}

/** `count` pictures whose labels and scores follow a fixed linear congruence: score = ((7919 i) mod 1000) / 999. */
export function manyJudged(count: number): Photo[] {
  return Array.from({ length: count }, (_, i) => {
    const score = ((7919 * i) % 1000) / 999;
    const others = [1, 2, 3, 4].map((rank) => prediction(`label ${(i + rank) % 997}`, score / (rank + 1)));
    return judged(i + 1, { a: [prediction(`label ${i % 997}`, score), ...others] });
  });
}
