/** Comparing generators and judges: what was asked for, what it was read as, and how far from real data the drawings are. */
import * as z from 'zod';
import { drawnSchema, controlsSchema, judgedSchema, seedSchema } from './drawing';
import { failureSchema } from './errors';
import { jobIdSchema, jobReplySchema } from './jobs';
import { drawnShapeSchema } from './model-card';
import { modelIdSchema } from './photo';
import { datasetIdSchema, hashSchema } from './samples';
import { handleSchema } from './studio-handles';

const call = <Q extends z.ZodType, R extends z.ZodType>(request: Q, reply: R): { request: Q; reply: R } => ({
  request,
  reply,
});

export const comparisonIdSchema = z.string().regex(/^c[0-9a-z]{1,24}$/);
const hash64 = z.string().regex(/^[0-9a-f]{64}$/);
const modelRef = z.strictObject({ id: modelIdSchema, title: z.string(), hash: hash64 });

/** A value with its uncertainty and what real data score. */
export const measureSchema = z.strictObject({
  /** `asAsked`, `frechet`, `kernel`, `precision`, `recall`, `density`, `coverage`, `copies`, ... */
  name: z.string().max(60),
  title: z.string().max(100),
  value: z.number(),
  /** 95 % interval, or null where none was computed. */
  interval: z.tuple([z.number(), z.number()]).nullable(),
  /** What as many real samples score against the same reference; null without real data. */
  floor: z.number().nullable(),
  unit: z.enum(['share', 'distance', 'number']),
  isHigherBetter: z.boolean(),
  /** Two plain sentences. */
  meaning: z.string().max(600),
  formula: z.string().max(300),
  source: z.string().max(300),
});
export type Measure = z.infer<typeof measureSchema>;

/** A generator read by a judge. */
const pairResultSchema = z.strictObject({
  generator: modelIdSchema,
  judge: modelIdSchema,
  /** Counts [asked][read as]; the last column counts those that the judge is unsure of. */
  matrix: z.array(z.array(z.int())),
  /** Drawings read so far; the matrix is complete when it equals `total`. */
  done: z.int(),
  total: z.int(),
  /** Empty until all were read. */
  measures: z.array(measureSchema),
});

/** How good a judge is on real test data, shown before anything it says is believed. */
export const judgeReportSchema = z.strictObject({
  judge: modelIdSchema,
  samples: z.int(),
  accuracy: z.number(),
  accuracyInterval: z.tuple([z.number(), z.number()]),
  /** Expected calibration error, 15 bins. */
  calibrationError: z.number(),
  bins: z.array(
    z.strictObject({ from: z.number(), to: z.number(), count: z.int(), confidence: z.number(), accuracy: z.number() }),
  ),
  /** Counts [true][read as], the last column: unsure. */
  matrix: z.array(z.array(z.int())),
  /** Whether the real data were among what the judge was trained on. */
  note: z.string().max(300),
});
export type JudgeReport = z.infer<typeof judgeReportSchema>;

export const comparisonSchema = z.strictObject({
  id: comparisonIdSchema,
  job: jobIdSchema,
  state: z.enum(['waiting', 'running', 'done', 'failed', 'stopped']),
  failure: failureSchema.nullable(),
  title: z.string().max(300),
  createdAt: z.number(),
  generators: z.array(modelRef),
  judges: z.array(modelRef),
  real: z.strictObject({ id: datasetIdSchema, title: z.string(), revision: hashSchema, samples: z.int() }).nullable(),
  /** As the generators name them; drawings of each. */
  classes: z.array(z.string()),
  perClass: z.int(),
  seed: seedSchema,
  /** Confidence under which a judge counts as unsure, 0..1. */
  unsureBelow: z.number(),
  controls: controlsSchema,
  shape: drawnShapeSchema,
  /** First shown: how good each judge is. Empty until known, or without real data. */
  judgeReports: z.array(judgeReportSchema),
  pairs: z.array(pairResultSchema),
  /** 0..1. */
  progress: z.number(),
  doing: z.string().max(300),
  /** What to add to see more: "Add MNIST to see how good the judge is." Absent where nothing is missing. */
  advice: z.string().max(400).optional(),
});
export type Comparison = z.infer<typeof comparisonSchema>;

export const comparisonEntrySchema = comparisonSchema
  .pick({ id: true, job: true, state: true, title: true, createdAt: true, perClass: true, seed: true })
  .extend({ generators: z.array(modelIdSchema), judges: z.array(modelIdSchema), asAsked: z.number().nullable() });
export type ComparisonEntry = z.infer<typeof comparisonEntrySchema>;

/** One drawing of a comparison as the judges read it. */
export const comparedSampleSchema = z.strictObject({
  generator: modelIdSchema,
  /** Number under the comparison's seed. */
  index: z.int(),
  asked: z.int(),
  /** In the order of the comparison's judges. */
  judged: z.array(judgedSchema),
  /** Nearest real training sample of the asked class in the first judge's features, and whether it is close enough to be a copy. */
  nearest: z.strictObject({ index: z.int(), distance: z.number(), isCopy: z.boolean() }).nullable(),
});
export type ComparedSample = z.infer<typeof comparedSampleSchema>;

export const cellFilterSchema = z.strictObject({
  generator: modelIdSchema,
  judge: modelIdSchema,
  asked: z.int().nullable(),
  /** `unsure`, or a class; null: all. */
  readAs: z.union([z.int(), z.literal('unsure')]).nullable(),
  /** Only drawings that are not read as asked, or that two judges read differently. */
  only: z.enum(['all', 'wrong', 'disagree', 'copies']),
});
export type CellFilter = z.infer<typeof cellFilterSchema>;

const one = z.strictObject({ id: comparisonIdSchema });
const nothing = z.strictObject({});

export const comparisonContract = {
  calls: {
    'comparisons.list': call(nothing, z.strictObject({ comparisons: z.array(comparisonEntrySchema) })),
    /** Queues the job `compare.run`. Fails with `comparison/unfit` where classes or shapes do not go together. */
    'comparisons.start': call(
      z.strictObject({
        generators: z.array(modelIdSchema).min(1).max(4),
        judges: z.array(modelIdSchema).min(1).max(4),
        /** Null: the data set that the first generator was trained on, if it is here. */
        real: datasetIdSchema.nullable(),
        perClass: z.int().min(1).max(10_000),
        seed: seedSchema,
        unsureBelow: z.number().min(0).max(1),
        controls: controlsSchema,
      }),
      jobReplySchema.extend({ id: comparisonIdSchema }),
    ),
    'comparisons.get': call(one, comparisonSchema),
    /** Undoable. */
    'comparisons.remove': call(one, nothing),
    /** Drawings of a cell, surest mistake first, or in the order asked for. */
    'comparisons.samples': call(
      one.extend({
        filter: cellFilterSchema,
        sort: z.enum(['surest', 'unsurest', 'index', 'nearest']),
        offset: z.int().min(0),
        limit: z.int().min(1).max(1000),
      }),
      z.strictObject({ total: z.int(), samples: z.array(comparedSampleSchema) }),
    ),
    /** Pictures of drawings, in the order asked for. */
    'comparisons.drawn': call(
      one.extend({ generator: modelIdSchema, indices: z.array(z.int().min(0)).min(1).max(512) }),
      drawnSchema,
    ),
    /** Real samples of a class to put beside: places in the real data set (pictures by `datasets.pictures`). */
    'comparisons.real': call(
      one.extend({ asked: z.int().min(0), limit: z.int().min(1).max(512) }),
      z.strictObject({ indices: z.array(z.int()) }),
    ),
    /** Writes the whole comparison; the HTML report is one file that asks for nothing. */
    'comparisons.export': call(
      one.extend({ format: z.enum(['html', 'json', 'csv', 'images']), target: handleSchema }),
      z.strictObject({ name: z.string(), bytes: z.number() }),
    ),
  },
  events: {
    /** A comparison under way, at most 10 times a second. */
    'comparisons.changed': z.strictObject({ comparison: comparisonSchema }),
    'comparisons.listChanged': z.strictObject({ comparisons: z.array(comparisonEntrySchema) }),
  },
} as const;
