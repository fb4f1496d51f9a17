/** What a tile, a row and the inspector say of one picture under a threshold; one place, so that they never differ. */
import type { ErrorCode } from '../../electron/contract/errors';
import type { Photo, Standing } from '../../electron/contract/photo';
import { formatConfidence, standingOf, topPrediction } from '../../electron/contract/photo';
import type { TrackTone, Voice } from '../ui/parts';

export interface Description {
  standing: Standing;
  voice: Voice;
  /** With "?" when it is only a guess, with "not ..." when the model was wrong. */
  label: string;
  /** Confidence of the model's first answer, formatted; empty when there is none. */
  confidence: string;
  score: number;
  tone: TrackTone;
  /** One word for the tag. */
  state: string;
}

const failureWords: Partial<Record<ErrorCode, string>> = {
  'image/unsupported': 'Not a picture',
  'image/damaged': 'Damaged',
  'image/too-many-pixels': 'Too many pixels',
  'image/decoder-died': 'Broke the decoder',
  'file/missing': 'File is gone',
  'file/unreadable': 'Not readable',
  'file/not-regular': 'Not a file',
  'file/too-large': 'File too large',
};

/** Two words for why a picture failed; the sentence stands in its failure. */
export function failureWord(photo: Photo): string {
  const code = photo.failure?.code;
  return (code === undefined ? undefined : failureWords[code]) ?? 'Not judged';
}

/** Whether the person said that the model was wrong (or had no answer). */
export function isMarkedWrong(photo: Photo, modelId: string): boolean {
  return photo.correction !== undefined && photo.correction !== topPrediction(photo, modelId)?.label;
}

function describeCorrected(photo: Photo, modelId: string, base: Description): Description {
  const top = topPrediction(photo, modelId);
  const label = photo.correction ?? '';
  if (!isMarkedWrong(photo, modelId)) return { ...base, voice: 'real', tone: 'real', label, state: 'confirmed' };
  const wrong = top === undefined ? label : `${label}, not ${top.label}`;
  return { ...base, voice: 'bad', tone: 'bad', label: wrong, state: 'corrected' };
}

export function describe(photo: Photo, modelId: string, threshold: number, isRunning = true): Description {
  return describeAs(photo, modelId, standingOf(photo, modelId, threshold), isRunning);
}

/** The same where the standing is known already: nothing else of it depends on the threshold. */
export function describeAs(photo: Photo, modelId: string, standing: Standing, isRunning: boolean): Description {
  const top = topPrediction(photo, modelId);
  const base: Description = {
    standing,
    voice: 'slate',
    label: top?.label ?? 'nothing found',
    confidence: top === undefined ? '' : formatConfidence(top.score),
    score: top?.score ?? 0,
    tone: 'mute',
    state: standing,
  };
  switch (standing) {
    case 'failed':
      return { ...base, voice: 'bad', label: failureWord(photo), confidence: '', score: 0, state: 'not read' };
    case 'waiting':
      return { ...base, label: isRunning ? 'Judging...' : 'Waiting', confidence: '', score: 0, state: 'waiting' };
    case 'corrected':
      return describeCorrected(photo, modelId, base);
    case 'sure':
      return { ...base, voice: 'real', tone: 'real' };
    case 'unsure':
      return { ...base, voice: 'warn', tone: 'warn', label: top === undefined ? base.label : `${base.label}?` };
  }
}

/** What a second model says, in one line: its first class, or the objects it found. */
export function describeBriefly(photo: Photo, modelId: string, threshold: number): string {
  const predictions = photo.verdicts[modelId]?.predictions;
  if (predictions === undefined) return '';
  if (predictions.length === 0) return 'nothing found';
  if (predictions[0]?.box === undefined)
    return `${predictions[0]?.label ?? ''} ${formatConfidence(predictions[0]?.score ?? 0)}`;
  const counts = new Map<string, number>();
  for (const { label } of clearest(predictions, threshold)) counts.set(label, (counts.get(label) ?? 0) + 1);
  return [...counts].map(([label, count]) => (count === 1 ? label : `${count} × ${label}`)).join(', ');
}

/** Objects from the threshold on; when there are none, the best guess alone, so that the picture does not look empty. */
export function clearest<Found extends { score: number }>(
  objects: readonly Found[],
  threshold: number,
): readonly Found[] {
  const clear = objects.filter((object) => object.score >= threshold);
  return clear.length > 0 ? clear : objects.slice(0, 1);
}
