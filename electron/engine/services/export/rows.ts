/** One row for each picture, from the same functions that the screen uses, so that file and screen cannot differ. */
import { finalLabel, type Photo, type Standing, standingOf, topPrediction } from '../../../contract/photo';

export interface ExportRow {
  file: string;
  /** The person's label, else the model's when sure enough, else `unsure`; empty for a picture that could not be read. */
  label: string;
  standing: Standing;
  /** The model's first label and its confidence in 0..1, unrounded; null when there is none. */
  predicted: string | null;
  score: number | null;
  predictions: Photo['verdicts'][string]['predictions'];
  correction: string | null;
  width: number;
  height: number;
  bytes: number;
  ms: number | null;
  errorCode: string | null;
  errorMessage: string | null;
}

/** Rows in the order of `photos`, made one at a time. */
export function* exportRows(photos: Iterable<Photo>, modelId: string, threshold: number): Generator<ExportRow> {
  for (const photo of photos) yield exportRow(photo, modelId, threshold);
}

export function exportRow(photo: Photo, modelId: string, threshold: number): ExportRow {
  const standing = standingOf(photo, modelId, threshold);
  const verdict = photo.verdicts[modelId];
  const top = topPrediction(photo, modelId);
  const hasLabel = standing !== 'failed' && standing !== 'waiting';
  return {
    file: photo.name,
    label: hasLabel ? finalLabel(photo, modelId, threshold) : '',
    standing,
    predicted: top?.label ?? null,
    score: top?.score ?? null,
    predictions: verdict?.predictions ?? [],
    correction: photo.correction ?? null,
    width: photo.width,
    height: photo.height,
    bytes: photo.bytes,
    ms: verdict?.ms ?? null,
    errorCode: photo.failure?.code ?? null,
    errorMessage: photo.failure?.message ?? null,
  };
}
