/** Of the models, those that judge pictures, and those that draw them. */
import type { ModelEntry } from '../../electron/contract/models';

export function judgesOf(models: readonly ModelEntry[]): ModelEntry[] {
  return models.filter(({ task }) => task !== 'generate');
}

export function generatorsOf(models: readonly ModelEntry[]): ModelEntry[] {
  return models.filter(({ task }) => task === 'generate');
}
