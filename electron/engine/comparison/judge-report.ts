/** How good a judge is on real samples that were held out: accuracy, matrix, calibration. */
import type { JudgeReport } from '../../contract/comparison';
import type { JudgeCard } from '../../contract/model-card';
import { calibration } from '../../../models/metrics/calibration';
import { wilson } from '../../../models/metrics/intervals';
import { columnOf, twoBest } from './drawings';
import type { Labelled, RealSamples } from './real-data';

export interface ReportFacts {
  readonly judge: string;
  readonly classes: number;
  readonly unsureBelow: number;
  readonly note: string;
}

/** `probabilities` f32 [samples, classes]. */
export function judgeReport(
  probabilities: Float32Array,
  { label }: Pick<Labelled, 'label'>,
  { judge, classes, unsureBelow, note }: ReportFacts,
): JudgeReport {
  const matrix = emptyMatrix(classes);
  const confidence = new Float32Array(label.length);
  const isRight: boolean[] = [];
  label.forEach((truth, k) => {
    const row = probabilities.subarray(k * classes, (k + 1) * classes);
    const [best] = twoBest(row);
    confidence[k] = Math.min(1, row[best] ?? 0);
    isRight.push(best === truth);
    count(matrix, truth, columnOf(row, classes, unsureBelow));
  });
  const { bins, expectedError, accuracy } = calibration(confidence, isRight);
  return {
    judge,
    samples: label.length,
    accuracy,
    accuracyInterval: wilson(isRight.filter(Boolean).length, label.length),
    calibrationError: expectedError,
    // Empty bins have no mean.
    bins: bins.map((bin) => (bin.count > 0 ? { ...bin } : { ...bin, confidence: 0, accuracy: 0 })),
    matrix,
    note,
  };
}

/** Counts [class][read as], the last column: unsure. */
export function emptyMatrix(classes: number): number[][] {
  return Array.from({ length: classes }, () => new Array<number>(classes + 1).fill(0));
}

export function count(matrix: number[][], row: number, column: number): void {
  const counts = matrix[row];
  if (counts !== undefined) counts[column] = (counts[column] ?? 0) + 1;
}

/** Whether the judge may have seen the samples that it is tested with. */
export function trainingNote(
  { training }: JudgeCard,
  real: { id: string; title: string; revision: string },
  { testSplit, test }: RealSamples,
): string {
  const learned = training?.dataset ?? null;
  const own = heldOut(testSplit, test.index.length);
  if (learned === null) return `${own} Its card does not say what it learned from, so it may have seen them.`;
  if (learned.revision === real.revision) {
    if (testSplit === 'train') return `${own} It learned from these very samples, so this says little.`;
    return `${own} It learned from the training samples of this data set; these were held out.`;
  }
  if (learned.id === real.id) return `${own} It learned from another revision of ${real.title}, so it may have seen some of them.`; // prettier-ignore
  return `${own} It learned from ${learned.title.slice(0, 80)}.`;
}

const splitWords = { test: 'test', validation: 'validation', train: 'training' } as const;

function heldOut(split: RealSamples['testSplit'], samples: number): string {
  return `Read ${samples.toLocaleString('en-US')} ${splitWords[split]} samples.`;
}
