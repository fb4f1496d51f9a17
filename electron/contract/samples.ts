/** Words that every part of Duet shares about data sets: kinds, readers, splits, options of an import. */
import * as z from 'zod';

/** Name of a data set in files, addresses and on the command line; what the person reads is its title. */
export const datasetIdSchema = z.string().regex(/^[a-z0-9][a-z0-9-]{0,62}$/);

/** sha256 in hex: the name of an immutable object. */
export const hashSchema = z.string().regex(/^[0-9a-f]{64}$/);

/**
 * What one sample is: an image (u8, height x width x channels), a text (UTF-8), a molecule (one SMILES line), a sound
 * (i16 mono), a piece of music (notes), or a row of a table (numbers and texts).
 */
export const sampleKindSchema = z.enum(['image', 'text', 'molecule', 'sound', 'music', 'row']);
export type SampleKind = z.infer<typeof sampleKindSchema>;

/** What can read a source. `files` takes a folder or single files of pictures, whatever archive they came in. */
export const readerNameSchema = z.enum(['files', 'idx', 'csv', 'parquet', 'jsonl', 'text', 'smiles', 'wav', 'midi']);
export type ReaderName = z.infer<typeof readerNameSchema>;

export const splitNames = ['train', 'validation', 'test'] as const;
export const splitSchema = z.enum(splitNames);
export type Split = z.infer<typeof splitSchema>;

export const splitPlanSchema = z.strictObject({
  /** `given`: as the source says (train and test folders or files); what it leaves open is drawn from the fractions. */
  method: z.enum(['given', 'stratified']),
  seed: z.int().min(0).max(0xffff_ffff),
  /** Shares of each class; the rest, up to 1, is training. */
  validation: z.number().min(0).max(0.9),
  test: z.number().min(0).max(0.9),
});
export type SplitPlan = z.infer<typeof splitPlanSchema>;
export const defaultSplitPlan: SplitPlan = { method: 'given', seed: 1, validation: 0.1, test: 0.1 };

/** How pictures come into a pack, where all have one size. */
export const imageOptionsSchema = z.strictObject({
  height: z.int().min(1).max(512),
  width: z.int().min(1).max(512),
  /** `crop`: fill and cut the middle; `pad`: fit inside and fill the rest; `stretch`: change the proportions. */
  fit: z.enum(['crop', 'pad', 'stretch']),
  channels: z.union([z.literal(1), z.literal(3)]),
});
export type ImageOptions = z.infer<typeof imageOptionsSchema>;

/** What a column of a table is for. */
export const columnSchema = z.strictObject({
  name: z.string().max(300),
  type: z.enum(['number', 'text']),
  /** `label` becomes the class, `path` names picture files beside the table, `image` holds encoded pictures, `content` is the text itself, `split` says train, validation or test. */
  role: z.enum(['feature', 'target', 'label', 'path', 'image', 'content', 'split', 'ignore']),
});
export type Column = z.infer<typeof columnSchema>;

export const readOptionsSchema = z.strictObject({
  /** For pictures. */
  image: imageOptionsSchema.optional(),
  /** For tables, JSON lines and Parquet: as the inspection proposed them, perhaps changed by the person. */
  columns: z.array(columnSchema).max(4096).optional(),
  /** For texts: what one sample is. */
  textUnit: z.enum(['file', 'line', 'paragraph']).optional(),
  /** For sounds: samples a second after resampling. */
  sampleRate: z.int().min(4000).max(48_000).optional(),
  /** For IDX: what the classes 0, 1, ... are called; without it they are called by their numbers. */
  classNames: z.array(z.string().trim().min(1).max(300)).max(256).optional(),
});
export type ReadOptions = z.infer<typeof readOptionsSchema>;

/** A picture small enough for a message: encoded (JPEG or PNG), as it was read. */
const previewPictureSchema = z.strictObject({
  name: z.string(),
  label: z.string().nullable(),
  height: z.int(),
  width: z.int(),
  bytes: z.instanceof(Uint8Array),
});

/** What an inspection found out without importing. */
export const inspectionSchema = z.strictObject({
  kind: sampleKindSchema,
  reader: readerNameSchema,
  /** Counted, or estimated from the size when `isCountExact` is false. */
  samples: z.int(),
  isCountExact: z.boolean(),
  /** Classes in natural order with their counts, at most 10,000; empty without labels. */
  classes: z.array(z.strictObject({ name: z.string(), count: z.int() })).max(10_000),
  hasGivenSplit: z.boolean(),
  options: readOptionsSchema,
  /** For pictures: sizes seen among those looked at. */
  sizes: z
    .strictObject({ smallest: z.string(), largest: z.string(), areAllEqual: z.boolean(), areGrey: z.boolean() })
    .nullable(),
  pictures: z.array(previewPictureSchema).max(24),
  /** The first rows of a table or lines of a text, at most 20 x 50, cut to 200 characters each. */
  rows: z.array(z.array(z.string().max(204)).max(50)).max(20),
  /** Bytes that the pack will take with the proposed options, about. */
  packBytes: z.number(),
  /** What the person should know before it starts: skipped entries, guesses, oddities. */
  notes: z.array(z.string().max(500)).max(50),
});
export type Inspection = z.infer<typeof inspectionSchema>;
