/** What the engine asks its compute process to measure between sets of features, and what comes back. */
import * as z from 'zod';
import { seedSchema } from './drawing';

/** float32 little-endian [N, width]. */
const rowsSchema = z.instanceof(Uint8Array);
const width = z.int().min(1).max(1_000_000);

export const measuringSchema = z.discriminatedUnion('kind', [
  /** Distances of two sets as distributions. `resamples` of `drawn` give the spread of the Frechet distance; 0: none. */
  z.strictObject({
    kind: z.literal('distances'),
    width,
    real: rowsSchema,
    drawn: rowsSchema,
    seed: seedSchema,
    resamples: z.int().min(0).max(100),
  }),
  /** By nearest neighbours: precision, recall, density, coverage. */
  z.strictObject({
    kind: z.literal('fidelity'),
    width,
    real: rowsSchema,
    drawn: rowsSchema,
    k: z.int().min(1).max(100),
  }),
  /** For each row the `most` nearest rows among others, nearest first. */
  z.strictObject({
    kind: z.literal('nearest'),
    width,
    rows: rowsSchema,
    among: rowsSchema,
    most: z.int().min(1).max(64),
  }),
]);
export type Measuring = z.infer<typeof measuringSchema>;

const spread = z.strictObject({ value: z.number(), deviation: z.number().nullable() });

export const measurementSchema = z.discriminatedUnion('kind', [
  /** `frechet` is null where features are too wide for it. `deviation`: standard error. */
  z.strictObject({ kind: z.literal('distances'), frechet: spread.nullable(), kernel: spread }),
  z.strictObject({
    kind: z.literal('fidelity'),
    precision: z.number(),
    recall: z.number(),
    density: z.number(),
    /** Standard error of the density. */
    densityError: z.number(),
    coverage: z.number(),
  }),
  /** Places int32 and Euclidean distances float32, both little-endian [N, most]. */
  z.strictObject({ kind: z.literal('nearest'), places: z.instanceof(Uint8Array), distances: z.instanceof(Uint8Array) }),
]);
export type Measurement = z.infer<typeof measurementSchema>;
