/** From a model's outputs to predictions: picks the highest, names them; all arithmetic on pictures is in the graph. */
import { shownLabel } from '../../contract/model-card';
import type { Prediction } from '../../contract/photo';

/** Indices of the `count` highest values, highest first, ties by lower index: one pass with a short sorted list. */
export function topIndices(values: ArrayLike<number>, count: number): number[] {
  const best: number[] = [];
  for (let index = 0; index < values.length; index++) {
    const value = values[index] ?? 0;
    const last = best[best.length - 1];
    if (best.length === count && last !== undefined && value <= (values[last] ?? 0)) continue;
    let place = best.length;
    while (place > 0 && value > (values[best[place - 1] ?? 0] ?? 0)) place -= 1;
    best.splice(place, 0, index);
    if (best.length > count) best.pop();
  }
  return best;
}

function clampUnit(value: number): number {
  return Math.min(1, Math.max(0, value));
}

/** `probabilities`: one row, float [classes]. Classes beyond the labels are named by their number. */
export function classPredictions(
  probabilities: ArrayLike<number>,
  labels: readonly string[],
  top: number,
): Prediction[] {
  return topIndices(probabilities, top).map((classIndex) => ({
    label: shownLabel(labels[classIndex] ?? `class ${classIndex}`),
    classIndex,
    score: clampUnit(probabilities[classIndex] ?? 0),
  }));
}

/** `boxes` float [K, 4] in 0..1, `scores` float [K] falling, `classes` int64 [K]. */
export function objectPredictions(
  boxes: ArrayLike<number>,
  scores: ArrayLike<number>,
  classes: ArrayLike<bigint>,
  labels: readonly string[],
): Prediction[] {
  const found: Prediction[] = [];
  for (let index = 0; index < Math.min(scores.length, 100); index++) {
    const classIndex = Number(classes[index] ?? 0n);
    const side = (offset: number): number => clampUnit(boxes[index * 4 + offset] ?? 0);
    found.push({
      label: shownLabel(labels[classIndex] ?? `class ${classIndex}`),
      classIndex,
      score: clampUnit(scores[index] ?? 0),
      box: [side(0), side(1), side(2), side(3)],
    });
  }
  return found;
}
