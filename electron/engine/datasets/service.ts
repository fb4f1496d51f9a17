/** All data sets of a workspace: the list, those in use, and every change to one. */
import { AppError, toFailure } from '../../contract/errors';
import type { DatasetEdit, DatasetEntry } from '../../contract/datasets';
import { coalesce, type Coalesced } from '../coalesce';
import type { History } from '../history';
import type { JobQueue } from '../jobs/queue';
import type { Workspace } from '../storage/workspace';
import type { Patch } from './edit-state';
import { brokenEntry, type Making, makingEntry, makingOf, readyEntry } from './entries';
import { listIds, type Manifest, readManifest, writeManifest } from './manifest';
import { OpenDataset } from './open-dataset';
import { sealRevision } from './revision';
import { sweepRemoved } from './sweep';

export interface DatasetServiceOptions {
  readonly workspace: Workspace;
  readonly jobs: Pick<JobQueue, 'unfinished' | 'list' | 'cancel' | 'forget'>;
  readonly history: History;
  /** Milliseconds since 1970. */
  readonly clock: () => number;
  readonly onChanged: (datasets: DatasetEntry[]) => void;
  readonly onEdited: (event: { id: string; revision: string }) => void;
}

/** So many that nobody looks at stay open. */
const keptOpen = 4;
/** At most ten reports a second. */
const reportMs = 100;

interface Known {
  readonly manifest: Manifest | undefined;
  readonly failure: unknown;
}

interface Used {
  readonly opening: Promise<OpenDataset>;
  users: number;
  /** To be closed once nobody uses it. */
  isDropped: boolean;
}

export class DatasetService {
  private readonly known = new Map<string, Known>();
  /** Least recently used first. */
  private readonly open = new Map<string, Used>();
  private readonly turns = new Map<string, Promise<unknown>>();
  private readonly edited = new Map<string, Coalesced>();
  private readonly changed: Coalesced;

  private constructor(private readonly options: DatasetServiceOptions) {
    this.changed = coalesce(() => options.onChanged(this.list()), reportMs);
  }

  /** Reads manifests and nothing else; what was removed before this start is swept. */
  static async start(options: DatasetServiceOptions): Promise<DatasetService> {
    const service = new DatasetService(options);
    const { workspace, jobs } = options;
    const ids = await listIds(workspace.datasetsFolder);
    await Promise.all(ids.map((id) => service.look(id)));
    const removed = [...service.known.values()].flatMap(({ manifest }) =>
      manifest?.isRemoved === true ? [manifest] : [],
    );
    if (workspace.isWritable && removed.length > 0) {
      await sweepRemoved(
        workspace,
        removed.map(({ id }) => id),
      );
      for (const { id } of removed) service.known.delete(id);
      await forgetJobs(jobs, removed);
    }
    return service;
  }

  list(): DatasetEntry[] {
    const making = new Map(this.making().map((one) => [one.id, one]));
    const entries: DatasetEntry[] = [];
    for (const [id, { manifest, failure }] of this.known) {
      if (manifest === undefined) entries.push(brokenEntry(id, toFailure(failure)));
      else if (!manifest.isRemoved) entries.push(readyEntry(manifest, making.get(id)?.job ?? null));
    }
    for (const one of making.values()) {
      if (!one.isAddition && !this.known.has(one.id)) entries.push(makingEntry(one, this.options.clock()));
    }
    return entries.sort((a, b) => b.createdAt - a.createdAt || (a.id < b.id ? -1 : 1));
  }

  entry(id: string): DatasetEntry {
    const found = this.list().find((entry) => entry.id === id);
    if (found !== undefined) return found;
    throw unknown(id);
  }

  /** Throws `data/unknown`, or what is wrong with the data set. */
  manifest(id: string): Manifest {
    const found = this.known.get(id);
    if (found?.manifest !== undefined && !found.manifest.isRemoved) return found.manifest;
    if (found?.failure !== undefined) throw toAppError(found.failure);
    throw unknown(id);
  }

  /** Whether a new data set may not be called so. */
  isTaken(id: string): boolean {
    return this.known.has(id) || this.making().some((one) => one.id === id);
  }

  /** Gives the open data set to `work`; it stays open meanwhile. */
  async use<Result>(id: string, work: (dataset: OpenDataset) => Promise<Result> | Result): Promise<Result> {
    const used = this.take(id);
    used.users += 1;
    try {
      return await work(await used.opening);
    } finally {
      used.users -= 1;
      if (used.isDropped) await shut(used);
      await this.closeIdle();
    }
  }

  /** Undoable, durable once it returns. */
  edit(id: string, change: DatasetEdit): Promise<string> {
    return this.inTurn(id, async () => {
      this.options.workspace.assertWritable();
      const planned = await this.use(id, (dataset) => dataset.plan(change));
      if (planned === undefined) return 'Nothing changed';
      const { what, patch, back } = planned;
      await this.runChange(id, {
        what,
        redo: () => this.commit(id, what, patch),
        undo: () => this.commit(id, `Undo: ${what}`, back),
      });
      return what;
    });
  }

  rename(id: string, title: string): Promise<void> {
    const before = this.manifest(id).title;
    if (before === title) return Promise.resolve();
    const to = (next: string) => () => this.rewrite(id, (manifest) => ({ ...manifest, title: next }));
    const what = `Data set “${before}” renamed to “${title}”`;
    return this.inTurn(id, () => this.runChange(id, { what, redo: to(title), undo: to(before) }));
  }

  /** Hidden until the workspace is opened again, and only then swept. */
  remove(id: string): Promise<void> {
    const { title } = this.manifest(id);
    const set = (isRemoved: boolean) => () => this.rewrite(id, (manifest) => ({ ...manifest, isRemoved }));
    return this.inTurn(id, () =>
      this.runChange(id, { what: `Data set “${title}” removed`, redo: set(true), undo: set(false) }),
    );
  }

  seal(id: string, note: string): Promise<string> {
    return this.inTurn(id, () =>
      this.use(id, (dataset) => {
        const { workspace, clock } = this.options;
        workspace.assertWritable();
        const folder = `${workspace.datasetsFolder}/${id}`;
        return sealRevision(folder, workspace.objects, dataset.manifest, dataset.content(), { note, at: clock() });
      }),
    );
  }

  /** Changes what the manifest says, other than its parts. */
  update(id: string, change: (manifest: Manifest) => Manifest): Promise<void> {
    return this.inTurn(id, () => this.rewrite(id, change));
  }

  /** A job has made this data set, or added a part to it. */
  published(id: string): Promise<void> {
    return this.inTurn(id, async () => {
      await this.look(id);
      await this.close(id);
      this.changed.mark();
      this.markEdited(id);
    });
  }

  /** The list may look different. */
  mark(): void {
    this.changed.mark();
  }

  async dispose(): Promise<void> {
    this.changed.dispose();
    for (const one of this.edited.values()) one.dispose();
    await Promise.all([...this.turns.values()].map((turn) => turn.catch(() => undefined)));
    for (const id of [...this.open.keys()]) await this.close(id);
  }

  private making(): Making[] {
    return this.options.jobs.unfinished().flatMap(makingOf);
  }

  private async look(id: string): Promise<void> {
    const found = await readManifest(this.options.workspace.datasetsFolder, id).then(
      (manifest) => ({ manifest, failure: undefined }),
      (failure: unknown) => ({ manifest: undefined, failure }),
    );
    // A folder without a manifest is no data set yet.
    if (found.failure instanceof AppError && found.failure.code === 'data/unknown') this.known.delete(id);
    else this.known.set(id, found);
  }

  /** The first time inside the turn that it was planned in, later in turns of their own. */
  private async runChange(
    id: string,
    { what, redo, undo }: { what: string; redo: () => Promise<void>; undo: () => Promise<void> },
  ): Promise<void> {
    let isFirst = true;
    await this.options.history.run({
      what,
      redo: () => {
        if (!isFirst) return this.inTurn(id, redo);
        isFirst = false;
        return redo();
      },
      undo: () => this.inTurn(id, undo),
    });
  }

  private async commit(id: string, what: string, patch: Patch): Promise<void> {
    const classCount = await this.use(id, async (dataset) => {
      await dataset.commit(what, patch);
      return [...dataset.state.classNames()].length;
    });
    if (classCount !== this.manifest(id).classCount)
      await this.rewrite(id, (manifest) => ({ ...manifest, classCount }));
    this.markEdited(id);
  }

  private async rewrite(id: string, change: (manifest: Manifest) => Manifest): Promise<void> {
    const { workspace } = this.options;
    workspace.assertWritable();
    const current = this.known.get(id)?.manifest;
    if (current === undefined) throw unknown(id);
    const manifest = change(current);
    await writeManifest(workspace.datasetsFolder, manifest);
    await workspace.index.upsertDataset(id);
    this.known.set(id, { manifest, failure: undefined });
    const used = this.open.get(id);
    if (used !== undefined) (await used.opening).manifest = manifest;
    this.changed.mark();
  }

  private markEdited(id: string): void {
    let bundle = this.edited.get(id);
    if (bundle === undefined) this.edited.set(id, (bundle = coalesce(() => this.tellEdited(id), reportMs)));
    bundle.mark();
  }

  private tellEdited(id: string): void {
    this.use(id, (dataset) => this.options.onEdited({ id, revision: dataset.revision() })).catch(() => undefined);
  }

  private inTurn<Result>(id: string, task: () => Promise<Result>): Promise<Result> {
    const turn = (this.turns.get(id) ?? Promise.resolve()).catch(() => undefined).then(task);
    this.turns.set(id, turn);
    const forget = (): void => {
      if (this.turns.get(id) === turn) this.turns.delete(id);
    };
    turn.then(forget, forget);
    return turn;
  }

  private take(id: string): Used {
    const known = this.open.get(id);
    this.open.delete(id);
    const used = known ?? {
      opening: OpenDataset.open(this.options.workspace, this.manifest(id)),
      users: 0,
      isDropped: false,
    };
    this.open.set(id, used);
    // What could not be opened is tried again the next time.
    used.opening.catch(() => {
      if (this.open.get(id) === used) this.open.delete(id);
    });
    return used;
  }

  private async closeIdle(): Promise<void> {
    const idle = [...this.open].filter(([, { users }]) => users === 0);
    for (const [id] of idle.slice(0, Math.max(0, this.open.size - keptOpen))) await this.close(id);
  }

  private async close(id: string): Promise<void> {
    const used = this.open.get(id);
    if (used === undefined) return;
    this.open.delete(id);
    used.isDropped = true;
    await shut(used);
  }
}

/** Of data sets that are no more: those that made or checked them, and checks that still wait. */
async function forgetJobs(jobs: DatasetServiceOptions['jobs'], removed: readonly Manifest[]): Promise<void> {
  const ids = new Set(removed.map(({ id }) => id));
  for (const { id, kind, parameters } of jobs.unfinished()) {
    if (kind === 'dataset.check' && ids.has(checkedId(parameters))) {
      await jobs.cancel(id).then(() => jobs.forget(id), () => undefined); // prettier-ignore
    }
  }
  const ended = jobs.list().jobs.filter(({ result }) => result?.dataset !== undefined && ids.has(result.dataset));
  const made = removed.flatMap(({ parts }) => parts.map(({ job }) => job));
  for (const job of new Set([...made, ...ended.map(({ id }) => id)])) await jobs.forget(job).catch(() => undefined);
}

function checkedId(parameters: unknown): string {
  if (typeof parameters !== 'object' || parameters === null || !('id' in parameters)) return '';
  return typeof parameters.id === 'string' ? parameters.id : '';
}

async function shut({ opening, users }: Used): Promise<void> {
  if (users > 0) return;
  await opening.then(
    (dataset) => dataset.close(),
    () => undefined,
  );
}

function unknown(id: string): AppError {
  return new AppError('data/unknown', `There is no data set "${id}".`, { id });
}

function toAppError(failure: unknown): AppError {
  return failure instanceof AppError ? failure : AppError.fromFailure(toFailure(failure));
}
