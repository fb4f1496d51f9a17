/** The contract between the engine and whoever started it (main or the command line), the only side that knows paths. */
import * as z from 'zod';
import { droppedSchema } from './bridge';
import { jobSchema } from './jobs';
import { modelIdSchema } from './photo';
import { handleSchema } from './studio-handles';

const path = z.string().min(1).max(32_768);

const call = <Q extends z.ZodType, R extends z.ZodType>(request: Q, reply: R): { request: Q; reply: R } => ({
  request,
  reply,
});

export const hostContract = {
  calls: {
    /** Looks at the kind of each path (nothing is opened) and gives handles for them, in order. */
    'handles.add': call(z.strictObject({ paths: z.array(path).min(1).max(10_000) }), z.array(droppedSchema)),
    /** A handle for a file or folder to be written. */
    'handles.target': call(z.strictObject({ path }), z.strictObject({ handle: handleSchema })),
    'handles.path': call(z.strictObject({ handle: handleSchema }), z.strictObject({ path })),
    /** Where thumbnails and previews lie, for the protocol that shows them by id. */
    folders: call(z.strictObject({}), z.strictObject({ thumbs: path, previews: path })),
    /** What main counted at the window's network stack since the last report: requests refused, and requests let out. */
    'network.count': call(z.strictObject({ refused: z.int().min(0), letOut: z.int().min(0) }), z.null()),
    /** The jobs at work at this moment: for asking what shall become of them, before closing. */
    'jobs.running': call(
      z.strictObject({}),
      z.strictObject({ count: z.int().min(0), titles: z.array(z.string()).max(100) }),
    ),
    /**
     * Ends everything in order: jobs, workers, temporary folders, locks. Jobs at work are kept for the next start, or
     * cancelled; those that wait stay in the queue in either case.
     */
    'engine.stop': call(z.strictObject({ jobs: z.enum(['keep', 'cancel']).default('keep') }), z.null()),
  },
  events: {
    /** The jobs at work and how far they are together (null: not known); told when that changes, at most ten times a second. */
    'jobs.atWork': z.strictObject({
      titles: z.array(z.string()).max(100),
      fraction: z.number().min(0).max(1).nullable(),
    }),
    /** Once for each job that ends by itself. */
    'jobs.ended': z.strictObject({ job: jobSchema }),
  },
} as const;
export type HostContract = typeof hostContract;

/** How an engine is started: by message from its parent, before anything else. */
export const engineStartSchema = z.strictObject({
  workspace: path,
  /** Folder with `models` and `samples` as shipped. */
  assets: path,
  /** Where temporary files may go. */
  temporary: path,
  version: z.string(),
  runtime: z.string(),
  isTestRuntime: z.boolean(),
  device: z.string(),
  /** Whether the sample photos are shown when nothing was there before. */
  showSamples: z.boolean(),
  /** Decoding processes; 0 lets the engine choose by the number of cores. */
  decoders: z.int().min(0).max(16),
  /** The models of this session, in place of the saved choice, which stays as it is. What is not known is left out. */
  models: z.array(modelIdSchema).max(2).optional(),
  /** Whether pictures get thumbnails; they do unless it says no. */
  makesThumbs: z.boolean().optional(),
  /** `read` leaves the workspace to whoever writes to it and changes nothing there; without it the engine writes. */
  access: z.enum(['read', 'write']).optional(),
  /** Whether waiting jobs are worked on; they are unless it says no, as for a command that only looks. */
  runsJobs: z.boolean().optional(),
});
export type EngineStart = z.infer<typeof engineStartSchema>;
