/** The workspace: the folder in which everything a person made lies, opened by one engine. */
import { mkdir, rm } from 'node:fs/promises';
import path from 'node:path';
import type * as z from 'zod';
import { AppError, toFailure } from '../../contract/errors';
import type { WorkspaceFinding, WorkspaceInfo } from '../../contract/workspace';
import { objectNames } from './contents';
import { syncFolder } from './durable-write';
import { Journal } from './journal';
import type { ObjectStore } from './object-store';
import { Objects } from './objects';
import { WorkspaceIndex } from './workspace-index';
import { type Opened, openFolder, type OpenOptions } from './open-folder';

export class Workspace {
  readonly objects: ObjectStore;
  /** Objects that were there when it was opened to write, by hash: only these may ever be swept. */
  objectsAtOpen: ReadonlyMap<string, string> = new Map();
  /** What is not as it should be. */
  readonly findings: WorkspaceFinding[];
  private readonly journals: { close(): Promise<void> }[] = [];
  private readonly store: Objects;
  private made: WorkspaceIndex | undefined;
  private openedInMs = 0;

  private constructor(
    readonly root: string,
    private readonly opened: Opened,
  ) {
    this.findings = opened.findings;
    this.store = new Objects(path.join(root, 'objects'), path.join(root, 'staging'), this.isWritable);
    this.objects = this.store;
  }

  /**
   * Opens the workspace in `root`, or makes one there. Where it cannot be written to (another process writes to it, a newer
   * Duet made it, the disk takes nothing) it is opened for reading only, and says why.
   */
  static async open(root: string, options: OpenOptions = {}): Promise<Workspace> {
    const begin = performance.now();
    const opened = await openFolder(root, options);
    try {
      if (opened.lock !== undefined) await prepare(root);
      const workspace = new Workspace(root, opened);
      workspace.made = await WorkspaceIndex.open(root, workspace.isWritable, (...found) => workspace.report(...found));
      if (workspace.isWritable) workspace.objectsAtOpen = await objectNames(root);
      workspace.openedInMs = performance.now() - begin;
      return workspace;
    } catch (error) {
      await opened.lock?.release();
      throw error;
    }
  }

  get isWritable(): boolean {
    return this.opened.lock !== undefined;
  }

  /** Throws the reason why nothing can be changed here, if there is one. */
  assertWritable(): void {
    const { reason } = this.opened;
    if (reason !== undefined) throw reason;
  }

  get index(): WorkspaceIndex {
    if (this.made === undefined) throw new AppError('engine/closed', 'The workspace is not open.');
    return this.made;
  }

  get datasetsFolder(): string {
    return path.join(this.root, 'datasets');
  }

  /** Deletes an object that nothing refers to, if it was there at the opening and was not put again since; gives whether it is gone. */
  async discard(hash: string): Promise<boolean> {
    this.assertWritable();
    return this.objectsAtOpen.has(hash) && (await this.store.discard(hash));
  }

  /** A job's own folder; the job makes it. */
  jobFolder(id: string): string {
    return path.join(this.root, 'jobs', id);
  }

  /**
   * A journal at a path below the workspace, and the records in it. What was damaged is kept aside and added to the findings.
   * It is closed with the workspace, or before by whoever opened it.
   */
  async openJournal<Record>(
    relative: string,
    schema: z.ZodType<Record>,
  ): Promise<{ journal: Journal<Record>; records: Record[] }> {
    const file = path.join(this.root, relative);
    const { journal, replay } = await Journal.open(file, schema, this.isWritable);
    this.journals.push(journal);
    if (replay.damagedLines > 0) {
      const lines = replay.damagedLines === 1 ? 'One line' : `${replay.damagedLines} lines`;
      const kept = this.isWritable ? ', and a copy kept beside it' : '';
      const message = `${lines} of ${relative} could not be read. The rest was taken over${kept}.`;
      this.report('journal', relative, new AppError('workspace/damaged', message, { lines: replay.damagedLines }));
    }
    return { journal, records: replay.records };
  }

  /** Adds something to what the person is told about this workspace. */
  report(kind: WorkspaceFinding['kind'], file: string, error: unknown): void {
    this.findings.push({ kind, file, failure: toFailure(error) });
  }

  info(): WorkspaceInfo {
    const { id, format, reason } = this.opened;
    return {
      name: path.basename(this.root),
      path: this.root,
      id,
      format,
      mode: this.isWritable ? 'writable' : 'read-only',
      reason: reason?.message ?? '',
      findings: [...this.findings],
      openedInMs: this.openedInMs,
    };
  }

  /** Waits for what is being written, then lets others write. */
  async close(): Promise<void> {
    for (const journal of this.journals) await journal.close();
    await this.made?.close();
    this.made = undefined;
    await this.opened.lock?.release();
  }
}

/** The folders that every part counts on; what a kill left half-written is swept. */
async function prepare(root: string): Promise<void> {
  await rm(path.join(root, 'staging'), { recursive: true, force: true });
  for (const folder of ['objects', 'datasets', 'jobs']) await mkdir(path.join(root, folder), { recursive: true });
  await syncFolder(root);
}
