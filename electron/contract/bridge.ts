/** The few verbs that main itself answers, through the preload: handles for dropped files, dialogs, reveal, theme. */
import * as z from 'zod';
import { AppError, failureSchema } from './errors';
import type { ProcessHealth } from './studio';
import { handleSchema } from './studio-handles';

export const themeSchema = z.enum(['system', 'light', 'dark']);
export type Theme = z.infer<typeof themeSchema>;

/** What a dropped or chosen thing is, as far as its name and kind tell; nothing was opened. */
export const droppedSchema = z.strictObject({
  handle: handleSchema,
  name: z.string(),
  kind: z.enum(['folder', 'picture', 'model', 'archive', 'table', 'text', 'sound', 'music', 'other']),
});
export type Dropped = z.infer<typeof droppedSchema>;

const openKindSchema = z.enum(['pictures', 'folder', 'data', 'dataFolder', 'model', 'labels']);
/** `newFolder` names a folder that is to be made. */
const saveKindSchema = z.enum(['onnx', 'csv', 'jsonl', 'parquet', 'zip', 'folder', 'newFolder']);

/** A workspace that was opened on this machine. */
export const workspacePlaceSchema = z.strictObject({
  id: z.string().regex(/^w[0-9a-f]{16}$/),
  name: z.string(),
  /** For reading only. */
  path: z.string(),
  isOpen: z.boolean(),
  isThere: z.boolean(),
});
export type WorkspacePlace = z.infer<typeof workspacePlaceSchema>;

/** What shall become of the jobs at work: kept for the next start, cancelled, or the window stays open. */
export const closeAnswerSchema = z.enum(['keep', 'stop', 'stay']);
export type CloseAnswer = z.infer<typeof closeAnswerSchema>;

const changeSchema = z.strictObject({ isChanged: z.boolean() });

const shape = <Q extends z.ZodType, R extends z.ZodType>(request: Q, reply: R): { request: Q; reply: R } => ({
  request,
  reply,
});

/** Channel name -> schemas. Paths travel from the preload to main only; the page gets handles. */
export const bridgeChannels = {
  'files.handles': shape(
    z.strictObject({ paths: z.array(z.string().min(1).max(32_768)).min(1).max(10_000) }),
    z.array(droppedSchema),
  ),
  'dialog.open': shape(z.strictObject({ kind: openKindSchema }), z.array(droppedSchema)),
  'dialog.save': shape(
    z.strictObject({ kind: saveKindSchema, name: z.string().min(1).max(200) }),
    z.strictObject({ handle: handleSchema, replace: z.boolean() }).nullable(),
  ),
  'files.reveal': shape(z.strictObject({ handle: handleSchema }), z.null()),
  'theme.set': shape(z.strictObject({ theme: themeSchema }), z.null()),
  'text.copy': shape(z.strictObject({ text: z.string().max(1_000_000) }), z.null()),
  /** The page is ready for (another) port to the engine. */
  'engine.connect': shape(z.strictObject({}), z.null()),
  /** Starts the engine again after it was given up. */
  'engine.retry': shape(z.strictObject({}), z.null()),
  /** The workspaces of this machine, the open one first. */
  'workspaces.list': shape(z.strictObject({}), z.array(workspacePlaceSchema)),
  /** Opens one of the list, or one that a dialog asks for; the page begins anew when it has changed. */
  'workspaces.open': shape(z.strictObject({ id: workspacePlaceSchema.shape.id.nullable() }), changeSchema),
  /** A dialog asks for the name of a folder, which becomes a new workspace and is opened. */
  'workspaces.create': shape(z.strictObject({}), changeSchema),
  'workspaces.reveal': shape(z.strictObject({}), z.null()),
  /** The answer to the question that comes as a message when the window is to be closed with jobs at work. */
  'close.answer': shape(z.strictObject({ answer: closeAnswerSchema }), z.null()),
} as const;
export type BridgeChannels = typeof bridgeChannels;
export type BridgeChannel = keyof BridgeChannels;

type OpenKind = z.infer<typeof openKindSchema>;
type SaveKind = z.infer<typeof saveKindSchema>;
export interface SaveTarget {
  handle: string;
  replace: boolean;
}

/** What the preload puts on the page's window: answers as main gave them, which the page has yet to parse. */
export interface RawBridge {
  readonly platform: string;
  handlesFor(files: readonly unknown[]): Promise<unknown>;
  openDialog(kind: OpenKind): Promise<unknown>;
  saveDialog(kind: SaveKind, name: string): Promise<unknown>;
  reveal(handle: string): Promise<unknown>;
  setTheme(theme: Theme): Promise<unknown>;
  copyText(text: string): Promise<unknown>;
  connectEngine(): Promise<unknown>;
  onEngineHealth(listener: (health: unknown) => void): () => void;
  retryEngine(): Promise<unknown>;
  onCommand(listener: (id: unknown) => void): () => void;
  onOpened(listener: (dropped: unknown) => void): () => void;
  listWorkspaces(): Promise<unknown>;
  openWorkspace(id: string | null): Promise<unknown>;
  createWorkspace(): Promise<unknown>;
  revealWorkspace(): Promise<unknown>;
  onCloseAsked(listener: (titles: unknown) => void): () => void;
  answerClose(answer: CloseAnswer): Promise<unknown>;
  onOpenJob(listener: (id: unknown) => void): () => void;
}

/** The same with answers parsed: what the page works with. */
export interface DuetBridge {
  readonly platform: string;
  /** Handles for dropped or pasted files that have a path; files without one (pasted pictures) are left out. */
  handlesFor(files: readonly unknown[]): Promise<Dropped[]>;
  openDialog(kind: OpenKind): Promise<Dropped[]>;
  /** Null when the person backed out. */
  saveDialog(kind: SaveKind, name: string): Promise<SaveTarget | null>;
  reveal(handle: string): Promise<void>;
  setTheme(theme: Theme): Promise<void>;
  copyText(text: string): Promise<void>;
  /** Asks for a port; it arrives as a window message `{ type: 'duet-port' }` with the port, also after an engine restart. */
  connectEngine(): Promise<void>;
  /** How the engine is; the engine itself cannot tell when it died. */
  onEngineHealth(listener: (health: ProcessHealth) => void): () => void;
  retryEngine(): Promise<void>;
  /** Commands chosen in the application menu, by command id. */
  onCommand(listener: (id: string) => void): () => void;
  /** Files given to the application from outside (double-click, drop on the icon). */
  onOpened(listener: (dropped: Dropped[]) => void): () => void;
  listWorkspaces(): Promise<WorkspacePlace[]>;
  /** One of the list, or null to ask for a folder; says whether another one was opened, and the page begins anew then. */
  openWorkspace(id: string | null): Promise<boolean>;
  createWorkspace(): Promise<boolean>;
  revealWorkspace(): Promise<void>;
  /** The window is to be closed while these jobs are at work; it stays open until answered. */
  onCloseAsked(listener: (titles: string[]) => void): () => void;
  answerClose(answer: CloseAnswer): Promise<void>;
  /** A notice of the system about this job was clicked. */
  onOpenJob(listener: (id: string) => void): () => void;
}

/** Ids of all commands: the menu, the palette and the shortcuts name the same things. */
export const commandIds = [
  'photos.open',
  'photos.openFolder',
  'photos.samples',
  'photos.clear',
  'photos.removeSelected',
  'photos.selectAll',
  'home.show',
  'data.show',
  'data.import',
  'data.importFolder',
  'data.gallery',
  'data.check',
  'data.label',
  'data.exclude',
  'data.selectAll',
  'data.seal',
  'data.remove',
  'train.show',
  'train.start',
  'train.new',
  'train.pause',
  'train.keep',
  'run.stop',
  'run.resume',
  'edit.undo',
  'edit.redo',
  'models.import',
  'models.show',
  'models.compare',
  'export.csv',
  'export.jsonl',
  'export.parquet',
  'export.folders',
  'view.palette',
  'view.inspector',
  'view.grid',
  'view.list',
  'view.boxes',
  'view.theme',
  'view.jobs',
  'jobs.pauseAll',
  'jobs.resumeAll',
  'jobs.gentle',
  'workspace.show',
  'workspace.open',
  'workspace.create',
  'workspace.reveal',
  'workspace.verify',
  'workspace.backup',
  'view.detail',
  'sort.confidence',
  'sort.doubtful',
  'sort.name',
  'sort.disagreement',
  'help.shortcuts',
  'help.network',
  'help.about',
] as const;
export type CommandId = (typeof commandIds)[number];

/** Failures cross the bridge as JSON in an error's message; this brings them back. */
export function readBridgeError(error: unknown): AppError {
  const text = error instanceof Error ? error.message : String(error);
  try {
    return AppError.fromFailure(failureSchema.parse(JSON.parse(text)));
  } catch {
    return new AppError('engine/internal', text);
  }
}
