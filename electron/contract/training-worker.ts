/** The contract between the engine and the process that trains: it opens our own immutable files by path, and keeps what it learns in files. */
import * as z from 'zod';
import { seedSchema } from './drawing';
import { familySchema, settingValueSchema, trainingRecordSchema } from './model-card';
import { modelIdSchema } from './photo';
import { budgetSchema, checkSchema, curveSchema, trainingRunSchema } from './training';

const path = z.string().min(1).max(32_768);
const nothing = z.strictObject({});

const call = <Q extends z.ZodType, R extends z.ZodType>(request: Q, reply: R): { request: Q; reply: R } => ({
  request,
  reply,
});

/** A sealed revision as files. */
const trainingDataSchema = z.strictObject({
  /** Packs in order, and how many samples each has. */
  packs: z.array(z.strictObject({ file: path, count: z.int().min(0) })).min(1),
  /** Safetensors with `label`, `split` and `excluded` of all samples. */
  columns: path,
  classes: z.array(z.string()).max(10_000),
  kind: z.enum(['image', 'row']),
  /** Of rows: names in the packs of the columns that are learned from. */
  features: z.array(z.string()).max(4096),
});
export type TrainingDataFiles = z.infer<typeof trainingDataSchema>;

/** All there is to know for a run; the same order in the same folder goes on where it stopped. */
export const trainingOrderSchema = z.strictObject({
  /** Of the job alone: checkpoints and the plan. */
  folder: path,
  /** Sheets go here, and stay. */
  sheets: path,
  /** The file with what trials of formulations gave on this machine; may be deleted at any time. */
  tuning: path,
  data: trainingDataSchema,
  family: familySchema,
  /** All of them, by path. */
  settings: z.record(z.string(), settingValueSchema),
  budget: budgetSchema,
  seed: seedSchema,
  /** A classifier, and the class of the data set that each of its labels is (-1: none). */
  judge: z.strictObject({ path, classes: z.array(z.int().min(-1)) }).nullable(),
  /** 0: as many as there are cores. */
  threads: z.int().min(0).max(256),
  /** Whether the last checkpoint is to be finished, and nothing more learned. */
  isToEnd: z.boolean(),
});
export type TrainingOrder = z.infer<typeof trainingOrderSchema>;

export const trainingOutcomeSchema = z.strictObject({
  step: z.int().min(0),
  seconds: z.number().min(0),
  parameters: z.int().min(0),
  metrics: z.record(z.string(), z.number()),
  measuredOn: z.enum(['validation', 'test', 'none']),
  /** In one sentence; empty for classifiers and where nobody could judge. */
  verdict: z.string().max(500),
});
export type TrainingOutcome = z.infer<typeof trainingOutcomeSchema>;

export const trainingWorkerContract = {
  calls: {
    /** Trains until the budget is used, `keep` is called, or the call is cancelled: then it leaves a checkpoint behind. */
    run: call(trainingOrderSchema, trainingOutcomeSchema),
    /** Ends the run as if its budget were used. */
    keep: call(nothing, nothing),
    /** Leaves half of the time to others. */
    gentle: call(z.strictObject({ isGentle: z.boolean() }), nothing),
    /** Writes the model of the run that has just ended. */
    publish: call(
      z.strictObject({
        target: path,
        name: modelIdSchema,
        title: z.string().min(1).max(120),
        description: z.string().max(2000),
        limits: z.string().max(2000),
        licence: z.strictObject({ spdx: z.string(), notice: z.string() }),
        training: trainingRecordSchema,
      }),
      z.strictObject({ hash: z.string(), bytes: z.int() }),
    ),
  },
  events: {
    /** Where a run stands as a whole, once it is known: curves and checks replace what was there. */
    begun: z.strictObject({
      step: z.int(),
      steps: z.int(),
      curves: z.array(curveSchema),
      checks: z.array(checkSchema),
      workedMs: z.number(),
    }),
    /** At most ten times a second. */
    progress: trainingRunSchema
      .pick({ step: true, steps: true, epoch: true, samplesPerSecond: true, remainingMs: true, workedMs: true, best: true })
      .extend({ phase: z.enum(['preparing', 'training', 'checking']), points: z.array(curveSchema), check: checkSchema.nullable() }), // prettier-ignore
    /** All up to this step is durable. */
    saved: z.strictObject({ step: z.int() }),
    network: z.strictObject({ refused: z.int() }),
  },
} as const;
export type TrainingWorkerContract = typeof trainingWorkerContract;
