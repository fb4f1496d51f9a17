/** Which generators and judges go together: classes are matched by what they are called, pictures must be of one size. */
import { AppError } from '../../contract/errors';
import { type DrawnShape, type GeneratorCard, shownLabel } from '../../contract/model-card';
import type { DrawingModel } from '../models/registry';
import type { RunnableModel } from '../studio/pipeline';

export type PictureShape = Extract<DrawnShape, { kind: 'image' }>;

export interface FittedGenerator {
  readonly model: DrawingModel;
  /** The generator's own number of each class. */
  readonly own: readonly number[];
}

export interface FittedJudge {
  readonly model: RunnableModel;
  /** The judge's own number of each class. */
  readonly own: readonly number[];
}

export interface Fitted {
  /** As the first generator names and orders them. */
  readonly classes: readonly string[];
  readonly shape: PictureShape;
  readonly generators: readonly FittedGenerator[];
  readonly judges: readonly FittedJudge[];
}

/** Named at most in a sentence. */
const named = 5;

/** @throws AppError `comparison/unfit` that names what does not fit. */
export function fitted(generators: readonly DrawingModel[], judges: readonly RunnableModel[]): Fitted {
  const [first] = generators;
  if (first === undefined) throw new AppError('comparison/unfit', 'Choose a generator to compare.');
  const classes = classesOf(first.card);
  const shape = pictureOf(first.card);
  return {
    classes,
    shape,
    generators: generators.map((model) => fitGenerator(model, classes, shape, first.card.title)),
    judges: judges.map((model) => fitJudge(model, classes, first.card.title)),
  };
}

function classesOf({ title, labels, input }: GeneratorCard): string[] {
  if (labels.length > 0 && input.label !== null) return labels.map(shownLabel);
  throw unfit(`${title} cannot be asked for a class, so there is nothing to compare its drawings with. Choose a generator that was trained with classes.`); // prettier-ignore
}

function pictureOf({ title, outputs }: GeneratorCard): PictureShape {
  if (outputs.shape.kind === 'image') return outputs.shape;
  throw unfit(`${title} draws rows of numbers, and judges read pictures.`);
}

function fitGenerator(
  model: DrawingModel,
  classes: readonly string[],
  shape: PictureShape,
  first: string,
): FittedGenerator {
  const { card } = model;
  const names = classesOf(card);
  const own = pictureOf(card);
  const missing = classes.filter((name) => !names.includes(name));
  const more = names.filter((name) => !classes.includes(name));
  if (missing.length > 0) throw unfit(`${card.title} cannot be asked for ${list(missing)}, which ${first} can. Compare generators of the same classes.`); // prettier-ignore
  if (more.length > 0) throw unfit(`${card.title} can be asked for ${list(more)}, which ${first} cannot. Compare generators of the same classes.`); // prettier-ignore
  if (sizeOf(own) !== sizeOf(shape)) throw unfit(`${card.title} draws ${sizeOf(own)} and ${first} ${sizeOf(shape)}. Compare generators of one size.`); // prettier-ignore
  return { model, own: classes.map((name) => names.indexOf(name)) };
}

function fitJudge(model: RunnableModel, classes: readonly string[], first: string): FittedJudge {
  const { card } = model;
  if (card.outputs.kind !== 'classify')
    throw unfit(`${card.title} finds objects; choose a judge that gives one label.`);
  const names = card.labels.map(shownLabel);
  const missing = classes.filter((name) => !names.includes(name));
  if (missing.length > 0) throw unfit(`${card.title} does not know ${list(missing)}, which ${first} draws. Choose a judge that was trained on the same classes.`); // prettier-ignore
  return { model, own: classes.map((name) => names.indexOf(name)) };
}

function sizeOf({ height, width, channels }: PictureShape): string {
  return `${channels === 1 ? 'grey' : 'colour'} pictures of ${height} x ${width}`;
}

function list(names: readonly string[]): string {
  const shown = names.slice(0, named).map((name) => `“${name}”`);
  const more = names.length - shown.length;
  return more > 0 ? `${shown.join(', ')} and ${more} more` : shown.join(', ');
}

function unfit(message: string): AppError {
  return new AppError('comparison/unfit', message);
}
