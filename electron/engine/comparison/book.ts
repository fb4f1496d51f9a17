/** All comparisons of a workspace: those that are done, those under way, and what the page hears of them. */
import type { Comparison, ComparisonEntry } from '../../contract/comparison';
import { AppError } from '../../contract/errors';
import type { JobView } from '../../contract/jobs';
import { coalesce, type Coalesced } from '../coalesce';
import type { History } from '../history';
import type { JobQueue } from '../jobs/queue';
import type { Workspace } from '../storage/workspace';
import { readDrawings, readReal } from './data-file';
import { type ComparedData, type LiveComparison, notBegun, stateOf } from './live';
import { compareParametersSchema } from './parameters';
import { type ComparisonRecord, eraseRecord, listRecords, readRecord, writeRecord } from './record';

export interface BookOptions {
  readonly workspace: Workspace;
  readonly jobs: Pick<JobQueue, 'unfinished' | 'list' | 'cancel' | 'forget' | 'changed'>;
  readonly history: History;
  readonly onChanged: (comparison: Comparison) => void;
  readonly onListChanged: (comparisons: ComparisonEntry[]) => void;
  /** What could not be read, for the log. */
  readonly onProblem: (file: string, error: unknown) => void;
}

/** At most ten reports a second. */
const reportMs = 100;
/** Comparisons whose drawings stay in memory. */
const keptOpen = 2;

export class ComparisonBook {
  private readonly records = new Map<string, ComparisonRecord>();
  private readonly live = new Map<string, LiveComparison>();
  private readonly open = new Map<string, Promise<ComparedData>>();
  private readonly changed = new Map<string, Coalesced>();
  private readonly listChanged: Coalesced;
  private readonly unfollow: () => void;

  private constructor(private readonly options: BookOptions) {
    this.listChanged = coalesce(() => options.onListChanged(this.list()), reportMs);
    this.unfollow = options.jobs.changed.add(({ jobs }) => this.follow(jobs));
  }

  /** Reads records and no numbers; what was removed before this start is swept. */
  static async start(options: BookOptions): Promise<ComparisonBook> {
    const book = new ComparisonBook(options);
    const { root, isWritable } = options.workspace;
    for (const id of await listRecords(root)) {
      const record = await readRecord(root, id).catch((error: unknown) =>
        options.onProblem(`comparisons/${id}`, error),
      );
      if (record === undefined) continue;
      if (record.isRemoved && isWritable) {
        await eraseRecord(root, id);
        await options.jobs.forget(record.comparison.job).catch(() => undefined);
      } else book.records.set(id, record);
    }
    return book;
  }

  /** Newest first. */
  list(): ComparisonEntry[] {
    const done = [...this.records.values()].flatMap(({ comparison, isRemoved }) => (isRemoved ? [] : [comparison]));
    const seen = new Set([...this.records.keys()]);
    const live = [...this.live.values()].filter(({ parameters }) => !seen.has(parameters.id));
    for (const { parameters } of live) seen.add(parameters.id);
    const others = this.unfinished().filter(({ id }) => !seen.has(id));
    return [...done, ...live.map(({ comparison }) => comparison), ...others]
      .map(entryOf)
      .sort((a, b) => b.createdAt - a.createdAt || (a.id < b.id ? -1 : 1));
  }

  /** @throws AppError `comparison/unknown` */
  get(id: string): Comparison {
    const record = this.records.get(id);
    if (record !== undefined && !record.isRemoved) return record.comparison;
    const found = this.live.get(id)?.comparison ?? this.unfinished().find((one) => one.id === id);
    if (found !== undefined) return found;
    throw new AppError('comparison/unknown', 'There is no such comparison any more.', { id });
  }

  has(id: string): boolean {
    return this.records.has(id) || this.live.has(id) || this.unfinished().some((one) => one.id === id);
  }

  isRemoved(id: string): boolean {
    return this.records.get(id)?.isRemoved === true;
  }

  /** With its drawings. */
  data(id: string): Promise<ComparedData> {
    const comparison = this.get(id);
    const record = this.records.get(id);
    const live = this.live.get(id);
    if (live !== undefined) return Promise.resolve(live);
    if (record === undefined) return Promise.resolve({ comparison, drawings: [], real: undefined });
    const known = this.open.get(id);
    this.open.delete(id);
    const opening = known ?? this.read(record);
    this.open.set(id, opening);
    opening.catch(() => this.open.delete(id));
    for (const old of [...this.open.keys()].slice(0, Math.max(0, this.open.size - keptOpen))) this.open.delete(old);
    return opening;
  }

  /** A job begins with it, perhaps again. */
  begin(live: LiveComparison): void {
    this.live.set(live.parameters.id, live);
    this.mark(live.parameters.id);
    this.listChanged.mark();
  }

  /** Something of it is new. */
  mark(id: string): void {
    let bundle = this.changed.get(id);
    if (bundle === undefined) this.changed.set(id, (bundle = coalesce(() => this.tell(id), reportMs)));
    bundle.mark();
  }

  /** Durable once it returns. */
  async publish(record: ComparisonRecord): Promise<void> {
    const { id } = record.comparison;
    await writeRecord(this.options.workspace.root, record);
    this.records.set(id, record);
    this.live.delete(id);
    this.mark(id);
    this.listChanged.mark();
  }

  /** Undoable where it is done; what is under way is cancelled. */
  async remove(id: string): Promise<void> {
    const { title, job } = this.get(id);
    if (!this.records.has(id)) {
      await this.options.jobs.cancel(job).catch(() => undefined);
      this.live.delete(id);
      this.listChanged.mark();
      return;
    }
    const set = (isRemoved: boolean) => () => this.rewrite(id, isRemoved);
    await this.options.history.run({ what: `Comparison “${title}” removed`, redo: set(true), undo: set(false) });
  }

  dispose(): void {
    this.unfollow();
    this.listChanged.dispose();
    for (const bundle of this.changed.values()) bundle.dispose();
  }

  private async rewrite(id: string, isRemoved: boolean): Promise<void> {
    const { workspace } = this.options;
    workspace.assertWritable();
    const record = this.records.get(id);
    if (record === undefined) return;
    const changed = { ...record, isRemoved };
    await writeRecord(workspace.root, changed);
    this.records.set(id, changed);
    this.listChanged.mark();
  }

  private async read({ comparison, drawings, real }: ComparisonRecord): Promise<ComparedData> {
    const { objects } = this.options.workspace;
    const { classes, perClass, judges, shape } = comparison;
    const each = shape.kind === 'image' ? shape.height * shape.width * shape.channels : 0;
    const size = { total: perClass * classes.length, classes: classes.length, judges: judges.length, each };
    return {
      comparison,
      drawings: await Promise.all(drawings.map((hash) => readDrawings(objects, hash, size))),
      real: real === null ? undefined : await readReal(objects, real),
    };
  }

  private unfinished(): Comparison[] {
    const { jobs } = this.options;
    const views = new Map(jobs.list().jobs.map((job) => [job.id, job]));
    return jobs.unfinished().flatMap(({ id, kind, state, parameters }) => {
      const parsed = kind === 'compare.run' ? compareParametersSchema.safeParse(parameters) : undefined;
      if (parsed?.success !== true) return [];
      const failure = views.get(id)?.failure ?? null;
      return [{ ...notBegun(parsed.data, id), state: stateOf(state), failure }];
    });
  }

  /** A job's state is its comparison's. */
  private follow(jobs: readonly JobView[]): void {
    const ours = jobs.filter(({ kind }) => kind === 'compare.run');
    for (const { id, state, failure } of ours) {
      const live = [...this.live.values()].find(({ job }) => job === id);
      if (live === undefined || this.records.has(live.parameters.id)) continue;
      const next = stateOf(state);
      if (next === live.state) continue;
      live.state = next;
      live.failure = failure;
      this.mark(live.parameters.id);
    }
    if (ours.length > 0) this.listChanged.mark();
  }

  private tell(id: string): void {
    if (this.has(id)) this.options.onChanged(this.get(id));
  }
}

function entryOf(comparison: Comparison): ComparisonEntry {
  const { id, job, state, title, createdAt, perClass, seed, generators, judges, pairs } = comparison;
  const asAsked = pairs[0]?.measures.find(({ name }) => name === 'asAsked')?.value ?? null;
  return {
    ...{ id, job, state, title, createdAt, perClass, seed, asAsked },
    generators: generators.map((one) => one.id),
    judges: judges.map((one) => one.id),
  };
}
