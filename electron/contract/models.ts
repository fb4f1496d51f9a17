/** Models as the studio lists, shows and imports them. */
import * as z from 'zod';
import { graphSummarySchema, modelCardSchema, modelTaskSchema } from './model-card';
import { modelIdSchema, predictionSchema } from './photo';

export const modelEntrySchema = z.strictObject({
  id: modelIdSchema,
  title: z.string(),
  task: modelTaskSchema,
  /** Labels that it gives, or classes that it can be asked for: 0 for a generator that cannot be asked. */
  classes: z.int().min(0),
  bytes: z.int().min(0),
  isBuiltIn: z.boolean(),
  /** Milliseconds since 1970 when the file was written; 0 for built-in ones. */
  madeAt: z.number(),
});
export type ModelEntry = z.infer<typeof modelEntrySchema>;

export const modelDetailSchema = z.strictObject({
  entry: modelEntrySchema,
  card: modelCardSchema,
  summary: graphSummarySchema,
  /** sha256 of the file, hex. */
  fileHash: z.string(),
});
export type ModelDetail = z.infer<typeof modelDetailSchema>;

export const presetSchema = z.enum(['imagenet', 'zero-one', 'minus-one-one', 'caffe', 'raw']);
export type Preset = z.infer<typeof presetSchema>;

/** How pictures are prepared for a foreign classifier; baked into a wrapped copy of its graph. */
export const importOptionsSchema = z.strictObject({
  preset: presetSchema,
  layout: z.enum(['auto', 'nchw', 'nhwc']).default('auto'),
  /** `crop`: centre square; `stretch`: the whole picture; `pad`: the whole picture on black. */
  fit: z.enum(['crop', 'stretch', 'pad']).default('crop'),
  /** Light strokes on dark instead of dark on light, or the reverse. */
  invert: z.boolean().default(false),
});
export type ImportOptions = z.infer<typeof importOptionsSchema>;

const valueSchema = z.strictObject({ name: z.string(), dtype: z.string(), dims: z.array(z.string()) });

/** What the gate and the quarantine found in a foreign model; it is not imported yet. */
export const proposalSchema = z.strictObject({
  id: z.string().regex(/^m[0-9]{1,9}$/),
  fileName: z.string(),
  bytes: z.int(),
  inputs: z.array(valueSchema),
  outputs: z.array(valueSchema),
  image: z.strictObject({
    layout: z.enum(['nchw', 'nhwc']),
    channels: z.int(),
    height: z.int(),
    width: z.int(),
    maxBatch: z.int(),
  }),
  classes: z.int(),
  /** Whether the model already ends in a softmax (measured by running it). */
  givesProbabilities: z.boolean(),
  labels: z.strictObject({ source: z.enum(['file', 'metadata', 'numbers']), names: z.array(z.string()) }),
  suggestedName: modelIdSchema,
  suggested: importOptionsSchema,
  /** Time of one dry run, milliseconds. */
  dryRunMs: z.number(),
});
export type Proposal = z.infer<typeof proposalSchema>;

export const trialSchema = z.strictObject({
  pictures: z.array(
    z.strictObject({ name: z.string(), url: z.string(), predictions: z.array(predictionSchema).max(5) }),
  ),
});
export type Trial = z.infer<typeof trialSchema>;
