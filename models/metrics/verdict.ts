/**
 * A generator in one sentence, with its numbers: whether all classes (or modes) appear, how much of the real variety is covered, how many draws
 * are near-copies of training samples. Thresholds are relative to what real samples of the same number would give.
 */
import type { Features } from './features';
import type { ModeReport } from './modes';
import { fidelity } from './neighbours';
import { expectedCoverage, inClassSpread } from './variety';
import { clausesOf, grouped, limits, type VerdictNumbers } from './verdict-clauses';

/** `early`: the training or the sample is too young to judge. `poor`: all is there, but too little of it, or badly drawn. */
export type VerdictState = 'early' | 'healthy' | 'collapsed' | 'poor';

/** What came out. */
export interface Verdict {
  readonly state: VerdictState;
  readonly sentence: string;
  /** The clauses of the sentence after its first word. */
  readonly parts: readonly string[];
  readonly numbers: VerdictNumbers;
}

/** Who drew: an adversarial pair looks collapsed while it is young. */
export interface Drawer {
  readonly family: 'gan' | 'vae' | 'flow';
  /** Training steps made. */
  readonly step: number;
}

/** Draws as a judge sees them, beside real samples that the generator has not met. */
export interface Evidence extends Drawer {
  /** 0 where nothing is labelled. */
  readonly classes: number;
  /** Class asked of each draw; absent for a generator that is not told. */
  readonly asked?: ArrayLike<number>;
  /** Class the judge reads in each draw, and in each real sample. */
  readonly predicted: ArrayLike<number>;
  readonly realPredicted: ArrayLike<number>;
  /** The judge's features of the draws and of the real samples. */
  readonly generated: Features;
  readonly real: Features;
  /** Draws that are near-copies of training samples (`copies`); absent where nobody looked. */
  readonly duplicates?: number;
}

/** Steps before which an adversarial pair is not judged: on digits it looks collapsed until about then, and recovers. */
const gansSettle = 1500;
/** Nearest neighbours that make a neighbourhood. */
const neighbours = 5;
/** A class with fewer expected draws is not counted. */
const fewestExpected = 3;
/** Presence asks for this share of the expected draws. */
const presentFrom = 0.1;

/** Judges a generator of classes, or of anything that features describe. */
export function verdictOf(evidence: Evidence): Verdict {
  const numbers = numbersOf(evidence);
  const { modes = 0, modesExpected = 0 } = numbers;
  const isLabelled = evidence.classes > 0;
  const lacksModes = isLabelled && modes < limits.modes * modesExpected;
  if (numbers.samples < 2 * neighbours || (isLabelled && modesExpected < Math.min(2, evidence.classes))) {
    return verdict('early', [`${grouped(numbers.samples)} drawn`], numbers, 'Too few draws to tell');
  }
  const parts = clausesOf(numbers);
  const isCrisp = (numbers.precision ?? 0) >= limits.crisp;
  if (lacksModes && isCrisp) return verdict('collapsed', parts, numbers);
  if (isYoung(evidence)) return verdict('early', parts, numbers, youth(evidence));
  if (lacksModes || (numbers.variety ?? 1) < limits.variety) return verdict('collapsed', parts, numbers);
  return verdict(isPoor(numbers) ? 'poor' : 'healthy', parts, numbers);
}

/** Judges points of a mixture whose centres are known. */
export function pointsVerdict(report: ModeReport, drawer: Drawer): Verdict {
  const samples = report.total;
  const missing = report.counts.flatMap((hits, mode) => (hits < report.least ? [mode] : []));
  const { reached: modes, within, spread } = report;
  const numbers = { samples, modes, modesExpected: report.counts.length, missing, within, spread };
  const parts = clausesOf(numbers);
  if (isYoung(drawer)) return verdict('early', parts, numbers, youth(drawer));
  if (modes < limits.modes * report.counts.length) return verdict('collapsed', parts, numbers);
  const isPoor = missing.length > 0 || within < limits.within;
  return verdict(isPoor ? 'poor' : 'healthy', parts, numbers);
}

const isYoung = ({ family, step }: Drawer): boolean => family === 'gan' && step < gansSettle;
const youth = ({ step }: Drawer): string => `Too early to tell (step ${grouped(step)}; such a pair settles by about ${grouped(gansSettle)})`; // prettier-ignore

const openings: Record<VerdictState, string> = {
  early: 'Too early to tell',
  healthy: 'Healthy',
  collapsed: 'Collapsed',
  poor: 'Poor',
};

function verdict(
  state: VerdictState,
  parts: readonly string[],
  numbers: VerdictNumbers,
  opening = openings[state],
): Verdict {
  return { state, sentence: `${opening}: ${parts.join(', ')}.`, parts, numbers };
}

function numbersOf(evidence: Evidence): VerdictNumbers {
  const { asked, predicted, realPredicted, generated, real, classes, duplicates } = evidence;
  const samples = generated.count;
  const { coverage, precision } = fidelity(real, generated, neighbours);
  const { expected, missing, draws } = presence(evidence);
  const hits = asked && Array.from(predicted).filter((label, k) => label === asked[k]).length;
  return {
    samples,
    ...(classes > 0 && { modes: expected - missing.length, modesExpected: expected, missing, missingDraws: draws }),
    ...(hits !== undefined && { readAsAsked: hits / samples }),
    coverage,
    coverageOfReal: expectedCoverage(real.count, samples, neighbours),
    precision,
    variety: inClassSpread(generated, predicted) / inClassSpread(real, realPredicted),
    ...(duplicates !== undefined && { duplicates }),
  };
}

/** How many classes should appear among so many draws, and which of them hardly do. */
function presence({ asked, predicted, realPredicted, generated, real, classes }: Evidence) {
  const drawn = tally(predicted, classes);
  const wanted = asked ? tally(asked, classes) : tally(realPredicted, classes).map((hits) => (hits / real.count) * generated.count); // prettier-ignore
  const expected = wanted.flatMap((hits, label) => (hits >= fewestExpected ? [label] : []));
  const missing = expected.filter((label) => (drawn[label] ?? 0) < Math.max(1, presentFrom * (wanted[label] ?? 0)));
  return { expected: expected.length, missing, draws: missing.reduce((sum, label) => sum + (wanted[label] ?? 0), 0) };
}

function tally(labels: ArrayLike<number>, classes: number): number[] {
  const counts = new Array<number>(classes).fill(0);
  for (let k = 0; k < labels.length; k++) counts[labels[k] ?? 0] = (counts[labels[k] ?? 0] ?? 0) + 1;
  return counts;
}

function isPoor(numbers: VerdictNumbers): boolean {
  const { samples, missingDraws = 0, readAsAsked = 1, coverage = 1, coverageOfReal = 1, precision = 1, duplicates = 0 } = numbers;
  return (
    missingDraws >= limits.missingDraws ||
    readAsAsked < limits.asked ||
    coverage < limits.coverage * coverageOfReal ||
    precision < limits.precision ||
    duplicates > Math.max(3, limits.duplicates * samples)
  );
} // prettier-ignore
