/** What an import job is given: enough to do it all again from nothing. */
import * as z from 'zod';
import {
  datasetIdSchema,
  readerNameSchema,
  readOptionsSchema,
  sampleKindSchema,
  splitPlanSchema,
} from '../../../contract/samples';

export const importParametersSchema = z.strictObject({
  id: datasetIdSchema,
  title: z.string().min(1).max(200),
  /** Adds a part to a data set that is there. */
  isAddition: z.boolean(),
  kind: sampleKindSchema,
  origin: z.enum(['real', 'generated']),
  reader: readerNameSchema,
  /** Absolute paths: files and folders, or one archive. */
  paths: z.array(z.string()).min(1).max(100_000),
  /** The one path is an archive: what lies in it is imported. */
  isArchive: z.boolean(),
  /** Where an inspection has unpacked that archive already, below the workspace; used when it is still there. */
  unpacked: z.string().nullable(),
  options: readOptionsSchema,
  plan: splitPlanSchema,
  /** Bytes that the pack will take, about. */
  packBytes: z.number().min(0),
  provenance: z.string().max(1000),
  licence: z.string().max(200),
});
export type ImportParameters = z.infer<typeof importParametersSchema>;
