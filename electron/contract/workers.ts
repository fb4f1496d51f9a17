/** The contracts between the engine and its two workers: intake opens foreign files, compute runs models. */
import * as z from 'zod';
import { controlsSchema, sampleRecipeSchema, seedSchema } from './drawing';
import { measuringSchema, measurementSchema } from './measuring';
import { datasetIntakeCalls, datasetIntakeEvents } from './dataset-intake';
import { graphSummarySchema, modelCardSchema } from './model-card';
import { verdictSchema } from './photo';

const nothing = z.strictObject({});
const path = z.string().min(1).max(32_768);

/** Decoded pixels lie in a slot file of the exchange: u8 RGB, height x width x 3, from byte 0. */
const slotSchema = z.strictObject({ slot: z.int().min(0), height: z.int().min(1), width: z.int().min(1) });
export type PixelSlot = z.infer<typeof slotSchema>;

const call = <Q extends z.ZodType, R extends z.ZodType>(request: Q, reply: R): { request: Q; reply: R } => ({
  request,
  reply,
});

export const foundFileSchema = z.strictObject({
  path,
  /** Shown name: path below the dropped item, forward slashes. */
  name: z.string(),
  bytes: z.int(),
  /** Set when the file cannot be a picture and why, as an error code and a sentence. */
  refused: z.strictObject({ code: z.string(), message: z.string() }).optional(),
});
export type FoundFile = z.infer<typeof foundFileSchema>;

/** Long side of a thumbnail. No picture is decoded smaller, so that its pixels do not depend on whether a thumbnail is made. */
export const thumbLongSide = 384;

export const intakeContract = {
  calls: {
    /** Walks files and folders (no link followed, regular files only); finds stream as `found` events with the same `ticket`. */
    list: call(
      z.strictObject({ ticket: z.int(), roots: z.array(path), maxFiles: z.int() }),
      z.strictObject({ files: z.int(), ignored: z.int() }),
    ),
    /** Decodes one picture once: upright, reduced to each short side, plus a thumbnail file. */
    decode: call(
      z.strictObject({
        path,
        exchange: path,
        renditions: z.array(z.strictObject({ slot: z.int().min(0), shortSide: z.int().min(1) })).max(4),
        /** Encoded thumbnail to write, or none. */
        thumb: z.strictObject({ path, longSide: z.int().min(16).max(4096) }).optional(),
      }),
      z.strictObject({
        format: z.string(),
        width: z.int().min(1),
        height: z.int().min(1),
        slots: z.array(slotSchema),
        decodeMs: z.number(),
      }),
    ),
    /** Reads a foreign model file through the gate; the returned bytes count and hash are of what was read. */
    gate: call(
      z.strictObject({ path }),
      z.strictObject({ bytes: z.int(), nodes: z.int(), operators: z.array(z.string()) }),
    ),
    /** Reads a labels file (one class a line, or a JSON list or index map). */
    labels: call(z.strictObject({ path }), z.strictObject({ labels: z.array(z.string()) })),
    /**
     * The recipe that a PNG of ours carries, and its pixels; null for any other file. `pixels` u8 RGB [height, width, 3], none for
     * a picture that is larger than any that is drawn.
     */
    recipe: call(
      z.strictObject({ path }),
      z.strictObject({
        found: z
          .strictObject({
            recipe: sampleRecipeSchema,
            height: z.int().min(1),
            width: z.int().min(1),
            pixels: z.instanceof(Uint8Array),
          })
          .nullable(),
      }),
    ),
    ...datasetIntakeCalls,
  },
  events: {
    found: z.strictObject({ ticket: z.int(), files: z.array(foundFileSchema) }),
    network: z.strictObject({ refused: z.int() }),
    ...datasetIntakeEvents,
  },
} as const;
export type IntakeContract = typeof intakeContract;

export const computeContract = {
  calls: {
    /** Opens a model file (once; later calls find it by path). Falls back through the providers and says why. */
    load: call(
      z.strictObject({ path, device: z.string(), isUntrusted: z.boolean() }),
      z.strictObject({ provider: z.string(), threads: z.int(), note: z.string() }),
    ),
    /** Judges the pictures in the given slots; verdicts come in the same order. */
    judge: call(
      z.strictObject({ path, exchange: path, slots: z.array(slotSchema).min(1).max(64), top: z.int().min(1).max(100) }),
      z.strictObject({ verdicts: z.array(verdictSchema) }),
    ),
    /**
     * Draws samples with a generator, opened when first used: of numbered noise, or of noise that is given (float32 little-endian
     * [N, noiseWidth]). `classes`: one for each sample, none where the model cannot be asked.
     */
    draw: call(
      z.strictObject({
        path,
        noise: z.discriminatedUnion('kind', [
          z.strictObject({ kind: z.literal('numbered'), seed: seedSchema, indices: z.array(z.int().min(0)).max(1024) }),
          z.strictObject({ kind: z.literal('given'), numbers: z.instanceof(Uint8Array) }),
        ]),
        classes: z.array(z.int().min(0)).max(1024),
        controls: controlsSchema,
      }),
      /** u8 [N, height, width, channels], or float32 little-endian [N, width]; time of the drawing alone. */
      z.strictObject({ samples: z.instanceof(Uint8Array), ms: z.number() }),
    ),
    /** Reads pictures u8 [N, height, width, channels] with a loaded judge. */
    read: call(
      z.strictObject({
        path,
        height: z.int().min(1),
        width: z.int().min(1),
        channels: z.union([z.literal(1), z.literal(3)]),
        pixels: z.instanceof(Uint8Array),
      }),
      /** float32 little-endian [N, classes] and [N, features]; the latter empty where the judge offers none. */
      z.strictObject({ probabilities: z.instanceof(Uint8Array), features: z.instanceof(Uint8Array) }),
    ),
    /** Compares sets of features: here, because it may take a second, and the engine answers pages meanwhile. */
    measure: call(measuringSchema, measurementSchema),
    unload: call(z.strictObject({ path }), nothing),
    /** Card, readable summary and sha256 of a model file that is ours: shipped, or wrapped at import. */
    describe: call(
      z.strictObject({ path }),
      z.strictObject({ card: modelCardSchema, summary: graphSummarySchema, fileHash: z.string(), bytes: z.int() }),
    ),
  },
  events: { network: z.strictObject({ refused: z.int() }) },
} as const;
export type ComputeContract = typeof computeContract;

const tensorInfo = z.strictObject({ name: z.string(), dtype: z.string(), dims: z.array(z.string()) });

/** A quarantine is a throw-away compute process that may also probe and wrap a foreign model. */
export const quarantineContract = {
  calls: {
    ...computeContract.calls,
    /** Loads a gated foreign model and runs it once on a tiny input; may die, that is what the process is for. */
    probe: call(
      z.strictObject({ path }),
      z.strictObject({
        inputs: z.array(tensorInfo),
        outputs: z.array(tensorInfo),
        image: z.strictObject({
          layout: z.enum(['nchw', 'nhwc']),
          channels: z.int(),
          height: z.int(),
          width: z.int(),
          maxBatch: z.int(),
        }),
        classes: z.int(),
        givesProbabilities: z.boolean(),
        /** Class names found in the file's own metadata. */
        labels: z.array(z.string()),
        dryRunMs: z.number(),
      }),
    ),
    /** Writes a wrapped, carded copy of a gated model to `target`. */
    wrap: call(
      z.strictObject({
        path,
        target: path,
        options: z.strictObject({
          preset: z.string(),
          layout: z.string(),
          fit: z.string(),
          invert: z.boolean(),
        }),
        givesProbabilities: z.boolean(),
        /** As the probe saw it: 1, or 0 for any. */
        maxBatch: z.int().min(0).max(1),
        name: z.string(),
        fileName: z.string(),
        labels: z.array(z.string()),
      }),
      z.strictObject({ bytes: z.int(), fileHash: z.string() }),
    ),
  },
  events: computeContract.events,
} as const;
export type QuarantineContract = typeof quarantineContract;
