/** The contract between the engine and whoever uses it: the window's page or the command line. */
import * as z from 'zod';
import { failureSchema } from './errors';
import { importOptionsSchema, modelDetailSchema, modelEntrySchema, proposalSchema, trialSchema } from './models';
import { modelIdSchema, photoIdSchema, photoSchema } from './photo';
import { handleSchema } from './studio-handles';

const nothing = z.strictObject({});
const ids = z.array(photoIdSchema).max(100_000);
const proposalId = z.string().regex(/^m[0-9]{1,9}$/);
const threshold = z.number().min(0).max(1);

export const runSchema = z.strictObject({
  state: z.enum(['idle', 'running', 'stopped']),
  /** Pictures of the work that is under way: all, judged (`done`), and failed; what is left is all less both. */
  total: z.int(),
  done: z.int(),
  failed: z.int(),
  /** True while folders are still being listed, so that `total` can grow. */
  isListing: z.boolean(),
  /** Measured over the last seconds; null until known. */
  perSecond: z.number().nullable(),
  remainingMs: z.number().nullable(),
});
export type RunProgress = z.infer<typeof runSchema>;

export const processHealthSchema = z.strictObject({
  role: z.enum(['engine', 'compute', 'intake']),
  state: z.enum(['running', 'restarting', 'gave-up']),
  restarts: z.int(),
  reason: z.string(),
});
export type ProcessHealth = z.infer<typeof processHealthSchema>;

export const studioInfoSchema = z.strictObject({
  version: z.string(),
  runtime: z.string(),
  isTestRuntime: z.boolean(),
  onnxruntime: z.string(),
  device: z.strictObject({ provider: z.string(), threads: z.int(), note: z.string() }),
  workspace: z.string(),
  /** Requests that any process of Duet tried to send out, counted where they are refused; those let through stay 0. */
  network: z.strictObject({ letOut: z.int(), refused: z.int() }),
  processes: z.array(processHealthSchema),
});
export type StudioInfo = z.infer<typeof studioInfoSchema>;

export const historySchema = z.strictObject({ undo: z.string().nullable(), redo: z.string().nullable() });
export type HistoryState = z.infer<typeof historySchema>;

const tableFormat = z.enum(['csv', 'jsonl', 'parquet']);
export type TableFormat = z.infer<typeof tableFormat>;

const call = <Q extends z.ZodType, R extends z.ZodType>(request: Q, reply: R): { request: Q; reply: R } => ({
  request,
  reply,
});

export const studioContract = {
  calls: {
    'studio.info': call(nothing, studioInfoSchema),
    'process.retry': call(z.strictObject({ role: z.enum(['compute', 'intake']) }), nothing),

    /** Lists files and folders and queues every picture; returns when the listing is complete, the judging goes on. */
    'photos.add': call(
      z.strictObject({ handles: z.array(handleSchema).min(1).max(10_000) }),
      z.strictObject({ added: z.int(), ignored: z.int() }),
    ),
    'photos.addSamples': call(nothing, z.strictObject({ added: z.int() })),
    /** A picture pasted as bytes. */
    'photos.paste': call(
      z.strictObject({ name: z.string().min(1).max(200), bytes: z.instanceof(Uint8Array) }),
      z.strictObject({ added: z.int() }),
    ),
    'photos.page': call(
      z.strictObject({ offset: z.int().min(0), limit: z.int().min(1).max(2000) }),
      z.strictObject({ photos: z.array(photoSchema), total: z.int() }),
    ),
    /** Undoable. Without `ids`, all of them. */
    'photos.remove': call(z.strictObject({ ids: ids.optional() }), z.strictObject({ removed: z.int() })),
    /** Not undoable: for whoever has written down all there was to know of settled pictures, and will not ask again. */
    'photos.forget': call(z.strictObject({ ids }), nothing),
    /** Undoable. `label: null` takes the correction back. */
    'photos.correct': call(z.strictObject({ ids, label: z.string().min(1).max(200).nullable() }), nothing),
    /** Makes the large rendition that `duet://preview/<id>` shows (long side at most 2048). */
    'photos.preview': call(z.strictObject({ id: photoIdSchema }), z.strictObject({ url: z.string() })),

    'run.state': call(nothing, runSchema),
    /** Stops after the pictures in hand; what is waiting stays waiting. */
    'run.stop': call(nothing, nothing),
    'run.resume': call(nothing, nothing),
    /** Tries the failed pictures again. */
    'run.retry': call(z.strictObject({ ids }), nothing),

    'history.undo': call(nothing, z.strictObject({ what: z.string().nullable() })),
    'history.redo': call(nothing, z.strictObject({ what: z.string().nullable() })),
    'history.state': call(nothing, historySchema),

    'models.list': call(
      nothing,
      z.strictObject({ models: z.array(modelEntrySchema), selected: z.array(modelIdSchema) }),
    ),
    'models.detail': call(z.strictObject({ id: modelIdSchema }), modelDetailSchema),
    /** One or two models side by side; pictures already here are judged by a newly chosen one too. */
    'models.select': call(z.strictObject({ ids: z.array(modelIdSchema).min(1).max(2) }), nothing),
    'models.inspect': call(
      z.strictObject({ handle: handleSchema, labelsHandle: handleSchema.optional() }),
      proposalSchema,
    ),
    'models.trial': call(z.strictObject({ proposal: proposalId, options: importOptionsSchema }), trialSchema),
    'models.import': call(
      z.strictObject({ proposal: proposalId, options: importOptionsSchema, name: modelIdSchema }),
      z.strictObject({ model: modelEntrySchema }),
    ),
    'models.discard': call(z.strictObject({ proposal: proposalId }), nothing),
    /** Undoable. Built-in models stay. */
    'models.remove': call(z.strictObject({ id: modelIdSchema }), nothing),

    /** Writes a copy of a model's file, card inside; refuses an existing file unless `replace`. */
    'models.export': call(
      z.strictObject({ id: modelIdSchema, target: handleSchema, replace: z.boolean() }),
      z.strictObject({ name: z.string(), bytes: z.int() }),
    ),

    /** Writes one table; refuses an existing file unless `replace` (a save dialog has asked). */
    'export.table': call(
      z.strictObject({
        format: tableFormat,
        target: handleSchema,
        model: modelIdSchema,
        threshold,
        ids: ids.optional(),
        replace: z.boolean(),
      }),
      z.strictObject({ rows: z.int(), name: z.string() }),
    ),
    /** Copies the pictures into one folder for each label; a name that exists gets a number, nothing is replaced. */
    'export.folders': call(
      z.strictObject({ target: handleSchema, model: modelIdSchema, threshold, ids: ids.optional() }),
      z.strictObject({
        copied: z.int(),
        failed: z.array(z.strictObject({ name: z.string(), failure: failureSchema })),
      }),
    ),
  },
  events: {
    /** New or changed pictures, at most 20 times a second. */
    'photos.changed': z.strictObject({ photos: z.array(photoSchema) }),
    'photos.removed': z.strictObject({ ids: z.array(photoIdSchema) }),
    'run.progress': runSchema,
    'history.changed': historySchema,
    'models.changed': z.strictObject({ models: z.array(modelEntrySchema), selected: z.array(modelIdSchema) }),
    'process.health': processHealthSchema,
    'network.changed': z.strictObject({ letOut: z.int(), refused: z.int() }),
  },
} as const;
export type StudioContract = typeof studioContract;
