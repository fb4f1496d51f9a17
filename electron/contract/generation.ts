/** Drawing with a trained generator: a screenful at once, or thousands as a job that cannot be lost. */
import * as z from 'zod';
import { drawnSchema, drawSchema, sampleRecipeSchema, seedSchema } from './drawing';
import { jobReplySchema } from './jobs';
import { controlSchema, drawnShapeSchema } from './model-card';
import { modelIdSchema } from './photo';
import { handleSchema } from './studio-handles';

const call = <Q extends z.ZodType, R extends z.ZodType>(request: Q, reply: R): { request: Q; reply: R } => ({
  request,
  reply,
});

const place = z.strictObject({ seed: seedSchema, index: z.int().min(0), class: z.int().min(0).nullable() });
const judge = modelIdSchema.nullable();
const count = z.int().min(1).max(1024);

/** Where a batch goes: a folder with one PNG a sample and `manifest.jsonl`, or a data set of the workspace. */
const batchTargetSchema = z.discriminatedUnion('to', [
  z.strictObject({ to: z.literal('folder'), handle: handleSchema }),
  z.strictObject({ to: z.literal('dataset'), title: z.string().trim().min(1).max(200) }),
]);

export const generationContract = {
  calls: {
    /** What can be asked of a generator. */
    'generation.about': call(
      z.strictObject({ model: modelIdSchema }),
      z.strictObject({
        shape: drawnShapeSchema,
        /** As shown; empty where it cannot be asked. */
        classes: z.array(z.string()),
        controls: z.array(controlSchema),
        /** As measured on earlier drawings with the controls as they are; null before the first. */
        msEach: z.number().nullable(),
        /** A judge that knows the same classes, if there is one: the one to begin with. */
        judge,
      }),
    ),
    /** Draws samples `from` to `from + count - 1`, and has them judged where a judge is named. Reports progress. */
    'generation.draw': call(drawSchema.extend({ from: z.int().min(0), count, judge }), drawnSchema),
    /** Draws certain samples. */
    'generation.these': call(
      drawSchema.extend({ indices: z.array(z.int().min(0)).min(1).max(1024), judge }),
      drawnSchema,
    ),
    /** From one sample to another along the great circle between their noises, both ends included. */
    'generation.between': call(drawSchema.extend({ start: place, end: place, count, judge }), drawnSchema),
    /** Samples of a plane through the noises 0, 1 and 2 of the seed: at angles [u, v] in radians, each drawn with `class`. */
    'generation.plane': call(
      drawSchema.extend({
        points: z
          .array(z.tuple([z.number(), z.number()]))
          .min(1)
          .max(1024),
        judge,
      }),
      drawnSchema,
    ),
    'generation.estimate': call(
      drawSchema.extend({ count: z.int().min(1).max(10_000_000) }),
      z.strictObject({ seconds: z.number().nullable(), bytes: z.number(), freeBytes: z.number() }),
    ),
    /**
     * A job that makes exactly `count` files and `manifest.jsonl` with a line for each (file, sha256, model hash, seed, index, class).
     * With `keep`, only samples that the judge reads as asked, at least so sure, are kept, until there are `count`.
     */
    'generation.batch': call(
      drawSchema.extend({
        count: z.int().min(1).max(10_000_000),
        target: batchTargetSchema,
        keep: z.strictObject({ judge: modelIdSchema, atLeast: z.number().min(0).max(1) }).nullable(),
      }),
      jobReplySchema,
    ),
    /** Writes single samples as PNG with their recipe into a folder; a name that exists gets a number. */
    'generation.save': call(
      drawSchema.extend({ indices: z.array(z.int().min(0)).min(1).max(1024), target: handleSchema }),
      z.strictObject({ files: z.array(z.string()) }),
    ),
    /** Reads the recipe in a PNG and draws it again where its model is here. */
    'generation.recipe': call(
      z.strictObject({ handle: handleSchema }),
      z.strictObject({
        name: z.string(),
        /** Null where the file carries none. */
        recipe: sampleRecipeSchema.nullable(),
        /** The file's own pixels, for showing beside the redrawn ones; null where it carries no recipe, or is larger than any drawn. */
        picture: z.strictObject({ shape: drawnShapeSchema, samples: z.instanceof(Uint8Array) }).nullable(),
        /** Whether a model with the recipe's hash is here, and which. */
        model: modelIdSchema.nullable(),
        redrawn: drawnSchema.nullable(),
        /** Whether the file's pixels equal the redrawn ones, all of them; null where nothing was redrawn. */
        isSame: z.boolean().nullable(),
      }),
    ),
  },
  events: {},
} as const;
