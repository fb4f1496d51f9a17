/** A verdict as the page tells it: the sentence, what to do, and the figures behind it. */
import type { TrainingVerdict } from '../../../contract/training';
import type { Verdict } from '../../../../models/metrics/verdict';

const advice: Readonly<Record<TrainingVerdict['state'], string>> = {
  early: 'Let it go on; there is nothing to do yet.',
  healthy: 'Nothing to do.',
  poor: 'Train longer. If it does not get better, choose a larger network or a lower learning rate.',
  collapsed: 'Switch the penalty on (R1) or raise its weight, or lower the learning rate, and train anew.',
  broken: 'Keep the last good state, or train anew with a lower learning rate.',
};

const titles: Readonly<Record<string, { title: string; unit: string }>> = {
  samples: { title: 'Drawn for this verdict', unit: '' },
  modes: { title: 'Classes or modes that appear', unit: '' },
  modesExpected: { title: 'Classes or modes that should', unit: '' },
  missingDraws: { title: 'Draws that missing classes should have had', unit: '' },
  readAsAsked: { title: 'Read as asked', unit: '%' },
  coverage: { title: 'Real variety covered', unit: '%' },
  coverageOfReal: { title: 'The same for real samples', unit: '%' },
  precision: { title: 'Among real samples', unit: '%' },
  variety: { title: 'Variety within a class, of the real one', unit: '%' },
  duplicates: { title: 'Near-copies of training samples', unit: '' },
  within: { title: 'Within 3 deviations of a mode', unit: '%' },
  spread: { title: 'Spread of a mode, in deviations', unit: '' },
};

/** `shares`: of the drawings read as each class. */
export function told({ state, sentence, numbers }: Verdict, shares: readonly number[]): TrainingVerdict {
  const values = new Map<string, unknown>(Object.entries(numbers));
  const figures = Object.entries(titles).flatMap(([name, { title, unit }]) => {
    const value = values.get(name);
    return typeof value === 'number' && Number.isFinite(value)
      ? [{ name, title, value: unit === '%' ? 100 * value : value, unit }]
      : [];
  });
  return { state, sentence: sentence.slice(0, 300), advice: advice[state], figures, shares: [...shares] };
}
