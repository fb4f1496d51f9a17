/** Training: which recipes fit a data set, a run as it is watched, and what it leaves behind. */
import * as z from 'zod';
import { seedSchema } from './drawing';
import { failureSchema } from './errors';
import { jobIdSchema, jobReplySchema } from './jobs';
import { drawnShapeSchema, familySchema, settingValueSchema } from './model-card';
import { modelIdSchema } from './photo';
import { datasetIdSchema, hashSchema } from './samples';

const call = <Q extends z.ZodType, R extends z.ZodType>(request: Q, reply: R): { request: Q; reply: R } => ({
  request,
  reply,
});

export const purposeSchema = z.enum(['judge', 'generator']);
export type Purpose = z.infer<typeof purposeSchema>;

/** One field of a recipe as the page draws it. */
export const settingSchema = z.strictObject({
  /** `learningRate`, `augmentation.shift`. */
  path: z.string().max(100),
  group: z.enum(['network', 'learning', 'data', 'objective']),
  title: z.string().max(100),
  help: z.string().max(500),
  kind: z.enum(['number', 'integer', 'choice', 'switch']),
  /** As the recipe has it. */
  value: settingValueSchema,
  /** Limits of numbers; null for others. */
  least: z.number().nullable(),
  most: z.number().nullable(),
  choices: z.array(z.string()).max(20),
});
export type Setting = z.infer<typeof settingSchema>;

/** `gan-digits`: a family and one of its presets. */
export const recipeNameSchema = z.string().regex(/^[a-z0-9][a-z0-9-]{0,63}$/);

export const recipeSchema = z.strictObject({
  name: recipeNameSchema,
  title: z.string().max(100),
  family: familySchema,
  purpose: purposeSchema,
  /** What it is good for and what it reaches, in a sentence. */
  summary: z.string().max(400),
  settings: z.array(settingSchema).max(60),
  /** Steps of a whole run, as measured to reach what the summary says. */
  steps: z.int().min(1),
  /** For this data set: weights of the network; null when the recipe does not suit it. */
  parameters: z.int().nullable(),
  /** For this data set on this machine, as measured on earlier runs; null before the first. */
  seconds: z.number().nullable(),
  /** Empty, or why it cannot be used with this data set. */
  unsuited: z.string().max(300),
  /** The one to begin with, for its purpose and this data set. */
  isSuggested: z.boolean(),
});
export type Recipe = z.infer<typeof recipeSchema>;

export const budgetSchema = z.discriminatedUnion('unit', [
  z.strictObject({ unit: z.literal('steps'), amount: z.int().min(1).max(100_000_000) }),
  /** Time at work. It becomes a number of steps once the speed is known, so that the rate can fall to zero at the end. */
  z.strictObject({
    unit: z.literal('seconds'),
    amount: z
      .number()
      .min(1)
      .max(30 * 86_400),
  }),
  z.strictObject({ unit: z.literal('epochs'), amount: z.number().min(0.01).max(100_000) }),
]);
export type Budget = z.infer<typeof budgetSchema>;

/** A curve over steps, at most 2,000 points: older ones are thinned. */
export const curveSchema = z.strictObject({
  /** `loss`, `validation.loss`, `accuracy`, `discriminator`, `coverage`, ... */
  name: z.string().max(60),
  title: z.string().max(100),
  /** Curves of one chart stand together. */
  chart: z.string().max(60),
  unit: z.string().max(20),
  /** Whose it is: what is drawn, what is real or judged, neither. */
  voice: z.enum(['generated', 'real', 'neutral']),
  points: z.array(z.tuple([z.int(), z.number()])).max(2000),
});
export type Curve = z.infer<typeof curveSchema>;

/** How a generator does, in words first. */
export const trainingVerdictSchema = z.strictObject({
  /** `early`: too early to tell; `broken`: numbers that are no numbers. */
  state: z.enum(['early', 'healthy', 'poor', 'collapsed', 'broken']),
  sentence: z.string().max(300),
  /** What to do, or "Nothing to do." */
  advice: z.string().max(300),
  /** The numbers behind it: share of each class as read by the judge, coverage, near-duplicates, ... */
  figures: z
    .array(
      z.strictObject({
        name: z.string().max(60),
        title: z.string().max(100),
        value: z.number(),
        unit: z.string().max(20),
      }),
    )
    .max(20),
  /** Share of the drawings read as each class; empty without a judge. */
  shares: z.array(z.number()).max(10_000),
});
export type TrainingVerdict = z.infer<typeof trainingVerdictSchema>;

/** A look at the model at one step. */
export const checkSchema = z.strictObject({
  step: z.int().min(0),
  /** By name, on the validation split. */
  metrics: z.record(z.string(), z.number()),
  verdict: trainingVerdictSchema.nullable(),
  /** Counts [true class][answered class] of a classifier. */
  confusion: z.array(z.array(z.int())).nullable(),
  /** Whether `training.sheet` has drawings of this step. */
  hasSheet: z.boolean(),
});
export type Check = z.infer<typeof checkSchema>;

/** The step whose weights would be kept now, and why. */
export const bestSchema = z.strictObject({ step: z.int(), metric: z.string(), value: z.number() });

export const trainingRunSchema = z.strictObject({
  job: jobIdSchema,
  /** Name of the model that comes of it. */
  model: modelIdSchema,
  title: z.string().max(200),
  family: familySchema,
  purpose: purposeSchema,
  recipe: recipeNameSchema,
  settings: z.record(z.string(), settingValueSchema),
  dataset: z.strictObject({ id: datasetIdSchema, title: z.string(), revision: hashSchema, samples: z.int() }),
  classes: z.array(z.string()).max(10_000),
  seed: seedSchema,
  budget: budgetSchema,
  /** The classifier that judges what is drawn. */
  judge: modelIdSchema.nullable(),
  parameters: z.int(),
  /**
   * `preparing` compiles and measures, `training`, `checking` draws and judges, `resting` while paused or waiting, `kept` is over and
   * in the library, `failed` has stopped without a model, `stopped` was cancelled.
   */
  phase: z.enum(['preparing', 'training', 'checking', 'resting', 'kept', 'failed', 'stopped']),
  step: z.int().min(0),
  /** Null until the budget is known in steps. */
  steps: z.int().nullable(),
  epoch: z.number().min(0),
  samplesPerSecond: z.number().nullable(),
  remainingMs: z.number().nullable(),
  workedMs: z.number().min(0),
  curves: z.array(curveSchema).max(30),
  /** Oldest first. */
  checks: z.array(checkSchema).max(2000),
  /** The step whose weights would be kept now. */
  best: bestSchema.nullable(),
  failure: failureSchema.nullable(),
});
export type TrainingRun = z.infer<typeof trainingRunSchema>;

/** A run in a list. */
export const trainingEntrySchema = trainingRunSchema.pick({
  job: true, model: true, title: true, family: true, purpose: true, recipe: true, phase: true, step: true, steps: true,
}).extend({ startedAt: z.number() }); // prettier-ignore
export type TrainingEntry = z.infer<typeof trainingEntrySchema>;

/** Drawings from noise that stays the same over the run: `columns` in a row, one column for each class where there are classes. */
export const sheetSchema = z.strictObject({
  step: z.int(),
  shape: drawnShapeSchema,
  columns: z.int().min(1),
  count: z.int(),
  /** u8 [count, height, width, channels], or float32 little-endian [count, width]. */
  samples: z.instanceof(Uint8Array),
  /** For points: as many real ones, float32 [count, width]; else empty. */
  real: z.instanceof(Uint8Array),
});
export type Sheet = z.infer<typeof sheetSchema>;

const ofJob = z.strictObject({ job: jobIdSchema });
const nothing = z.strictObject({});

export const trainingContract = {
  calls: {
    /** All recipes, those that suit first; without a data set, none has `parameters`. */
    'training.recipes': call(
      z.strictObject({ dataset: datasetIdSchema.nullable() }),
      z.strictObject({ recipes: z.array(recipeSchema) }),
    ),
    /** Seals the data set's revision and queues the job `train.run`. Fails with `training/unsuited` and says what does not fit. */
    'training.start': call(
      z.strictObject({
        dataset: datasetIdSchema,
        recipe: recipeNameSchema,
        /** Only those that differ from the recipe. */
        settings: z.record(z.string(), settingValueSchema),
        /** Null: as many steps as the recipe says. */
        budget: budgetSchema.nullable(),
        seed: seedSchema,
        /** Null: made from data set and family. */
        name: modelIdSchema.nullable(),
        /** Null: one that knows the classes, if there is one. */
        judge: modelIdSchema.nullable(),
      }),
      jobReplySchema.extend({ model: modelIdSchema }),
    ),
    /** Newest first. */
    'training.runs': call(nothing, z.strictObject({ runs: z.array(trainingEntrySchema) })),
    'training.run': call(ofJob, trainingRunSchema),
    /** Drawings of a check; `step` null: the newest. */
    'training.sheet': call(ofJob.extend({ step: z.int().min(0).nullable() }), sheetSchema),
    /** Ends the run now and keeps what it has learned as a model. */
    'training.keep': call(ofJob, nothing),
  },
  events: {
    /** What is new since the last one, at most 10 times a second. Points are to be appended to the curves of that name. */
    'training.progress': trainingRunSchema
      .pick({ job: true, phase: true, step: true, steps: true, epoch: true, samplesPerSecond: true, remainingMs: true, workedMs: true, best: true, failure: true })
      .extend({ points: z.array(curveSchema), check: checkSchema.nullable() }), // prettier-ignore
    'training.runsChanged': z.strictObject({ runs: z.array(trainingEntrySchema) }),
  },
} as const;
export type TrainingProgress = z.infer<(typeof trainingContract.events)['training.progress']>;
