/**
 * A data set as it is now: what its parts say, and the patches of its journal on top. Every edit and every way back is a patch, so
 * that undoing is one more line in the journal and nothing is ever taken out of it.
 */
import * as z from 'zod';
import {
  hashSchema,
  type Split,
  splitNames,
  type SplitPlan,
  splitPlanSchema,
  splitSchema,
} from '../../contract/samples';
import { fromRuns, groupRuns } from './runs';
import type { SampleTable } from './sample-table';

const runsSchema = z.array(z.int().min(0));
const labelName = z.string().min(1).max(300);

export const patchSchema = z.strictObject({
  /** Names that become others, all at once. */
  rename: z.array(z.tuple([labelName, labelName])).optional(),
  add: z.array(labelName).optional(),
  /** `null`: without a label. */
  labels: z.array(z.tuple([labelName.nullable(), runsSchema])).optional(),
  /** Classes that are no more; one that still has samples stays. */
  remove: z.array(labelName).optional(),
  excluded: z.array(z.tuple([z.boolean(), runsSchema])).optional(),
  /** Drawn anew: `drawn` is a column in an object, or null for what the import drew. Splits set by hand are forgotten. */
  plan: z.strictObject({ plan: splitPlanSchema, drawn: hashSchema.nullable() }).optional(),
  /** `null`: as drawn. */
  splits: z.array(z.tuple([splitSchema.nullable(), runsSchema])).optional(),
});
export type Patch = z.infer<typeof patchSchema>;

export const editRecordSchema = z.strictObject({
  /** How many parts there were: later parts are not touched by it. */
  parts: z.int().min(0),
  what: z.string(),
  patch: patchSchema,
});
export type EditRecord = z.infer<typeof editRecordSchema>;

/** What an earlier draw left: loaded before the patch is applied. */
export type DrawnColumns = ReadonlyMap<string, Uint8Array>;

export class EditState {
  /** Changes with every patch. */
  version = 0;
  /** Class of each sample as an index in `names`, -1 without. */
  readonly label: Int32Array;
  readonly excluded: Uint8Array;
  /** Index in `splitNames`. */
  readonly split: Uint8Array;
  plan: SplitPlan;
  drawnObject: string | null = null;
  /** Class names by index; those that are no more keep their place. */
  private readonly names: string[] = [];
  private readonly alive = new Map<string, number>();
  private readonly original: Int32Array;
  /** Split set by hand: 0 none, else 1 + index in `splitNames`. */
  private readonly byHand: Uint8Array;
  private readonly drawn: Uint8Array;
  private parts = 0;
  private filled = 0;

  constructor(
    private readonly table: SampleTable,
    plan: SplitPlan,
  ) {
    this.plan = plan;
    this.label = new Int32Array(table.count).fill(-1);
    this.original = new Int32Array(table.count).fill(-1);
    this.excluded = new Uint8Array(table.count);
    this.byHand = new Uint8Array(table.count);
    this.drawn = table.drawn.slice();
    this.split = table.drawn.slice();
    this.classOf = this.classOf.bind(this);
  }

  /** Adds the samples of the parts up to `parts`, with their labels as imported. */
  grow(parts: number): void {
    const { starts, count, classes, label } = this.table;
    if (parts <= this.parts) return;
    const end = starts[parts] ?? count;
    const ids = new Map<number, number>();
    for (let index = this.filled; index < end; index++) {
      const own = label[index] ?? -1;
      if (own < 0) continue;
      let id = ids.get(own);
      if (id === undefined) ids.set(own, (id = this.addClass(classes[own] ?? '')));
      this.label[index] = id;
      this.original[index] = id;
    }
    // A class may be named by a source that has no sample of it.
    if (parts >= starts.length && this.parts === 0) for (const name of classes) this.addClass(name);
    this.filled = end;
    this.parts = parts;
    this.version++;
  }

  hasClass(name: string): boolean {
    return this.alive.has(name);
  }

  classNames(): IterableIterator<string> {
    return this.alive.keys();
  }

  /** Name of the class of a sample. */
  labelOf(index: number): string | null {
    return this.classOf(this.label[index] ?? -1);
  }

  classOf(id: number): string | null {
    return this.names[id] ?? null;
  }

  /** Index that `label` holds for this class, or -1. */
  idOf(name: string): number {
    return this.alive.get(name) ?? -1;
  }

  isEdited(index: number): boolean {
    return this.label[index] !== this.original[index];
  }

  splitOf(index: number): Split {
    return splitNames[this.split[index] ?? 0] ?? 'train';
  }

  /** All samples that `keeps` keeps. */
  *indices(keeps: (index: number) => boolean): Generator<number> {
    for (let index = 0; index < this.table.count; index++) if (keeps(index)) yield index;
  }

  apply(patch: Patch, columns: DrawnColumns): void {
    this.renameClasses(patch.rename ?? []);
    for (const name of patch.add ?? []) this.addClass(name);
    for (const [name, runs] of patch.labels ?? []) {
      const id = name === null ? -1 : this.addClass(name);
      for (const index of fromRuns(runs)) this.label[index] = id;
    }
    this.removeClasses(patch.remove ?? []);
    for (const [isExcluded, runs] of patch.excluded ?? []) {
      for (const index of fromRuns(runs)) this.excluded[index] = isExcluded ? 1 : 0;
    }
    if (patch.plan !== undefined) this.draw(patch.plan, columns);
    for (const [split, runs] of patch.splits ?? []) {
      const hand = split === null ? 0 : 1 + splitNames.indexOf(split);
      for (const index of fromRuns(runs)) {
        this.byHand[index] = hand;
        this.split[index] = hand > 0 ? hand - 1 : (this.drawn[index] ?? 0);
      }
    }
    this.version++;
  }

  /** The patch that leads back from what `patch` would do now. */
  inverse(patch: Patch): Patch {
    const touched = (groups: readonly (readonly [unknown, number[]])[]): number[] =>
      groups.flatMap(([, runs]) => [...fromRuns(runs)]).sort((a, b) => a - b);
    const back: Patch = {};
    if (patch.rename !== undefined) back.rename = patch.rename.map(([from, to]) => [to, from]);
    const named = (patch.labels ?? []).flatMap(([name]) => (name === null ? [] : [name]));
    const added = [...new Set([...(patch.add ?? []), ...named])].filter((name) => !this.hasClass(name));
    const renamed = new Set((patch.rename ?? []).map(([, to]) => to));
    const remove = added.filter((name) => !renamed.has(name));
    if (remove.length > 0) back.remove = remove;
    if (patch.remove !== undefined) back.add = patch.remove;
    if (patch.labels !== undefined) back.labels = groupRuns(touched(patch.labels), (index) => this.labelOf(index));
    if (patch.excluded !== undefined) {
      back.excluded = groupRuns(touched(patch.excluded), (index) => this.excluded[index] === 1);
    }
    if (patch.plan !== undefined) {
      back.plan = { plan: this.plan, drawn: this.drawnObject };
      back.splits = this.splitsByHand();
    } else if (patch.splits !== undefined) {
      back.splits = groupRuns(touched(patch.splits), (index) => this.handOf(index));
    }
    return back;
  }

  private splitsByHand(): [Split | null, number[]][] {
    return groupRuns(
      this.indices((index) => this.byHand[index] !== 0),
      (index) => this.handOf(index),
    );
  }

  private handOf(index: number): Split | null {
    return splitNames[(this.byHand[index] ?? 0) - 1] ?? null;
  }

  private addClass(name: string): number {
    const known = this.alive.get(name);
    if (known !== undefined) return known;
    const gone = this.names.lastIndexOf(name);
    const id = gone >= 0 ? gone : this.names.push(name) - 1;
    this.alive.set(name, id);
    return id;
  }

  private removeClasses(names: readonly string[]): void {
    for (const name of names) {
      const id = this.alive.get(name);
      if (id !== undefined && !this.label.includes(id)) this.alive.delete(name);
    }
  }

  private renameClasses(pairs: readonly (readonly [string, string])[]): void {
    const moves = pairs.flatMap(([from, to]) => {
      const id = this.alive.get(from);
      return id === undefined ? [] : [{ id, from, to }];
    });
    for (const { from } of moves) this.alive.delete(from);
    for (const { id, to } of moves) {
      this.names[id] = to;
      this.alive.set(to, id);
    }
  }

  private draw({ plan, drawn }: NonNullable<Patch['plan']>, columns: DrawnColumns): void {
    this.plan = plan;
    this.drawnObject = drawn;
    this.drawn.set(this.table.drawn);
    const column = drawn === null ? undefined : columns.get(drawn);
    if (column !== undefined) this.drawn.set(column.subarray(0, this.drawn.length));
    this.byHand.fill(0);
    this.split.set(this.drawn);
  }
}
