/** The workspace: the folder in which everything a person made lies, opened by one engine. */
import { randomUUID } from 'node:crypto';
import { mkdir, readFile, rm } from 'node:fs/promises';
import path from 'node:path';
import * as z from 'zod';
import { AppError, toFailure } from '../../contract/errors';
import type { WorkspaceFinding } from '../../contract/workspace';
import { durableWrite, isMissing, syncFolder } from './durable-write';
import { Journal } from './journal';
import type { ObjectStore } from './object-store';
import { Objects } from './objects';

/** What this version of Duet writes. */
export const workspaceFormat = 1;

const manifestSchema = z.strictObject({
  format: z.int().min(1),
  id: z.uuid(),
  createdAt: z.number(),
});
export type WorkspaceManifest = z.infer<typeof manifestSchema>;

export class Workspace {
  private readonly journals: { close(): Promise<void> }[] = [];
  readonly objects: ObjectStore;

  private constructor(
    readonly root: string,
    readonly manifest: WorkspaceManifest,
    readonly isWritable: boolean,
    /** What is not as it should be. */
    readonly findings: WorkspaceFinding[],
  ) {
    this.objects = new Objects(path.join(root, 'objects'), path.join(root, 'staging'), isWritable);
  }

  /** Opens the workspace in `root`, or makes one there. `createdAt` dates a new one. */
  static async open(root: string, createdAt = Date.now()): Promise<Workspace> {
    await mkdir(root, { recursive: true });
    const manifest = (await readManifest(root)) ?? (await create(root, createdAt));
    await rm(path.join(root, 'staging'), { recursive: true, force: true });
    for (const folder of ['objects', 'datasets', 'jobs']) await mkdir(path.join(root, folder), { recursive: true });
    await syncFolder(root);
    return new Workspace(root, manifest, true, []);
  }

  get datasetsFolder(): string {
    return path.join(this.root, 'datasets');
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
      const message = `${lines} of ${relative} could not be read. The rest was taken over, and a copy kept beside it.`;
      this.report('journal', relative, new AppError('workspace/damaged', message, { lines: replay.damagedLines }));
    }
    return { journal, records: replay.records };
  }

  /** Adds something to what the person is told about this workspace. */
  report(kind: WorkspaceFinding['kind'], file: string, error: unknown): void {
    this.findings.push({ kind, file, failure: toFailure(error) });
  }

  /** Waits for what is being written. */
  async close(): Promise<void> {
    for (const journal of this.journals) await journal.close();
  }
}

async function readManifest(root: string): Promise<WorkspaceManifest | undefined> {
  try {
    const parsed = manifestSchema.safeParse(JSON.parse(await readFile(path.join(root, 'duet.json'), 'utf8')));
    return parsed.success ? parsed.data : undefined;
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
}

async function create(root: string, createdAt: number): Promise<WorkspaceManifest> {
  const manifest: WorkspaceManifest = { format: workspaceFormat, id: randomUUID(), createdAt };
  await durableWrite(path.join(root, 'duet.json'), Buffer.from(`${JSON.stringify(manifest, undefined, 2)}\n`));
  return manifest;
}
