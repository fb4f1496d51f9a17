/** What a comparison is made of, as its job keeps it. */
import * as z from 'zod';
import { comparisonIdSchema, comparisonSchema } from '../../contract/comparison';
import { controlsSchema, seedSchema } from '../../contract/drawing';

const { generators, judges, real, classes, perClass, unsureBelow, shape, title } = comparisonSchema.shape;

export const compareParametersSchema = z.strictObject({
  id: comparisonIdSchema,
  title,
  createdAt: z.number(),
  generators,
  judges,
  /** The revision that is compared with; sealed. */
  real,
  classes,
  shape,
  perClass,
  seed: seedSchema,
  unsureBelow,
  controls: controlsSchema,
  /** What to add to see more; empty where nothing is missing. */
  advice: z.string().max(400),
});
export type CompareParameters = z.infer<typeof compareParametersSchema>;
