/** The model card: what a model file says of itself, kept as JSON in the file's own metadata under `duet.card`. */
import * as z from 'zod';

export const cardMetadataKey = 'duet.card';

/** Golden pictures are formulas, so that anyone can rebuild them: image[y][x][c] = (7y + 13x + 29c + floor(x*y/16)) mod 256. */
const goldenSchema = z.strictObject({
  image: z.strictObject({ formula: z.literal('ramp-v1'), height: z.int().min(1), width: z.int().min(1) }),
  /** Expected values: `output[index]` (index into the flat output) within `tolerance`. */
  values: z.array(z.strictObject({ output: z.string(), index: z.int().min(0), value: z.number() })).min(1),
  tolerance: z.number().positive(),
});

export const modelTaskSchema = z.enum(['classify', 'detect']);

export const modelCardSchema = z.strictObject({
  format: z.literal(1),
  /** Short stable name, as typed on the command line: `everyday-1000`. */
  name: z.string().regex(/^[a-z0-9][a-z0-9-]{0,63}$/),
  title: z.string().min(1).max(120),
  task: modelTaskSchema,
  description: z.string().max(2000),
  /** What the model cannot do, in plain words. */
  limits: z.string().max(2000),
  /** One entry a class, index = class; synonyms separated by `, `, the first one is shown. */
  labels: z.array(z.string().min(1).max(300)).min(1).max(100_000),
  input: z.strictObject({
    name: z.string(),
    /** `NHWC`: a batch of pictures of one size; `HWC`: a single picture. Always uint8 RGB 0..255, any height and width. */
    layout: z.enum(['NHWC', 'HWC']),
    /** Largest batch the graph takes; 0 means any. */
    maxBatch: z.int().min(0),
    /** Pictures are reduced (never enlarged) to this short side, in pixels, before they are fed. */
    shortSide: z.int().min(16).max(4096),
  }),
  outputs: z.discriminatedUnion('kind', [
    /** `probabilities` float [N, classes], rows sum to 1; `features` float [N, width] when the model offers them. */
    z.strictObject({ kind: z.literal('classify'), probabilities: z.string(), features: z.string().optional() }),
    /** `boxes` float [K, 4] as left, top, right, bottom in 0..1 of the picture; `scores` float [K] in 0..1, falling; `classes` int64 [K]. */
    z.strictObject({ kind: z.literal('detect'), boxes: z.string(), scores: z.string(), classes: z.string() }),
  ]),
  licence: z.strictObject({ spdx: z.string(), notice: z.string() }),
  source: z.strictObject({ title: z.string(), origin: z.string(), madeBy: z.string() }),
  /** sha256 of the encoded model without its metadata, hex. */
  graphHash: z.string().regex(/^[0-9a-f]{64}$/),
  golden: z.array(goldenSchema),
});
export type ModelCard = z.infer<typeof modelCardSchema>;

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
