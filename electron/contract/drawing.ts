/** What every part of Duet means by drawing: which model, which noise, which class, which controls; and what comes of it. */
import * as z from 'zod';
import { drawnShapeSchema } from './model-card';
import { modelIdSchema } from './photo';

export const seedSchema = z.int().min(0).max(0xffff_ffff);
/** Values of the model's controls by name; those left out are as the card has them. */
export const controlsSchema = z.partialRecord(z.enum(['temperature', 'guidance', 'steps']), z.number());
export type Controls = z.infer<typeof controlsSchema>;

/**
 * Samples are numbered: sample `index` of a seed has noise that depends on both and on nothing else, so that it is the same
 * sample whatever is drawn with it. `class` null: class `index` modulo the number of classes, so that all come alike often.
 */
export const drawSchema = z.strictObject({
  model: modelIdSchema,
  seed: seedSchema,
  class: z.int().min(0).nullable(),
  controls: controlsSchema,
});
export type Draw = z.infer<typeof drawSchema>;

/** What a judge says of one sample. */
export const judgedSchema = z.strictObject({
  /**
   * Its two best classes, best first; labels as shown. `classIndex` counts as the generator does (-1: a class it cannot be asked
   * for), and as the judge does where the generator cannot be asked at all.
   */
  best: z.array(z.strictObject({ classIndex: z.int(), label: z.string(), score: z.number().min(0).max(1) })).max(2),
});

/** Samples of one drawing, in the order of `items`. */
export const drawnSchema = z.strictObject({
  shape: drawnShapeSchema,
  /** u8 [N, height, width, channels], or float32 little-endian [N, width]. */
  samples: z.instanceof(Uint8Array),
  items: z
    .array(
      z.strictObject({
        /** Number of the sample under its seed; null for one that lies between others. */
        index: z.int().nullable(),
        /** Class asked for; null where the model cannot be asked. */
        class: z.int().nullable(),
        judged: judgedSchema.nullable(),
      }),
    )
    .max(1024),
  /** Time of the drawing alone. */
  ms: z.number().min(0),
});
export type Drawn = z.infer<typeof drawnSchema>;

/** Everything that draws a sample again bit for bit; stands in the file as well. */
export const sampleRecipeSchema = z.strictObject({
  format: z.literal('duet-sample-1'),
  model: z.strictObject({ id: modelIdSchema, title: z.string().max(120), hash: z.string().regex(/^[0-9a-f]{64}$/) }),
  seed: seedSchema,
  index: z.int().min(0),
  class: z.int().min(0).nullable(),
  /** The class in words. */
  label: z.string().max(300).nullable(),
  controls: controlsSchema,
});
export type SampleRecipe = z.infer<typeof sampleRecipeSchema>;

/** Confidence under which a judge counts as unsure, where a person has not said otherwise. */
export const defaultUnsureBelow = 0.6;

/** Keyword of the PNG text chunk that holds the recipe as JSON. */
export const recipeKeyword = 'duet:recipe';
/** A longer text is no recipe of ours. */
export const maxRecipeBytes = 16 * 1024;
