/** The numbers of a verdict, the limits that they are held against, and the clauses that tell them. */

/** What the sentence says, as numbers. What was not asked for is absent. */
export interface VerdictNumbers {
  readonly samples: number;
  /** Classes or modes that appear, of those that should. */
  readonly modes?: number;
  readonly modesExpected?: number;
  /** Classes that should appear and do not. */
  readonly missing?: readonly number[];
  /** Draws that those should have had. */
  readonly missingDraws?: number;
  /** Share read by the judge as the class that was asked for. */
  readonly readAsAsked?: number;
  /** Share of real samples with a draw in their neighbourhood, and what that share is for real draws. */
  readonly coverage?: number;
  readonly coverageOfReal?: number;
  /** Share of the draws that lie in the neighbourhood of a real sample. */
  readonly precision?: number;
  /** Mean distance between draws of a class, as a share of that of real ones. */
  readonly variety?: number;
  readonly duplicates?: number;
  /** Share of points within 3 deviations of a mode, and their spread in deviations. */
  readonly within?: number;
  readonly spread?: number;
}

/** Where a verdict changes. */
export const limits = {
  /** Share of the expected classes or modes under which a generator has collapsed. */
  modes: 0.75,
  /** In-class distance, as a share of that of real samples, under which it has collapsed. */
  variety: 0.5,
  /** Under these it is poor: coverage as a share of what real draws cover; share read as asked; precision. */
  coverage: 0.5,
  asked: 0.8,
  precision: 0.5,
  /** Above this share of near-copies it is poor; real samples have about .01. */
  duplicates: 0.05,
  /** From so many draws on that missing classes should have had, chance (one in 3,000) does not explain it: poor. */
  missingDraws: 8,
  /** Precision from which few classes are no matter of youth: the draws are as good as real ones. */
  crisp: 0.8,
  /** Points: share within 3 deviations under which they are poor; true ones have .989. */
  within: 0.8,
} as const;

/** What the numbers say, most important first. */
export function clausesOf(numbers: VerdictNumbers): string[] {
  const { samples, modes, modesExpected, readAsAsked, coverage, coverageOfReal, variety, duplicates, within, spread } = numbers;
  const clauses: string[] = [];
  const noun = within === undefined ? 'classes' : 'modes';
  if (modes !== undefined && modesExpected !== undefined) clauses.push(`${modes} of ${modesExpected} ${noun} appear`);
  if (readAsAsked !== undefined) clauses.push(`${percent(readAsAsked)} are read as asked`);
  if (coverage !== undefined && coverageOfReal !== undefined)
    clauses.push(`${percent(coverage)} of the real variety is covered (by real ones: ${percent(coverageOfReal)})`);
  if (variety !== undefined && variety < limits.variety)
    clauses.push(`draws of a class differ ${percent(variety)} as much as real ones do`);
  if (within !== undefined) clauses.push(`${percent(within)} of the points lie within 3 deviations of a mode`);
  if (spread !== undefined) clauses.push(`their spread is ${spread.toFixed(2)} deviations`);
  if (duplicates !== undefined) clauses.push(`${grouped(duplicates)} of ${grouped(samples)} nearly copy a training sample`);
  return clauses;
} // prettier-ignore

function percent(share: number): string {
  const digits = share > 0.995 && share < 1 ? 1 : 0;
  return `${(100 * share).toFixed(digits)} %`;
}

/** A whole number with commas between thousands. */
export function grouped(value: number): string {
  return String(value).replace(/\B(?=(\d{3})+$)/g, ',');
}
