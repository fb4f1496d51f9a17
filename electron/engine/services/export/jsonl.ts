/** JSON lines: the object that the command line prints for a picture, with label and standing beside it. */
import type { ExportRow } from './rows';

export function jsonRow(row: ExportRow): string {
  const { file, label, standing, correction, width, height, bytes, ms } = row;
  const found =
    row.errorCode === null
      ? {
          label,
          predictions: row.predictions.map((one) => ({
            label: one.label,
            score: one.score,
            ...(one.box === undefined ? {} : { box: one.box }),
          })),
          ms,
        }
      : { error: { code: row.errorCode, message: row.errorMessage } };
  const person = correction === null ? {} : { correction };
  return `${JSON.stringify({ file, ...found, standing, ...person, width, height, bytes })}\n`;
}
