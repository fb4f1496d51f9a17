/** The index: what is in the workspace, quickly told. The files are the truth; this follows them and can be deleted at any time. */
import { AppError } from '../../contract/errors';
import { datasetStamp, namesOfObjects, readDataset, readObject, type Survey, survey } from './contents';
import { IndexFile } from './index-file';
import { indexName, openOnDisk, type Report, seal } from './index-on-disk';
import {
  type DatasetRow,
  datasetRows,
  type JobRow,
  jobRow,
  modelRow,
  type ObjectRow,
  objectRow,
  type Row,
  type Table,
  tableNames,
} from './index-rows';

export interface IndexCounts {
  datasets: number;
  jobs: number;
  objects: number;
}

export class WorkspaceIndex {
  private jobs: (() => Iterable<JobRow>) | undefined;
  private isBehind = false;
  /** Jobs as they were last written. */
  private readonly written = new Map<string, string>();

  private constructor(
    private readonly root: string,
    private file: IndexFile,
    private isOnDisk: boolean,
    private readonly report: Report,
  ) {}

  /** A workspace that takes no writing gets its index in memory. Whatever is wrong with the file, the index opens. */
  static async open(root: string, isWritable: boolean, report: Report): Promise<WorkspaceIndex> {
    const file = isWritable ? await openOnDisk(root, report) : undefined;
    const isOnDisk = file !== undefined;
    const index = new WorkspaceIndex(root, file ?? IndexFile.open(':memory:', 'truncate'), isOnDisk, report);
    await index.follow();
    if (index.isBehind) await index.moveToMemory();
    return index;
  }

  counts(): IndexCounts {
    const [datasets = 0, jobs = 0, objects = 0] = (['datasets', 'jobs', 'objects'] as const).map(
      (table) => this.file.rows(table).length,
    );
    return { datasets, jobs, objects };
  }

  /** Everything in it, for comparing. */
  rows(): Record<string, Row[]> {
    return Object.fromEntries(tableNames.map((table) => [table, this.file.rows(table)]));
  }

  /** Ids of what has `text` in its title or its id. */
  search(text: string): { datasets: string[]; jobs: string[]; models: string[] } {
    return {
      datasets: this.file.keysLike('datasets', 'title', text),
      jobs: this.file.keysLike('jobs', 'title', text),
      models: this.file.keysLike('models', 'id', text),
    };
  }

  /** Reads a data set's files again; to be called after its manifest was written or its folder removed. */
  async upsertDataset(id: string): Promise<void> {
    try {
      const stamp = await datasetStamp(this.root, id);
      const row = stamp === undefined ? undefined : await readDataset(this.root, id, stamp);
      const objects = await this.newObjects(await namesOfObjects(this.root, row?.needs ?? []));
      this.file.transaction(() => {
        this.file.remove('datasets', id);
        if (row !== undefined) this.putDataset(row);
        for (const object of objects) this.file.put('objects', objectRow(object));
      });
    } catch (error) {
      this.fallBehind(error);
    }
  }

  /** Objects that were deleted. */
  removeObjects(hashes: readonly string[]): void {
    this.write(() => {
      for (const hash of hashes) this.file.remove('objects', hash);
    });
  }

  /** Progress is not in the index, so most changes of a running job cost nothing here. */
  upsertJob(job: JobRow): void {
    const row = jobRow(job);
    const text = JSON.stringify(row);
    if (this.written.get(job.id) === text) return;
    this.written.set(job.id, text);
    this.write(() => this.file.put('jobs', row));
  }

  removeJob(id: string): void {
    this.written.delete(id);
    this.write(() => this.file.remove('jobs', id));
  }

  /** Where all jobs are told, as their journal has them: taken over now, and whenever the index is made anew. */
  followJobs(jobs: () => Iterable<JobRow>): void {
    this.jobs = jobs;
    this.write(() => this.takeJobs());
  }

  /** Makes it anew from the files. */
  async rebuild(): Promise<IndexCounts> {
    this.isBehind = false;
    this.write(() => this.file.clear());
    await this.follow();
    this.write(() => this.takeJobs());
    return this.counts();
  }

  /** Only an index that was closed in order is believed the next time. */
  async close(): Promise<void> {
    this.file.close();
    if (this.isOnDisk && !this.isBehind) await seal(this.root);
  }

  /** A disk that was full from the beginning: what there is can be told all the same. */
  private async moveToMemory(): Promise<void> {
    this.file.close();
    this.file = IndexFile.open(':memory:', 'truncate');
    this.isOnDisk = false;
    await this.follow();
  }

  /** Compares with the files, and reads those that are new or changed. */
  private async follow(): Promise<void> {
    const now = await survey(this.root);
    const known = new Map(this.file.rows('datasets').map(([id, ...rest]) => [String(id), String(rest.at(-1))]));
    const changed: DatasetRow[] = [];
    const gone = [...known.keys()].filter((id) => !now.datasets.has(id));
    for (const [id, stamp] of now.datasets) {
      if (known.get(id) === stamp) continue;
      gone.push(id);
      const row = await readDataset(this.root, id, stamp).catch((error: unknown) => {
        this.report('damaged', `datasets/${id}/dataset.json`, error);
      });
      if (row !== undefined) changed.push(row);
    }
    const objects = await this.newObjects(now.objects);
    this.write(() => {
      for (const id of gone) this.file.remove('datasets', id);
      for (const row of changed) this.putDataset(row);
      for (const hash of this.keysOf('objects')) if (!now.objects.has(hash)) this.file.remove('objects', hash);
      for (const object of objects) this.file.put('objects', objectRow(object));
      this.take('models', [...now.models.values()].map(modelRow));
    });
    this.tellMissing(now);
  }

  /** What a data set needs and no longer has makes that one unusable, and no other. */
  private tellMissing({ objects }: Survey): void {
    for (const [, dataset, hash] of this.file.rows('needs')) {
      const name = String(hash);
      if (objects.has(name)) continue;
      const message = `A file of the data set "${String(dataset)}" is missing: objects/${name.slice(0, 2)}/${name}. Restore it from a backup, or remove the data set.`;
      const error = new AppError('workspace/missing', message, { dataset: String(dataset), hash: name });
      this.report('missing', `objects/${name.slice(0, 2)}/${name}`, error);
    }
  }

  /** `names`: file names by hash. */
  private async newObjects(names: ReadonlyMap<string, string>): Promise<ObjectRow[]> {
    const known = new Set(this.keysOf('objects'));
    const wanted = [...names].filter(([hash]) => !known.has(hash));
    return Promise.all(wanted.map(([hash, name]) => readObject(this.root, hash, name)));
  }

  private putDataset(row: DatasetRow): void {
    const { datasets, revisions, needs } = datasetRows(row);
    this.file.put('datasets', datasets);
    for (const one of revisions) this.file.put('revisions', one);
    for (const one of needs) this.file.put('needs', one);
  }

  private takeJobs(): void {
    if (this.jobs !== undefined) this.take('jobs', [...this.jobs()].map(jobRow));
  }

  /** Makes a table have these rows and no others, touching only those that differ. */
  private take(table: Table, rows: readonly Row[]): void {
    const known = new Map(this.file.rows(table).map((row) => [row[0], JSON.stringify(row)]));
    for (const row of rows) {
      if (known.get(row[0] ?? null) !== JSON.stringify(row)) this.file.put(table, row);
      known.delete(row[0] ?? null);
    }
    for (const key of known.keys()) this.file.remove(table, String(key));
  }

  private keysOf(table: Table): string[] {
    return this.file.rows(table).map(([key]) => String(key));
  }

  private write(task: () => void): void {
    try {
      this.file.transaction(task);
    } catch (error) {
      this.fallBehind(error);
    }
  }

  /** A full disk stops no work for the index's sake: the next opening brings it up to date. */
  private fallBehind(error: unknown): void {
    if (this.isBehind) return;
    this.isBehind = true;
    const reason = error instanceof Error ? error.message : String(error);
    const message = `The index could not be written (${reason}). Nothing is lost: it is made from the other files when the workspace is opened again.`;
    this.report('index', indexName, new AppError('workspace/damaged', message, { reason }));
  }
}
