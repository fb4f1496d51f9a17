/** The workspace as the page and the command line see it: which folder it is, how it fares, and its upkeep. */
import * as z from 'zod';
import { failureSchema } from './errors';
import { handleSchema } from './studio-handles';

/** Something that is not as it should be, found when the workspace was opened or verified. */
export const workspaceFindingSchema = z.strictObject({
  kind: z.enum(['missing', 'damaged', 'unknown', 'conflict', 'index', 'journal', 'version']),
  /** Path below the workspace. */
  file: z.string().max(4096),
  failure: failureSchema,
});
export type WorkspaceFinding = z.infer<typeof workspaceFindingSchema>;

export const workspaceInfoSchema = z.strictObject({
  /** The folder's own name. */
  name: z.string(),
  /** Whole path, for reading and copying only; no call takes a path. */
  path: z.string(),
  id: z.string(),
  format: z.int(),
  /** Read-only when another Duet writes to it, when a newer Duet made it, or when the disk takes no writing. */
  mode: z.enum(['writable', 'read-only']),
  /** Why it is read-only, in a sentence; empty otherwise. */
  reason: z.string(),
  findings: z.array(workspaceFindingSchema),
  openedInMs: z.number(),
});
export type WorkspaceInfo = z.infer<typeof workspaceInfoSchema>;

const nothing = z.strictObject({});

const call = <Q extends z.ZodType, R extends z.ZodType>(request: Q, reply: R): { request: Q; reply: R } => ({
  request,
  reply,
});

export const workspaceContract = {
  calls: {
    'workspace.info': call(nothing, workspaceInfoSchema),
    /** Reads every object and compares its hash with its name; changes nothing. Reports progress. */
    'workspace.verify': call(
      nothing,
      z.strictObject({ objects: z.int(), bytes: z.number(), findings: z.array(workspaceFindingSchema) }),
    ),
    /** Makes the index anew from manifests and journals. */
    'workspace.rebuild': call(
      nothing,
      z.strictObject({ datasets: z.int(), jobs: z.int(), objects: z.int(), findings: z.array(workspaceFindingSchema) }),
    ),
    /**
     * Deletes objects that nothing refers to and that were there when the workspace was opened; a dry run only counts them. Fails, and
     * deletes nothing, when something that may refer to objects cannot be read. Happens by itself once after the opening.
     */
    'workspace.sweep': call(
      z.strictObject({ isDryRun: z.boolean() }),
      z.strictObject({ objects: z.int(), bytes: z.number() }),
    ),
    /** Copies the whole workspace to a folder that does not exist yet, every copied object checked. Reports progress. */
    'workspace.backup': call(
      z.strictObject({ target: handleSchema }),
      z.strictObject({
        files: z.int(),
        bytes: z.number(),
        name: z.string(),
        /** Objects that were damaged already; the backup has them as they are. */
        findings: z.array(workspaceFindingSchema),
      }),
    ),
    /** Space on the workspace's disk. */
    'workspace.space': call(nothing, z.strictObject({ freeBytes: z.number(), usedBytes: z.number() })),
  },
  events: { 'workspace.changed': workspaceInfoSchema },
} as const;
