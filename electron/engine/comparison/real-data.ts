/** Which real samples a comparison uses: held-out ones to test judges and to compare with, training ones to find copies of. */
import { shownLabel } from '../../contract/model-card';
import { type Split, splitNames } from '../../contract/samples';
import type { OpenDataset } from '../datasets/open-dataset';

/** Samples with the comparison's number of their class. */
export interface Labelled {
  readonly index: Int32Array;
  readonly label: Int32Array;
}

export interface RealSamples {
  /** Of all splits, of the classes that are compared. */
  readonly samples: number;
  /** What judges are tested with, and the split that it comes from: `train` only where nothing was held out. */
  readonly test: Labelled;
  readonly testSplit: Split;
  /** What drawings are compared with, and as many others to compare with it as drawings are: both held out, classes in turn. */
  readonly reference: Labelled;
  readonly floor: Labelled;
  /** Training samples, class by class. */
  readonly train: readonly Int32Array[];
}

/** Test samples that are read, at most. */
const mostTest = 10_000;
/** Drawings, and real samples, that distances are measured between, at most. */
export const mostMeasured = 2_000;
/** Fewer than so many tell nothing about distances. */
const fewestMeasured = 20;

/** The comparison's number of each of the data set's classes; -1 for those that are not compared. */
function numbersOf(dataset: OpenDataset, classes: readonly string[]): Map<number, number> {
  const numbers = new Map<number, number>();
  for (const name of dataset.state.classNames()) {
    const number = classes.indexOf(shownLabel(name));
    if (number >= 0) numbers.set(dataset.state.idOf(name), number);
  }
  return numbers;
}

/** Classes that are compared and have no sample. */
export function missingClasses(dataset: OpenDataset, classes: readonly string[]): string[] {
  const numbers = new Set(numbersOf(dataset, classes).values());
  return classes.filter((_, number) => !numbers.has(number));
}

export function realSamples(dataset: OpenDataset, classes: readonly string[], drawn: number): RealSamples {
  const { label, split, excluded } = dataset.state;
  const numbers = numbersOf(dataset, classes);
  const bySplit = splitNames.map(() => classes.map((): number[] => []));
  let samples = 0;
  label.forEach((id, index) => {
    const number = numbers.get(id);
    if (number === undefined || excluded[index] === 1) return;
    bySplit[split[index] ?? 0]?.[number]?.push(index);
    samples++;
  });
  const of = (name: Split): number[][] => bySplit[splitNames.indexOf(name)] ?? [];
  const testSplit = (['test', 'validation', 'train'] as const).find((name) =>
    of(name).some(({ length }) => length > 0),
  );
  const test = inTurn(of(testSplit ?? 'train'), mostTest);
  return {
    samples,
    test,
    testSplit: testSplit ?? 'train',
    ...measuredParts(test, testSplit === 'test' ? inTurn(of('validation'), mostTest) : undefined, drawn),
    train: of('train').map((places) => Int32Array.from(places)),
  };
}

/** First samples of the classes in turn, so that any beginning holds all classes alike. */
function inTurn(byClass: readonly (readonly number[])[], most: number): Labelled {
  const index: number[] = [];
  const label: number[] = [];
  const longest = Math.max(0, ...byClass.map(({ length }) => length));
  for (let place = 0; place < longest && index.length < most; place++) {
    byClass.forEach((places, number) => {
      const one = places[place];
      if (one === undefined || index.length >= most) return;
      index.push(one);
      label.push(number);
    });
  }
  return { index: Int32Array.from(index), label: Int32Array.from(label) };
}

/** Test samples, and where these are too few validation samples too; half of them each where both together are too few. */
function measuredParts(
  test: Labelled,
  validation: Labelled | undefined,
  drawn: number,
): Pick<RealSamples, 'reference' | 'floor'> {
  const wanted = mostMeasured + Math.min(mostMeasured, drawn);
  const isEnough = test.index.length >= wanted || validation === undefined;
  const pool = isEnough ? test : joined(test, validation);
  const count = pool.index.length;
  if (count < 2 * fewestMeasured) return { reference: slice(pool, 0, 0), floor: slice(pool, 0, 0) };
  const reference = count >= wanted ? mostMeasured : Math.min(mostMeasured, Math.ceil(count / 2));
  return {
    reference: slice(pool, 0, reference),
    floor: slice(pool, reference, reference + Math.min(drawn, mostMeasured)),
  };
}

function joined(a: Labelled, b: Labelled): Labelled {
  const both = (x: Int32Array, y: Int32Array): Int32Array => Int32Array.of(...x, ...y);
  return { index: both(a.index, b.index), label: both(a.label, b.label) };
}

function slice({ index, label }: Labelled, from: number, to: number): Labelled {
  return { index: index.slice(from, to), label: label.slice(from, to) };
}
