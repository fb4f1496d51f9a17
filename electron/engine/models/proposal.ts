/** Small decisions about a model that is being imported: which class names it gets, and what it is called. */
import { AppError } from '../../contract/errors';
import type { Proposal } from '../../contract/models';

/** Labels from the person's file, else from the file's metadata when they fit, else numbers. */
export function chooseLabels(
  given: readonly string[] | undefined,
  inMetadata: readonly string[],
  classes: number,
): Proposal['labels'] {
  if (given !== undefined) {
    if (given.length !== classes) {
      const message = `The labels file names ${given.length} classes, the model has ${classes}.`;
      throw new AppError('model/labels-mismatch', message, { labels: given.length, classes });
    }
    return { source: 'file', names: [...given] };
  }
  if (inMetadata.length === classes) return { source: 'metadata', names: [...inMetadata] };
  return { source: 'numbers', names: Array.from({ length: classes }, (_, index) => `class ${index}`) };
}

/** A short name from the file's: letters, digits and dashes, with a number when it is taken. */
export async function suggestName(fileName: string, isTaken: (name: string) => Promise<boolean>): Promise<string> {
  const stem = fileName
    .replace(/\.onnx$/i, '')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '');
  const base = (stem === '' ? 'model' : stem).slice(0, 48).replace(/-+$/, '');
  if (!(await isTaken(base))) return base;
  for (let number = 2; ; number++) {
    const name = `${base}-${number}`;
    if (!(await isTaken(name))) return name;
  }
}
