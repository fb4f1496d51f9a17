/** One picture as the person or a program reads it: a table line, or a JSON object. */
import type { ModelDetail } from '../../contract/models';
import {
  finalLabel,
  formatConfidence,
  type Photo,
  type Standing,
  standingOf,
  topPrediction,
} from '../../contract/photo';
import { shownLabel } from '../../contract/model-card';
import { harmless, jsonLine, type Terminal } from '../terminal';
import { type Column, padText, tableLine, textWidth } from '../text-table';

export interface ShowOptions {
  model: ModelDetail;
  /** Predictions shown for a picture; undefined for all there are. */
  top: number | undefined;
  threshold: number;
  /** Whether the person gave the threshold: only then JSON speaks of labels and standings. */
  judgesStanding: boolean;
}

const maxLabelWidth = 28;

/** The widest label decides, so that lines can be printed as they come. */
export function tableColumns(model: ModelDetail): Column[] {
  const widest = Math.max(8, ...model.card.labels.map((label) => textWidth(shownLabel(label))));
  return [
    { title: 'label', width: Math.min(maxLabelWidth, widest), align: 'left' },
    { title: 'confidence', width: 10, align: 'right' },
    ...(model.entry.task === 'detect' ? [{ title: 'objects', width: 7, align: 'right' } as const] : []),
    { title: 'standing', width: 8, align: 'left' },
    { title: 'file', width: 0, align: 'left' },
  ];
}

export function tableHead(columns: readonly Column[], terminal: Terminal): string {
  return terminal.tone(
    tableLine(
      columns,
      columns.map((column) => column.title),
    ),
    'dim',
  );
}

const tones: Partial<Record<Standing, 'warn' | 'danger' | 'good'>> = { sure: 'good', unsure: 'warn', failed: 'danger' };

export function photoLine(photo: Photo, columns: readonly Column[], options: ShowOptions, terminal: Terminal): string {
  const { entry } = options.model;
  const top = topPrediction(photo, entry.id);
  const standing = standingOf(photo, entry.id, options.threshold);
  const objects = photo.verdicts[entry.id]?.predictions.length ?? 0;
  const name = harmless(photo.name);
  const nothing = photo.state === 'failed' ? '-' : 'no objects';
  const cells = [
    top === undefined ? nothing : harmless(top.label),
    top === undefined ? '' : formatConfidence(top.score),
    ...(entry.task === 'detect' ? [photo.state === 'failed' ? '' : String(objects)] : []),
    standing,
    photo.failure === undefined ? name : `${name}: ${harmless(photo.failure.message)}`,
  ];
  const line = tableLine(columns, cells);
  const tone = tones[standing];
  const word = padText(standing, 8, 'left');
  return tone === undefined ? line : line.replace(`  ${word}  `, `  ${terminal.tone(word, tone)}  `);
}

/** `{ file, predictions: [{ label, score, box? }], ms }`, or `{ file, error: { code, message } }`. */
export function photoJson(photo: Photo, { model, top, threshold, judgesStanding }: ShowOptions): string {
  const { id } = model.entry;
  const verdict = photo.verdicts[id];
  if (photo.failure !== undefined || verdict === undefined) {
    const { code, message } = photo.failure ?? { code: 'engine/internal', message: 'It was not judged.' };
    return jsonLine({ file: photo.name, error: { code, message } });
  }
  const predictions = verdict.predictions
    .slice(0, top)
    .map(({ label, score, box }) => (box === undefined ? { label, score } : { label, score, box }));
  const judged = judgesStanding
    ? { label: finalLabel(photo, id, threshold), standing: standingOf(photo, id, threshold) }
    : {};
  return jsonLine({ file: photo.name, ...judged, predictions, ms: verdict.ms });
}
