/** What the card of a trained model says. */
import type { TrainingRecord } from '../../contract/model-card';
import type { TrainingOutcome } from '../../contract/training-worker';
import type { TrainParameters } from './parameters';

interface CardWords {
  readonly title: string;
  readonly description: string;
  readonly limits: string;
  readonly licence: { readonly spdx: string; readonly notice: string };
  readonly training: TrainingRecord;
}

export function cardOf(parameters: TrainParameters, outcome: TrainingOutcome): CardWords {
  const { title, dataset, family, recipe, settings, seed, judge, licence } = parameters;
  const { step, seconds, metrics, measuredOn, verdict } = outcome;
  return {
    title,
    description: `${family === 'classifier' ? 'Judges' : 'Draws'} what the data set "${dataset.title}" shows. Trained on this machine with the recipe ${recipe}, ${step.toLocaleString('en-US')} steps. ${verdict}`.trim(),
    limits: family === 'classifier'
      ? 'It knows the classes of its data set and nothing else: whatever it is shown, it answers with one of them.'
      : 'It draws what its data set holds and nothing else, and may come near to single samples of it.',
    licence: { spdx: 'LicenseRef-of-data', notice: `Weights learned from "${dataset.title}": ${licence === '' ? 'the licence of those data is not known' : licence}.` },
    training: {
      family, recipe, settings, dataset, seed, steps: step, seconds, metrics, measuredOn, verdict,
      parameters: outcome.parameters,
      judge: judge?.id ?? null,
    },
  };
} // prettier-ignore
