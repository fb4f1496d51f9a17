/** Pictures and what models say of them, as every part of Duet sees them. */
import * as z from 'zod';
import { failureSchema } from './errors';

export const photoIdSchema = z.string().regex(/^p[0-9]{1,9}$/);
export const modelIdSchema = z.string().regex(/^[a-z0-9][a-z0-9-]{0,63}$/);

export const predictionSchema = z.strictObject({
  /** First synonym of the class, as shown. */
  label: z.string(),
  classIndex: z.int().min(0),
  /** Confidence in 0..1. */
  score: z.number().min(0).max(1),
  /** Left, top, right, bottom in 0..1 of the upright picture; only from models that find objects. */
  box: z.tuple([z.number(), z.number(), z.number(), z.number()]).optional(),
});
export type Prediction = z.infer<typeof predictionSchema>;

export const verdictSchema = z.strictObject({
  /** Highest score first; at most five classes, or all objects found (at most 100). Empty when a detector found nothing. */
  predictions: z.array(predictionSchema).max(100),
  /** Time of the model alone for this picture, milliseconds. */
  ms: z.number().min(0),
});
export type Verdict = z.infer<typeof verdictSchema>;

export const photoSchema = z.strictObject({
  id: photoIdSchema,
  /** Path inside what was dropped, with forward slashes; only a name to show. */
  name: z.string(),
  state: z.enum(['waiting', 'judged', 'failed']),
  bytes: z.int().min(0),
  /** Size of the upright picture in pixels; 0 until it was decoded. */
  width: z.int().min(0),
  height: z.int().min(0),
  /** Whether `duet://thumb/<id>` can be shown. */
  hasThumb: z.boolean(),
  isSample: z.boolean(),
  /** By model id; a model that has not judged yet is absent. */
  verdicts: z.record(modelIdSchema, verdictSchema),
  /** Why it failed, when `state` is `failed`. */
  failure: failureSchema.optional(),
  /** The label a person gave instead of the model's. */
  correction: z.string().max(200).optional(),
});
export type Photo = z.infer<typeof photoSchema>;

/** The highest prediction of a verdict, or undefined when a detector found nothing. */
export function topPrediction(photo: Photo, modelId: string): Prediction | undefined {
  return photo.verdicts[modelId]?.predictions[0];
}

export type Standing = 'sure' | 'unsure' | 'corrected' | 'waiting' | 'failed';

/** Where a picture stands under a threshold in 0..1: below it the model's answer is a guess, not a label (the reject class). */
export function standingOf(photo: Photo, modelId: string, threshold: number): Standing {
  if (photo.state === 'failed') return 'failed';
  if (photo.correction !== undefined) return 'corrected';
  if (photo.verdicts[modelId] === undefined) return 'waiting';
  const top = topPrediction(photo, modelId);
  return top !== undefined && top.score >= threshold ? 'sure' : 'unsure';
}

const rejectLabel = 'unsure';

/** The label that screen, file and folder give: the person's, else the model's when sure enough, else `unsure`. */
export function finalLabel(photo: Photo, modelId: string, threshold: number): string {
  const standing = standingOf(photo, modelId, threshold);
  if (standing === 'corrected') return photo.correction ?? rejectLabel;
  if (standing === 'sure') return topPrediction(photo, modelId)?.label ?? rejectLabel;
  return rejectLabel;
}

/** One rounding rule for confidence: one decimal, never 100.0 unless it is exactly 1, with a narrow no-break space. */
export function formatConfidence(score: number): string {
  const rounded = score >= 1 ? 100 : Math.min(99.9, Math.round(score * 1000) / 10);
  return `${rounded.toFixed(1)}\u202f%`;
}
