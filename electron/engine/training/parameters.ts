/** What a training job is given: everything that decides what comes of it. */
import * as z from 'zod';
import { seedSchema } from '../../contract/drawing';
import { familySchema, settingValueSchema } from '../../contract/model-card';
import { modelIdSchema } from '../../contract/photo';
import { datasetIdSchema, hashSchema } from '../../contract/samples';
import { budgetSchema, recipeNameSchema } from '../../contract/training';

export const trainParametersSchema = z.strictObject({
  dataset: z.strictObject({ id: datasetIdSchema, title: z.string(), revision: hashSchema, samples: z.int() }),
  classes: z.array(z.string()),
  kind: z.enum(['image', 'row']),
  /** Names in the packs of the columns that are learned from. */
  features: z.array(z.string()),
  recipe: recipeNameSchema,
  family: familySchema,
  settings: z.record(z.string(), settingValueSchema),
  budget: budgetSchema,
  seed: seedSchema,
  model: modelIdSchema,
  title: z.string().min(1).max(120),
  /** Weights of the net. */
  parameters: z.int(),
  judge: z.strictObject({ id: modelIdSchema, hash: hashSchema }).nullable(),
  licence: z.string().max(200),
});
export type TrainParameters = z.infer<typeof trainParametersSchema>;
