/** Data sets as the page and the command line see them: the list, the gallery, imports, samples, edits, the report. */
import * as z from 'zod';
import { leftOutSchema } from './dataset-intake';
import { failureSchema } from './errors';
import { jobIdSchema, jobReplySchema } from './jobs';
import { modelIdSchema } from './photo';
import {
  columnSchema,
  datasetIdSchema,
  hashSchema,
  imageOptionsSchema,
  inspectionSchema,
  readerNameSchema,
  readOptionsSchema,
  sampleKindSchema,
  splitPlanSchema,
  splitSchema,
} from './samples';
import { handleSchema } from './studio-handles';

const title = z.string().trim().min(1).max(200);
const className = z.string().trim().min(1).max(300);
/** Place of a sample in its data set, counted over all parts, never reused. */
const sampleIndex = z.int().min(0);
const indices = z.array(sampleIndex).min(1).max(100_000);
const proposalIdSchema = z.string().regex(/^d[0-9]{1,9}$/);

export const datasetEntrySchema = z.strictObject({
  id: datasetIdSchema,
  title,
  kind: sampleKindSchema,
  /** `real` data or `generated` by a model or a program; the colours follow this. */
  origin: z.enum(['real', 'generated']),
  state: z.enum(['ready', 'importing', 'broken']),
  /** Why it is broken. */
  failure: failureSchema.nullable(),
  /** The job that makes it, while it is importing. */
  job: jobIdSchema.nullable(),
  samples: z.int(),
  classes: z.int(),
  bytes: z.number(),
  /** Up to nine samples for the little picture in the list. */
  preview: z.array(sampleIndex).max(9),
  /** Findings of the newest report that want a look; null when never checked. */
  toLookAt: z.int().nullable(),
  createdAt: z.number(),
});
export type DatasetEntry = z.infer<typeof datasetEntrySchema>;

export const galleryEntrySchema = z.strictObject({
  name: datasetIdSchema,
  title,
  kind: sampleKindSchema,
  summary: z.string().max(500),
  samples: z.int(),
  classes: z.int(),
  /** Space it takes in the workspace. */
  bytes: z.number(),
  licence: z.string().max(200),
  source: z.string().max(500),
  /** Made by a seeded program: count and seed can be chosen. */
  isSynthetic: z.boolean(),
  /** Empty, or why it cannot be added here and what to do. */
  missing: z.string().max(500),
});
export type GalleryEntry = z.infer<typeof galleryEntrySchema>;

const classRowSchema = z.strictObject({
  name: className,
  train: z.int(),
  validation: z.int(),
  test: z.int(),
  excluded: z.int(),
});
export type ClassRow = z.infer<typeof classRowSchema>;

export const datasetDetailSchema = z.strictObject({
  entry: datasetEntrySchema,
  /** Hash of the data set as it is now; equal contents, labels, splits and exclusions have equal hashes. */
  revision: hashSchema,
  /** In natural order; samples without a label are counted in `unlabelled`. */
  classes: z.array(classRowSchema),
  unlabelled: classRowSchema,
  image: imageOptionsSchema.nullable(),
  columns: z.array(columnSchema),
  splits: splitPlanSchema,
  /** Files that the import left out, the first 1,000 of `leftOutCount`. */
  leftOut: z.array(leftOutSchema).max(1000),
  leftOutCount: z.int(),
  /** Where it came from, as a sentence; licence of built-in data. */
  provenance: z.string().max(1000),
  licence: z.string().max(200),
  /** Sealed revisions, newest first: what models and exports refer to. */
  revisions: z.array(z.strictObject({ hash: hashSchema, at: z.number(), note: z.string() })),
});
export type DatasetDetail = z.infer<typeof datasetDetailSchema>;

export const sampleSchema = z.strictObject({
  index: sampleIndex,
  /** Path in the source, or a number. */
  name: z.string(),
  label: className.nullable(),
  split: splitSchema,
  isExcluded: z.boolean(),
  /** Relabelled since the import. */
  isEdited: z.boolean(),
  /** Declares itself generated (C2PA or IPTC mark in the file). */
  isMarkedSynthetic: z.boolean(),
  /**
   * What a line of a list shows: the values of a row in the order of the columns, the beginning of a text, the line of a
   * molecule, the length of a sound or a piece; empty for images.
   */
  excerpt: z.array(z.string().max(204)).max(50),
});
export type Sample = z.infer<typeof sampleSchema>;

/** What to show: all conditions must hold. */
export const sampleFilterSchema = z.strictObject({
  /** `null`: those without a label. */
  label: className.nullable().optional(),
  split: splitSchema.optional(),
  isExcluded: z.boolean().optional(),
  /** Samples of one finding of the report, by its id. */
  finding: z.string().max(100).optional(),
  /** Samples that one bar of a histogram of the report counts: `bin` is its place in `bins`. */
  bin: z.strictObject({ histogram: z.string().max(100), bin: z.int().min(0) }).optional(),
  /** Part of the name. */
  text: z.string().max(200).optional(),
});
export type SampleFilter = z.infer<typeof sampleFilterSchema>;

/** One change, undoable; several samples at once. */
export const datasetEditSchema = z.discriminatedUnion('edit', [
  z.strictObject({ edit: z.literal('label'), indices, label: className.nullable() }),
  z.strictObject({ edit: z.literal('exclude'), indices, isExcluded: z.boolean() }),
  z.strictObject({ edit: z.literal('split'), indices, split: splitSchema }),
  /** Draws all splits anew. */
  z.strictObject({ edit: z.literal('resplit'), plan: splitPlanSchema }),
  z.strictObject({ edit: z.literal('renameClass'), from: className, to: className }),
  z.strictObject({ edit: z.literal('addClass'), name: className }),
  z.strictObject({ edit: z.literal('removeClass'), name: className }),
]);
export type DatasetEdit = z.infer<typeof datasetEditSchema>;

export const findingSchema = z.strictObject({
  /** Stable within the report: `exact-duplicates`, `near-duplicates`, `leaks`, `label-conflicts`, `thin-classes`, `unreadable`, ... */
  id: z.string().max(100),
  tone: z.enum(['good', 'look', 'bad', 'generated', 'info']),
  /** "37 near-duplicates across the split." */
  sentence: z.string().max(300),
  /** "They flatter the test." */
  advice: z.string().max(300),
  /** Samples behind it; the page opens them with the filter `finding`. */
  samples: z.int(),
  /** Groups of samples that belong together (duplicates), largest first, at most 500 of at most 50. */
  groups: z.array(z.array(sampleIndex).max(50)).max(500),
});
export type Finding = z.infer<typeof findingSchema>;

export const reportSchema = z.strictObject({
  revision: hashSchema,
  checkedAt: z.number(),
  findings: z.array(findingSchema),
  /** Figures with their samples one click away: counts over sizes and colours for images, lengths for texts, per column for tables. */
  histograms: z.array(
    z.strictObject({
      id: z.string().max(100),
      title: z.string().max(200),
      unit: z.string().max(40),
      bins: z.array(z.strictObject({ from: z.number(), to: z.number(), count: z.int() })).max(100),
    }),
  ),
  /** Mean and standard deviation of each channel in 0..1 over the training split; empty for other kinds. */
  channels: z.array(z.strictObject({ mean: z.number(), deviation: z.number() })).max(3),
});
export type Report = z.infer<typeof reportSchema>;

const nothing = z.strictObject({});
const byId = z.strictObject({ id: datasetIdSchema });

const call = <Q extends z.ZodType, R extends z.ZodType>(request: Q, reply: R): { request: Q; reply: R } => ({
  request,
  reply,
});

export const datasetsContract = {
  calls: {
    'datasets.list': call(nothing, z.strictObject({ datasets: z.array(datasetEntrySchema) })),
    'datasets.gallery': call(nothing, z.strictObject({ entries: z.array(galleryEntrySchema) })),
    'datasets.detail': call(byId, datasetDetailSchema),

    /** Looks at what was dropped or chosen; archives are unpacked for it. Reports progress. */
    'datasets.inspect': call(
      z.strictObject({ handles: z.array(handleSchema).min(1).max(10_000), reader: readerNameSchema.optional() }),
      z.strictObject({
        proposal: proposalIdSchema,
        inspection: inspectionSchema,
        /** Proposed title. */
        title,
        freeBytes: z.number(),
      }),
    ),
    'datasets.discard': call(z.strictObject({ proposal: proposalIdSchema }), nothing),
    /** Makes the import job of an inspected proposal; `into` adds to a data set that is there. */
    'datasets.import': call(
      z.strictObject({
        proposal: proposalIdSchema,
        title,
        options: readOptionsSchema,
        splits: splitPlanSchema,
        into: datasetIdSchema.optional(),
      }),
      jobReplySchema.extend({ id: datasetIdSchema }),
    ),
    /** Adds a built-in data set. */
    'datasets.add': call(
      z.strictObject({
        name: datasetIdSchema,
        title: title.optional(),
        samples: z.int().min(1).max(1_000_000).optional(),
        seed: z.int().min(0).max(0xffff_ffff).optional(),
      }),
      jobReplySchema.extend({ id: datasetIdSchema }),
    ),
    'datasets.rename': call(z.strictObject({ id: datasetIdSchema, title }), nothing),
    /** Undoable. */
    'datasets.remove': call(byId, nothing),

    'datasets.samples': call(
      z.strictObject({
        id: datasetIdSchema,
        filter: sampleFilterSchema,
        offset: z.int().min(0),
        limit: z.int().min(1).max(2000),
      }),
      z.strictObject({ total: z.int(), samples: z.array(sampleSchema) }),
    ),
    /**
     * Only the indices of all that pass the filter, in the order in which `datasets.samples` lists them (i32,
     * little-endian): class by class in the order of `datasets.detail`, those without a label last, by index within.
     * `sections` are the lengths of these runs, for the headings of the grid; empty runs are left out.
     */
    'datasets.indices': call(
      z.strictObject({ id: datasetIdSchema, filter: sampleFilterSchema }),
      z.strictObject({
        indices: z.instanceof(Uint8Array),
        sections: z.array(z.strictObject({ label: className.nullable(), count: z.int() })).max(10_001),
      }),
    ),
    'datasets.sample': call(
      z.strictObject({ id: datasetIdSchema, index: sampleIndex }),
      z.strictObject({
        sample: sampleSchema,
        /** sha256 of the sample's own bytes in the source. */
        hash: hashSchema,
        /** Pairs to show: original size, brightness, row values, length, ... */
        facts: z.array(z.strictObject({ name: z.string().max(300), value: z.string().max(2000) })),
        /** Text of texts and molecules (first 20,000 characters). */
        text: z.string().max(20_000),
        /** Exact and near duplicates among the others, from the newest report. */
        alike: z.array(sampleIndex).max(100),
      }),
    ),
    /**
     * Pictures to draw: `pixels` is u8 RGBA, sample by sample, all of one size, for small ones; larger ones come `encoded`
     * as JPEG, in the order asked for. Texts, sounds, music and rows have none.
     */
    'datasets.pictures': call(
      z.strictObject({
        id: datasetIdSchema,
        indices: z.array(sampleIndex).min(1).max(512),
        /** `tile`: as for a grid; `full`: as stored in the pack. */
        size: z.enum(['tile', 'full']),
      }),
      z.discriminatedUnion('form', [
        z.strictObject({
          form: z.literal('pixels'),
          height: z.int(),
          width: z.int(),
          pixels: z.instanceof(Uint8Array),
        }),
        z.strictObject({ form: z.literal('encoded'), parts: z.array(z.instanceof(Uint8Array)) }),
      ]),
    ),
    /** Undoable. */
    'datasets.edit': call(
      z.strictObject({ id: datasetIdSchema, change: datasetEditSchema }),
      z.strictObject({ what: z.string() }),
    ),
    /** Writes the data set as it is now down as an immutable revision. */
    'datasets.seal': call(
      z.strictObject({ id: datasetIdSchema, note: z.string().max(200) }),
      z.strictObject({ revision: hashSchema }),
    ),

    /** The newest report, or null; `isCurrent` is false when the data set has changed since. */
    'datasets.report': call(byId, z.strictObject({ report: reportSchema.nullable(), isCurrent: z.boolean() })),
    'datasets.check': call(byId, jobReplySchema),
    /** What a model takes samples for: its best classes, by confidence; for labelling by key. */
    'datasets.suggest': call(
      z.strictObject({ id: datasetIdSchema, indices: z.array(sampleIndex).min(1).max(64), model: modelIdSchema }),
      z.strictObject({
        suggestions: z.array(
          z.array(z.strictObject({ label: z.string(), confidence: z.number().min(0).max(1) })).max(5),
        ),
      }),
    ),
    /** A job that writes: one folder for each class, a zip of that, or a table with one row a sample. */
    'datasets.export': call(
      z.strictObject({
        id: datasetIdSchema,
        format: z.enum(['folders', 'zip', 'csv', 'parquet']),
        target: handleSchema,
        filter: sampleFilterSchema,
      }),
      jobReplySchema,
    ),
  },
  events: {
    /** The whole list, at most 10 times a second. */
    'datasets.changed': z.strictObject({ datasets: z.array(datasetEntrySchema) }),
    /** Labels, splits or exclusions of some samples changed: whoever shows the data set asks again. */
    'datasets.edited': z.strictObject({ id: datasetIdSchema, revision: hashSchema }),
  },
} as const;
