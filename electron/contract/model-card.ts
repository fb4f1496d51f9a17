/** The model card: what a model file says of itself, kept as JSON in the file's own metadata under `duet.card`. */
import * as z from 'zod';
import { datasetIdSchema, hashSchema } from './samples';

export const cardMetadataKey = 'duet.card';

/** Golden pictures are formulas, so that anyone can rebuild them: image[y][x][c] = (7y + 13x + 29c + floor(x*y/16)) mod 256. */
const goldenSchema = z.strictObject({
  image: z.strictObject({ formula: z.literal('ramp-v1'), height: z.int().min(1), width: z.int().min(1) }),
  /** Expected values: `output[index]` (index into the flat output) within `tolerance`. */
  values: z.array(z.strictObject({ output: z.string(), index: z.int().min(0), value: z.number() })).min(1),
  tolerance: z.number().positive(),
});

export const modelTaskSchema = z.enum(['classify', 'detect', 'generate']);

/** What a setting of a recipe may be. */
export const settingValueSchema = z.union([z.string().max(200), z.number(), z.boolean()]);
export type SettingValue = z.infer<typeof settingValueSchema>;

export const familySchema = z.enum(['classifier', 'vae', 'gan', 'flow']);
export type Family = z.infer<typeof familySchema>;

/** How a model of ours came about: enough to train it again, and what it reached. */
export const trainingRecordSchema = z.strictObject({
  family: familySchema,
  recipe: z.string().max(64),
  /** All settings, by path (`augmentation.shift`), also those left as the recipe has them. */
  settings: z.record(z.string(), settingValueSchema),
  /** Null for data that a program made anew at every step. */
  dataset: z
    .strictObject({ id: datasetIdSchema, title: z.string(), revision: hashSchema, samples: z.int() })
    .nullable(),
  seed: z.int().min(0),
  steps: z.int().min(0),
  /** Time at work, without rests. */
  seconds: z.number().min(0),
  parameters: z.int().min(0),
  /** By name (`accuracy`, `coverage`, ...), as measured at the end on the split that `measuredOn` names. */
  metrics: z.record(z.string(), z.number()),
  measuredOn: z.enum(['validation', 'test', 'none']),
  /** The classifier that judged a generator. */
  judge: z.string().max(64).nullable(),
  /** The verdict in one sentence; empty for classifiers. */
  verdict: z.string().max(500),
});
export type TrainingRecord = z.infer<typeof trainingRecordSchema>;

const common = {
  format: z.literal(1),
  /** Short stable name, as typed on the command line: `everyday-1000`. */
  name: z.string().regex(/^[a-z0-9][a-z0-9-]{0,63}$/),
  title: z.string().min(1).max(120),
  description: z.string().max(2000),
  /** What the model cannot do, in plain words. */
  limits: z.string().max(2000),
  licence: z.strictObject({ spdx: z.string(), notice: z.string() }),
  source: z.strictObject({ title: z.string(), origin: z.string(), madeBy: z.string() }),
  /** sha256 of the encoded model without its metadata, hex. */
  graphHash: z.string().regex(/^[0-9a-f]{64}$/),
  /** Of models that were trained here. */
  training: trainingRecordSchema.optional(),
} as const;

const label = z.string().min(1).max(300);

/** A model that says what a picture shows. */
export const judgeCardSchema = z.strictObject({
  ...common,
  task: z.enum(['classify', 'detect']),
  /** One entry a class, index = class; synonyms separated by `, `, the first one is shown. */
  labels: z.array(label).min(1).max(100_000),
  input: z.strictObject({
    name: z.string(),
    /** `NHWC`: a batch of pictures of one size; `HWC`: a single picture. Always uint8 RGB 0..255, any height and width. */
    layout: z.enum(['NHWC', 'HWC']),
    /** Largest batch the graph takes; 0 means any. */
    maxBatch: z.int().min(0),
    /** Pictures are reduced (never enlarged) to this short side, in pixels, before they are fed. */
    shortSide: z.int().min(4).max(4096),
  }),
  outputs: z.discriminatedUnion('kind', [
    /** `probabilities` float [N, classes], rows sum to 1; `features` float [N, width] when the model offers them. */
    z.strictObject({ kind: z.literal('classify'), probabilities: z.string(), features: z.string().optional() }),
    /** `boxes` float [K, 4] as left, top, right, bottom in 0..1 of the picture; `scores` float [K] in 0..1, falling; `classes` int64 [K]. */
    z.strictObject({ kind: z.literal('detect'), boxes: z.string(), scores: z.string(), classes: z.string() }),
  ]),
  golden: z.array(goldenSchema),
});
export type JudgeCard = z.infer<typeof judgeCardSchema>;

/** What one drawn sample is: a picture u8 [height, width, channels], or a row of float32 numbers. */
export const drawnShapeSchema = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('image'),
    height: z.int().min(1),
    width: z.int().min(1),
    channels: z.union([z.literal(1), z.literal(3)]),
  }),
  z.strictObject({ kind: z.literal('row'), width: z.int().min(1) }),
]);
export type DrawnShape = z.infer<typeof drawnShapeSchema>;

/** A scalar input of a generator that a person may set. */
export const controlSchema = z.strictObject({
  name: z.enum(['temperature', 'guidance', 'steps']),
  dtype: z.enum(['float32', 'int64']),
  value: z.number(),
  least: z.number(),
  most: z.number(),
});
export type Control = z.infer<typeof controlSchema>;

/** A model that draws: noise, and a class where it is told one, to samples. */
export const generatorCardSchema = z.strictObject({
  ...common,
  task: z.literal('generate'),
  /** Classes that it can be asked for, index = class; empty: it cannot be asked. */
  labels: z.array(label).max(100_000),
  input: z.strictObject({
    /** float32 [N, noiseWidth], standard normal numbers. */
    noise: z.string(),
    noiseWidth: z.int().min(1).max(1_000_000),
    /** int64 [N]; null where it cannot be asked for a class. */
    label: z.string().nullable(),
    controls: z.array(controlSchema).max(8),
  }),
  /** u8 [N, height, width, channels], or float32 [N, width]. */
  outputs: z.strictObject({ kind: z.literal('generate'), samples: z.string(), shape: drawnShapeSchema }),
});
export type GeneratorCard = z.infer<typeof generatorCardSchema>;

export const modelCardSchema = z.discriminatedUnion('task', [judgeCardSchema, generatorCardSchema]);
export type ModelCard = z.infer<typeof modelCardSchema>;

export function isJudgeCard(card: ModelCard): card is JudgeCard {
  return card.task !== 'generate';
}
/** First synonym of a label: "kite, black kite" is shown as "kite". */
export function shownLabel(label: string): string {
  const comma = label.indexOf(', ');
  return comma < 0 ? label : label.slice(0, comma);
}

const countsSchema = z.array(z.strictObject({ name: z.string(), count: z.int() }));

/** What a person can read of a graph in a few seconds. */
export const graphSummarySchema = z.strictObject({
  irVersion: z.int(),
  opsets: z.array(z.strictObject({ domain: z.string(), version: z.int() })),
  producer: z.string(),
  inputs: z.array(z.strictObject({ name: z.string(), type: z.string() })),
  outputs: z.array(z.strictObject({ name: z.string(), type: z.string() })),
  nodes: z.int(),
  /** Trainable and constant values, counted in numbers and in bytes. */
  parameters: z.int(),
  weightBytes: z.int(),
  /** Operators by count, most frequent first. */
  operators: countsSchema,
  /** Chains of alike steps folded into stages, in graph order, such as "MBConv x4". */
  stages: z.array(
    z.strictObject({ title: z.string(), nodes: z.int(), operators: countsSchema, outputShape: z.string() }),
  ),
});
export type GraphSummary = z.infer<typeof graphSummarySchema>;
