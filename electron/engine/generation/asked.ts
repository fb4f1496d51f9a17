/** What was asked of a generator, checked against its card: the class of each sample and the values of its controls. */
import type { Controls } from '../../contract/drawing';
import { AppError } from '../../contract/errors';
import { type GeneratorCard, shownLabel } from '../../contract/model-card';
import { classOfIndex } from '../../../models/zoo/latents';

/** Numbers of samples are 32 bits wide where noise is made of them. */
const numbers = 2 ** 32;

/** @throws AppError `usage/bad-argument` for a number that no sample has. */
export function checkIndices(indices: readonly number[]): void {
  const wrong = indices.find((index) => index >= numbers);
  if (wrong !== undefined)
    throw new AppError('usage/bad-argument', `Samples are numbered from 0 to ${numbers - 1}; there is no ${wrong}.`);
}

/** Class of a sample: the one asked for, or its turn; null where the model cannot be asked. */
export function classOf(card: GeneratorCard, asked: number | null, index: number): number | null {
  const { length } = card.labels;
  if (asked === null) return length === 0 ? null : classOfIndex(index, length);
  if (asked < length) return asked;
  throw new AppError(
    'usage/bad-argument',
    length === 0
      ? `${card.title} cannot be asked for a class. Ask for none.`
      : `${card.title} knows ${length} classes, numbered from 0; there is no class ${asked}.`,
  );
}

/** @throws AppError `usage/bad-argument` for a control that the model does not have, or a value out of its range. */
export function checkControls({ title, input }: GeneratorCard, given: Controls): void {
  for (const [name, value] of Object.entries(given)) {
    const control = input.controls.find((one) => one.name === name);
    if (control === undefined) {
      const has = input.controls.map((one) => one.name).join(', ');
      throw new AppError('usage/bad-argument', `${title} has no control “${name}”. It has: ${has === '' ? 'none' : has}.`); // prettier-ignore
    }
    const { least, most, dtype } = control;
    const isWhole = dtype === 'float32' || Number.isInteger(value);
    if (!(value >= least && value <= most) || !isWhole)
      throw new AppError('usage/bad-argument', `${name} of ${title} is ${dtype === 'int64' ? 'a whole number' : 'a number'} from ${least} to ${most}, not ${value}.`); // prettier-ignore
  }
}

/** As shown, index = class. */
export function shownClasses({ labels }: GeneratorCard): string[] {
  return labels.map(shownLabel);
}
