/** One data set that is in use: its table in memory, its packs open for reading, its edits applied and written down. */
import path from 'node:path';
import { AppError } from '../../contract/errors';
import type { DatasetEdit } from '../../contract/datasets';
import type { SplitPlan } from '../../contract/samples';
import type { Journal } from '../storage/journal';
import type { ObjectStore } from '../storage/object-store';
import type { Workspace } from '../storage/workspace';
import { planEdit } from './edit-plan';
import { editRecordSchema, type EditRecord, EditState, type Patch } from './edit-state';
import type { Manifest } from './manifest';
import { Packs } from './packs';
import { type RevisionContent, revisionContent, revisionHash } from './revision';
import { loadSampleTable, type SampleTable } from './sample-table';
import { Selector } from './select';
import { drawSplits } from './splits';

export class OpenDataset {
  readonly selector: Selector;
  private readonly columns = new Map<number, Promise<Float64Array>>();
  private readonly drawn = new Map<string, Uint8Array>();
  private revisionVersion = -1;
  private revisionNow = '';

  private constructor(
    /** Its parts never change while it is open. */
    public manifest: Manifest,
    readonly table: SampleTable,
    readonly packs: Packs,
    readonly state: EditState,
    private readonly journal: Journal<EditRecord>,
    private readonly objects: ObjectStore,
  ) {
    this.selector = new Selector(table, state);
  }

  static async open(workspace: Workspace, manifest: Manifest): Promise<OpenDataset> {
    const { objects } = workspace;
    const table = await loadSampleTable(objects, manifest.parts);
    const packs = await Packs.open(objects, manifest.parts);
    try {
      const file = path.posix.join('datasets', manifest.id, 'edits.jsonl');
      const { journal, records } = await workspace.openJournal(file, editRecordSchema);
      const state = new EditState(table, manifest.plan);
      const opened = new OpenDataset(manifest, table, packs, state, journal, objects);
      for (const { parts, patch } of records) {
        state.grow(parts);
        await opened.loadDrawn(patch);
        state.apply(patch, opened.drawn);
      }
      state.grow(manifest.parts.length);
      return opened;
    } catch (error) {
      await packs.close();
      throw error;
    }
  }

  /** Hash of the data set as it is now. */
  revision(): string {
    if (this.revisionVersion !== this.state.version) {
      this.revisionNow = revisionHash(this.content());
      this.revisionVersion = this.state.version;
    }
    return this.revisionNow;
  }

  /** Whether tiles are drawn from thumbnails. */
  get hasThumbs(): boolean {
    return this.manifest.parts.some(({ thumbs }) => thumbs !== null);
  }

  /** A column of numbers, loaded once. */
  column(k: number): Promise<Float64Array> {
    let loading = this.columns.get(k);
    if (loading === undefined) this.columns.set(k, (loading = this.packs.numbers(`column.${k}`)));
    return loading;
  }

  content(): RevisionContent {
    return revisionContent(this.manifest, this.state);
  }

  /** What an edit means now, and the way back; undefined where it changes nothing. */
  async plan(change: DatasetEdit): Promise<{ what: string; patch: Patch; back: Patch } | undefined> {
    const drawn = change.edit === 'resplit' ? await this.draw(change.plan) : '';
    const { what, patch, isEmpty } = planEdit(this.state, this.table.count, change, drawn);
    return isEmpty ? undefined : { what, patch, back: this.state.inverse(patch) };
  }

  /** Durable once it returns. One at a time, on what it was planned for. */
  async commit(what: string, patch: Patch): Promise<void> {
    await this.loadDrawn(patch);
    await this.journal.append({ parts: this.manifest.parts.length, what, patch });
    this.state.apply(patch, this.drawn);
  }

  /** Waits for what is being written. */
  async close(): Promise<void> {
    await this.journal.close();
    await this.packs.close();
  }

  private async draw(plan: SplitPlan): Promise<string> {
    const { label, excluded } = this.state;
    const column = drawSplits({ label, given: this.table.given, isExcluded: (index) => excluded[index] === 1 }, plan);
    return this.objects.put(column, 'splits');
  }

  private async loadDrawn({ plan }: Patch): Promise<void> {
    const hash = plan?.drawn ?? null;
    if (hash === null || this.drawn.has(hash)) return;
    const column = await this.objects.read(hash);
    if (column.length > this.table.count || column.some((split) => split > 2)) {
      throw new AppError('workspace/damaged', 'The splits of a data set are damaged. Restore it from a backup.', {
        hash,
      });
    }
    this.drawn.set(hash, column);
  }
}
